"""Where a story stands: what is live of it, what waits, what is promised, whose it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.urls import reverse

from stories.domain.snapshot import StoryKind
from stories.models import (
    Article,
    Assignment,
    DevelopingMode,
    Discard,
    Embargo,
    Publication,
    Revision,
    Withdrawal,
)
from stories.queries.versions import live_publication, pending_publication
from stories.queries.withdrawals import assignee_of, is_discarded, standing_withdrawal


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryStatus:
    """`version` is the live version's number, 0 before the first; `waiting` counts revisions after it.

    `attention` is what the newest revision's editor has to look at; `summary_owed`, that developing mode was
    on and nobody has summed it up.
    """

    revision: int
    attention: str
    version: int
    live: Publication | None
    pending: Publication | None
    embargo: Embargo | None
    live_address: str
    developing_until: datetime | None
    summary_owed: bool
    withdrawal: Withdrawal | None
    discarded: bool
    assignee: str

    @property
    def live_revision(self) -> int:
        return self.live.revision.number if self.live else 0

    @property
    def waiting(self) -> int:
        return self.revision - self.live_revision

    @property
    def is_draft(self) -> bool:
        """Whether nothing of it was published, or is to be."""
        return self.live is None and self.pending is None


def status_of(article: Article, *, at: datetime) -> StoryStatus:
    """Where one story stands at a time. Ten queries."""
    live = live_publication(article, at=at)
    embargo = Embargo.objects.filter(article=article).order_by("-pk").first()
    newest = Revision.objects.filter(article=article).order_by("-number").first()
    mode = DevelopingMode.objects.filter(article=article).order_by("-pk").first()
    until = mode.until if mode is not None else None
    assignment = assignee_of(article.pk)
    return StoryStatus(
        revision=newest.number if newest is not None else 0,
        attention=newest.attention if newest is not None else "",
        version=Publication.objects.live(at=at).filter(article=article).count(),
        live=live,
        pending=pending_publication(article, at=at),
        embargo=embargo if embargo and embargo.until and embargo.until > at else None,
        live_address=_address(live) if live else "",
        developing_until=until if until is not None and until > at else None,
        summary_owed=until is not None,
        withdrawal=standing_withdrawal(article.pk),
        discarded=is_discarded(article.pk),
        assignee=assignment.assignee_name if assignment else "",
    )


def _address(live: Publication) -> str:
    name = "public:page" if live.card.kind == StoryKind.PAGE else "public:story"
    return reverse(name, args=[live.address_id])


def newest_of(journal: Any, column: str) -> Subquery:
    """A column of the newest row that a journal holds on an article, for an annotation of articles."""
    rows = journal.objects.filter(article=OuterRef("pk")).order_by("-pk")
    return Subquery(rows.values(column)[:1])


def with_status(articles: QuerySet[Article], *, at: datetime) -> QuerySet[Any]:
    """Articles with where each stands as columns of the same query.

    `newest`, `edited_at`, `live_revision`, `live_slug`, `version`, `pending_from`, `withdrawn`, `discarded`,
    `developing_until`, `assignee_id` and `assignee_name`.
    """
    revisions = Revision.objects.filter(article=OuterRef("pk")).order_by("-number")
    live = Publication.objects.live(at=at).filter(article=OuterRef("pk"))
    pending = Publication.objects.pending(at=at).filter(article=OuterRef("pk"))
    return articles.annotate(
        newest=Subquery(revisions.values("number")[:1]),
        edited_at=Subquery(revisions.values("recorded_at")[:1]),
        live_revision=Subquery(live.order_by("-live_from").values("revision__number")[:1]),
        live_slug=Subquery(live.order_by("-live_from").values("address")[:1]),
        version=Subquery(live.order_by().values("article").annotate(n=Count("pk")).values("n")),
        pending_from=Subquery(pending.order_by("live_from").values("live_from")[:1]),
        withdrawn=newest_of(Withdrawal, "withdrawn"),
        discarded=newest_of(Discard, "discarded"),
        developing_until=newest_of(DevelopingMode, "until"),
        assignee_id=newest_of(Assignment, "assignee_id"),
        assignee_name=newest_of(Assignment, "assignee_name"),
    )
