"""Bake readers' pages: drop what changed since the last time, and bake what is missing."""

from __future__ import annotations

import errno
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.utils import timezone

from stories.domain.baking.folder import BakedFolder
from stories.domain.baking.names import Unbaked, file_name
from stories.management.baking.client import Client
from stories.models import EntryKind, LedgerEntry
from stories.queries.publishing.versions import live_pages, live_sections
from stories.queries.site.baked_addresses import (
    AUTHORS,
    EVERYTHING,
    Changed,
    changed_by,
    credited,
    lists,
    published_stories,
    story_pages,
)
from stories.queries.site.due import next_due, stories_due
from stories.queries.site.freshness import as_of_at_least
from stories.rendering.fingerprint import fingerprint

# How many entries of the ledger are looked at one by one; of more, everything is baked again.
_MOST_ENTRIES: Final = 5_000


class Outcome(Enum):
    BAKED = auto()
    # It is there already.
    THERE = auto()
    # The site itself answers.
    LEFT = auto()
    # Something was dropped while it was rendered.
    AGAIN = auto()
    # The site is busy.
    LATER = auto()


@dataclass(frozen=True, slots=True)
class Work:
    """What may be missing: some stories with the lists that name them, all lists, or everything."""

    stories: frozenset[int] = frozenset()
    lists: bool = False
    everything: bool = False

    def __bool__(self) -> bool:
        return bool(self.stories) or self.lists or self.everything


