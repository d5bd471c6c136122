"""The audit desk's front page: where to look first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from stories.audit.pages import page
from stories.audit.queues import QUEUES, Queue, queue_address
from stories.queries.audit.questions import MOST_LISTED, open_questions
from stories.queries.audit.withholdings import WithholdingInForce
from stories.queries.ledger.heads import head
from stories.queries.ledger.lines import lines_of
from stories.queries.ledger.page import LedgerFilters, ledger_page

LAST_ENTRIES = 10


@dataclass(frozen=True, kw_only=True)
class QueueSummary:
    """A queue's summary on the front page, from its first page."""

    queue: Queue
    address: str
    count: str
    is_empty: bool
    remark: str
    is_urgent: bool


def front_page(request: HttpRequest) -> HttpResponse:
    """Show what waits in each queue, the longest open questions, the last entries, and the ledger's head.

    Some forty queries, each of bounded work, however long the ledger.
    """
    at = timezone.now()
    sequence, digest = head()
    last = ledger_page(LedgerFilters(), length=LAST_ENTRIES)
    questions = list(open_questions()[: MOST_LISTED + 1])
    return page(
        request,
        "front.html",
        _("Audit desk"),
        sequence=sequence,
        digest=digest,
        waiting=[_summary(name, queue, at) for name, queue in QUEUES.items()],
        questions=questions[:MOST_LISTED],
        more_questions=len(questions) > MOST_LISTED,
        lines=lines_of(last.sequences),
    )


def _summary(name: str, queue: Queue, at: datetime) -> QueueSummary:
    found = queue.find(at, None, True)
    count = len(found.lines)
    overdue = sum(
        isinstance(each.facts, WithholdingInForce) and each.facts.is_overdue for each in found.lines
    )
    remark = ""
    if overdue:
        remark = _("%(count)s overdue") % {"count": overdue}
    elif found.looked_back:
        remark = _("among the newest; further back was not looked")
    return QueueSummary(
        queue=queue,
        address=queue_address(name, unsigned=True),
        count=_("%(count)s and more") % {"count": count}
        if found.following is not None and not found.looked_back
        else str(count),
        is_empty=count == 0,
        remark=remark,
        is_urgent=bool(overdue),
    )
