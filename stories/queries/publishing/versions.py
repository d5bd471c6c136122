"""What readers may see, and since when. The time is an argument of every query.

A version is a publication that has gone live; its number is its rank by `live_from` among those not cancelled. "Live"
is therefore a query: no job has to run for a story to appear on time.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Subquery, TextField
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext as _

from stories.domain.archive.old_addresses import spellings
from stories.domain.snapshot import NoteKind, PublicStory, StoryKind
from stories.domain.text.mask import Mask
from stories.models.addresses import OldAddress
from stories.models.articles import Article
from stories.models.developing_mode import DevelopingMode
from stories.models.publications import Publication, PublicationClass, PublishedNote, PublishedPicture
from stories.models.sections import Section
from stories.queries.publishing.withholdings import mask, mask_of, not_withheld, only_withheld
from stories.queries.story.snapshots import snapshot_at, snapshots_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A version of a story, as lists and page frames display it. `number` counts from 1."""

    number: int
    publication_id: int
    article_id: int
    revision: int
    live_from: datetime
    publication_class: PublicationClass
    # Random and unique to this publication, for as long as its story's mask is the same: the key of caches,
    # since a new database reuses ids.
    fingerprint: str
    slug: str
    kind: StoryKind
    headline: str
    dek: str
    section: str
    section_name: str
    language: str
    bylines: tuple[tuple[str, str], ...]
    words_added: int
    words_removed: int
    first_live_from: datetime
    # When a change was last announced to readers, or the story first appeared.
    updated_at: datetime
    # When developing mode ends; None if it is off.
    developing_until: datetime | None
    # A developing story's line in its list of versions; no other reason is public.
    line: str
    # The mask of its story's withheld words; everything above is masked already.
    mask: Mask
    # Whether the whole version is withheld or erased: then its fields are blank.
    withheld: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionNote:
    """A published note, with its version."""

    key: UUID
    kind: NoteKind
    text: str
    was: str
    now: str
    amends: UUID | None
    publication_id: int
    live_from: datetime


def with_version_facts(publications: QuerySet[Publication], at: datetime) -> QuerySet[Publication]:
    """Return publications annotated with what a Version needs, in the same query."""
    siblings = Publication.objects.live(at=at).filter(article=OuterRef("article")).order_by()
    earlier = siblings.filter(live_from__lte=OuterRef("live_from"))
    with_notice = earlier.filter(Q(notes__isnull=False) | Q(publication_class=PublicationClass.FIRST))
    modes = DevelopingMode.objects.filter(article=OuterRef("article"), recorded_at__lte=at).order_by("-pk")
    return publications.select_related("card", "revision").annotate(
        withheld_words=F("article__withheld__words"),
        withheld_publications=F("article__withheld__publications"),
        erased_pictures=F("article__withheld__pictures"),
        withheld_digest=F("article__withheld__digest"),
        mode_until=Subquery(modes.values("until")[:1]),
        number=Subquery(earlier.values("article").annotate(n=Count("pk")).values("n")),
        first_live_from=Subquery(earlier.values("article").annotate(t=Min("live_from")).values("t")),
        last_notice_at=Coalesce(
            Subquery(with_notice.order_by("-live_from").values("live_from")[:1]),
            Subquery(earlier.values("article").annotate(t=Min("live_from")).values("t")),
        ),
    )


def as_version(publication: Any, at: datetime) -> Version:
    """Return a publication with a Version's annotations as a Version."""
    card = publication.card
    developing = publication.publication_class == PublicationClass.DEVELOPING
    until = publication.mode_until
    hide = mask(publication.withheld_words or (), publication.erased_pictures or ())
    withheld = publication.pk in (publication.withheld_publications or ())
    return Version(
        number=publication.number,
        publication_id=publication.pk,
        article_id=publication.article_id,
        revision=publication.revision.number,
        live_from=publication.live_from,
        publication_class=PublicationClass(publication.publication_class),
        fingerprint=fingerprint_of(card.salt, publication.withheld_digest),
        slug=publication.address_id,
        kind=StoryKind(card.kind),
        headline=_("[version withheld]") if withheld else hide.text(card.headline),
        dek="" if withheld else hide.text(card.dek),
        section=card.section,
        section_name=hide.text(card.section_name),
        language=card.language,
        bylines=()
        if withheld
        else tuple((hide.author_of(author, name), hide.text(name)) for author, name in card.bylines),
        words_added=0 if withheld else card.words_added,
        words_removed=0 if withheld else card.words_removed,
        first_live_from=publication.first_live_from,
        updated_at=publication.last_notice_at,
        developing_until=until if until is not None and until > at else None,
        line=hide.text(publication.reason) if developing and not withheld else "",
        mask=hide,
        withheld=withheld,
    )


