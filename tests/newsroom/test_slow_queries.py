"""A statement that takes long is named in the log, without what people wrote."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import pytest
from django.db import DatabaseError, connection, connections
from django.db.backends.signals import connection_created
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django import Settings

from newsroom import slow_queries
from newsroom.current_request import RequestIdMiddleware
from newsroom.signals import statement_failed
from newsroom.slow_queries import QueryWatch, watch_queries
from stories.models import Article
from tests.newsroom.test_log_lines import Lines, production_lines

pytestmark = pytest.mark.django_db

SECRET = "what nobody outside may read"


@pytest.fixture
def lines() -> Iterator[Lines]:
    with production_lines() as found:
        yield found


@pytest.fixture
def slow(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let every statement take longer than the site is patient."""
    settings.SLOW_QUERY_MS = 1
    real = time.perf_counter
    steps = iter(range(10**6))
    monkeypatch.setattr(time, "perf_counter", lambda: real() + next(steps))
    with connection.execute_wrapper(QueryWatch()):
        yield


@pytest.mark.usefixtures("slow")
def test_it_is_named_with_its_time_its_request_and_its_view_and_without_its_values(lines: Lines) -> None:
    def view(_request: HttpRequest) -> HttpResponse:
        return HttpResponse(str(Article.objects.filter(headline=SECRET).count()))

    response = RequestIdMiddleware(view)(RequestFactory().get(f"/{SECRET}/", {"q": SECRET}))
    (line,) = [json.loads(each) for each in lines.text.splitlines()]
    assert response.status_code == 200
    assert line["event"] == "A statement took long."
    assert line["level"] == "warning"
    assert 'FROM "stories_article" WHERE' in line["statement"]
    assert "%s" in line["statement"]
    assert line["milliseconds"] >= 1_000
    assert len(line["request_id"]) == 32
    assert line["view"] == "-"
    assert SECRET not in lines.text


@pytest.mark.usefixtures("slow")
def test_one_that_is_long_is_named_by_its_beginning_and_digest(lines: Lines) -> None:
    for last in ("1", "2"):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT 1 /* {'many words ' * 300} */ + {last}")
    first, second = (json.loads(each) for each in lines.text.splitlines())
    assert first["statement"] == second["statement"]
    assert len(first["statement"]) == slow_queries.LONGEST
    assert first["digest"] != second["digest"]


def test_a_quick_one_is_not_logged(lines: Lines, settings: Settings) -> None:
    settings.SLOW_QUERY_MS = 60_000
    with connection.execute_wrapper(QueryWatch()):
        Article.objects.count()
    assert lines.text == ""


def test_one_that_fails_is_said_to_have(lines: Lines) -> None:
    seen: list[Exception] = []

    def keep(error: Exception, **_kwargs: object) -> None:
        seen.append(error)

    statement_failed.connect(keep)
    with connection.execute_wrapper(QueryWatch()), pytest.raises(DatabaseError):
        connection.cursor().execute("SELECT * FROM nothing")
    assert isinstance(seen[0], DatabaseError)


def test_each_connection_is_watched_once_and_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections["default"], "execute_wrappers", [])
    with connection.execute_wrapper(lambda execute, *rest: execute(*rest)):
        watch_queries()
        try:
            for _time in range(2):
                connection_created.send(type(connection), connection=connection)
        finally:
            connection_created.disconnect(dispatch_uid="newsroom.slow_queries")
        kinds = [type(each) for each in connection.execute_wrappers]
        assert (kinds[0], kinds.count(QueryWatch)) == (QueryWatch, 1)
    # What was added for a while is what was taken away.
    assert any(isinstance(each, QueryWatch) for each in connection.execute_wrappers)
