"""The newest head that was published, in a file and in the shared cache: it reveals that the database is an older copy.

Every process writes both after each commit (`stories.actions.record.published_heads`). Neither is restored together
with the database.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.cache import cache
from django.db.models import QuerySet, Subquery

from stories.domain.published_head import PublishedHead, head_from_json, head_from_parts
from stories.models import LedgerEntry, Restoration

log = logging.getLogger(__name__)

# What a file held when it had this time, size and inode: most appends then read no file.
_Stamp = tuple[int, int, int]
_files: Final[dict[Path, tuple[_Stamp, PublishedHead]]] = {}
# Files that could not be read or written, each of which is in the log once.
_reported: Final[set[Path]] = set()


@dataclass(frozen=True, slots=True)
class LedgerState:
    """The ledger as the database has it. Its name is the digest of its first entry, in hex."""

    name: str
    head: PublishedHead


def with_state(entries: QuerySet[LedgerEntry]) -> QuerySet[LedgerEntry, Any]:
    """Annotate entries with what `state_of` needs."""
    first = LedgerEntry.objects.filter(sequence=1).values("digest")
    newest = Restoration.objects.order_by("-pk").values("generation")
    return entries.annotate(first_digest=Subquery(first[:1]), generation=Subquery(newest[:1]))


def state_of(newest: Any) -> LedgerState:
    """Return the ledger's state from its newest entry, annotated by `with_state`."""
    head = PublishedHead(newest.generation or 0, newest.sequence, bytes(newest.digest).hex())
    return LedgerState(bytes(newest.first_digest or b"").hex(), head)


def ledger_state() -> LedgerState | None:
    """Return the ledger's state, None before the first entry. One query."""
    newest = with_state(LedgerEntry.objects.order_by("-sequence")).first()
    return state_of(newest) if newest else None


def head_file(name: str) -> Path:
    """Return the path of the file that has a ledger's newest head."""
    return Path(settings.LEDGER_HEADS) / f"{name}.json"


def cache_key(name: str) -> str:
    """Return the key in the shared cache of a ledger's newest head."""
    return f"ledger-head-{name}"


def read_head_file(name: str) -> PublishedHead | None:
    """Return the head in the file, None if there is no file. Raises OSError, ValueError."""
    path = head_file(name)
    try:
        found = path.stat()
        stamp = (found.st_mtime_ns, found.st_size, found.st_ino)
        known = _files.get(path)
        if known is None or known[0] != stamp:
            known = _files[path] = (stamp, head_from_json(name, path.read_bytes()))
    except FileNotFoundError:
        return None
    return known[1]


def published_heads(name: str) -> list[PublishedHead]:
    """Return the heads in cache and file, the newest first. A file that can't be read has none."""
    heads = [_cached_head(name)]
    try:
        heads.append(read_head_file(name))
    except (OSError, ValueError) as error:
        report_trouble(head_file(name), error)
    return sorted(filter(None, heads), key=lambda head: head.place, reverse=True)


def _cached_head(name: str) -> PublishedHead | None:
    stored = cache.get(cache_key(name)) if settings.SHARED_CACHE else None
    try:
        return head_from_parts(*stored) if stored else None
    except (TypeError, ValueError):
        return None


def missing_head(state: LedgerState) -> PublishedHead | None:
    """Return the newest published head that the ledger does not have, None if it has all. Two queries at most.

    To be called under the ledger's lock, so that nobody appends and publishes meanwhile.
    """
    return _missing(state, published_heads(state.name))


def lost_head() -> PublishedHead | None:
    """Return the newest published head that the database does not have. Four queries at most."""
    before = ledger_state() if settings.LEDGER_HEADS else None
    published = published_heads(before.name) if before is not None else []
    # Read after them: a head is published after its commit, so that the database is never behind.
    after = ledger_state() if published else None
    return _missing(after, published) if after is not None else None


def _missing(state: LedgerState, published: Iterable[PublishedHead]) -> PublishedHead | None:
    return next((head for head in published if not _has(state.head, head)), None)


def _has(stored: PublishedHead, published: PublishedHead) -> bool:
    # A copy that was accepted explains whatever was published before.
    if stored.generation != published.generation:
        return stored.generation > published.generation
    if stored.sequence <= published.sequence:
        return stored == published
    found = LedgerEntry.objects.filter(sequence=published.sequence).values_list("digest", flat=True).first()
    return found is not None and bytes(found).hex() == published.digest


def report_trouble(path: Path, error: Exception) -> None:
    """Log that a file can't be read or written, once until it can."""
    if path not in _reported:
        _reported.add(path)
        log.error(
            "The ledger’s newest head can’t be kept in %s (%s): an older copy of the database that is restored may "
            "not be noticed. Nothing else is wrong, and publishing goes on.",
            path,
            type(error).__name__,
        )


def report_end_of_trouble(path: Path) -> None:
    """Log that a file can be written again, if it could not."""
    if path in _reported:
        _reported.discard(path)
        log.warning("The ledger’s newest head is kept in %s again.", path)