def fingerprint_of(salt: bytes, withheld_digest: str | None) -> str:
    """Return the key of a publication in caches, for its story's present mask."""
    return bytes(salt).hex() + (withheld_digest or "")[:16]


def live_version(slug: str, *, at: datetime) -> Version | None:
    """Return the live version of the story that ever went live under a slug, or None. One query."""
    # By the few articles that had the slug, so that not every publication of the site is read.
    went_live = Publication.objects.live(at=at).filter(address=slug).order_by()
    found = Publication.objects.public(at=at).filter(article__in=went_live.values("article"))
    newest = with_version_facts(found, at).order_by("-live_from").first()
    return as_version(newest, at) if newest is not None else None


def versions(article_id: int, *, at: datetime) -> list[Version]:
    """Return every version of an article, newest first. One query."""
    public = Publication.objects.public(at=at).filter(article=article_id)
    return [
        as_version(publication, at) for publication in with_version_facts(public, at).order_by("-live_from")
    ]


def live_publications(at: datetime) -> QuerySet[Publication]:
    """Return each story's publication that readers see; none of a story whose live version is withheld."""
    return not_withheld(_newest(at))


def listed_publications(at: datetime) -> QuerySet[Publication]:
    """Return the publications for the site's lists: none of a story whose live version is withheld."""
    hidden = only_withheld(_newest(at)).order_by().values("article")
    return not_withheld(Publication.objects.public(at=at)).exclude(article__in=hidden)


def _newest(at: datetime) -> QuerySet[Publication]:
    newer = Publication.objects.live(at=at).filter(
        article=OuterRef("article"), live_from__gt=OuterRef("live_from")
    )
    return Publication.objects.public(at=at).filter(~Exists(newer))


def live_stories(
    *,
    at: datetime,
    limit: int,
    section: str = "",
    author: str = "",
    before: tuple[datetime, int] | None = None,
) -> list[Version]:
    """Return the live versions of the stories (not pages) that appeared last, newest first. One query.

    Of a section, or with an author in the bylines, if either is given by slug; `before` is when the last story of the
    previous page appeared, and its article's id.
    """
    newest = live_publications(at).filter(card__kind=StoryKind.STORY)
    if section:
        newest = newest.filter(card__section=section)
    if author:
        return [version for version, _row in _credited(newest, author, at, limit, before)]
    return [as_version(publication, at) for publication in _by_appearance(newest, at, before)[:limit]]


def live_stories_by(
    author: str,
    *,
    at: datetime,
    limit: int,
    before: tuple[datetime, int] | None = None,
    **annotations: Any,
) -> list[tuple[Version, Any]]:
    """Return the live versions of the newest stories with an author in the bylines, as `live_stories` does.

    Each with its row, which has the `annotations`, read in the same query.
    """
    newest = live_publications(at).filter(card__kind=StoryKind.STORY).annotate(**annotations)
    return _credited(newest, author, at, limit, before)


def _by_appearance(
    publications: QuerySet[Publication], at: datetime, before: tuple[datetime, int] | None
) -> QuerySet[Publication]:
    """Return publications with a Version's facts, in the order in which their stories appeared, newest first."""
    annotated = with_version_facts(publications, at)
    if before is not None:
        appeared, article = before
        older = Q(first_live_from__lt=appeared) | Q(first_live_from=appeared, article__lt=article)
        annotated = annotated.filter(older)
    return annotated.order_by(F("first_live_from").desc(), "-article_id")


