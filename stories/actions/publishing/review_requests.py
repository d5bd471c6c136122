"""Offer a story for publication, or withdraw or decline the offer."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from stories.actions.actors import Actor, actor_columns, addresses_of, assigned_to, name_of, publishers
from stories.actions.editing.revise import lock
from stories.actions.errors import Refused
from stories.actions.mail import send_mail
from stories.actions.permissions import require_offer, require_right
from stories.actions.record.ledger import Written, append_entries, write_event
from stories.actions.texts import require_reason
from stories.actions.times import current_time
from stories.models import Article, MailKind, ReviewRequest, Revision
from stories.queries.publishing.review_requests import open_offer, publications_covering
from stories.queries.publishing.withdrawals import is_discarded, withdrawal_in_force


@transaction.atomic
def offer(
    *, article: Article, revision: int, user: Actor, reason: str = "", at: datetime | None = None
) -> ReviewRequest:
    """Offer a revision, by its number, for publication; return the ReviewRequest.

    `reason` is what the editor should know. It replaces an open offer. Raises PermissionDenied; Refused if there is no
    such revision, if it is published, or if the story is discarded or withdrawn.
    """
    locked = lock(article)
    require_offer(user, locked)
    if is_discarded(locked.pk):
        raise Refused(_("This draft is discarded. Recover it first, then send it for review."))
    if withdrawal_in_force(locked.pk) is not None:
        raise Refused(_("This story is withdrawn, so nothing of it can be sent for review."))
    offered = Revision.objects.filter(article=locked, number=revision).first()
    if offered is None:
        raise Refused(_("This story has no revision %(number)s.") % {"number": revision})
    if publications_covering(revision).filter(article=locked).exists():
        raise Refused(_("Revision %(number)s is published already.") % {"number": revision})
    made = _write(offered, is_offered=True, user=user, reason=reason, at=at)
    notify_editors(made.event, user)
    append_entries(made)
    return made.event


@transaction.atomic
def take_back(
    *, article: Article, user: Actor, reason: str = "", at: datetime | None = None
) -> ReviewRequest:
    """Take back the open offer: by the writer who made it, or by an editor who declines it with a reason.

    Raises PermissionDenied; Refused if there is no open offer, or an editor gives no reason.
    """
    locked = lock(article)
    newest = open_offer(locked)
    if newest is None:
        require_right(
            user, "stories.publish_article", locked, _("You may not send stories back. Ask an editor to.")
        )
        raise Refused(_("Nothing of this story waits for review."))
    is_own = user.pk is not None and newest.user_id == user.pk
    if not is_own:
        require_right(
            user,
            "stories.publish_article",
            locked,
            _(
                "You may not take this story back from review. Whoever sent it may, and editors may send it "
                "back."
            ),
        )
        require_reason(reason, _("Say what is missing, so that the writer knows what to do."))
    answer = _write(newest.revision, is_offered=False, user=user, reason=reason, at=at)
    if not is_own:
        notify_writers(newest, user, ReviewOutcome.GIVEN_BACK)
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
            **actor_columns(user, at or current_time()),
        )
    )


class ReviewOutcome(Enum):
    """The outcome of an offer."""

    PUBLISHED = "published"
    SCHEDULED = "scheduled"
    GIVEN_BACK = "given-back"


_SUBJECTS = {
    ReviewOutcome.PUBLISHED: gettext_lazy("what you sent for review is published"),
    ReviewOutcome.SCHEDULED: gettext_lazy("what you sent for review is scheduled"),
    ReviewOutcome.GIVEN_BACK: gettext_lazy("a story is sent back to you"),
}
_SENTENCES = {
    ReviewOutcome.PUBLISHED: gettext_lazy("%(name)s published a story that you sent for review."),
    ReviewOutcome.SCHEDULED: gettext_lazy(
        "%(name)s accepted a story that you sent for review. It goes live by itself, at the time "
        "that it says."
    ),
    ReviewOutcome.GIVEN_BACK: gettext_lazy(
        "%(name)s sent back a story that you had sent for review, and says with it what is missing."
    ),
}


def notify_editors(offer: ReviewRequest, user: Actor) -> None:
    """Notify everybody who may publish the story that it is offered, after the commit; never who offered it."""
    send_mail(
        to=publishers(offer.article).values_list("email", flat=True),
        user=user,
        kind=MailKind.REVIEWS,
        compose=lambda: (
            _subject(_("a story waits for review")),
            _("%(name)s sent a story for review.") % {"name": name_of(user)},
        ),
        path=reverse("admin:stories_article_offer", args=[offer.article_id]),
    )


def notify_writers(offer: ReviewRequest, user: Actor, answer: ReviewOutcome) -> None:
    """Notify whoever offered a story, and its assignee, of the offer's outcome; never the person who decided."""
    send_mail(
        to=addresses_of([offer.user_id, assigned_to(offer.article_id)]),
        user=user,
        kind=MailKind.REVIEWS,
        compose=lambda: (_subject(str(_SUBJECTS[answer])), _SENTENCES[answer] % {"name": name_of(user)}),
        path=reverse("admin:stories_article_change", args=[offer.article_id]),
    )


def _subject(what: str) -> str:
    return _("The desk: %(what)s") % {"what": what}
