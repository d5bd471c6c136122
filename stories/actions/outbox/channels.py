"""What all channels of the outbox have in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from threading import Thread
from typing import Protocol

from stories.models import OutboxMessage


class MessageRefused(Exception):
    """The receiver refuses this message, but may accept the next."""


class Channel(Protocol):
    """Sends messages of some kinds. `lease` is longer than one sending takes."""

    kinds: frozenset[str]
    lease: timedelta
    # While the receiver is down, the wait between two attempts doubles, from the first to the longest.
    first_wait: timedelta
    longest_wait: timedelta

    def count_together(self, messages: Sequence[OutboxMessage]) -> int:
        """Return how many of the messages, from the first on, are sent together; at least one."""

    def send(self, messages: Sequence[OutboxMessage]) -> None:
        """Send the messages. Raises MessageRefused, or OSError if the receiver is down."""

    def close(self) -> None:
        """Close what is open between two sendings."""


def run_with_timeout(seconds: float, call: Callable[[], None]) -> None:
    """Run `call`; raise TimeoutError after so many seconds.

    A socket's own timeout applies to each of its steps, so a receiver that answers a byte at a time can block a worker
    for hours; and it does not cover the resolver.
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
