"""What is withheld or erased of a story, according to its journals, and what is displayed instead."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import translation
from django.utils.translation import gettext as _

from stories.domain.ledger import canonical_json
from stories.domain.text.mask import Mask
from stories.models.articles import Article
from stories.models.blocks import ImageBlock
from stories.models.erasures import Erasure, ErasureOrder, ErasureScope
from stories.models.integrity.registry import history_model
from stories.models.publications import Publication
from stories.models.withholdings import StoryMask, Withholding, WithholdingDecision


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrentMask:
    """All that is withheld of a story, in a fixed order; see `StoryMask`."""

    words: list[str]
    publications: list[int]
    pictures: list[str]

    @property
    def digest(self) -> str:
        """A hash that identifies this mask, "" if nothing is withheld."""
        lists = [self.words, self.publications, self.pictures]
        return sha256(canonical_json(lists)).hexdigest() if any(lists) else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """What is displayed in place of a version: whether it is erased, the notice to readers, since when.

    `ground` and `authority` are published for erased versions alone: an order to withhold can forbid to say why.
    """

    erased: bool
    notice: str
    since: datetime
    ground: str = ""
    authority: str = ""


def current_mask(article_id: int) -> CurrentMask:
    """Return what is withheld and erased of a story, according to its journals. Four queries."""
    return current_masks([article_id])[article_id]


def current_masks(articles: Sequence[int]) -> dict[int, CurrentMask]:
    """Return what is withheld and erased of each of some stories, according to their journals. Four queries."""
    words: defaultdict[int, set[str]] = defaultdict(set)
    publications: defaultdict[int, set[int]] = defaultdict(set)
    for row in withholdings_in_force().filter(article__in=articles):
        if row.publication_id is None:
            words[row.article_id].add(row.words)
        else:
            publications[row.article_id].add(row.publication_id)
    for erased in (_erased_versions(), _erased_with_their_stories()):
        rows = Publication.objects.filter(article__in=articles, pk__in=erased).order_by()
        for article, publication in rows.values_list("article_id", "pk"):
            publications[article].add(publication)
    pictures = _erased_pictures(articles)
    return {
        article: CurrentMask(
            # If withheld words were erased since, their replacement text is no secret.
            words=sorted(words[article] - {erased_words()}),
            publications=sorted(publications[article]),
            pictures=sorted(pictures[article]),
        )
        for article in articles
    }


def withholdings_in_force() -> QuerySet[Any]:
    """Return withholdings that are not lifted, the oldest first.

    Each has `decided`, when a decision confirmed it, or None.
    """
    newest = WithholdingDecision.objects.filter(withholding=OuterRef("pk")).order_by("-pk")
    rows: QuerySet[Any] = (
        Withholding.objects.alias(lifted=Coalesce(Subquery(newest.values("lifted")[:1]), False))
        .filter(lifted=False)
        .annotate(decided=Subquery(newest.values("recorded_at")[:1]))
        .order_by("pk")
    )
    return rows


def undecided(*, limit: int, sections: Collection[str] = ()) -> list[Withholding]:
    """Return the withholdings that wait for a second person, the longest first, with their stories. One query.

    With `sections`, by their slugs, those of stories in one of them.
    """
    rows = withholdings_in_force().filter(decided=None).select_related("article", "publication")
    if sections:
        rows = rows.filter(article__section__in=sections)
    return list(rows[:limit])


def not_withheld(publications: QuerySet[Publication]) -> QuerySet[Publication]:
    """Return publications without those that are withheld or erased as a whole."""
    for hidden in _hidden():
        publications = publications.exclude(pk__in=hidden)
    return publications


def _hidden() -> tuple[Any, Any, Any]:
    withheld = withholdings_in_force().filter(publication__isnull=False).order_by()
    return withheld.values("publication"), _erased_versions(), _erased_with_their_stories()


def erased_words() -> str:
    """Return the replacement for erased words, in the site's language: it is stored, and read by everyone."""
    with translation.override(settings.LANGUAGE_CODE):
        return _("[words erased]")


def mask(words: Iterable[str], pictures: Iterable[str] = ()) -> Mask:
    """Return the mask of some words, with replacements in the active language."""
    return Mask(tuple(words), _("[words withheld]"), tuple(pictures), erased_words())


def mask_of(article_id: int) -> Mask:
    """Return the mask of a story's withheld words and erased pictures. One query."""
    return mask_in(StoryMask.objects.filter(article=article_id).first())


def prefetched_mask(article: Article) -> Mask:
    """Return the mask of a story that was read with its `withheld`. No query."""
    return mask_in(getattr(article, "withheld", None))


def mask_in(row: StoryMask | None) -> Mask:
    """Return the mask of a story's row, of none for a story of which nothing was ever withheld. No query."""
    return mask(row.words, row.pictures) if row is not None else Mask(erased=erased_words())


def tombstone_of(publication_id: int) -> Tombstone | None:
    """Return the tombstone of a version, None if it is not withheld. Four queries."""
    publication = Publication.objects.get(pk=publication_id)
    hide = mask_of(publication.article_id)
    went_with_it = Q(scope=ErasureScope.VERSION, publication=publication) | Q(
        scope=ErasureScope.STORY,
        article=publication.article_id,
        erasure__recorded_at__gte=publication.recorded_at,
    )
    order = ErasureOrder.objects.filter(went_with_it, erasure__isnull=False).select_related("erasure").first()
    if order is not None:
        return Tombstone(
            erased=True,
            notice=hide.text(order.notice),
            since=order.erasure.recorded_at,
            ground=str(order.get_ground_display()),
            authority=hide.text(order.authority),
        )
    withheld = withholdings_in_force().filter(publication=publication_id).last()
    if withheld is None:
        return None
    return Tombstone(erased=False, notice=hide.text(withheld.notice), since=withheld.recorded_at)


def is_erased(picture: str) -> bool:
    """Return whether the picture with this digest was erased. One query."""
    return erased_pictures().filter(order__picture=picture).exists()


def erased_pictures() -> QuerySet[Erasure]:
    """Return the erasures of pictures, each with its picture at `order__picture`."""
    return Erasure.objects.filter(order__scope=ErasureScope.PICTURE)


def _erased_versions() -> QuerySet[Any]:
    """Return the publications that were erased by themselves."""
    carried_out = ErasureOrder.objects.filter(scope=ErasureScope.VERSION, erasure__isnull=False)
    return carried_out.order_by().values("publication")


def _erased_with_their_stories() -> QuerySet[Any]:
    """Return the publications that existed when their whole story was erased."""
    there = Publication.objects.filter(
        article__erasures__order__scope=ErasureScope.STORY,
        recorded_at__lte=F("article__erasures__recorded_at"),
    )
    return there.order_by().values("pk")


def _erased_pictures(articles: Sequence[int]) -> defaultdict[int, set[str]]:
    """Return the erased pictures that each of some stories has or had."""
    rows = history_model(ImageBlock).objects.filter(
        parent_id__in=articles, picture_id__in=erased_pictures().values("order__picture")
    )
    found: defaultdict[int, set[str]] = defaultdict(set)
    for article, picture in rows.order_by().values_list("parent_id", "picture_id").distinct():
        found[article].add(picture)
    return found
