"""Find anonymous quotes whose reason for anonymity says next to nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Q, Subquery

from stories.models import QuoteBlock, Revision
from stories.models.integrity.registry import history_model
from stories.queries.audit.queues import QueuePage, one_page, queued, signed_off


@dataclass(frozen=True, slots=True, kw_only=True)
class AnonymousQuote:
    """A quote, and the revision that wrote it as it is now."""

    quote: Any
    revision: Revision


def anonymous(*, before: int | None = None, unsigned: bool = False) -> QueuePage:
    """Return anonymous quotes of published stories whose reason has less than three words, such as “on request”.

    As they are in the working copies; newest first. `before` is the number of the last quote of the previous page.
    Three queries.
    """
    history = history_model(QuoteBlock).objects
    wrote = history.filter(parent_id=OuterRef("parent_id"), id=OuterRef("pk")).order_by("-history_id")
    rows: Any = (
        QuoteBlock.objects.filter(anonymous=True, parent__story_status__publications__gt=0)
        .exclude(Q(anonymity_reason__regex=r"\S\s+\S+\s+\S"))
        .annotate(written_in=Subquery(wrote.values("revision")[:1]))
    )
    revisions = Revision.objects.filter(article=OuterRef("parent_id"), number=OuterRef("written_in"))
    rows = rows.annotate(
        revision_event=Subquery(revisions.values("pk")[:1]),
        recorded_at=Subquery(revisions.values("recorded_at")[:1]),
    )
    if unsigned:
        rows = rows.filter(~signed_off("revision", event="revision_event"))
    if before is not None:
        rows = rows.filter(pk__lt=before)
    on_page, following = one_page(rows.order_by("-pk"))
    revisions_by_id = Revision.objects.in_bulk([row.revision_event for row in on_page])
    events = [
        (
            revisions_by_id[row.revision_event],
            AnonymousQuote(quote=row, revision=revisions_by_id[row.revision_event]),
        )
        for row in on_page
    ]
    return QueuePage(lines=queued(events), following=following)
