"""A story's status: what is live, what waits, what is promised, who has it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Subquery
from django.urls import reverse

from stories.actions.takedown.take_back import take_back_until, takes_back
from stories.domain.snapshot import StoryKind
from stories.models import (
    Article,
    Embargo,
    Publication,
    ReviewRequest,
    Revision,
    StoryStatus,
    Withdrawal,
)
from stories.queries.publishing.review_requests import unmet_request
from stories.queries.publishing.versions import live_publication, pending_publication
from stories.queries.publishing.withdrawals import withdrawal_in_force
from stories.queries.story.journals import newest_entry


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusDetails:
    """A story's status. `version` is the live version's number, 0 before the first; `waiting` counts later revisions.

    `attention` is what the newest revision's editor has to look at. `summary_owed` is true if developing mode
    was on and its summary is not published. `take_back_until` is when the time ends in which whoever published the live
    version may take it back, None if it is over or another version is scheduled.
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
    # The newest review request if it is open; if it was taken back or declined, the row that did so.
    offer: ReviewRequest | None
    returned: ReviewRequest | None
    take_back_until: datetime | None

    @property
    def live_revision(self) -> int:
        return self.live.revision.number if self.live else 0

    @property
    def waiting(self) -> int:
        return self.revision - self.live_revision

    @property
    def offered_at(self) -> datetime | None:
        return self.offer.recorded_at if self.offer else None

    @property
    def offered_by(self) -> str:
        return self.offer.user_name if self.offer else ""

    @property
    def is_draft(self) -> bool:
        """Return whether nothing of the story is published or scheduled."""
        return self.live is None and self.pending is None


def status_of(article: Article, *, at: datetime) -> StatusDetails:
    """Return a story's status at a time.

    Three queries for a story that is live; one more for each of what is pending, an embargo, a withdrawal, and a review
    request.
    """
    row = _row(article)
    live = live_publication(article, at=at) if _is_past(row.first_live_from, at) else None
    request = unmet_request(article)
    return StatusDetails(
        revision=row.newest,
        attention=getattr(row, "attention", ""),
        version=row.version(at),
        live=live,
        pending=pending_publication(article, at=at) if row.pending_from(at) else None,
        embargo=newest_entry(Embargo, article) if _is_to_come(row.embargo_until, at) else None,
        live_address=_address(live) if live else "",
        developing_until=row.developing_until if _is_to_come(row.developing_until, at) else None,
        summary_owed=row.developing_until is not None,
        withdrawal=withdrawal_in_force(article.pk) if row.withdrawn else None,
        discarded=row.discarded,
        assignee=row.assignee,
        offer=request if request is not None and request.offered else None,
        returned=request if request is not None and not request.offered else None,
        take_back_until=_take_back_until(live, at)
        if live is not None and not row.withdrawn and not row.pending_from(at)
        else None,
    )


def _row(article: Article) -> StoryStatus:
    """Return the status row of a story, with what the newest revision asks its editor to look at."""
    newest = Revision.objects.filter(article=OuterRef("article")).order_by("-number")
    rows = StoryStatus.objects.annotate(attention=Subquery(newest.values("attention")[:1]))
    return rows.filter(article=article).first() or StoryStatus(article=article)


def _take_back_until(live: Publication, at: datetime) -> datetime | None:
    until = take_back_until(live)
    return until if _is_to_come(until, at) and not takes_back(live) else None


def _is_past(moment: datetime | None, at: datetime) -> bool:
    return moment is not None and moment <= at


def _is_to_come(moment: datetime | None, at: datetime) -> bool:
    return moment is not None and moment > at


def _address(live: Publication) -> str:
    name = "public:page" if live.card.kind == StoryKind.PAGE else "public:story"
    return reverse(name, args=[live.address_id])
