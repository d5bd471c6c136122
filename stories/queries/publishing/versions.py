"""What readers may see, and since when. The time is an argument of every query.

A version is a publication that has gone live; its number is its rank by `live_from` among those not cancelled. "Live"
is therefore a query: no job has to run for a story to appear on time.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Min, OuterRef, Q, QuerySet, Subquery, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from stories.domain.archive.old_addresses import spellings
from stories.domain.snapshot import NoteKind, PublicStory, StoryKind
from stories.domain.text.mask import Mask
from stories.models.addresses import OldAddress
from stories.models.articles import Article
from stories.models.developing_mode import DevelopingMode
from stories.models.publications import Publication, PublicationClass, PublishedNote, PublishedPicture
from stories.models.record.recording import SALT_BYTES
from stories.models.sections import Section
from stories.queries.publishing.withholdings import mask, mask_of
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
    """A published note, with its version, by its number and its publication."""

    key: UUID
    kind: NoteKind
    text: str
    was: str
    now: str
    amends: UUID | None
    number: int
    publication_id: int
    live_from: datetime


def with_version_facts(publications: QuerySet[Publication], at: datetime) -> QuerySet[Publication]:
    """Return publications with what a Version needs, in the same query."""
    modes = DevelopingMode.objects.filter(article=OuterRef("article"), recorded_at__lte=at).order_by("-pk")
    return publications.select_related("period", "card", "revision").annotate(
        withheld_words=F("article__withheld__words"),
        erased_pictures=F("article__withheld__pictures"),
        withheld_digest=F("article__withheld__digest"),
        mode_until=Subquery(modes.values("until")[:1]),
    )


def as_version(publication: Any, at: datetime) -> Version:
    """Return a publication with a Version's annotations as a Version."""
    card, period = publication.card, publication.period
    developing = publication.publication_class == PublicationClass.DEVELOPING
    until = publication.mode_until
    hide = mask(publication.withheld_words or (), publication.erased_pictures or ())
    withheld = period.withheld
    return Version(
        number=period.number,
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
        first_live_from=period.first_live_from,
        updated_at=period.updated_at,
        developing_until=until if until is not None and until > at else None,
        line=hide.text(publication.reason) if developing and not withheld else "",
        mask=hide,
        withheld=withheld,
    )


def fingerprint_of(salt: bytes, withheld_digest: str | None) -> str:
    """Return the key of a publication in caches, for its story's present mask."""
    return bytes(salt).hex() + (withheld_digest or "")[:16]


def mask_of_fingerprint(fingerprint: str) -> str:
    """Return the beginning of the mask's digest in a fingerprint, "" if nothing is withheld."""
    return fingerprint[2 * SALT_BYTES :]


def public_publications(at: datetime) -> QuerySet[Publication]:
    """Return the publications that have gone live, of stories that are not withdrawn; withheld ones too."""
    return Publication.objects.filter(period__live_from__lte=at, period__withdrawn=False)


def live_publications(at: datetime) -> QuerySet[Publication]:
    """Return each story's publication that readers see; none of a story whose live version is withheld."""
    return _newest(at).filter(period__withheld=False)


def listed(at: datetime, of: str = "") -> Q:
    """Return the condition for publications in the site's lists: none of a story whose live version is withheld.

    `of` leads from the rows that are chosen to the publication, as "publication__".
    """
    hidden = _newest(at).filter(period__withheld=True).order_by().values("period__article")
    public = {"live_from__lte": at, "withdrawn": False, "withheld": False}
    condition = Q(**{f"{of}period__{name}": value for name, value in public.items()})
    return condition & ~Q(**{f"{of}period__article__in": hidden})


def _newest(at: datetime) -> QuerySet[Publication]:
    return public_publications(at).filter(period__live_until__gt=at)


def live_version(slug: str, *, at: datetime) -> Version | None:
    """Return the live version of the story that ever went live under a slug, or None. One query."""
    # By the few articles that had the slug, so that not every publication of the site is read.
    went_live = Publication.objects.filter(period__live_from__lte=at, address=slug).order_by()
    found = _newest(at).filter(period__article__in=went_live.values("article"))
    newest = with_version_facts(found, at).first()
    return as_version(newest, at) if newest is not None else None


def version_of(publication_id: int, *, at: datetime) -> Version | None:
    """Return the version of a publication that is live, None if it is not any more. One query."""
    found = with_version_facts(_newest(at).filter(period=publication_id), at).first()
    return as_version(found, at) if found is not None else None


def versions(article_id: int, *, at: datetime) -> list[Version]:
    """Return every version of an article, newest first. One query."""
    return versions_of([article_id], at=at).get(article_id, [])


def live_stories(
    *,
    at: datetime,
    limit: int,
    section: str = "",
    author: str = "",
    since: datetime | None = None,
    before: tuple[datetime, int] | None = None,
) -> list[Version]:
    """Return the live versions of the stories (not pages) that appeared last, newest first. One query.

    Of a section, or with an author in the bylines, if either is given by slug; `since` is when the oldest may have
    appeared, `before` when the last story of the previous page did, and its article's id.
    """
    if author:
        return [version for version, _row in live_stories_by(author, at=at, limit=limit, before=before)]
    condition = Q(period__section=section) if section else Q()
    if since is not None:
        condition &= Q(period__first_live_from__gte=since)
    return [as_version(row, at) for row in _by_appearance("period", condition, at, before)[:limit]]


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
    rows = _by_appearance("period__credits", Q(period__credits__author=author), at, before)
    return [(as_version(row, at), row) for row in rows.annotate(**annotations)[:limit]]


