"""The live periods of publications: as the journals say, and as they are stored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from django.db.models import Exists, F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from stories.models import NEVER, LivePeriod, Publication, PublicationClass, PublishedNote, Withdrawal
from stories.queries.publishing.withholdings import mask

# The columns of a period, and at "authors" whom it credits.
Period = dict[str, Any]

_COLUMNS: Final = tuple(field.attname for field in LivePeriod._meta.concrete_fields)
_STORED: Final = tuple(f"period__{name}" for name in _COLUMNS)
_CREDITS: Final = ("period__credits__author", "period__credits__first_live_from")


@dataclass(frozen=True, slots=True)
class PeriodPair:
    """A publication's live period as the journals say, and as it is stored; None where there is none."""

    article_id: int
    expected: Period | None
    stored: Period | None


def live_periods(articles: Iterable[int]) -> dict[int, PeriodPair]:
    """Return the live periods of some stories, by publication. One query."""
    newest = Withdrawal.objects.filter(article=OuterRef("article")).order_by("-pk")
    rows: Any = (
        Publication.objects.filter(article__in=articles)
        .annotate(
            has_notes=Exists(PublishedNote.objects.filter(publication=OuterRef("pk"))),
            withdrawn=Coalesce(Subquery(newest.values("withdrawn")[:1]), False),
            hidden_words=F("article__withheld__words"),
            hidden_publications=F("article__withheld__publications"),
        )
        .order_by("article_id", "live_from", "pk")
        .values(
            *("pk", "article_id", "live_from", "publication_class", "has_notes", "withdrawn", "cancellation"),
            *("hidden_words", "hidden_publications", "card__kind", "card__section", "card__bylines"),
            *_STORED,
            *_CREDITS,
        )
    )
    found: dict[int, PeriodPair] = {}
    for article, of_story in groupby(rows, key=lambda row: row["article_id"]):
        # A row for each of its credits.
        publications = [list(several) for _pk, several in groupby(of_story, key=lambda row: row["pk"])]
        lasting = [several[0] for several in publications if several[0]["cancellation"] is None]
        expected = {period["publication_id"]: period for period in _expected(lasting)}
        for several in publications:
            pk = several[0]["pk"]
            found[pk] = PeriodPair(article, expected.get(pk), _stored(several))
    return found


def _stored(several: Sequence[Any]) -> Period | None:
    row = several[0]
    if row["period__publication_id"] is None:
        return None
    period = {name: row[stored] for name, stored in zip(_COLUMNS, _STORED, strict=True)}
    credited = [(each[_CREDITS[0]], each[_CREDITS[1]]) for each in several if each[_CREDITS[0]] is not None]
    # A credit with another time than its period's is in no list that the period is in.
    appeared = period["first_live_from"]
    return period | {"authors": {author if time == appeared else None for author, time in credited}}


def _expected(rows: Sequence[Any]) -> Iterator[Period]:
    """Yield the periods of one story's publications, which are in their order."""
    if not rows:
        return
    updated = first = rows[0]["live_from"]
    hide = mask(rows[0]["hidden_words"] or ())
    ends = [*(row["live_from"] for row in rows[1:]), NEVER]
    for number, (row, until) in enumerate(zip(rows, ends, strict=True), start=1):
        if row["has_notes"] or row["publication_class"] == PublicationClass.FIRST:
            updated = row["live_from"]
        withheld = row["pk"] in (row["hidden_publications"] or ())
        bylines = () if withheld or row["withdrawn"] else row["card__bylines"]
        yield {
            "publication_id": row["pk"],
            "article_id": row["article_id"],
            "kind": row["card__kind"],
            "section": row["card__section"],
            "number": number,
            "live_from": row["live_from"],
            "live_until": until,
            "first_live_from": first,
            "updated_at": updated,
            "noted": row["has_notes"] or row["publication_class"] == PublicationClass.DEVELOPING,
            "withdrawn": row["withdrawn"],
            "withheld": withheld,
            "authors": {author for slug, name in bylines if (author := hide.author_of(slug, name))},
        }
