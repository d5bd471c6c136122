"""Find what is withheld now, and which stories are withdrawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, Subquery, Value, When

from stories.models import Withdrawal, Withholding, WithholdingDecision
from stories.queries.audit.queues import QueuePage, one_page, queued, signed_off


@dataclass(frozen=True, slots=True, kw_only=True)
class WithholdingInForce:
    """A withholding in force: whether a second person confirmed it, and whether that is overdue."""

    withholding: Withholding
    is_confirmed: bool
    is_overdue: bool


def withheld(*, at: datetime, after: int | None = None, unsigned: bool = False) -> QueuePage:
    """Return what is withheld now: first the unconfirmed, the longest waiting first, then the confirmed, likewise.

    `after` is the number of the last withholding of the previous page. Three queries.
    """
    decisions = WithholdingDecision.objects.filter(withholding=OuterRef("pk")).order_by("-pk")
    rows: Any = Withholding.objects.annotate(
        lifted=Subquery(decisions.values("lifted")[:1]),
        confirmed=Case(
            When(Exists(decisions), then=Value(True)), default=Value(False), output_field=BooleanField()
        ),
    ).filter(Q(lifted=False) | Q(lifted__isnull=True))
    if unsigned:
        rows = rows.filter(~signed_off("withholding"))
    if after is not None:
        confirmed = WithholdingDecision.objects.filter(withholding=after).exists()
        later = Q(confirmed=confirmed, pk__gt=after)
        rows = rows.filter(later if confirmed else later | Q(confirmed=True))
    on_page, following = one_page(rows.order_by("confirmed", "pk"))
    events = [
        (
            row,
            WithholdingInForce(
                withholding=row,
                is_confirmed=row.confirmed,
                is_overdue=not row.confirmed and row.is_overdue(at=at),
            ),
        )
        for row in on_page
    ]
    return QueuePage(lines=queued(events), following=following)


def withdrawn(*, before: int | None = None, unsigned: bool = False) -> QueuePage:
    """Return stories that are withdrawn now, the last withdrawn first.

    `before` is the number of the last withdrawal of the previous page. Two queries.
    """
    later = Withdrawal.objects.filter(article=OuterRef("article"), pk__gt=OuterRef("pk"))
    rows = Withdrawal.objects.filter(~Exists(later), withdrawn=True).order_by("-pk")
    if unsigned:
        rows = rows.filter(~signed_off("withdrawal"))
    if before is not None:
        rows = rows.filter(pk__lt=before)
    on_page, following = one_page(rows)
    return QueuePage(lines=queued((row, row) for row in on_page), following=following)
