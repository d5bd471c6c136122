"""Links in mails are made when the mail is sent, work for as long as nothing changed, and lie in no row."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone
from pytest_django import Settings

from stories.actions.outbox import mailed_links
from stories.actions.outbox.deliver import Delivered
from stories.actions.outbox.mailed_links import (
    LinkKind,
    Matter,
    OpenedLink,
    enqueue_link,
    make_link,
    read_link,
    register_link,
)
from stories.models import OutboxMessage, User
from stories.models.roles import REPORTER
from tests import factories as make
from tests.outbox import deliver, letter

pytestmark = pytest.mark.django_db


def matter(number: int) -> Matter | None:
    person = User.objects.filter(pk=number, is_active=True).first()
    if person is None:
        return None
    return Matter(to=person.email, subject="A subject", body="A sentence.", state=(person.password,))


@pytest.fixture
def kind(monkeypatch: pytest.MonkeyPatch) -> LinkKind:
    monkeypatch.setattr(mailed_links, "_kinds", {})
    return register_link(
        LinkKind(name="try", page="account_login", lifetime=lambda: timedelta(hours=1), matter=matter)
    )


@pytest.fixture
def rosa() -> User:
    return make.make_user(REPORTER)


def made(kind: LinkKind, person: User) -> str:
    address = make_link(kind, person.pk)
    assert address is not None
    return parse_qs(urlsplit(address).query)["link"][0]


def enqueued(kind: LinkKind, number: int) -> OutboxMessage:
    enqueue_link(kind, number)
    OutboxMessage.objects.update(due_at=make.MORNING, next_try_at=make.MORNING)
    return OutboxMessage.objects.get()


def test_the_link_is_made_when_the_mail_is_sent(kind: LinkKind, rosa: User, mailoutbox: list[Any]) -> None:
    message = enqueued(kind, rosa.pk)
    assert message.payload == {"link": {"kind": "try", "id": rosa.pk}}
    rosa.email = "rosa@elsewhere.example.org"
    rosa.save()
    assert deliver() == Delivered(1, 0)
    (sent,) = mailoutbox
    assert (sent.to, sent.subject) == (["rosa@elsewhere.example.org"], "A subject")
    says, address = sent.body.split("\n\n")
    assert says == "A sentence."
    assert address.startswith("http://testserver/admin/account/login/?link=")
    opened = read_link(kind, parse_qs(urlsplit(address.strip()).query)["link"][0])
    assert opened == OpenedLink(rosa.pk, is_expired=False, is_void=False)
    assert opened is not None
    assert opened.works


def test_a_mail_whose_matter_is_over_is_dropped_and_the_others_go(
    kind: LinkKind, rosa: User, mailoutbox: list[Any]
) -> None:
    User.objects.update(is_active=False)
    enqueued(kind, rosa.pk)
    letter()
    assert deliver() == Delivered(2, 0)
    assert [sent.to for sent in mailoutbox] == [["emil@example.org"]]
    assert not OutboxMessage.objects.exists()
    assert make_link(kind, rosa.pk) is None


def test_a_link_of_an_unknown_kind_stops_no_other(rosa: User, mailoutbox: list[Any]) -> None:
    OutboxMessage.objects.create(
        kind="link",
        payload={"link": {"kind": "unknown", "id": rosa.pk}},
        due_at=make.MORNING,
        next_try_at=make.MORNING,
    )
    letter()
    assert deliver() == Delivered(1, 1)
    assert OutboxMessage.objects.get().error == "KeyError"


@pytest.mark.parametrize(
    "change", [{"password": "another"}, {"email": "x@example.org"}, {"is_active": False}]
)
def test_any_change_of_what_a_link_is_about_voids_it(
    kind: LinkKind, rosa: User, change: dict[str, Any]
) -> None:
    token = made(kind, rosa)
    User.objects.update(**change)
    assert read_link(kind, token) == OpenedLink(rosa.pk, is_expired=False, is_void=True)


def test_a_link_expires(kind: LinkKind, rosa: User, monkeypatch: pytest.MonkeyPatch) -> None:
    token = made(kind, rosa)
    later = timezone.now() + timedelta(minutes=61)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert read_link(kind, token) == OpenedLink(rosa.pk, is_expired=True, is_void=False)


def test_what_this_site_did_not_make_is_no_link(kind: LinkKind, rosa: User) -> None:
    token = made(kind, rosa)
    number, rest = token.split("-", 1)
    other = register_link(LinkKind(name="other", page="account_login", lifetime=kind.lifetime, matter=matter))
    for wrong in (
        "",
        "-",
        "a-b-c",
        token[:-1],
        f"{token[:-1]}x",
        f"{number}1-{rest}",
        "\x00",
        "é-1-1-1",
        "-" * 9,
    ):
        assert read_link(kind, wrong) is None
    assert read_link(other, token) is None


def test_a_new_secret_key_keeps_links_of_the_old_one_while_it_is_a_fallback(
    kind: LinkKind, rosa: User, settings: Settings
) -> None:
    token = made(kind, rosa)
    old, settings.SECRET_KEY = settings.SECRET_KEY, "a new key"
    assert read_link(kind, token) is None
    settings.SECRET_KEY_FALLBACKS = [old]
    opened = read_link(kind, token)
    assert opened is not None
    assert opened.works
