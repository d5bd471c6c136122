"""What is reported of an error holds nothing that people have written, typed or asked for."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import pytest
import sentry_sdk
from django.db import DatabaseError, connection
from django.test import Client
from django.urls import reverse
from sentry_sdk.envelope import Envelope
from sentry_sdk.transport import Transport

from newsroom.error_reporter import start_error_reporter
from stories.models import User
from tests import factories as make

SECRET = "zinnober"
log = logging.getLogger("stories.somewhere")


class Kept(Transport):
    """A transport that keeps what would be sent."""

    envelopes: list[Envelope]

    def capture_envelope(self, envelope: Envelope) -> None:
        self.envelopes.append(envelope)


class Reports:
    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []

    @property
    def text(self) -> str:
        """Return all that would go over the line."""
        return "\n".join(each.serialize().decode() for each in self.envelopes)

    @property
    def events(self) -> list[Any]:
        return [event for each in self.envelopes if (event := each.get_event()) is not None]


@pytest.fixture
def reports() -> Iterator[Reports]:
    found = Reports()
    kind = type("OfThisTest", (Kept,), {"envelopes": found.envelopes})
    start_error_reporter("https://key@sentry.example.org/1", transport=kind, release="1")
    yield found
    sentry_sdk.get_client().close()
    sentry_sdk.get_global_scope().set_client(None)


def fail(*_args: object, **_kwargs: object) -> None:
    text = f"{SECRET} in a message, {SECRET}@example.net"
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT %s FROM nothing", [text])
    except DatabaseError as error:
        raise ValueError(text) from error


@pytest.mark.django_db
class TestAView:
    def ask(self, client: Client) -> None:
        client.raise_request_exception = False
        client.cookies["preference"] = SECRET
        with patch("stories.public.views.search.find", fail):
            response = client.get(
                reverse("public:search"),
                {"q": SECRET},
                headers={
                    "User-Agent": SECRET,
                    "Referer": f"http://{SECRET}.org",
                    "X-Forwarded-For": "203.0.113.7",
                },
            )
        assert response.status_code == 500

    def test_that_fails_is_reported_by_its_calls_and_its_request(
        self, reports: Reports, client: Client
    ) -> None:
        self.ask(client)
        (event,) = reports.events
        assert event["tags"]["view"] == "search"
        assert len(event["tags"]["request_id"]) == 32
        assert event["logger"] == "django.request"
        types = [each["type"] for each in event["exception"]["values"]]
        assert types[-2:] == [
            "OperationalError" if connection.vendor == "sqlite" else "ProgrammingError",
            "ValueError",
        ]
        frame = event["exception"]["values"][-1]["stacktrace"]["frames"][-1]
        assert (frame["function"], frame["module"]) == ("fail", "tests.newsroom.test_error_reporter")
        assert set(frame) <= {"function", "module", "filename", "lineno", "in_app"}

    def test_that_fails_gives_away_nothing_of_what_it_had(self, reports: Reports, client: Client) -> None:
        self.ask(client)
        assert reports.envelopes
        assert SECRET not in reports.text.lower()
        assert "203.0.113.7" not in reports.text
        assert "SELECT" not in reports.text
        assert set(reports.events[0]) <= {
            *(
                "event_id",
                "timestamp",
                "platform",
                "level",
                "logger",
                "release",
                "environment",
                "server_name",
            ),
            *("tags", "exception"),
        }

    def test_of_the_desk_neither(self, reports: Reports, editor: User) -> None:
        desk = make.signed_in(editor)
        desk.raise_request_exception = False
        article = make.begin(make.wanted(f"{SECRET} headline", make.text(f"<p>{SECRET}</p>")), user=editor)
        page = reverse("admin:stories_article_change", args=[article.pk])
        with patch("django.contrib.admin.options.ModelAdmin.changeform_view", fail):
            desk.post(page, {"headline": SECRET, "csrfmiddlewaretoken": SECRET})
        with patch("stories.admin.articles.ArticleAdmin.changeform_view", fail):
            desk.post(page, {"headline": SECRET})
        assert reports.events
        assert SECRET not in reports.text.lower()
        assert editor.email not in reports.text
        assert editor.display_name not in reports.text
        assert not any("user" in event or "request" in event for event in reports.events)


class TestALine:
    def test_of_ours_is_reported_without_what_was_put_into_it(self, reports: Reports) -> None:
        log.error("The file of %s is lost.", SECRET, extra={"fields": {"slug": SECRET}})
        (event,) = reports.events
        assert event["logentry"] == {"message": "The file of %s is lost."}
        assert SECRET not in reports.text

    def test_of_a_library_is_reported_without_its_words(self, reports: Reports) -> None:
        logging.getLogger("library").error(f"{SECRET} failed")  # noqa: G004 - as libraries do
        (event,) = reports.events
        assert event["logger"] == "library"
        assert SECRET not in reports.text

    def test_that_is_no_error_is_not_reported(self, reports: Reports) -> None:
        log.warning("It is late.")
        sentry_sdk.add_breadcrumb(message=SECRET)
        with sentry_sdk.start_transaction(name=SECRET):
            pass
        assert reports.envelopes == []


def test_without_an_address_nothing_is_sent() -> None:
    assert not sentry_sdk.is_initialized()