def _credited(
    publications: QuerySet[Publication],
    author: str,
    at: datetime,
    limit: int,
    before: tuple[datetime, int] | None,
) -> list[tuple[Version, Any]]:
    ordered = _by_appearance(credited_to(publications, author), at, before)
    found: list[tuple[Version, Any]] = []
    for start in count(step=limit):
        batch = [(as_version(publication, at), publication) for publication in ordered[start : start + limit]]
        # Without stories whose credit is withheld: the list would reveal it.
        found += [(version, row) for version, row in batch if author in dict(version.bylines)]
        if len(found) >= limit or len(batch) < limit:
            return found[:limit]
    raise AssertionError  # the loop ends with the stories


def live_versions_of(articles: Iterable[int], *, at: datetime) -> list[Version]:
    """Return the live versions of some articles, unordered. One query."""
    newest = live_publications(at).filter(article__in=list(articles))
    return [as_version(publication, at) for publication in with_version_facts(newest, at)]


def credited_to(publications: QuerySet[Publication], author: str) -> QuerySet[Publication]:
    """Return the publications with an author, by slug, in their bylines."""
    # SQLite can't search a JSON array by content. As text, a byline begins with [" on both databases, and nothing
    # else does: quotation marks inside strings are escaped. Non-ASCII letters may be escaped too.
    beginnings = {f"[{json.dumps(author, ensure_ascii=ascii_only)}, " for ascii_only in (True, False)}
    credited = Q()
    for beginning in beginnings:
        credited |= Q(credits__contains=beginning)
    return publications.annotate(credits=Cast("card__bylines", TextField())).filter(credited)


def live_sections(*, at: datetime) -> list[tuple[str, str]]:
    """Return slug and name of every section with a live story, by name. One query."""
    stories = live_publications(at).filter(card__kind=StoryKind.STORY).order_by()
    with_stories = Section.objects.filter(pk__in=stories.values("card__section"))
    return list(with_stories.values_list("slug", "name"))


def live_pages(*, at: datetime) -> list[Version]:
    """Return the live versions of the site's pages, by headline. One query."""
    pages = live_publications(at).filter(card__kind=StoryKind.PAGE)
    return [
        as_version(publication, at)
        for publication in with_version_facts(pages, at).order_by("card__headline")
    ]


def published_notes(article_id: int, *, at: datetime) -> list[VersionNote]:
    """Return every note of a story's versions, oldest first, without those of withheld versions. Two queries."""
    public = not_withheld(Publication.objects.public(at=at).filter(article=article_id))
    rows = PublishedNote.objects.filter(publication__in=public).select_related("publication")
    hide = mask_of(article_id)
    return [_note(row, hide) for row in rows.order_by("publication__live_from", "pk")]


def published_note_keys(article: Article | int) -> frozenset[UUID]:
    """Return the keys of a story's notes that readers have seen or are to see. One query."""
    public = Publication.objects.not_cancelled().filter(article=article)
    return frozenset(PublishedNote.objects.filter(publication__in=public).values_list("key", flat=True))


def recent_notes(*, at: datetime, limit: int, kinds: Iterable[NoteKind]) -> list[tuple[VersionNote, Version]]:
    """Return the site's newest notes of some kinds, each with its story's live version. Two queries."""
    rows = PublishedNote.objects.filter(
        publication__in=listed_publications(at), kind__in=list(kinds)
    ).order_by("-publication__live_from", "-pk")[:limit]
    notes = list(rows.select_related("publication"))
    articles = {row.publication.article_id for row in notes}
    newest = {
        publication.article_id: as_version(publication, at)
        for publication in with_version_facts(live_publications(at).filter(article__in=articles), at)
    }
    return [
        (_note(row, story.mask), story)
        for row in notes
        # A story may be withdrawn between the two queries.
        if (story := newest.get(row.publication.article_id)) is not None
    ]


def _note(row: PublishedNote, hide: Mask) -> VersionNote:
    return VersionNote(
        key=row.key,
        kind=NoteKind(row.kind),
        text=hide.text(row.text),
        was=hide.text(row.was),
        now=hide.text(row.now),
        amends=row.amends,
        publication_id=row.publication_id,
        live_from=row.publication.live_from,
    )


