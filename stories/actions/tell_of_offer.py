"""Tell by e-mail that a story is offered for review, and what became of the offer."""

from __future__ import annotations

from enum import Enum

from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from stories.actions.mail import send_mail
from stories.actions.people import Actor, addresses_of, assigned_to, name_of, publishers
from stories.models import ReviewRequest


class Answer(Enum):
    """What became of an offer."""

    PUBLISHED = "published"
    SCHEDULED = "scheduled"
    GIVEN_BACK = "given-back"


_SUBJECTS = {
    Answer.PUBLISHED: gettext_lazy("what you offered is published"),
    Answer.SCHEDULED: gettext_lazy("what you offered is scheduled"),
    Answer.GIVEN_BACK: gettext_lazy("a story is given back to you"),
}
_SENTENCES = {
    Answer.PUBLISHED: gettext_lazy("%(name)s published a story that you offered for review."),
    Answer.SCHEDULED: gettext_lazy(
        "%(name)s took up a story that you offered for review. It goes live by itself, at the time that it says."
    ),
    Answer.GIVEN_BACK: gettext_lazy(
        "%(name)s gave back a story that you offered for review, and says with it what is missing."
    ),
}


def tell_editors(offer: ReviewRequest, user: Actor) -> None:
    """Tell who may publish that a story is offered, once it is committed; never who offered it."""
    send_mail(
        to=publishers().values_list("email", flat=True),
        user=user,
        subject=_subject(_("a story is offered for review")),
        says=_("%(name)s offers a story for review.") % {"name": name_of(user)},
        path=reverse("admin:stories_article_offer", args=[offer.article_id]),
    )


def tell_writers(offer: ReviewRequest, user: Actor, answer: Answer) -> None:
    """Tell who offered a story, and who has it, what became of the offer; never who answered it."""
    send_mail(
        to=addresses_of([offer.user_id, assigned_to(offer.article_id)]),
        user=user,
        subject=_subject(str(_SUBJECTS[answer])),
        says=_SENTENCES[answer] % {"name": name_of(user)},
        path=reverse("admin:stories_article_change", args=[offer.article_id]),
    )


def _subject(what: str) -> str:
    return _("The desk: %(what)s") % {"what": what}
