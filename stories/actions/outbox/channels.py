"""What the ways out of the house have in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from threading import Thread
from typing import Protocol

from stories.models import OutboxMessage


class MessageRefused(Exception):
    """The receiver refuses this message, and may well take the next."""


class Channel(Protocol):
    """A way out, for messages of some kinds. `lease` is longer than one sending takes."""

    kinds: frozenset[str]
    lease: timedelta
    # While the receiver is down, the wait between two tries doubles from the one to the other.
    first_wait: timedelta
    longest_wait: timedelta

    def count_together(self, messages: Sequence[OutboxMessage]) -> int:
        """How many of the messages, from the first on, are sent together; at least one."""

    def send(self, messages: Sequence[OutboxMessage]) -> None:
        """Send the messages. Raises MessageRefused, or OSError if the receiver is down."""

    def close(self) -> None:
        """End what is open between two sendings."""


def within(seconds: float, call: Callable[[], None]) -> None:
    """Call, and raise TimeoutError after so many seconds.

    A socket's own time-out holds for each of its steps, so that a receiver which answers a byte at a time holds a
    worker for hours, and for none of the resolver's.
    """
    raised: list[BaseException] = []

    def run() -> None:
        try:
            call()
        except BaseException as error:
            raised.append(error)

    thread = Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        raise TimeoutError(f"No answer within {seconds:g} seconds.")
    if raised:
        raise raised[0]
