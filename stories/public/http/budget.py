"""Limit the time that comparisons take: a client that requests thousands gets them slowly, and slows nobody else."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Final


class BudgetExhausted(Exception):
    """The budget is used up; `wait` is in how many seconds to try again."""

    def __init__(self, wait: int) -> None:
        self.wait = wait
        super().__init__(f"No time is left; ask again in {wait} s.")


class Budget:
    """Seconds of work that a process may spend: `each_second` of every second, and at most `most` at once."""

    def __init__(
        self, *, each_second: float, most: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._each_second = each_second
        self._most = most
        self._clock = clock
        self._lock = Lock()
        self._left = most
        self._as_of = clock()

    @contextmanager
    def spending(self) -> Iterator[None]:
        """Subtract the time that the block takes from the budget. Raise BudgetExhausted if it is used up."""
        with self._lock:
            self._refill()
            if self._left <= 0:
                raise BudgetExhausted(max(1, round(-self._left / self._each_second)))
        began = self._clock()
        try:
            yield
        finally:
            with self._lock:
                self._refill()
                self._left -= self._clock() - began

    def reset(self) -> None:
        """Refill the budget."""
        with self._lock:
            self._left, self._as_of = self._most, self._clock()

    def _refill(self) -> None:
        now = self._clock()
        self._left = min(self._most, self._left + (now - self._as_of) * self._each_second)
        self._as_of = now


# A third of a processor on average, and ten seconds at once: enough for all neighbouring versions of a long story.
COMPARISONS: Final = Budget(each_second=0.33, most=10.0)
