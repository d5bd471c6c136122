"""The addresses of readers' pages that can be baked, and those that an event changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.urls import reverse

from stories.domain.snapshot import StoryKind
from stories.models import (
    Article,
    Author,
    Byline,
    EntryKind,
    Picture,
    Publication,
    PublishedPicture,
    StoryAddress,
)
from stories.models.integrity.registry import history_model
from stories.models.story_status import StoryStatus
from stories.queries.publishing.versions import live_publication, live_sections
from stories.queries.publishing.withdrawals import withdrawal_in_force
from stories.queries.site import feeds, sitemaps

# What readers see no change of. Whatever else there is, or will be, changes pages.
UNSEEN: Final = frozenset(
    {
        EntryKind.REVISION,
        EntryKind.EMBARGO,
        EntryKind.DISCARD,
        EntryKind.ASSIGNMENT,
        EntryKind.REVIEW_REQUEST,
        EntryKind.ERASURE_ORDER,
        EntryKind.ERASURE_APPROVAL,
        EntryKind.QUESTION,
        EntryKind.ANSWER,
        EntryKind.SIGN_OFF,
        EntryKind.DOSSIER_ORDER,
        EntryKind.DOSSIER_APPROVAL,
        EntryKind.DOSSIER_DOWNLOAD,
        EntryKind.AUDIT_ACCESS,
        EntryKind.RIGHTS,
        EntryKind.SECOND_PERSON,
        EntryKind.NAME,
    }
)
# What concerns the lists that show the story, and no others.
_OWN_LISTS: Final = frozenset(
    {EntryKind.PUBLICATION, EntryKind.CANCELLATION, EntryKind.DEVELOPING, EntryKind.IMPORT}
)
# What may concern every page.
_EVERYTHING: Final = frozenset({EntryKind.ERASURE, EntryKind.RESTORED})

EVERYTHING: Final = "/"
AUTHORS: Final = "/author/"


@dataclass(frozen=True, slots=True)
class Changed:
    """Addresses whose pages changed, and the beginnings of others; `/` is the beginning of all."""

    addresses: tuple[str, ...] = ()
    below: tuple[str, ...] = ()


def changed_by(kind: str, article_id: int | None, *, at: datetime) -> Changed:
    """Return the pages that an event changes; more rather than fewer. At most eight queries, none if readers see none.

    What takes something down changes all lists: its words may be in any of them.
    """
    if kind in UNSEEN:
        return Changed()
    if kind in _EVERYTHING:
        return Changed(below=(EVERYTHING,))
    own = _story_folders(article_id) if article_id is not None else []
    if kind in _OWN_LISTS and article_id is not None:
        lists = [*_fixed_lists(), *_places(article_id)]
        if kind == EntryKind.IMPORT:
            # A version of the past moves all later stories in the sitemap and in the feeds' archive.
            lists = _site_lists(at)
            own = [*own, reverse("public:feed")]
        authors = [reverse("public:author", args=[slug]) for slug in _credited(article_id)]
        return Changed(tuple(lists), (*own, *authors, *_sections(at)))
    if article_id is not None and Article.objects.filter(pk=article_id, kind=StoryKind.PAGE).exists():
        # Every page’s footer names it.
        return Changed(below=(EVERYTHING,))
    pictures = [_picture_folder(digest) for digest in _pictures(article_id)] if article_id is not None else []
    rooms = [AUTHORS, "/section/", "/corrections/", "/feed/"]
    if article_id is None:
        pictures = [reverse("public:picture", args=["x", 1]).partition("x/")[0]]
    return Changed(tuple(_site_lists(at)), (*own, *rooms, *pictures))


def story_pages(article_id: int, *, at: datetime) -> Iterator[str]:
    """Yield the addresses of a story, its own first; of a withdrawn one those at which its notice stands.

    At most five queries.
    """
    live = live_publication(article_id, at=at)
    if live is None:
        return
    down = withdrawal_in_force(article_id) is not None
    slugs = [live.address_id]
    if down:
        slugs = list(
            StoryAddress.objects.filter(article=article_id).order_by("pk").values_list("pk", flat=True)
        )
    count = Publication.objects.live(at=at).filter(article=article_id).count()
    for slug in slugs:
        is_page = live.card.kind == StoryKind.PAGE
        yield reverse("public:page" if is_page else "public:story", args=[slug])
        for name in ("versions", "story_data", "story_feed", "timemap"):
            yield reverse(f"public:{name}", args=[slug])
        for number in range(count, 0, -1):
            yield reverse("public:version", args=[slug, number])
        for number in range(count - 1, 0, -1):
            yield reverse("public:compare", args=[slug, number, number + 1])
    for digest, widths in _widths(_pictures(article_id)):
        for width in widths:
            yield reverse("public:picture", args=[digest, width])


def lists(*, at: datetime, authors: set[str] | None = None) -> Iterator[str]:
    """Yield the addresses of pages that list stories, and of what is of the whole site; of all authors, or of some."""
    yield from _site_lists(at)
    for address in _sections(at):
        yield address
        yield f"{address}feed/"
    if authors is None:
        authors = set(history_model(Byline).objects.order_by().values_list("author_id", flat=True).distinct())
    yield from (reverse("public:author", args=[slug]) for slug in sorted(authors))
    yield from (
        reverse("public:feed_archive", args=[number]) for number in range(1, feeds.archives(at=at) + 1)
    )


def credited(article_id: int) -> set[str]:
    """Return the authors that a story ever credited. One query."""
    return set(_credited(article_id))


def published_stories(*, at: datetime) -> list[int]:
    """Return every story that was ever live, the newest first. One query."""
    found = feeds.appeared(at).reverse().values_list("article", flat=True)
    return list(found)


def _fixed_lists() -> list[str]:
    names = (
        "front",
        "corrections",
        "corrections_feed",
        "feed",
        "json_feed",
        "sitemap",
        "robots",
        "story_schema",
    )
    return [reverse(f"public:{name}") for name in names]


def _site_lists(at: datetime) -> list[str]:
    pages = range(1, sitemaps.sitemap_pages(at=at) + 1)
    return [*_fixed_lists(), *(reverse("public:sitemap_page", args=[number]) for number in pages)]


def _places(article_id: int) -> list[str]:
    """Return the pages of the sitemap and of the feeds' archive that list a story. Two queries."""
    status = StoryStatus.objects.filter(article=article_id).first()
    if status is None or status.first_live_from is None:
        return []
    first = status.first_live_from
    earlier = StoryStatus.objects.filter(first_live_from__lt=first)
    same = StoryStatus.objects.filter(first_live_from=first, article__lt=article_id)
    rank = (earlier | same).count()
    return [
        reverse("public:sitemap_page", args=[rank // sitemaps.PAGE_LENGTH + 1]),
        reverse("public:feed_archive", args=[rank // feeds.PAGE_LENGTH + 1]),
    ]


def _sections(at: datetime) -> list[str]:
    return [reverse("public:section", args=[slug]) for slug, _name in live_sections(at=at)]


def _story_folders(article_id: int) -> list[str]:
    slugs = StoryAddress.objects.filter(article=article_id).order_by("pk").values_list("pk", flat=True)
    return [reverse(f"public:{kind}", args=[slug]) for slug in slugs for kind in ("story", "page")]


def _credited(article_id: int) -> list[str]:
    rows = history_model(Byline).objects.filter(parent_id=article_id).order_by("author_id")
    return list(rows.values_list("author_id", flat=True).distinct())


def _pictures(article_id: int) -> list[str]:
    """Return the pictures of a story's versions and of its authors. Three queries."""
    rows = PublishedPicture.objects.filter(publication__article=article_id).order_by()
    found = set(rows.values_list("picture_id", flat=True))
    authors = Author.objects.filter(pk__in=_credited(article_id), picture__isnull=False).order_by()
    return sorted(found | set(authors.values_list("picture_id", flat=True)))


def _widths(digests: list[str]) -> list[tuple[str, list[int]]]:
    return [(each.pk, each.widths()) for each in Picture.objects.filter(pk__in=digests).order_by("pk")]


def _picture_folder(digest: str) -> str:
    return reverse("public:picture", args=[digest, 1])[:-1]
