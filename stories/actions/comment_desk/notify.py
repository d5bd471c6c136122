"""Notify the story's assignee and the desk, by e-mail, of news about a request for comment.

A mail leaves the house: it says who did what kind of thing, and where to look, but not what was said, by whom or about
what.
"""

from __future__ import annotations

from enum import Enum

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from stories.actions.actors import Actor, addresses_of, assigned_to, name_of
from stories.actions.mail import send_mail
from stories.models import DeskRecord, MailKind


class News(Enum):
    """The kind of event."""

    ATTEMPT = "attempt"
    ANSWER = "answer"
    DEADLINE = "deadline"
    OUTCOME = "outcome"
    PLACED = "placed"
    TERMS = "terms"


_SUBJECTS = {
    News.ATTEMPT: gettext_lazy("an attempt was logged"),
    News.ANSWER: gettext_lazy("an answer was logged"),
    News.DEADLINE: gettext_lazy("a deadline was changed"),
    News.OUTCOME: gettext_lazy("an outcome was recorded"),
    News.PLACED: gettext_lazy("an answer was put into a story"),
    News.TERMS: gettext_lazy("disputed terms were decided"),
}
_SENTENCES = {
    News.ATTEMPT: gettext_lazy("%(name)s logged an attempt to reach a party."),
    News.ANSWER: gettext_lazy("%(name)s logged an answer to a request for comment."),
    News.DEADLINE: gettext_lazy("%(name)s changed the deadline of a request for comment."),
    News.OUTCOME: gettext_lazy("%(name)s recorded the outcome of a request for comment."),
    News.PLACED: gettext_lazy("%(name)s put the answer to a request for comment into the story."),
    News.TERMS: gettext_lazy("%(name)s decided on the terms of an answer that were disputed."),
}


def notify_desk(record: DeskRecord, user: Actor, news: News) -> None:
    """Send the mails of an event once its transaction is committed; never to the person who acted."""
    send_mail(
        to=[*addresses_of([assigned_to(record.article_id)]), *settings.DESK_EMAIL],
        user=user,
        kind=MailKind.REQUESTS,
        compose=lambda: (
            _("Comment desk: %(what)s") % {"what": _SUBJECTS[news]},
            _SENTENCES[news] % {"name": name_of(user)},
        ),
        path=reverse("admin:stories_article_desk", args=[record.article_id, record.request_key]),
    )
