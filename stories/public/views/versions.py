"""The versions of a story: all of them as a list, and each as it read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from stories.domain.memento import http_time, version_links
from stories.domain.purging import story_key
from stories.domain.snapshot import WEIGHTY_NOTES
from stories.public.fragments import rendered_story, shown
from stories.public.mementos import memento_of, original_of
from stories.public.missing import missing_story
from stories.public.responses import SETTLED, address_of, changed_at, moved, respond
from stories.public.told_versions import amount_of, what_it_is
from stories.public.withheld import tombstone
from stories.queries import versions as queries
from stories.queries.versions import Version, live_version, published_notes
from stories.queries.withdrawals import times_down
from stories.rendering.later_notes import with_later_notes
from stories.rendering.notes import ShownNote, arrange


@dataclass(frozen=True)
class Row:
    """A version as the list shows it. `until` is when the next one replaced it, None for the live one."""

    version: Version
    what: str
    amount: str
    notes: list[ShownNote]
    until: datetime | None
    changes: str


@require_safe
def versions(request: HttpRequest, slug: str) -> HttpResponse:
    """Every version of a story, newest first, with the ways to compare them."""
    at = timezone.now()
    live = live_version(slug, at=at)
    if live is None:
        return missing_story(request, slug, at=at)
    address = reverse("public:versions", args=[live.slug])
    if live.slug != slug:
        return moved(address)
    found = queries.versions(live.article_id, at=at)
    brought = shown(published_notes(live.article_id, at=at), found)
    context = {
        "version": live,
        "story_address": address_of(live),
        "canonical": address,
        "rows": [
            _row(version, newer, older, brought)
            for version, newer, older in zip(found, [None, *found], [*found[1:], None], strict=False)
        ],
        "times_down": times_down(live.article_id, at=at),
        "compare_old": max(live.number - 1, 1),
        "compare_new": live.number,
    }
    return respond(
        request,
        "stories/public/versions.html",
        context,
        at=at,
        keep=SETTLED,
        changed_at=None if any(each.withheld for each in found) else changed_at(live),
        keys=(story_key(live.article_id),),
    )


@require_safe
def version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """A version as it read, with a banner and every correction that came later."""
    at = timezone.now()
    live = live_version(slug, at=at)
    found = queries.versions(live.article_id, at=at) if live else []
    if live is None or not 1 <= number <= len(found):
        return missing_story(request, slug, at=at)
    address = reverse("public:version", args=[live.slug, number])
    if live.slug != slug:
        return moved(address)
    this = found[-number]
    if this.withheld:
        return tombstone(this.publication_id, this.article_id, live.slug, at=at, number=number)
    later = [note for note in shown(published_notes(live.article_id, at=at), found) if note.version > number]
    weighty, _updates = arrange(later)
    rendered = rendered_story(this)
    put_right = [note for note in later if note.kind in WEIGHTY_NOTES]
    masthead = with_later_notes(rendered.masthead, put_right)
    body = with_later_notes(rendered.body, put_right, first=1 + masthead.places)
    passages = {**body.names, **masthead.names}
    comparable = this != live and not live.withheld
    changes = reverse("public:compare", args=[live.slug, number, live.number]) if comparable else ""
    context = {
        "version": this,
        "live": live,
        "until": found[-number - 1].live_from if number < len(found) else None,
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
    return respond(
        request,
        "stories/public/version.html",
        context,
        at=at,
        keep=SETTLED,
        changed_at=None if any(each.withheld for each in found) else changed_at(live),
        headers=headers,
        keys=(story_key(live.article_id),),
    )


def _row(version: Version, newer: Version | None, older: Version | None, notes: list[ShownNote]) -> Row:
    changes = ""
    if older is not None and not (version.withheld or older.withheld):
        changes = reverse("public:compare", args=[version.slug, version.number - 1, version.number])
    brought = [note for note in notes if note.version == version.number]
    return Row(
        version=version,
        what=what_it_is(version, brought),
        amount=amount_of(version),
        notes=brought,
        until=newer.live_from if newer else None,
        changes=changes,
    )
