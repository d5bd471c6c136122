"""What is live at a moment, by the journals alone: the queries that the live periods replaced, as an oracle."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Subquery, TextField
from django.db.models.functions import Cast, Coalesce

from stories.models import Publication, PublicationClass, PublishedNote
from stories.queries.publishing.withholdings import mask, not_withheld

# A version: article, publication, number, when it went live, when the story appeared and was last said to be updated,
# and whether it is withheld.
Fact = tuple[int, int, int, datetime, datetime, datetime, bool]


def versions(at: datetime) -> list[Fact]:
    """Return every version of the site, by story, newest first."""
    return _facts(Publication.objects.public(at=at).order_by("article", "-live_from"), at)


def live_stories(at: datetime, *, section: str = "", author: str = "") -> list[Fact]:
    """Return the live versions of the stories that readers' lists have, in their order."""
    newest = not_withheld(_newest(at)).filter(card__kind="story")
    if section:
        newest = newest.filter(card__section=section)
    if author:
        credited = Q(credits__contains=f"[{json.dumps(author)}, ")
        newest = newest.annotate(credits=Cast("card__bylines", TextField())).filter(credited)
        newest = newest.filter(
            pk__in=[row.pk for row in newest.select_related("card") if _credits(row, author)]
        )
    appeared = _earlier(at).values("article").annotate(t=Min("live_from")).values("t")
    ordered = newest.annotate(appeared=Subquery(appeared)).order_by("-appeared", "-article_id")
    return _facts(ordered, at)


def live_sections(at: datetime) -> set[str]:
    """Return the sections of the live stories."""
    newest = not_withheld(_newest(at)).filter(card__kind="story").exclude(card__section="")
    return set(newest.values_list("card__section", flat=True))


def notes(at: datetime) -> list[int]:
    """Return the notes that the site's lists have, newest first."""
    newest = _newest(at).order_by()
    hidden = newest.exclude(pk__in=not_withheld(newest).values("pk")).values("article")
    listed = not_withheld(Publication.objects.public(at=at)).exclude(article__in=hidden)
    rows = PublishedNote.objects.filter(publication__in=listed).order_by("-publication__live_from", "-pk")
    return list(rows.values_list("pk", flat=True))


def _newest(at: datetime) -> QuerySet[Publication]:
    newer = Publication.objects.live(at=at).filter(
        article=OuterRef("article"), live_from__gt=OuterRef("live_from")
    )
    return Publication.objects.public(at=at).filter(~Exists(newer))


def _earlier(at: datetime) -> Any:
    siblings = Publication.objects.live(at=at).filter(article=OuterRef("article")).order_by()
    return siblings.filter(live_from__lte=OuterRef("live_from"))


def _credits(publication: Any, author: str) -> bool:
    row = getattr(publication.article, "withheld", None)
    hide = mask(row.words if row else ())
    return any(hide.author_of(*byline) == author for byline in publication.card.bylines)


def _facts(publications: QuerySet[Publication], at: datetime) -> list[Fact]:
    earlier = _earlier(at)
    with_notice = earlier.filter(Q(notes__isnull=False) | Q(publication_class=PublicationClass.FIRST))
    first = Subquery(earlier.values("article").annotate(t=Min("live_from")).values("t"))
    rows: Any = publications.annotate(
        number=Subquery(earlier.values("article").annotate(n=Count("pk")).values("n")),
        first=first,
        updated=Coalesce(Subquery(with_notice.order_by("-live_from").values("live_from")[:1]), first),
        hidden=F("article__withheld__publications"),
    )
    return [
        (
            row.article_id,
            row.pk,
            row.number,
            row.live_from,
            row.first,
            row.updated,
            row.pk in (row.hidden or ()),
        )
        for row in rows
    ]
