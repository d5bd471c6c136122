"""Feeds of the site, of a section, of a story's versions, and of corrections."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from stories.domain.snapshot import WEIGHTY_NOTES
from stories.domain.surrogate_keys import LISTS, story_key
from stories.public.http.cached_lists import cached_list
from stories.public.http.consistency import consistent
from stories.public.http.missing import missing, missing_story
from stories.public.http.responses import LIVE, SETTLED, absolute, address_of, conditional, moved
from stories.public.pages.fragments import reader_notes, rendered_stories
from stories.public.pages.version_labels import version_summary
from stories.queries.publishing.versions import Version, published_notes, recent_notes, versions
from stories.queries.site.feeds import FeedPage, archive_page, archives, newest_page, withdrawn_since
from stories.queries.site.live_pages import live_page
from stories.rendering.story.feeds import Feed, FeedEntry, GoneEntry, atom, json_feed
from stories.rendering.story.notes import NOTE_LABELS

ATOM: Final = "application/atom+xml; charset=utf-8"
JSON: Final = "application/feed+json; charset=utf-8"
NOTES: Final = 60
# When an empty feed was updated.
EPOCH: Final = datetime.fromisoformat("2026-01-01T00:00:00+00:00")


@require_safe
@cached_list
def site(request: HttpRequest, *, at: datetime) -> HttpResponse:
    """Serve the site's newest stories as Atom."""
    return _answer(request, atom(_site_feed(at, address=reverse("public:feed"))), ATOM, at=at)


@require_safe
@cached_list
def site_json(request: HttpRequest, *, at: datetime) -> HttpResponse:
    """Serve the site's newest stories as JSON Feed."""
    return _answer(request, json_feed(_site_feed(at, address=reverse("public:json_feed"))), JSON, at=at)


@require_safe
@cached_list
def archive(request: HttpRequest, number: int, *, at: datetime) -> HttpResponse:
    """Serve a full page of older stories, ordered by when they appeared, so that pages never shift."""
    page = archive_page(number, at=at)
    if page is None:
        return missing(request, at=at)
    feed = Feed(
        title=settings.SITE_NAME,
        address=absolute(reverse("public:feed_archive", args=[number])),
        page=absolute(reverse("public:front")),
        entries=_entries(page, at),
        gone=_gone(page),
        updated=EPOCH,
        previous=absolute(reverse("public:feed_archive", args=[number - 1])) if number > 1 else "",
        current=absolute(reverse("public:feed")),
    )
    return _answer(request, atom(feed), ATOM, at=at, cache_control=SETTLED)


@require_safe
@cached_list
def section(request: HttpRequest, slug: str, *, at: datetime) -> HttpResponse:
    """Serve a section's newest stories."""
    page = newest_page(at=at, section=slug)
    if not page.versions:
        return missing(request, at=at)
    feed = Feed(
        title=f"{page.versions[0].section_name} – {settings.SITE_NAME}",
        address=absolute(reverse("public:section_feed", args=[slug])),
        page=absolute(reverse("public:section", args=[slug])),
        entries=_entries(page, at),
        updated=EPOCH,
    )
    return _answer(request, atom(feed), ATOM, at=at)