class Baker:
    """Bakes into a folder, which the process has to itself (`BakedFolder.try_to_bake`)."""

    def __init__(self, folder: BakedFolder) -> None:
        self._folder = folder
        self._client = Client()
        self._state: dict[str, Any] = {}
        self._next_due: datetime | None = None
        self._fresh_from = timezone.now()

    def begin(self) -> Work:
        """Drop what changed since somebody last baked here, and return what is to be baked. Call it once, first."""
        self._folder.tidy()
        self._state = self._folder.state()
        self._folder.take_notes()
        self._catch_up(*_newest(), timezone.now())
        return Work(everything=True)

    def look(self, at: datetime) -> Work:
        """Drop what changed since the last look; return what is to be baked for it. One query if nothing did."""
        notes = self._folder.take_notes()
        noted = Work(
            frozenset(each["article"] for each in notes if each["article"] is not None),
            lists=bool(notes),
            everything=any(each["article"] is None for each in notes),
        )
        newest = _newest()
        is_due = self._next_due is not None and self._next_due <= at
        if newest == (self._state["sequence"], self._state["digest"]) and not is_due:
            return noted
        found = self._catch_up(*newest, at)
        return Work(
            noted.stories | found.stories, noted.lists or found.lists, noted.everything or found.everything
        )

    def _catch_up(self, sequence: int, digest: str, at: datetime) -> Work:
        since = self._since()
        changed, work = self._changes(sequence, since, at)
        chrome = _chrome(at)
        release = _release()
        if (self._state.get("chrome"), self._state.get("release")) != (chrome, release):
            changed = [Changed(below=(EVERYTHING,))]
            work = Work(everything=True)
        self._fresh_from = timezone.now()
        for each in changed:
            self._folder.drop(each.addresses, below=each.below)
        self._next_due = next_due(at)
        self._state = {
            "sequence": sequence,
            "digest": digest,
            "at": at.isoformat(),
            "chrome": chrome,
            "release": release,
        }
        self._folder.write_state(self._state)
        return work

    def _since(self) -> datetime | None:
        try:
            return datetime.fromisoformat(self._state["at"])
        except (KeyError, ValueError, TypeError):
            return None

    def _changes(self, sequence: int, since: datetime | None, at: datetime) -> tuple[list[Changed], Work]:
        """Return what changed since the state, and what has to be baked for it."""
        known = self._state.get("sequence")
        if (
            since is None
            or not isinstance(known, int)
            or sequence - known > _MOST_ENTRIES
            or not self._extends()
        ):
            return [Changed(below=(EVERYTHING,))], Work(everything=True)
        entries = LedgerEntry.objects.filter(sequence__gt=known, sequence__lte=sequence).order_by("sequence")
        found: list[tuple[str, int | None]] = list(dict.fromkeys(entries.values_list("kind", "article_id")))
        found += [(EntryKind.PUBLICATION.value, article) for article in sorted(stories_due(since, at))]
        changes = [(changed_by(kind, article, at=at), article) for kind, article in found]
        changes = [each for each in changes if each[0] != Changed()]
        changed = [each for each, _article in changes]
        # Pictures that belong to no one story may be gone too.
        everything = any(EVERYTHING in each.below or article is None for each, article in changes)
        all_lists = any(AUTHORS in each.below for each in changed)
        stories = frozenset(article for _each, article in changes if article is not None)
        return changed, Work(stories, all_lists, everything)

    def _extends(self) -> bool:
        """Return whether the ledger still has the entry up to which pages are baked."""
        known: int = self._state["sequence"]
        if not known:
            return True
        row = LedgerEntry.objects.filter(sequence=known).values_list("digest", flat=True).first()
        return row is not None and bytes(row).hex() == self._state["digest"]

    # ------------------------------------------------------------------------------------------- baking

    def addresses(self, work: Work, *, at: datetime) -> Iterator[str]:
        """Yield the addresses of some work, the most wanted first. They may be baked already."""
        for story in sorted(work.stories):
            yield from story_pages(story, at=at)
        if work.stories or work.lists or work.everything:
            some = {slug for story in work.stories for slug in credited(story)}
            yield from lists(at=at, authors=None if work.lists or work.everything else some)
        if work.everything:
            for story in published_stories(at=at):
                yield from story_pages(story, at=at)

    def bake(self, address: str) -> Outcome:
        """Bake the page at an address, unless it is there. Raises OSError if it can't be written."""
        try:
            if self._folder.has(address):
                return Outcome.THERE
            generation = self._folder.generation()
            with as_of_at_least(self._fresh_from):
                answer = self._client.get(address)
            headers = {name.lower(): value for name, value in answer.headers}
            if answer.status == 503:
                return Outcome.LATER
            name = file_name(answer, site_url=settings.SITE_URL)
            put = self._folder.put(
                address,
                name,
                answer.body,
                last_modified=headers.get("last-modified", ""),
                generation=generation,
            )
        except (Unbaked, ValueError):
            return Outcome.LEFT
        except OSError as error:
            if error.errno == errno.ENAMETOOLONG:
                return Outcome.LEFT
            raise
        return Outcome.BAKED if put else Outcome.AGAIN


def _newest() -> tuple[int, str]:
    row = LedgerEntry.objects.order_by("-sequence").values_list("sequence", "digest").first()
    return (row[0], bytes(row[1]).hex()) if row else (0, "")


def _chrome(at: datetime) -> str:
    """Return the digest of what every page's header and footer show."""
    pages = [(page.slug, page.headline, page.language) for page in live_pages(at=at)]
    return hashlib.sha256(repr((list(live_sections(at=at)), pages)).encode()).hexdigest()[:16]


@lru_cache(maxsize=1)
def _release() -> str:
    """Return what pages depend on besides the database: code, libraries, static files, and the configuration."""
    manifest = getattr(staticfiles_storage, "manifest_hash", "")
    parts = (fingerprint(), manifest, settings.LANGUAGE_CODE, settings.SITE_URL, repr(settings.SECURE_CSP))
    found = hashlib.sha256("\0".join(parts).encode())
    root = Path(settings.BASE_DIR)
    for folder in ("newsroom", "stories/public", "stories/queries"):
        for path in sorted((root / folder).rglob("*.py")):
            found.update(path.read_bytes())
    if (lock := root / "requirements.lock").exists():
        found.update(lock.read_bytes())
    return found.hexdigest()[:16]
