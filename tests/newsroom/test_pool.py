"""A process has a connection to PostgreSQL for each thread of gunicorn, and none is checked before it is used."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db.backends.postgresql.base import DatabaseWrapper
from django.db.utils import load_backend
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from newsroom import database_outage
from newsroom.database_outage import OUTAGE, DatabaseOutageMiddleware
from newsroom.environment import database
from newsroom.errors import server_error
from tests.postgres import MISSING, own_postgres
from tests.settings import BASE_DIR

# It has a server of its own; but without this mark no connection may be made.
pytestmark = pytest.mark.django_db

THREADS = 4
BACKENDS = "FROM pg_stat_activity WHERE application_name = 'pool' AND pid <> pg_backend_pid()"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Return the address of a server of this module's own."""
    with own_postgres() as server:
        if server is None:
            pytest.skip(MISSING)
        yield server.address


@pytest.fixture
def settings_of_a_process(address: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    monkeypatch.setenv("WEB_THREADS", str(THREADS))
    url = urlsplit(f"{address}{'&' if '?' in address else '?'}application_name=pool")
    found = database(url, folder=BASE_DIR)
    # A busy machine is slow, and no test is about patience here.
    found["OPTIONS"]["pool"]["timeout"] = 30
    defaults: dict[str, Any] = {"TIME_ZONE": None, "AUTOCOMMIT": True, "ATOMIC_REQUESTS": False, "TEST": {}}
    yield {**defaults, **found}
    DatabaseWrapper({**defaults, **found}, alias="own").close_pool()


def connect(settings: dict[str, Any], alias: str = "own") -> Any:
    """Return a thread's connection; those of one alias share a pool."""
    return load_backend(settings["ENGINE"]).DatabaseWrapper(settings, alias=alias)


def ask(connection: Any, statement: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


def test_all_threads_at_once_find_one_each_and_make_no_more(settings_of_a_process: dict[str, Any]) -> None:
    def work(_number: int) -> int:
        own = connect(settings_of_a_process)
        counted = 0
        for _time in range(10):
            counted = max(
                counted, ask(own, f"SELECT count(*) {BACKENDS}"), ask(own, "SELECT 0 FROM pg_sleep(0.01)")
            )
            # As at the end of each request.
            own.close()
        return counted

    with ThreadPoolExecutor(THREADS) as threads:
        assert max(threads.map(work, range(THREADS))) <= THREADS - 1
    assert connect(settings_of_a_process).pool._check is None


def test_readers_notice_nothing_of_connections_that_have_died(
    settings_of_a_process: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    own = connect(settings_of_a_process)
    # Of another process, as a restart of the server or an administrator would be.
    other = connect({**settings_of_a_process, "OPTIONS": {"application_name": "another"}}, alias="other")
    monkeypatch.setattr(database_outage, "connections", {"default": own})
    asked = []

    def view(request: HttpRequest) -> HttpResponse:
        asked.append(request)
        try:
            return HttpResponse(str(ask(own, "SELECT 7")))
        except Exception:
            return server_error(request)

    site = DatabaseOutageMiddleware(view)
    for method, times in (("GET", 2), ("POST", 1)):
        assert ask(own, "SELECT 1") == 1
        own.close()
        assert ask(other, f"SELECT count(pg_terminate_backend(pid, 5000)) {BACKENDS}") >= 1
        asked.clear()
        answer = site(RequestFactory().generic(method, "/"))
        assert isinstance(answer, HttpResponse)
        assert (answer.status_code, answer.content) == (200, b"7")
        # What reads is asked again once; what writes had its connection checked before, and is asked once.
        assert len(asked) == times
        assert not OUTAGE.lasts()
        own.close()
    other.close()
