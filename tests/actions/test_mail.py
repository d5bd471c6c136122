"""Mails to the newsroom's people are enqueued: once for each address, and never for who acted."""

from __future__ import annotations

import pytest
from django.utils import timezone, translation
from django.utils.formats import date_format
from pytest_django import Settings

from stories.actions.actors import Actor
from stories.actions.audit.questions import ask_question
from stories.actions.comment_desk.notify import News, notify_desk
from stories.actions.editing.assignments import assign
from stories.actions.mail import send_mail
from stories.actions.publishing.review_requests import offer
from stories.models import DeskRecord, LedgerEntry, MailKind, OutboxMessage, User
from stories.models.roles import AUDITOR, EDITOR, REPORTER
from tests.factories import MORNING, begin, make_user, request, wanted

pytestmark = pytest.mark.django_db


def send(to: list[str], user: Actor | None) -> list[str]:
    """Send a mail; return the addresses to which one waits."""
    send_mail(to=to, user=user, compose=lambda: ("A subject", "A sentence."), path="/admin/")
    return [message.payload["to"] for message in OutboxMessage.objects.order_by("pk")]


def test_each_address_gets_one_mail_with_what_it_says_and_where_to_look() -> None:
    assert send(["rosa@example.org", "", "desk@example.org", "rosa@example.org"], None) == [
        "rosa@example.org",
        "desk@example.org",
    ]
    payload = OutboxMessage.objects.order_by("pk")[0].payload
    assert (payload["subject"], payload["says"], payload["path"]) == ("A subject", "A sentence.", "/admin/")


def test_who_acted_gets_none_however_their_address_is_written(editor: User) -> None:
    assert send(["Emil@Example.org", "desk@example.org"], editor) == ["desk@example.org"]


def test_each_person_is_written_to_in_their_own_language_and_time_zone(editor: User, reporter: User) -> None:
    User.objects.filter(pk=editor.pk).update(language="es", time_zone="Europe/Madrid")
    seen: list[tuple[str | None, str]] = []

    def compose() -> tuple[str, str]:
        seen.append((translation.get_language(), timezone.get_current_timezone_name()))
        return "A subject", f"At {date_format(timezone.localtime(MORNING), 'F')}."

    # Whoever acts has a language too, which is not the recipients'.
    with translation.override("fr"):
        to = ["Emil@Example.org", "rosa@example.org", "desk@example.org"]
        send_mail(to=to, user=None, compose=compose, path="/admin/")
    assert seen == [("es", "Europe/Madrid"), ("en-us", "UTC"), ("en-us", "UTC")]
    says = {each.payload["to"]: each.payload["says"] for each in OutboxMessage.objects.all()}
    assert says["Emil@Example.org"] == "At marzo."
    assert says["desk@example.org"] == "At March."


@pytest.mark.parametrize(
    ("kind", "goes"),
    [(MailKind.REVIEWS, False), (MailKind.QUESTIONS, True), (None, True)],
)
def test_who_does_not_want_a_kind_of_mail_gets_none_but_duties(
    editor: User, kind: MailKind | None, goes: bool
) -> None:
    User.objects.filter(pk=editor.pk).update(muted_mails=["reviews"])
    to = ["emil@example.org", "desk@example.org"]
    send_mail(to=to, user=None, compose=lambda: ("A subject", "A sentence."), path="/admin/", kind=kind)
    found = set(OutboxMessage.objects.values_list("payload__to", flat=True))
    assert found == ({"emil@example.org"} if goes else set()) | {"desk@example.org"}


def test_the_desks_own_address_is_muted_by_nobody(editor: User, settings: Settings) -> None:
    settings.DESK_EMAIL = ["emil@example.org"]
    User.objects.filter(pk=editor.pk).update(muted_mails=["requests"])
    send_mail(
        to=["emil@example.org"],
        user=None,
        compose=lambda: ("A subject", "A sentence."),
        path="/admin/",
        kind=MailKind.REQUESTS,
    )
    assert OutboxMessage.objects.count() == 1


@pytest.mark.parametrize("muted", [False, True])
@pytest.mark.parametrize("kind", list(MailKind))
def test_each_kind_of_mail_can_be_muted(kind: MailKind, muted: bool) -> None:
    """Every kind is sent by its action to who wants it, and to nobody else."""
    emil, rosa, aldo = make_user(EDITOR), make_user(REPORTER), make_user(AUDITOR)
    asked = request()
    article = begin(wanted(comment_requests=(asked,)), user=rosa)
    User.objects.update(muted_mails=[str(kind)] if muted else [])
    if kind is MailKind.REVIEWS:
        offer(article=article, revision=1, user=rosa)
    elif kind is MailKind.ASSIGNMENTS:
        assign(article=article, to=rosa, user=emil)
    elif kind is MailKind.REQUESTS:
        assign(article=article, to=rosa, user=emil)
        OutboxMessage.objects.all().delete()
        record = DeskRecord.objects.get_or_create(article=article, request_key=asked.key)[0]
        notify_desk(record, emil, News.OUTCOME)
    else:
        ask_question(entry=LedgerEntry.objects.latest("pk"), user=aldo, reason="Why was this begun?")
    expected = emil.email if kind is MailKind.REVIEWS else rosa.email
    assert list(OutboxMessage.objects.values_list("payload__to", flat=True)) == ([] if muted else [expected])


def test_who_takes_a_story_is_not_written_to(editor: User) -> None:
    article = begin(user=editor)
    assign(article=article, to=editor, user=editor)
    assign(article=article, to=None, user=editor)
    assert not OutboxMessage.objects.exists()


def test_a_mail_to_somebody_whose_desk_is_in_spanish_is_in_spanish(editor: User, reporter: User) -> None:
    User.objects.filter(pk=editor.pk).update(language="es")
    offer(article=begin(user=reporter), revision=1, user=reporter)
    payload = OutboxMessage.objects.get().payload
    assert (payload["subject"], payload["says"]) == (
        "La mesa: un artículo espera revisión",
        "Rosa Reporter ha enviado un artículo a revisión.",
    )
