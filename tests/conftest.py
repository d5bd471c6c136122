"""The setup of every test: which database, which folder, which browser; and the people, made by factories.py."""

from __future__ import annotations

import gc
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connections
from django.test import TransactionTestCase
from hypothesis import HealthCheck, settings as hypothesis_settings
from pytest_django import DjangoDbBlocker, Settings

from stories.actions.record.rights import RECEIVERS, connect_receivers
from stories.models import User
from stories.models.roles import AUDITOR, EDITOR, MANAGING_EDITOR, REPORTER
from stories.public.http import chrome
from stories.public.http.budget import COMPARISONS
from tests import ledger_last
from tests.factories import make_user

pytest_plugins = ["tests.browser", "tests.drills.summary"]

# Two workers share a machine with a browser: how long an example takes says nothing.
hypothesis_settings.register_profile(
    "newsroom", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("newsroom")


def on_postgres() -> bool:
    return connections["default"].vendor == "postgresql"


# What is shown gave its answer on SQLite; it stands on queries and actions, which are tested on both databases.
PAGES = frozenset({"admin", "audit", "journeys", "public", "rendering", "templatetags"})
TESTS = Path(__file__).parent


def is_spared(item: pytest.Item) -> bool:
    """Return whether a test would say nothing more on PostgreSQL than it did on SQLite."""
    if item.get_closest_marker("browser") is not None or not uses_database(item):
        return True
    room = item.path.relative_to(TESTS).parts[0]
    return room in PAGES and not any(item.get_closest_marker(name) for name in ("both_databases", "postgres"))


def uses_database(item: pytest.Item) -> bool:
    case = getattr(item, "cls", None)
    return (
        item.get_closest_marker("django_db") is not None
        or not {"db", "transactional_db"}.isdisjoint(getattr(item, "fixturenames", ()))
        or (case is not None and issubclass(case, TransactionTestCase))
    )


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip drills unless requested, and on PostgreSQL tests without the database, which ran on SQLite."""
    if "drill" not in config.getoption("markexpr"):
        drills = [item for item in items if item.get_closest_marker("drill") is not None]
        config.hook.pytest_deselected(items=drills)
        items[:] = [item for item in items if item not in set(drills)]
    if on_postgres():
        spared = [item for item in items if is_spared(item)]
        config.hook.pytest_deselected(items=spared)
        items[:] = [item for item in items if item not in set(spared)]
        return
    for item in items:
        if item.get_closest_marker("postgres") is not None:
            item.add_marker(pytest.mark.skip(reason="needs PostgreSQL: make test-postgres"))


def pytest_collection_finish() -> None:
    """Leave out of every garbage collection what is here for good: a tenth of the suite's time was spent on it."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Put SQLite into a file, as in production: in memory it has no WAL, and threads share one connection."""
    if not on_postgres():
        test = connections["default"].settings_dict["TEST"]
        test["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Copy SQLite's fresh database back after tests that commit, in place of deleting every row and migrating again."""
    if on_postgres():
        yield
        return
    with closing(sqlite3.connect(":memory:")) as fresh, pytest.MonkeyPatch.context() as patch:
        with django_db_blocker.unblock():
            connection = connections["default"]
            connection.ensure_connection()
            connection.connection.backup(fresh)

        def copy_back(_case: TransactionTestCase) -> None:
            connection.ensure_connection()
            fresh.backup(connection.connection)

        patch.setattr(TransactionTestCase, "_fixture_teardown", copy_back)
        yield


@pytest.fixture(scope="session", autouse=True)
def ledger_comes_last() -> None:
    """Check in every test that nothing is written or locked after the ledger's entries."""
    ledger_last.install()


@pytest.fixture(scope="session", autouse=True)
def rights_unrecorded() -> None:
    """Record no changes of rights: nearly every test makes people, and few are about rights."""
    for signal, receiver, sender in RECEIVERS:
        signal.disconnect(receiver, sender=sender)


@pytest.fixture
def rights_recorded(db: None) -> Iterator[None]:
    """Record changes of rights from here on, as in production."""
    connect_receivers()
    yield
    for signal, receiver, sender in RECEIVERS:
        signal.disconnect(receiver, sender=sender)


@pytest.fixture(autouse=True)
def own_folder_for_pictures(settings: Settings, tmp_path: Path) -> None:
    """Give the site a folder beside the test's own, which may be looked through for what the test has put there."""
    settings.MEDIA_ROOT = tmp_path.with_name(f"{tmp_path.name}-pictures")


@pytest.fixture
def heads(settings: Settings, tmp_path: Path) -> Path:
    """Keep the ledger's newest head in a folder, as in production; return the folder."""
    folder = tmp_path.with_name(f"{tmp_path.name}-heads")
    settings.LEDGER_HEADS = str(folder)
    return folder


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    """Empty the cache: rolled-back rows give their ids to the next test's, and fragments are cached by id."""
    cache.clear()
    chrome.clear()
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def no_looks_at_the_state(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no second that passes on a busy machine cost a page a query."""
    monkeypatch.setattr(chrome, "LOOK_EVERY", chrome.MAX_AGE)


@pytest.fixture(autouse=True)
def time_for_comparisons(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give comparisons unlimited time: on a busy machine the budget would be used up, and a page refused."""
    monkeypatch.setattr(COMPARISONS, "_clock", lambda: 0.0)
    COMPARISONS.reset()


@pytest.fixture
def editor(db: None) -> User:
    return make_user(EDITOR)


@pytest.fixture
def reporter(db: None) -> User:
    return make_user(REPORTER)


@pytest.fixture
def managing_editor(db: None) -> User:
    return make_user(MANAGING_EDITOR)


@pytest.fixture
def maya(managing_editor: User) -> User:
    """Maya, a managing editor, by her name."""
    return managing_editor


@pytest.fixture
def auditor(db: None) -> User:
    return make_user(AUDITOR)
