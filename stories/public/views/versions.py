"""The versions of a story: all of them as a list, and each as it read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from stories.models.publications import PublicationClass
from stories.public.fragments import rendered_story, shown
from stories.public.missing import missing_story
from stories.public.responses import SETTLED, address_of, moved, respond
from stories.queries import versions as queries
from stories.queries.versions import Version, live_version, published_notes
from stories.rendering.notes import ShownNote, arrange

# What readers are told of a version, beside its notes. Why it was made is the newsroom's own.
CLASS_WORDS = {
    PublicationClass.FIRST: gettext_lazy("First published"),
    PublicationClass.NOTED: gettext_lazy("Changed, with a note to readers"),
    PublicationClass.MINOR: gettext_lazy("Minor edit, without a note"),
    PublicationClass.TRANSCRIPTION: gettext_lazy("Quote brought in line with its source"),
    PublicationClass.DEVELOPING: gettext_lazy("Changed while the story develops"),
    PublicationClass.OVERRIDE: gettext_lazy("Changed, without a note"),
    PublicationClass.IMPORTED: gettext_lazy("Brought over from an earlier archive"),
}


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
            _row(version, newer, brought) for version, newer in zip(found, [None, *found], strict=False)
        ],
        "compare_old": max(live.number - 1, 1),
        "compare_new": live.number,
    }
    return respond(
        request, "stories/public/versions.html", context, at=at, keep=SETTLED, changed_at=live.live_from
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
    later = [note for note in shown(published_notes(live.article_id, at=at), found) if note.version > number]
    weighty, _updates = arrange(later)
    changes = reverse("public:compare", args=[live.slug, number, live.number]) if this != live else ""
    context = {
        "version": this,
        "live": live,
        "until": found[-number - 1].live_from if number < len(found) else None,
        "later_corrections": weighty,
        "rendered": rendered_story(this),
        "story_address": address_of(live),
        "canonical": address_of(live),
        "changes": changes,
    }
    changed_at = live.live_from
    return respond(
        request, "stories/public/version.html", context, at=at, keep=SETTLED, changed_at=changed_at
    )


def _row(version: Version, newer: Version | None, notes: list[ShownNote]) -> Row:
    changes = ""
    if version.number > 1:
        changes = reverse("public:compare", args=[version.slug, version.number - 1, version.number])
    brought = [note for note in notes if note.version == version.number]
    return Row(
        version=version,
        what=_what(version, brought),
        amount=_amount(version),
        notes=brought,
        until=newer.live_from if newer else None,
        changes=changes,
    )


def _what(version: Version, brought: list[ShownNote]) -> str:
    chosen = version.publication_class
    # An override may carry notes all the same.
    told = chosen is PublicationClass.OVERRIDE and brought
    return str(CLASS_WORDS[PublicationClass.NOTED if told else chosen])


def _amount(version: Version) -> str:
    """How much of the text a version changed; "" where no words came or went."""
    added, removed = version.words_added, version.words_removed
    parts = []
    if added:
        parts.append(
            ngettext("%(count)s word added", "%(count)s words added", added) % {"count": f"{added:,}"}
        )
    if removed:
        parts.append(
            ngettext("%(count)s word removed", "%(count)s words removed", removed) % {"count": f"{removed:,}"}
        )
    return ", ".join(parts)
