"""Decide on what terms a disputed statement was made."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stories.actions.errors import Refused
from stories.actions.people import Actor, name_of, require_terms_decision
from stories.actions.revise import lock
from stories.actions.sentences import fit, require_reason
from stories.actions.tell_desk import News, tell_desk
from stories.models import DeskRecord, Terms, TermsDecision


@transaction.atomic
def decide_terms(
    *, record: DeskRecord, user: Actor, terms: str, reason: str, at: datetime | None = None
) -> TermsDecision:
    """Decide disputed terms, with a reason; returns the decision.

    On the record or background, the statement can be used again. Off the record, it is erased here, with all that was
    noted of what they said; what stands in the story by now stays there, for an editor to take out.

    Raises PermissionDenied; Refused where nothing is disputed, or no reason is given; ValidationError for terms
    that decide nothing.
    """
    locked = lock(record.article)
    require_terms_decision(user)
    stored = DeskRecord.objects.get(pk=record.pk, article=locked)
    if stored.terms != Terms.DISPUTED:
        raise Refused(_("These terms are not disputed, or somebody has decided on them just now."))
    reason = fit(reason, _("reason"))
    require_reason(reason, _("Say why. The reason stays with the record."))
    decision = TermsDecision(
        record=stored,
        at=at or timezone.now(),
        terms=terms,
        reason=reason,
        user_id=user.pk,
        user_name=name_of(user),
    )
    decision.full_clean()
    decision.save()
    stored.terms = terms
    if terms == Terms.OFF_THE_RECORD:
        stored.statement = ""
        stored.attempts.filter(answered=True).update(summary="")
        transaction.on_commit(_forget_journal, robust=True)
    stored.save()
    tell_desk(stored, user, News.TERMS)
    return decision


def _forget_journal() -> None:
    """SQLite's journal still holds the erased words until it is written back and emptied."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
