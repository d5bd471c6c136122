"""Mails are sent through one connection; one that is refused or hangs stops no other."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest

from stories.actions.outbox.deliver import DROPPED_AFTER, Delivered
from stories.actions.outbox.mails import MailChannel
from stories.models import OutboxMessage
from tests.factories import minutes
from tests.outbox import (
    Cache,
    dead_port,
    deliver,
    hung_server,
    letter,
    purge,
    running_mail_server,
)

pytestmark = pytest.mark.django_db


Priority = OutboxMessage.Priority


class TestMails:
    def test_a_mail_is_made_of_its_row_and_the_row_goes(self, mailoutbox: list[Any]) -> None:
        letter()
        assert deliver() == Delivered(1, 0)
        (sent,) = mailoutbox
        assert (sent.to, sent.subject) == (["emil@example.org"], "A subject")
        assert sent.body == "A sentence.\n\nhttp://testserver/admin/\n"
        assert sent.extra_headers["Auto-Submitted"] == "auto-generated"
        assert not OutboxMessage.objects.exists()

    def test_a_mail_sent_twice_bears_one_name(self, mailoutbox: list[Any]) -> None:
        letter()
        message = OutboxMessage.objects.get()
        MailChannel().send([message])
        MailChannel().send([message])
        first, second = (sent.extra_headers["Message-ID"] for sent in mailoutbox)
        assert first == second
        assert first.endswith("@testserver>")

    def test_several_go_through_one_connection(self, smtp: Callable[[int], None]) -> None:
        with running_mail_server() as server:
            smtp(server.port)
            for number in range(3):
                letter(f"reader{number}@example.org")
            assert deliver() == Delivered(3, 0)
            assert len(server.mails) == 3

    def test_one_that_is_refused_stops_no_other_and_is_dropped_after_days(
        self, smtp: Callable[[int], None], caplog: pytest.LogCaptureFixture
    ) -> None:
        with running_mail_server() as server:
            smtp(server.port)
            server.refuses = {"gone@example.org"}
            letter("gone@example.org")
            letter("emil@example.org")
            with caplog.at_level(logging.WARNING):
                assert deliver() == Delivered(1, 1)
                message = OutboxMessage.objects.get()
                assert message.error == "SMTPRecipientsRefused 550"
                assert message.next_try_at == minutes(2)
                assert deliver(minutes(0) + DROPPED_AFTER) == Delivered(0, 1)
                assert OutboxMessage.objects.exists()
                assert deliver(minutes(61) + DROPPED_AFTER) == Delivered(0, 1)
        assert not OutboxMessage.objects.exists()
        assert "is dropped (SMTPRecipientsRefused 550)" in caplog.text
        assert "gone@example.org" not in caplog.text

    def test_a_server_that_is_down_loses_none(self, smtp: Callable[[int], None]) -> None:
        smtp(dead_port())
        for number in range(3):
            letter(f"reader{number}@example.org")
        assert deliver() == Delivered(0, 1)
        assert [each.error for each in OutboxMessage.objects.order_by("pk")] == [
            "ConnectionRefusedError",
            "",
            "",
        ]
        with running_mail_server() as server:
            smtp(server.port)
            assert deliver(minutes(2)) == Delivered(3, 0)
            assert len(server.mails) == 3

    @pytest.mark.parametrize("drips", [b"", b"220-" + b"x" * 1_000])
    def test_a_server_that_hangs_is_given_up_and_purges_go_on(
        self,
        smtp: Callable[[int], None],
        cache: Cache,
        monkeypatch: pytest.MonkeyPatch,
        drips: bytes,
    ) -> None:
        monkeypatch.setattr("stories.actions.outbox.mails.TIMEOUT", 0.3)
        with hung_server(drips) as port:
            smtp(port)
            letter(due=minutes(-1))
            purge("story-1", priority=Priority.REST)
            assert deliver() == Delivered(1, 1)
        assert cache.keys == ["story-1"]
        assert OutboxMessage.objects.get().error == "TimeoutError"

    def test_one_that_cannot_be_made_stands_in_nobodys_way(self, mailoutbox: list[Any]) -> None:
        letter("two\nlines@example.org")
        letter()
        assert deliver() == Delivered(1, 1)
        assert [sent.to for sent in mailoutbox] == [["emil@example.org"]]

    def test_a_mail_without_a_reason_any_more_is_not_sent(
        self, monkeypatch: pytest.MonkeyPatch, mailoutbox: list[Any]
    ) -> None:
        monkeypatch.setitem(MailChannel.send.__globals__["COMPOSERS"], "mail", lambda message: None)
        letter()
        assert deliver() == Delivered(1, 0)
        assert mailoutbox == []
