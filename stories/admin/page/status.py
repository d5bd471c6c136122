"""Where a story stands: what is live of it, what waits, what is promised, whose it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from stories.domain.snapshot import StoryKind
from stories.models import (
    Article,
    DevelopingMode,
    Embargo,
    Publication,
    ReviewRequest,
    Revision,
    Withdrawal,
)
from stories.queries.publishing.review_requests import unmet_request
from stories.queries.publishing.versions import live_publication, pending_publication
from stories.queries.publishing.withdrawals import assignee_of, is_discarded, standing_withdrawal


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusDetails:
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
    # The newest review request where it is open; where an offer was taken back or declined, the row that did.
    offer: ReviewRequest | None
    returned: ReviewRequest | None

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
        """Whether nothing of it was published, or is to be."""
        return self.live is None and self.pending is None


def status_of(article: Article, *, at: datetime) -> StatusDetails:
    """Where one story stands at a time. Eleven queries, twelve where something of it was offered."""
    live = live_publication(article, at=at)
    embargo = Embargo.objects.filter(article=article).order_by("-pk").first()
    newest = Revision.objects.filter(article=article).order_by("-number").first()
    mode = DevelopingMode.objects.filter(article=article).order_by("-pk").first()
    until = mode.until if mode is not None else None
    assignment = assignee_of(article.pk)
    asked = unmet_request(article)
    return StatusDetails(
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
        offer=asked if asked is not None and asked.offered else None,
        returned=asked if asked is not None and not asked.offered else None,
    )


def _address(live: Publication) -> str:
    name = "public:page" if live.card.kind == StoryKind.PAGE else "public:story"
    return reverse(name, args=[live.address_id])