def _by_appearance(
    of: str, condition: Q, at: datetime, before: tuple[datetime, int] | None
) -> QuerySet[Publication]:
    """Return the live publications of stories in the order in which these appeared, newest first.

    `of` are the rows with an index in this order. The condition on them is one: two would join them twice.
    """
    if before is not None:
        appeared, article = before
        condition &= Q(**{f"{of}__first_live_from__lt": appeared}) | Q(**{f"{of}__article__lt": article})
        # Where the index is entered.
        condition &= Q(**{f"{of}__first_live_from__lte": appeared})
    newest = live_publications(at).filter(condition, period__kind=StoryKind.STORY)
    return with_version_facts(newest, at).order_by(f"-{of}__first_live_from", f"-{of}__article_id")


def live_versions_of(articles: Iterable[int], *, at: datetime) -> list[Version]:
    """Return the live versions of some articles, unordered. One query."""
    newest = live_publications(at).filter(period__article__in=list(articles))
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
    stories = live_publications(at).filter(period__kind=StoryKind.STORY, period__section=OuterRef("pk"))
    # One of each section, by its index: an Exists would be joined, with all stories.
    found = Section.objects.annotate(a_story=Subquery(stories.order_by().values("pk")[:1]))
    with_stories = found.filter(a_story__isnull=False)
    return list(with_stories.values_list("slug", "name"))


def live_pages(*, at: datetime) -> list[Version]:
    """Return the live versions of the site's pages, by headline. One query."""
    pages = live_publications(at).filter(period__kind=StoryKind.PAGE).order_by()
    found = [as_version(publication, at) for publication in with_version_facts(pages, at)]
    # Sorted here: each database has its own collation, and SQLite would read all headlines in their order.
    return sorted(found, key=lambda page: page.headline)


def published_notes(article_id: int, *, at: datetime) -> list[VersionNote]:
    """Return every note of a story's versions, oldest first, without those of withheld versions. Two queries."""
    public = public_publications(at).filter(period__article=article_id, period__withheld=False)
    rows = PublishedNote.objects.filter(publication__in=public).select_related("publication__period")
    hide = mask_of(article_id)
    return [_note(row, hide) for row in rows.order_by("publication__live_from", "pk")]


def published_note_keys(article: Article | int) -> frozenset[UUID]:
    """Return the keys of a story's notes that readers have seen or are to see. One query."""
    public = Publication.objects.not_cancelled().filter(article=article)
    return frozenset(PublishedNote.objects.filter(publication__in=public).values_list("key", flat=True))


def recent_notes(*, at: datetime, limit: int, kinds: Iterable[NoteKind]) -> list[tuple[VersionNote, Version]]:
    """Return the site's newest notes of some kinds, each with its story's live version. Two queries."""
    rows = PublishedNote.objects.filter(
        listed(at, "publication__"), publication__period__noted=True, kind__in=list(kinds)
    ).order_by("-publication__period__live_from", "-pk")[:limit]
    notes = list(rows.select_related("publication__period"))
    articles = {row.publication.article_id for row in notes}
    newest = {
        publication.article_id: as_version(publication, at)
        for publication in with_version_facts(live_publications(at).filter(period__article__in=articles), at)
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
        number=row.publication.period.number,
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
    public = public_publications(at).filter(period__article__in=list(articles))
    found: dict[int, list[Version]] = {}
    for publication in with_version_facts(public, at).order_by("-period__number"):
        found.setdefault(publication.article_id, []).append(as_version(publication, at))
    return found


def carried_notes(versions: Iterable[Version], *, at: datetime) -> dict[int, list[VersionNote]]:
    """Return every note of the versions of several stories, oldest first, by article. One query.

    Including notes of withheld versions, since later versions carry them on: a story's page shows those that its own
    version carries. `versions` has one version per story.
    """
    masks = {version.article_id: version.mask for version in versions}
    public = public_publications(at).filter(period__article__in=list(masks))
    rows = PublishedNote.objects.filter(publication__in=public).select_related("publication__period")
    found: dict[int, list[VersionNote]] = {}
    for row in rows.order_by("publication__live_from", "pk"):
        article = row.publication.article_id
        found.setdefault(article, []).append(_note(row, masks[article]))
    return found


def picture_is_public(digest: str, *, at: datetime) -> bool:
    """Return whether a public version contains the picture with this digest. One query."""
    public = public_publications(at).filter(period__withheld=False)
    return PublishedPicture.objects.filter(picture=digest, publication__in=public).exists()


@dataclass(frozen=True, slots=True)
class OldAddressTarget:
    """A story with an old address: its article, and the slug under which it is live, "" if it isn't."""

    article_id: int
    slug: str


def old_address_target(path: str, query: str = "", *, at: datetime) -> OldAddressTarget | None:
    """Return the story with an old address, however that is spelled, or None. One query."""
    public = _newest(at).filter(period__article=OuterRef("article"))
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
