"""Where a story stands: what is live of it, what waits, what is promised."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.urls import reverse

from stories.domain.snapshot import StoryKind
from stories.models import Article, Embargo, Publication, Revision
from stories.queries.snapshots import latest_revision
from stories.queries.versions import live_publication, pending_publication


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryStatus:
    """`version` is the live version's number, 0 before the first; `waiting` counts revisions after it."""

    revision: int
    version: int
    live: Publication | None
    pending: Publication | None
    embargo: Embargo | None
    live_address: str

    @property
    def waiting(self) -> int:
        return self.revision - (self.live.revision.number if self.live else 0)


def status_of(article: Article, *, at: datetime) -> StoryStatus:
    """Where one story stands at a time. Six queries."""
    live = live_publication(article, at=at)
    embargo = Embargo.objects.filter(article=article).order_by("-pk").first()
    return StoryStatus(
        revision=latest_revision(article.pk),
        version=Publication.objects.live(at=at).filter(article=article).count(),
        live=live,
        pending=pending_publication(article, at=at),
        embargo=embargo if embargo and embargo.until and embargo.until > at else None,
        live_address=_address(live) if live else "",
    )


def _address(live: Publication) -> str:
    name = "public:page" if live.card.kind == StoryKind.PAGE else "public:story"
    return reverse(name, args=[live.address_id])


def with_status(articles: QuerySet[Article], *, at: datetime) -> QuerySet[Any]:
    """Articles with `newest`, `edited_at`, `live_revision`, `version` and `pending_from`, in the same query."""
    revisions = Revision.objects.filter(article=OuterRef("pk")).order_by("-number")
    live = Publication.objects.live(at=at).filter(article=OuterRef("pk"))
    pending = Publication.objects.pending(at=at).filter(article=OuterRef("pk"))
    return articles.annotate(
        newest=Subquery(revisions.values("number")[:1]),
        edited_at=Subquery(revisions.values("recorded_at")[:1]),
        live_revision=Subquery(live.order_by("-live_from").values("revision__number")[:1]),
        version=Subquery(live.order_by().values("article").annotate(n=Count("pk")).values("n")),
        pending_from=Subquery(pending.order_by("live_from").values("live_from")[:1]),
    )
