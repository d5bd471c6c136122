"""Which stories outside auditors were given, and until when. The time is an argument of every question."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from stories.models import AuditAccess


def newest_accesses() -> QuerySet[AuditAccess]:
    """The row that counts, of each outside auditor and story."""
    newer = AuditAccess.objects.filter(
        auditor_id=OuterRef("auditor_id"), article=OuterRef("article"), pk__gt=OuterRef("pk")
    )
    return AuditAccess.objects.filter(~Exists(newer))


def access_of(auditor_id: int, article_id: int, *, at: datetime) -> AuditAccess | None:
    """What gives somebody a story at a time, None where nothing does. One query."""
    rows = AuditAccess.objects.filter(auditor_id=auditor_id, article=article_id)
    newest = rows.order_by("-pk").first()
    return newest if newest is not None and newest.until is not None and newest.until > at else None


def given_to(auditor_id: int, *, at: datetime) -> list[AuditAccess]:
    """What somebody is given at a time, each with its story: the first to end first. One query."""
    rows = newest_accesses().filter(auditor_id=auditor_id, until__gt=at)
    return list(rows.select_related("article").order_by("until", "pk"))


def accesses_to(article_id: int) -> list[AuditAccess]:
    """The row that counts of everybody who was ever given a story, by name. One query."""
    return list(newest_accesses().filter(article=article_id).order_by("auditor_name", "pk"))