def public_story(version: Version) -> PublicStory:
    """Return the story as readers see it in a version. One query a tracked model. Raises VersionWithheld."""
    _refuse_withheld(version)
    return snapshot_at(version.article_id, version.revision).public(withheld=version.mask)


def public_stories(versions: Iterable[Version]) -> dict[int, PublicStory]:
    """Return several stories as readers see them, one version of each, by article. One query a tracked model.

    Raises VersionWithheld.
    """
    by_article = {version.article_id: version for version in versions}
    for version in by_article.values():
        _refuse_withheld(version)
    found = snapshots_of({article: version.revision for article, version in by_article.items()})
    return {article: story.public(withheld=by_article[article].mask) for article, story in found.items()}


class VersionWithheld(Exception):
    """A version that readers may not see was requested for display."""


def _refuse_withheld(version: Version) -> None:
    if version.withheld:
        raise VersionWithheld(f"Publication {version.publication_id} is withheld.")


def versions_of(articles: Iterable[int], *, at: datetime) -> dict[int, list[Version]]:
    """Return every version of several articles, newest first, by article. One query."""
    public = Publication.objects.public(at=at).filter(article__in=list(articles))
    found: dict[int, list[Version]] = {}
    for publication in with_version_facts(public, at).order_by("-live_from"):
        found.setdefault(publication.article_id, []).append(as_version(publication, at))
    return found


def carried_notes(versions: Iterable[Version], *, at: datetime) -> dict[int, list[VersionNote]]:
    """Return every note of the versions of several stories, oldest first, by article. One query.

    Including notes of withheld versions, since later versions carry them on: a story's page shows those that its own
    version carries. `versions` has one version per story.
    """
    masks = {version.article_id: version.mask for version in versions}
    public = Publication.objects.public(at=at).filter(article__in=list(masks))
    rows = PublishedNote.objects.filter(publication__in=public).select_related("publication")
    found: dict[int, list[VersionNote]] = {}
    for row in rows.order_by("publication__live_from", "pk"):
        article = row.publication.article_id
        found.setdefault(article, []).append(_note(row, masks[article]))
    return found


def picture_is_public(digest: str, *, at: datetime) -> bool:
    """Return whether a public version contains the picture with this digest. One query."""
    public = not_withheld(Publication.objects.public(at=at))
    return PublishedPicture.objects.filter(picture=digest, publication__in=public).exists()


@dataclass(frozen=True, slots=True)
class OldAddressTarget:
    """A story with an old address: its article, and the slug under which it is live, "" if it isn't."""

    article_id: int
    slug: str


def old_address_target(path: str, query: str = "", *, at: datetime) -> OldAddressTarget | None:
    """Return the story with an old address, however that is spelled, or None. One query."""
    public = Publication.objects.public(at=at).filter(article=OuterRef("article")).order_by("-live_from")
    forms = spellings(path, query)
    rows = OldAddress.objects.filter(path__in=forms).annotate(slug=Subquery(public.values("address")[:1]))
    found = {
        path: OldAddressTarget(article, slug or "")
        for path, article, slug in rows.values_list("path", "article", "slug")
    }
    return next((found[form] for form in forms if form in found), None)


def live_publication(article: Article | int, *, at: datetime) -> Publication | None:
    """Return the live publication of an article, or None. One query."""
    live = Publication.objects.live(at=at).filter(article=article)
    return live.select_related("revision", "card").order_by("-live_from").first()


def version_number(publication: Publication, *, at: datetime) -> int:
    """Return which version of its story a publication is: its rank among those that are live or were. One query."""
    siblings = Publication.objects.live(at=at).filter(article=publication.article_id)
    return siblings.filter(live_from__lte=publication.live_from).count()


def next_live_from(*, at: datetime) -> datetime | None:
    """Return when the site's next publication goes live, None if none is pending. One query."""
    found: datetime | None = Publication.objects.pending(at=at).aggregate(next=Min("live_from"))["next"]
    return found


def pending_publication(article: Article | int, *, at: datetime) -> Publication | None:
    """Return the scheduled publication of an article, or None. One query."""
    pending = Publication.objects.pending(at=at).filter(article=article)
    return pending.select_related("revision").order_by("live_from").first()
