"""Production's log: one JSON object a line, and nothing in it that people have written, typed or asked for."""

from __future__ import annotations

import json
import logging
import logging.config
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import StringIO
from typing import Any
from unittest.mock import patch

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from newsroom.log_lines import formatter
from newsroom.slow_queries import QueryWatch
from stories.models import User
from stories.models.roles import EDITOR
from tests import factories as make


@dataclass
class Lines:
    """What was logged."""

    stream: StringIO = field(default_factory=StringIO)

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    @property
    def parsed(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.splitlines()]


@contextmanager
def production_lines(level: int = logging.DEBUG) -> Iterator[Lines]:
    """Log as in production, and as loud as LOG_LEVEL allows."""
    lines = Lines()
    handler = logging.StreamHandler(lines.stream)
    settings = formatter(debug=False)
    handler.setFormatter(logging.config.DictConfigurator({"version": 1}).configure_custom(settings))
    loggers = [logging.getLogger(name) for name in ("django", "")]
    before = [each.level for each in loggers]
    for each in loggers:
        each.addHandler(handler)
        each.setLevel(level)
    try:
        yield lines
    finally:
        for each, was in zip(loggers, before, strict=True):
            each.removeHandler(handler)
            each.setLevel(was)


# One for each place where somebody writes something.
HEADLINE, TEXT, SLUG = "Zinnober headline", "Yttrium text", "xanthan-slug"
SEARCH, PASSWORD, NAME = "wolframite", "vermilion-password", "Ulexite Tourmaline"
ADDRESS, TOKEN = "sphalerite@example.net", "rhodonite-token"
SECRETS = ["zinnober", "yttrium", "xanthan", "wolframite", "vermilion", "ulexite", "tourmaline"]
SECRETS += ["sphalerite", "rhodonite"]


@pytest.fixture
def person(db: None) -> User:
    return make.make_user(EDITOR, email=ADDRESS, display_name=NAME)


def words_of(lines: Lines) -> list[str]:
    return [secret for secret in SECRETS if secret in lines.text.lower()]


@pytest.mark.usefixtures("person")
class TestNothingOfPeople:
    @pytest.fixture(autouse=True)
    def every_statement_is_slow(self, settings: Settings) -> Iterator[None]:
        settings.SLOW_QUERY_MS = 0.000_001
        with connection.execute_wrapper(QueryWatch()):
            yield

    def test_while_readers_ask(self, client: Client) -> None:
        with production_lines() as lines:
            client.get(reverse("public:search"), {"q": SEARCH})
            client.get(f"/stories/{SLUG}/")
            client.get(
                f"/{SLUG}/",
                {"mail": ADDRESS},
                headers={"User-Agent": TOKEN, "Referer": f"https://{SLUG}.org/"},
            )
            client.get(f"/admin/account/invitation/{TOKEN}/")
            client.get("/", headers={"Host": f"{SLUG}.example.net"})
            client.post("/", {"text": TEXT})
            client.put(f"/stories/{SLUG}/")
        events = {line["event"] for line in lines.parsed}
        assert {"Not Found", "Bad Request", "Method Not Allowed", "A statement took long."} <= events
        assert words_of(lines) == []

    def test_while_the_desk_writes(self, person: User) -> None:
        with production_lines() as lines:
            desk = Client(enforce_csrf_checks=True)
            desk.post(reverse("account_login"), {"login": ADDRESS, "password": PASSWORD})
            desk = make.signed_in(person)
            desk.post(reverse("account_login"), {"login": ADDRESS, "password": PASSWORD})
            article = make.begin(make.wanted(HEADLINE, make.text(f"<p>{TEXT}</p>"), slug=SLUG), user=person)
            for name in ("change", "publish", "preview", "history"):
                desk.get(reverse(f"admin:stories_article_{name}", args=[article.pk]))
            desk.post(reverse("admin:stories_article_change", args=[article.pk]), {"headline": HEADLINE})
            desk.get(reverse("admin:stories_article_changelist"), {"q": SEARCH})
            desk.get(f"/admin/stories/article/{SLUG}/")
            desk.get(reverse("admin:stories_user_changelist"))
        assert any(line["view"] == "admin:stories_article_change" for line in lines.parsed if "view" in line)
        assert words_of(lines) == []

    @pytest.mark.parametrize("kind", ["of the database", "of ours"])
    def test_while_something_fails(self, client: Client, kind: str) -> None:
        def fail(*_args: object, **_kwargs: object) -> None:
            text = f"{HEADLINE} {ADDRESS}"
            if kind == "of ours":
                try:
                    {"": ""}[TEXT]
                except KeyError as error:
                    raise ValueError(text) from error
            with connection.cursor() as cursor:
                cursor.execute("SELECT %s FROM nothing", [text])

        client.raise_request_exception = False
        with production_lines() as lines, patch("stories.public.views.search.find", fail):
            response = client.get(reverse("public:search"), {"q": SEARCH})
        assert response.status_code >= 500
        assert words_of(lines) == []
        failed = next(line for line in lines.parsed if "exception" in line)
        assert failed["view"] == "search"
        assert failed["status"] == response.status_code
        assert failed["request_id"] == response["X-Request-Id"]
        calls = failed["exception"][0]["calls"]
        assert any(call.endswith(" fail") for call in calls)
        assert any(call.startswith("stories/public/views/search.py:") for call in calls)
        types = [each["type"] for each in failed["exception"]]
        if kind == "of ours":
            assert types == ["builtins.ValueError", "builtins.KeyError"]


