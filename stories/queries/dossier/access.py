"""Which stories outside auditors may see, and until when. The time is an argument of every query."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from stories.models import AuditAccess


def newest_accesses() -> QuerySet[AuditAccess]:
    """Return the valid row of each outside auditor and story: the newest."""
    newer = AuditAccess.objects.filter(
        auditor_id=OuterRef("auditor_id"), article=OuterRef("article"), pk__gt=OuterRef("pk")
    )
    return AuditAccess.objects.filter(~Exists(newer))


def access_of(auditor_id: int, article_id: int, *, at: datetime) -> AuditAccess | None:
    """Return the access of an auditor to a story at a time, None if there is none. One query."""
    rows = AuditAccess.objects.filter(auditor_id=auditor_id, article=article_id)
    newest = rows.order_by("-pk").first()
    return newest if newest is not None and newest.until is not None and newest.until > at else None


def accesses_of_auditor(auditor_id: int, *, at: datetime) -> list[AuditAccess]:
    """Return the accesses of an auditor at a time, each with its story: the first to expire first. One query."""
    rows = newest_accesses().filter(auditor_id=auditor_id, until__gt=at)
    return list(rows.select_related("article").order_by("until", "pk"))


def accesses_to(article_id: int) -> list[AuditAccess]:
    """Return the newest row of everybody who ever had access to a story, by name. One query."""
    return list(newest_accesses().filter(article=article_id).order_by("auditor_name", "pk"))
