"""Publish the ledger's newest head outside of the database, and refuse to go on behind it."""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Final
from uuid import uuid4

from django.conf import settings
from django.core.cache import cache
from django.db import transaction

from stories.actions.errors import LedgerBehind
from stories.domain.published_head import PublishedHead, head_to_json
from stories.queries.ledger.published_heads import (
    LedgerState,
    cache_key,
    head_file,
    missing_head,
    published_heads,
    read_head_file,
    report_end_of_trouble,
    report_trouble,
)

# In seconds: how long to wait for another process that writes the file. It takes milliseconds, unless it is stopped.
PATIENCE: Final = 1.0


def refuse_older_copy(state: LedgerState) -> None:
    """Raise LedgerBehind if the database lacks an entry that was published. Under the ledger's lock."""
    if settings.LEDGER_HEADS and (lost := missing_head(state)) is not None:
        raise LedgerBehind(newest=state.head.sequence, published=lost.sequence)


def publish_after_commit(state: LedgerState) -> None:
    """Publish the head of the ledger as it is once this transaction is committed.

    A crash before that leaves an older head outside, which every later entry extends as well.
    """
    if settings.LEDGER_HEADS:
        transaction.on_commit(partial(publish_head, state), robust=True)


def publish_head(state: LedgerState) -> None:
    """Write the head into the shared cache and the file, unless a newer one is there. Fails nothing."""
    if settings.SHARED_CACHE:
        newest = max([state.head, *published_heads(state.name)], key=lambda head: head.place)
        cache.set(cache_key(state.name), (newest.generation, newest.sequence, newest.digest), None)
    path = head_file(state.name)
    try:
        _write(path, state)
    except OSError as error:
        report_trouble(path, error)
    else:
        report_end_of_trouble(path)


def _write(path: Path, state: LedgerState) -> None:
    """Replace the file, durably and as a whole; one process at a time, so that the newest head stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        _lock(folder)
        if _is_newer(state.head, state.name):
            temporary = path.with_name(f"{path.name}.{uuid4().hex}.part")
            try:
                with temporary.open("xb") as file:
                    file.write(head_to_json(state.name, state.head))
                    file.flush()
                    os.fsync(file.fileno())
                temporary.replace(path)
            finally:
                temporary.unlink(missing_ok=True)
            # The new name is an entry of the folder, which has to be synced too.
            os.fsync(folder)
    finally:
        os.close(folder)


def _is_newer(head: PublishedHead, name: str) -> bool:
    # What can't be read is written anew.
    with suppress(ValueError):
        stored = read_head_file(name)
        return stored is None or head.place > stored.place
    return True


def _lock(folder: int) -> None:
    given_up = time.monotonic() + PATIENCE
    while True:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > given_up:
                raise
            time.sleep(0.005)
        else:
            return