@pytest.mark.django_db
def test_what_a_database_refused_is_named_by_its_class_and_constraint() -> None:
    user = make.make_user(name="one")
    log = logging.getLogger("stories.somewhere")
    with production_lines() as lines:
        try:
            User.objects.create(email=user.email)
        except DatabaseError:
            log.exception("It was not stored.")
    (line,) = (each for each in lines.parsed if each["logger"] == "stories.somewhere")
    assert line["event"] == "It was not stored."
    assert line["exception"][0]["type"] == "django.db.utils.IntegrityError"
    if connection.vendor == "postgresql":
        assert line["exception"][1]["sqlstate"] == "23505"
        assert "email" in line["exception"][1]["constraint"]
    assert user.email not in lines.text


def test_an_address_in_a_line_is_masked() -> None:
    with production_lines() as lines:
        logging.getLogger("a.library").warning("Mail to <%s> bounced: redis://:word@cache:1", ADDRESS)
    assert lines.parsed[0]["event"] == "Mail to <[address]> bounced: [address]"


def test_what_gunicorn_says_of_a_request_has_neither_path_nor_client() -> None:
    with production_lines() as lines:
        log = logging.getLogger("gunicorn.error")
        log.error("Error handling request %s", f"/stories/{SLUG}/")
        log.warning(f"Invalid request from ip=203.0.113.7: Invalid path {SLUG}")  # noqa: G004 - as gunicorn does
    said = ["Error handling request %s", "Invalid request"]
    assert [line["event"] for line in lines.parsed] == said


def test_a_line_has_its_time_level_and_logger() -> None:
    with production_lines() as lines:
        logging.getLogger("stories.x").error("A line\nof two")
    (line,) = lines.parsed
    assert line.pop("timestamp").endswith("Z")
    assert line == {"event": "A line\nof two", "level": "error", "logger": "stories.x"}


def test_an_exception_that_causes_itself_ends() -> None:
    error = ValueError("one")
    error.__context__ = other = KeyError("other")
    other.__context__ = error
    with production_lines() as lines:
        logging.getLogger("x").error("It failed.", exc_info=error)
    assert [each["type"] for each in lines.parsed[0]["exception"]] == [
        "builtins.ValueError",
        "builtins.KeyError",
    ]


def test_while_developing_lines_are_for_people() -> None:
    made = logging.config.DictConfigurator({"version": 1}).configure_custom(formatter(debug=True))
    record = logging.makeLogRecord({"name": "x", "levelname": "INFO", "msg": "It %s.", "args": ("runs",)})
    assert "It runs." in made.format(record)
    assert not made.format(record).startswith("{")
