"""Tell by e-mail who has a story, and the desk, that something came of a request for comment.

A mail leaves the house: it says who did what kind of thing, and where to look, and nothing that was said, by whom,
about what.
"""

from __future__ import annotations

from enum import Enum

from django.conf import settings
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from stories.actions.mails import send_later
from stories.actions.people import Actor, name_of
from stories.models import DeskRecord
from stories.queries.withdrawals import assignee_of


class News(Enum):
    """What kind of thing happened."""

    ATTEMPT = "attempt"
    ANSWER = "answer"
    DEADLINE = "deadline"
    OUTCOME = "outcome"
    PLACED = "placed"
    TERMS = "terms"


_SUBJECTS = {
    News.ATTEMPT: gettext_lazy("an attempt was logged"),
    News.ANSWER: gettext_lazy("an answer was logged"),
    News.DEADLINE: gettext_lazy("a deadline was moved"),
    News.OUTCOME: gettext_lazy("an outcome was recorded"),
    News.PLACED: gettext_lazy("an answer was put into a story"),
    News.TERMS: gettext_lazy("disputed terms were decided"),
}
_SENTENCES = {
    News.ATTEMPT: gettext_lazy("%(name)s logged an attempt to reach a party."),
    News.ANSWER: gettext_lazy("%(name)s logged an answer to a request for comment."),
    News.DEADLINE: gettext_lazy("%(name)s moved the deadline of a request for comment."),
    News.OUTCOME: gettext_lazy("%(name)s recorded the outcome of a request for comment."),
    News.PLACED: gettext_lazy("%(name)s put the answer to a request for comment into the story."),
    News.TERMS: gettext_lazy("%(name)s decided on the terms of an answer that were disputed."),
}


def tell_desk(record: DeskRecord, user: Actor, news: News) -> None:
    """Send the mails of an event, once its transaction is committed; never to who did it.

    A mail that can't be sent fails nothing: what happened is on the desk, and the log says that nobody heard.
    """
    own = getattr(user, "email", "")
    heard = dict.fromkeys([*_assignee(record.article_id, user), *settings.DESK_EMAIL])
    to = [address for address in heard if address.casefold() != own.casefold()]
    if not to:
        return
    subject = _("Comment desk: %(what)s") % {"what": _SUBJECTS[news]}
    path = reverse("admin:stories_article_desk", args=[record.article_id, record.request_key])
    body = f"{_SENTENCES[news] % {'name': name_of(user)}}\n\n{settings.SITE_URL}{path}\n"

    send_later(subject, body, to, about=path)


def _assignee(article_id: int, user: Actor) -> list[str]:
    """The address of who has the story, unless it is who did it or has none."""
    assignment = assignee_of(article_id)
    if assignment is None or assignment.assignee_id is None or assignment.assignee_id == user.pk:
        return []
    found = User.objects.filter(pk=assignment.assignee_id, is_active=True).exclude(email="")
    return list(found.values_list("email", flat=True))
