"""Erased words disappear from the database's own files, whoever else uses the server at that time."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import psycopg
import pytest
from django.db import connection
from pytest_django import Settings

from stories.actions.takedown.erase import erase_draft
from stories.actions.takedown.vacuum import NotReclaimed, vacuum
from stories.models.roles import EDITOR
from tests import erasing
from tests.factories import begin, make_user, minutes, text, wanted

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

# Sessions of a test run beside this one are waited for too, under another name.
NAME = f"the other one of {os.getpid()}"
WRITES = "SELECT pg_current_xact_id()"
READS = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; SELECT 1"


def connect(database: str) -> psycopg.Connection:
    settings = connection.settings_dict
    address = {"host": settings["HOST"], "port": settings["PORT"], "user": settings["USER"]}
    return psycopg.connect(
        dbname=database or settings["NAME"],
        password=settings["PASSWORD"],
        application_name=NAME,
        **{key: value for key, value in address.items() if value},
    )


def elsewhere() -> str:
    """A database of the server that is not the tests' own."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT datname FROM pg_database WHERE datallowconn AND datname <> current_database()"
            # A test run beside this one drops its database when it ends.
            " ORDER BY datname <> 'postgres', datname LIMIT 1"
        )
        return str(cursor.fetchone()[0])


@pytest.fixture(params=["writes here", "writes in another database", "reads here"])
def other(request: pytest.FixtureRequest) -> Iterator[psycopg.Connection]:
    """A session whose transaction began before the words were erased, and is still open."""
    with connect(elsewhere() if "another" in request.param else "") as other:
        other.execute(WRITES if "writes" in request.param else READS)
        yield other
        other.rollback()


def erase_words(settings: Settings) -> None:
    settings.KEEP_DRAFTS = 30
    emil = make_user(EDITOR)
    draft = begin(wanted("A draft", text(f"<p>{erasing.PHRASE} spoke.</p>")), user=emil, at=minutes(0))
    erase_draft(article=draft, retention_days=30, at=minutes(60 * 24 * 31))


def files_with_words() -> list[str]:
    return [name for name, content in erasing.stored_bytes() if erasing.contains_phrase(content)]


def ends(other: psycopg.Connection, printed: list[str]) -> Callable[[str], None]:
    """Return a function that ends the other's transaction as soon as the vacuum says that it waits for it."""

    def hear(sentence: str) -> None:
        printed.append(sentence)
        if NAME in sentence:
            other.rollback()

    return hear


def test_it_waits_for_whoever_may_still_read_the_words(other: psycopg.Connection, settings: Settings) -> None:
    erase_words(settings)
    printed: list[str] = []
    vacuum(say=ends(other, printed))
    assert files_with_words() == []
    (sentence,) = [sentence for sentence in printed if NAME in sentence]
    assert sentence.startswith(f"Waiting for process {other.info.backend_pid} ({NAME}) in database ")
    assert sentence.endswith(": it may still read what was erased.")


def test_it_says_who_is_in_the_way_when_its_patience_ends(
    other: psycopg.Connection, settings: Settings
) -> None:
    erase_words(settings)
    with pytest.raises(NotReclaimed, match=r"^PostgreSQL keeps it for process \d+ \("):
        vacuum(patience=0)
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
    assert files_with_words() != []
    other.rollback()
    vacuum()
    assert files_with_words() == []


def test_an_idle_connection_is_not_waited_for(settings: Settings) -> None:
    erase_words(settings)
    printed: list[str] = []
    with connect("") as idle:
        idle.execute(WRITES)
        idle.commit()
        vacuum(say=printed.append)
    assert not [sentence for sentence in printed if NAME in sentence]
    assert files_with_words() == []


def test_a_cache_that_can_not_be_emptied_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise ConnectionError

    with monkeypatch.context() as broken:
        broken.setattr("stories.actions.takedown.vacuum.cache.clear", fail)
        with pytest.raises(NotReclaimed, match=r"The cache does not answer \(ConnectionError\)"):
            vacuum()
