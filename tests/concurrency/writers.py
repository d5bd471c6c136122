"""Writers that really run at once, each in a thread and with a connection of its own, and a reader meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import Barrier, Event, Thread
from typing import Final

from django.core.cache import cache
from django.db import connection
from django.test import Client

from stories.public.http import chrome

# Longer than any of them waits for another, unless they wait for each other.
SECONDS: Final = 30


def at_once(*writers: Callable[[], object]) -> list[object]:
    """What each writer returned, or the exception that it raised; they begin at the same moment."""
    barrier = Barrier(len(writers))
    outcomes: list[object] = [None] * len(writers)

    def run(place: int, write: Callable[[], object]) -> None:
        try:
            # The connection first: to make one takes longer than to publish.
            connection.ensure_connection()
            barrier.wait(timeout=SECONDS)
            outcomes[place] = write()
        except Exception as error:
            outcomes[place] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=each) for each in enumerate(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=SECONDS)
        assert not thread.is_alive(), "a writer waits for ever"
    return outcomes


@contextmanager
def reader_of(addresses: Sequence[str]) -> Iterator[list[object]]:
    """A reader who asks for pages, one after the other, until the block ends; yields what was not answered well."""
    ended = Event()
    failures: list[object] = []

    def read() -> None:
        try:
            while not ended.is_set():
                for address in addresses:
                    # As a reader whose page nobody has asked for since it changed.
                    cache.clear()
                    chrome.clear()
                    try:
                        status = Client().get(address).status_code
                    except Exception as error:
                        failures.append((address, error))
                    else:
                        if status >= 500:
                            failures.append((address, status))
        finally:
            connection.close()

    thread = Thread(target=read)
    thread.start()
    try:
        yield failures
    finally:
        ended.set()
        thread.join(timeout=SECONDS)
