"""Offer a story for publication, or take the offer back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stories.actions.errors import Refused
from stories.actions.people import Actor, may_publish, require, require_offer, signed
from stories.actions.record.ledger import Written, append_entries, write_event
from stories.actions.revise import lock
from stories.actions.sentences import require_reason
from stories.actions.tell_of_offer import Answer, tell_editors, tell_writers
from stories.models import Article, ReviewRequest, Revision
from stories.queries.publishing.review_requests import meeting, standing_offer
from stories.queries.publishing.withdrawals import is_discarded, standing_withdrawal


@transaction.atomic
def offer(
    *, article: Article, revision: int, user: Actor, reason: str = "", at: datetime | None = None
) -> ReviewRequest:
    """Offer a revision, by its number, for publication; returns the ReviewRequest.

    `reason` is what the editor should know of it. An offer that stands is replaced by this one. Raises
    PermissionDenied; Refused where there is no such revision, where it is published, or where the story is discarded
    or withdrawn.
    """
    locked = lock(article)
    require_offer(user, locked)
    if is_discarded(locked.pk):
        raise Refused(_("This draft is discarded. Recover it first, then offer it."))
    if standing_withdrawal(locked.pk) is not None:
        raise Refused(_("This story is withdrawn, so nothing of it can be offered."))
    offered = Revision.objects.filter(article=locked, number=revision).first()
    if offered is None:
        raise Refused(_("This story has no revision %(number)s.") % {"number": revision})
    if meeting(revision).filter(article=locked).exists():
        raise Refused(_("Revision %(number)s is published already.") % {"number": revision})
    made = _write(offered, is_offered=True, user=user, reason=reason, at=at)
    tell_editors(made.event, user)
    append_entries(made)
    return made.event


@transaction.atomic
def take_back(
    *, article: Article, user: Actor, reason: str = "", at: datetime | None = None
) -> ReviewRequest:
    """Take back the offer that stands: the writer who made it, or an editor who declines it and says why.

    Raises PermissionDenied; Refused where no offer stands, or an editor gives no reason.
    """
    locked = lock(article)
    newest = standing_offer(locked)
    if newest is None:
        require(may_publish(user), _("You may not decline offers. Ask an editor to."))
        raise Refused(_("Nothing of this story is offered for publication."))
    is_own = user.pk is not None and newest.user_id == user.pk
    require(
        is_own or may_publish(user),
        _("You may not take back this offer. Who made it may, and editors may decline it."),
    )
    if not is_own:
        require_reason(reason, _("Say what is missing, so that the writer knows what to do."))
    answer = _write(newest.revision, is_offered=False, user=user, reason=reason, at=at)
    if not is_own:
        tell_writers(newest, user, Answer.GIVEN_BACK)
    append_entries(answer)
    return answer.event


def _write(
    revision: Revision, *, is_offered: bool, user: Actor, reason: str, at: datetime | None
) -> Written[ReviewRequest]:
    return write_event(
        ReviewRequest(
            article=revision.article,
            revision=revision,
            offered=is_offered,
            reason=reason.strip(),
            **signed(user, at or timezone.now()),
        )
    )
