"""Mails to the newsroom's people are enqueued: once for each address, and never for who acted."""

from __future__ import annotations

import pytest

from stories.actions.actors import Actor
from stories.actions.mail import send_mail
from stories.models import OutboxMessage, User

pytestmark = pytest.mark.django_db


def send(to: list[str], user: Actor | None) -> list[str]:
    """Send a mail; return the addresses to which one waits."""
    send_mail(to=to, user=user, subject="A subject", body="A sentence.", path="/admin/")
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
