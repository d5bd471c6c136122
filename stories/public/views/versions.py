"""The versions of a story: the list, and each version as it read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from stories.domain.memento import http_time, version_links
from stories.domain.snapshot import WEIGHTY_NOTES
from stories.public.http.consistency import retry_if_overtaken
from stories.public.http.missing import missing, missing_story
from stories.public.http.responses import address_of, moved, respond_cached
from stories.public.http.tombstone import tombstone_at
from stories.public.pages.fragments import reader_notes, rendered_story
from stories.public.pages.mementos import memento_of, original_of
from stories.public.pages.story_page import current_versions
from stories.public.pages.version_labels import amount_of, version_label
from stories.queries.publishing.versions import Version, published_notes
from stories.queries.publishing.withdrawals import times_down
from stories.queries.site.live_pages import live_page
from stories.rendering.story.later_notes import with_later_notes
from stories.rendering.story.notes import ReaderNote, arrange


@dataclass(frozen=True)
class Row:
    """A line of the list. `until` is when the next version replaced this one, None for the live version."""

    version: Version
    what: str
    amount: str
    notes: list[ReaderNote]
    until: datetime | None
    changes: str


@require_safe
@retry_if_overtaken
def versions(request: HttpRequest, slug: str) -> HttpResponse:
    """List every version of a story, newest first, with links that compare them. One query if it is cached."""
    at = timezone.now()
    page = live_page(slug, at=at)
    if page is None:
        return missing_story(request, slug, at=at)
    address = reverse("public:versions", args=[page.slug])
    if page.slug != slug:
        return moved(address)

    def make() -> tuple[Mapping[str, Any], Mapping[str, str]]:
        found = current_versions(page, at=at)
        live = found[0]
        notes = reader_notes(published_notes(live.article_id, at=at), slug=page.slug)
        context = {
            "version": live,
            "story_address": address_of(live),
            "canonical": address,
            "rows": [
                _row(version, newer, older, notes)
                for version, newer, older in zip(found, [None, *found], [*found[1:], None], strict=False)
            ],
            "times_down": times_down(live.article_id, at=at),
            "compare_old": max(live.number - 1, 1),
            "compare_new": live.number,
        }
        return context, {}

    return respond_cached(request, "stories/public/versions.html", page, make, at=at)


@require_safe
@retry_if_overtaken
def version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show a version as it read, with a banner and every later correction. One query if it is cached."""
    at = timezone.now()
    page = live_page(slug, at=at)
    if page is None:
        return missing_story(request, slug, at=at)
    if not 1 <= number <= page.number:
        return missing(request, at=at)
    if page.slug != slug:
        return moved(reverse("public:version", args=[page.slug, number]))
    withheld = tombstone_at(page, number, at=at)
    if withheld is not None:
        return withheld

    def make() -> tuple[Mapping[str, Any], Mapping[str, str]]:
        found = current_versions(page, at=at)
        return _version_page(
            found[-number], found, reader_notes(published_notes(page.article_id, at=at), slug=page.slug)
        )

    return respond_cached(request, "stories/public/version.html", page, make, at=at, part=str(number))


def _version_page(
    this: Version, found: list[Version], notes: list[ReaderNote]
) -> tuple[Mapping[str, Any], Mapping[str, str]]:
    """Return the context and headers of a version's page. `found` are all versions of its story, newest first."""
    live = found[0]
    later = [note for note in notes if note.version > this.number]
    weighty, _updates = arrange(later)
    rendered = rendered_story(this)
    later_corrections = [note for note in later if note.kind in WEIGHTY_NOTES]
    masthead = with_later_notes(rendered.masthead, later_corrections)
    body = with_later_notes(rendered.body, later_corrections, first=1 + masthead.places)
    passages = {**body.names, **masthead.names}
    comparable = this != live and not live.withheld
    changes = reverse("public:compare", args=[live.slug, this.number, live.number]) if comparable else ""
    context = {
        "version": this,
        "live": live,
        "until": found[-this.number - 1].live_from if this != live else None,
        "later_corrections": [(note, passages.get(str(note.key), "")) for note in weighty],
        "masthead": masthead.html,
        "body": body.html,
        "story_address": address_of(live),
        "canonical": address_of(live),
        "changes": changes,
    }
    memento = memento_of(this, slug=live.slug)
    headers = {
        "Memento-Datetime": http_time(memento.live_from),
        "Link": version_links(original_of(live), memento),
    }
    return context, headers


def _row(version: Version, newer: Version | None, older: Version | None, notes: list[ReaderNote]) -> Row:
    changes = ""
    if older is not None and not (version.withheld or older.withheld):
        changes = reverse("public:compare", args=[version.slug, version.number - 1, version.number])
    own_notes = [note for note in notes if note.version == version.number]
    return Row(
        version=version,
        what=version_label(version, own_notes),
        amount=amount_of(version),
        notes=own_notes,
        until=newer.live_from if newer else None,
        changes=changes,
    )
