"""Load balancers and operators learn whether a host is alive, and whether it is ready, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from newsroom.database_outage import OUTAGE
from newsroom.replicas import READERS, WATCH, Replica
from stories.models import OutboxMessage
from stories.queries.health import host
from tests.outbox import dead_port

pytestmark = pytest.mark.both_databases

PRODUCTION = {"SECURE_SSL_REDIRECT": True, "ALLOWED_HOSTS": ["news.example.org"]}


@pytest.fixture(autouse=True)
def outage() -> Iterator[None]:
    OUTAGE.end()
    yield
    OUTAGE.end()


def ready(client: Client) -> tuple[int, dict[str, str]]:
    answer = client.get("/readyz")
    read = json.loads(answer.content)
    assert read["ready"] is (answer.status_code == 200)
    return answer.status_code, read["checks"]


def away(*_args: Any, **_options: Any) -> Any:
    raise OperationalError("connection to server at db.internal failed: password hunter2")


class TestAlive:
    def test_it_asks_no_database(self, client: Client) -> None:
        # Without a mark for the database, a query fails the test.
        answer = client.get("/healthz")
        assert (answer.status_code, answer.content) == (200, b"ok\n")

    def test_it_answers_while_the_database_is_away(self, client: Client) -> None:
        OUTAGE.begin()
        assert client.get("/healthz").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
class TestBoth:
    @pytest.mark.parametrize(
        "name", ["10.0.0.7", "10.0.0.7:8000", "[2001:db8::7]:8000", "evil.example", "a_b"]
    )
    def test_they_answer_by_whatever_host_and_in_plain_http(
        self, client: Client, settings: Settings, path: str, name: str
    ) -> None:
        for setting, value in PRODUCTION.items():
            setattr(settings, setting, value)
        assert client.get(path, headers={"host": name}).status_code == 200
        assert client.get("/", headers={"host": name}).status_code == 400

    def test_they_are_kept_nowhere_and_set_no_cookie(self, client: Client, path: str) -> None:
        answer = client.get(path)
        assert answer["Cache-Control"] == "no-store"
        assert not answer.cookies
        assert "Vary" not in answer

    def test_they_are_only_read(self, client: Client, path: str) -> None:
        assert client.head(path).status_code == 200
        for method in ("post", "put", "delete", "options", "trace"):
            answer = getattr(client, method)(path)
            assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")

    def test_they_answer_at_no_other_address(self, client: Client, path: str) -> None:
        for other in (f"{path}/", f"{path}x", f"/admin{path}"):
            assert client.get(other).content != client.get(path).content


@pytest.mark.django_db
class TestReady:
    def test_a_site_that_has_all_is_ready(
        self, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        with django_assert_max_num_queries(12):
            status, checks = ready(client)
        assert status == 200
        assert set(checks) == {
            *("database", "clock", "migrations", "static_files"),
            *("cache", "media", "worker", "verification"),
        }
        assert {checks[name] for name in ("database", "clock", "migrations", "static_files")} == {"ok"}

    def test_without_a_database_it_is_not_and_says_nothing_of_why(self, client: Client) -> None:
        with connection.execute_wrapper(away):
            status, checks = ready(client)
            answer = client.get("/readyz").content.decode()
        assert (status, checks["database"]) == (503, "wrong")
        assert "hunter2" not in answer
        assert "db.internal" not in answer
        assert ready(client)[0] == 200

    def test_a_replica_that_is_away_leaves_it_ready(
        self, client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings.REPLICAS = ("replica1",)
        monkeypatch.setattr(WATCH, "start", lambda: None)
        monkeypatch.setattr(READERS, "replicas", [Replica("replica1")])
        status, checks = ready(client)
        assert (status, checks["replicas"]) == (200, "warning")

    def test_during_an_outage_nobody_waits(
        self, client: Client, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        OUTAGE.begin()
        with django_assert_num_queries(0):
            assert ready(client)[0] == 503

    def test_a_clock_that_is_off_makes_it_unready(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        if connection.vendor == "sqlite":
            pytest.skip("SQLite has no clock of its own")
        monkeypatch.setattr(timezone, "now", lambda: datetime.now(UTC) + timedelta(hours=2))
        status, checks = ready(client)
        assert (status, checks["clock"]) == (503, "wrong")

    def test_a_migration_that_is_missing_makes_it_unready(self, client: Client) -> None:
        MigrationRecorder.Migration.objects.filter(app="stories").order_by("-pk")[0].delete()
        status, checks = ready(client)
        assert (status, checks["migrations"]) == (503, "wrong")

    def test_a_migration_of_a_newer_release_does_not(self, client: Client) -> None:
        MigrationRecorder(connection).record_applied("stories", "9999_of_tomorrow")
        status, checks = ready(client)
        assert (status, checks["migrations"]) == (200, "warning")

    def test_an_empty_database_is_no_error(self, client: Client) -> None:
        MigrationRecorder.Migration.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE stories_outboxmessage RENAME TO elsewhere")
        assert ready(client)[0] == 503

    def test_a_cache_that_is_away_does_not(self, client: Client, settings: Settings) -> None:
        settings.CACHES = {
            "default": {
                "BACKEND": "newsroom.soft_cache.SoftRedisCache",
                "LOCATION": f"redis://127.0.0.1:{dead_port()}/0",
            }
        }
        status, checks = ready(client)
        assert (status, checks["cache"]) == (200, "warning")

    def test_pictures_that_cannot_be_stored_do_not(
        self, client: Client, settings: Settings, tmp_path: Path
    ) -> None:
        settings.MEDIA_ROOT = tmp_path / "nothing"
        status, checks = ready(client)
        assert (status, checks["media"]) == (200, "wrong")

    def test_messages_that_nobody_sends_do_not(self, client: Client) -> None:
        due = timezone.now() - timedelta(hours=1)
        OutboxMessage.objects.create(kind="mail", payload={}, due_at=due, next_try_at=due)
        status, checks = ready(client)
        assert (status, checks["worker"]) == (200, "wrong")

    def test_static_files_that_were_not_collected_make_it_unready(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(host, "ManifestFilesMixin", object)
        monkeypatch.setattr(host, "staticfiles_storage", NotCollected())
        status, checks = ready(client)
        assert (status, checks["static_files"]) == (503, "wrong")


class NotCollected:
    def exists(self, name: str) -> bool:
        return True

    def stored_name(self, name: str) -> str:
        raise ValueError(f"Missing staticfiles manifest entry for {name!r}")