@require_safe
@consistent
def story(request: HttpRequest, slug: str) -> HttpResponse:
    """Serve a story's versions, newest first: what changed in each, in the words that readers are told."""
    at = timezone.now()
    page = live_page(slug, at=at)
    found = versions(page.article_id, at=at) if page is not None else []
    if page is None or not found:
        return missing_story(request, slug, at=at)
    address = reverse("public:story_feed", args=[page.slug])
    if page.slug != slug:
        return moved(address)
    live = found[0]
    notes = reader_notes(published_notes(page.article_id, at=at), slug=page.slug)
    entries = []
    for version, older in zip(found, [*found[1:], None], strict=True):
        own_notes = [note for note in notes if note.version == version.number]
        summary = version_summary(version, own_notes)
        version_page = absolute(reverse("public:version", args=[live.slug, version.number]))
        changes = ""
        if older is not None and not (version.withheld or older.withheld):
            changes = reverse("public:compare", args=[live.slug, older.number, version.number])
        context = {
            "summary": summary,
            "notes": own_notes,
            "version": version,
            "live": live,
            "changes": changes,
        }
        entries.append(
            FeedEntry(
                id=version_page,
                address=version_page,
                title=_("Version %(number)s: %(headline)s")
                % {"number": version.number, "headline": version.headline},
                published=version.live_from,
                updated=version.live_from,
                html=render_to_string("stories/public/feed_version.html", context),
                language=version.language,
                authors=_authors(version),
            )
        )
    feed = Feed(
        title=_("Updates to “%(headline)s”") % {"headline": live.headline},
        address=absolute(address),
        page=absolute(address_of(live)),
        entries=entries,
        updated=EPOCH,
    )
    return _answer(request, atom(feed), ATOM, at=at, keys=(story_key(live.article_id),))


@require_safe
@cached_list
def corrections(request: HttpRequest, *, at: datetime) -> HttpResponse:
    """Serve every correction, clarification and retraction, newest first."""
    entries = []
    for note, version in recent_notes(at=at, limit=NOTES, kinds=WEIGHTY_NOTES):
        page = absolute(address_of(version))
        context = {"note": note, "language": version.language}
        entries.append(
            FeedEntry(
                id=f"tag:{urlsplit(settings.SITE_URL).hostname},2026:notes/{note.key}",
                address=page,
                title=_("%(kind)s: %(headline)s")
                % {"kind": NOTE_LABELS[note.kind], "headline": version.headline},
                published=note.live_from,
                updated=note.live_from,
                html=render_to_string("stories/partials/note_text.html", context),
                language=version.language,
                authors=_authors(version),
            )
        )
    feed = Feed(
        title=_("Corrections – %(site)s") % {"site": settings.SITE_NAME},
        address=absolute(reverse("public:corrections_feed")),
        page=absolute(reverse("public:corrections")),
        entries=entries,
        updated=EPOCH,
    )
    return _answer(request, atom(feed), ATOM, at=at)


def _site_feed(at: datetime, *, address: str) -> Feed:
    page = newest_page(at=at)
    pages = archives(at=at)
    return Feed(
        title=settings.SITE_NAME,
        address=absolute(address),
        page=absolute(reverse("public:front")),
        entries=_entries(page, at),
        gone=[
            GoneEntry(id=_story_id(article), when=when)
            for article, when in withdrawn_since(page.oldest, at=at)
        ],
        updated=EPOCH,
        previous=absolute(reverse("public:feed_archive", args=[pages])) if pages else "",
    )


def _entries(page: FeedPage, at: datetime) -> list[FeedEntry]:
    return [
        FeedEntry(
            id=_story_id(version.article_id),
            address=absolute(address_of(version)),
            title=version.headline,
            published=version.first_live_from,
            updated=version.updated_at,
            html=rendered.body,
            summary=version.dek,
            language=version.language,
            section=version.section_name,
            authors=_authors(version),
        )
        for version, rendered in rendered_stories(page.versions, at=at)
    ]


def _gone(page: FeedPage) -> list[GoneEntry]:
    return [GoneEntry(id=_story_id(article), when=when) for article, when in page.gone]


def _story_id(article: int) -> str:
    """Return a story's permanent id, whatever becomes of its slug."""
    return f"tag:{urlsplit(settings.SITE_URL).hostname},2026:stories/{article}"


def _authors(version: Version) -> list[tuple[str, str]]:
    """Return the credited names with their addresses. A withheld name has none."""
    return [
        (name, absolute(reverse("public:author", args=[slug])) if slug else "")
        for slug, name in version.bylines
    ]


def _answer(
    request: HttpRequest,
    content: str,
    kind: str,
    *,
    at: datetime,
    cache_control: str = LIVE,
    keys: Sequence[str] = (LISTS,),
) -> HttpResponse:
    return conditional(
        request, HttpResponse(content, content_type=kind), at=at, cache_control=cache_control, keys=keys
    )
