"""What Prometheus reads: by whom, of what, and with labels of which there are few."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from newsroom import metrics
from newsroom.database_outage import OUTAGE
from newsroom.signals import cache_read, statement_failed, statement_was_slow
from newsroom.slow_queries import QueryWatch
from stories.models import OutboxMessage, User, VerificationRun
from stories.models.record.recording import append
from tests.factories import begin, go_live, wanted
from tests.settings import BASE_DIR

TOKEN = "a token of the tests"
HEADER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def reader(settings: Settings) -> Iterator[Client]:
    """Return a client of a site that counts."""
    settings.METRICS_TOKEN = TOKEN
    before = "newsroom.health.HealthMiddleware"
    place = settings.MIDDLEWARE.index(before)
    settings.MIDDLEWARE = [
        *settings.MIDDLEWARE[:place],
        "newsroom.metrics.MetricsMiddleware",
        *settings.MIDDLEWARE[place:],
    ]
    yield Client()
    for signal in (cache_read, statement_failed, statement_was_slow):
        signal.disconnect(dispatch_uid="newsroom.metrics")


def figures(client: Client) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    """Return each figure by its name and labels."""
    text = client.get("/metrics", headers=HEADER).content.decode()
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def figure(client: Client, name: str, **labels: str) -> float:
    return figures(client).get((f"newsroom_{name}", frozenset(labels.items())), 0.0)


@pytest.mark.django_db
class TestWhoMayReadThem:
    @pytest.mark.parametrize(
        "authorization",
        ["", "Bearer", f"Bearer {TOKEN}x", f"Basic {TOKEN}", f"bearer {TOKEN}", "Bearer \udcff"],
    )
    def test_nobody_without_the_token(self, reader: Client, authorization: str) -> None:
        assert reader.get("/metrics", headers={"Authorization": authorization}).status_code == 404

    def test_nobody_if_nothing_is_counted(self, client: Client) -> None:
        assert client.get("/metrics", headers=HEADER).status_code == 404

    def test_who_has_it_by_number_and_no_cache_stores_them(self, reader: Client) -> None:
        response = reader.get("/metrics", headers={**HEADER, "Host": "10.0.0.7"})
        assert response.status_code == 200
        assert response["Content-Type"].startswith("text/plain; version=")
        assert response["Cache-Control"] == "no-store"
        assert response["Content-Security-Policy"]

    def test_they_change_nothing(self, reader: Client) -> None:
        assert reader.post("/metrics", headers=HEADER).status_code in (403, 404, 405)


@pytest.mark.django_db
class TestWhatTheySay:
    def test_requests_by_view_and_status(self, reader: Client, editor: User) -> None:
        slug = go_live(begin(wanted("Council meets"), user=editor), user=editor).article.slug
        labels = {"view": "story", "method": "GET", "status": "200"}
        before = figure(reader, "requests_total", **labels)
        for _time in range(2):
            reader.get(reverse("public:story", args=[slug]))
        assert figure(reader, "requests_total", **labels) - before == 2
        assert figure(reader, "request_seconds_count", view="story") >= 2
        assert 0 < figure(reader, "request_seconds_sum", view="story") < 60

    def test_labels_hold_nothing_that_a_client_chose(self, reader: Client) -> None:
        reader.get(
            "/stories/zinnober-slug/", {"q": "zinnober-word"}, headers={"User-Agent": "zinnober-agent"}
        )
        reader.get("/zinnober/path/")
        reader.generic("ZINNOBER", "/")
        text = reader.get("/metrics", headers=HEADER).content.decode()
        assert "zinnober" not in text.lower()
        assert 'method="other"' in text

    def test_reads_of_the_cache(self, reader: Client) -> None:
        before = {result: figure(reader, "cache_reads_total", result=result) for result in ("hit", "miss")}
        cache.set("known", 1)
        assert (cache.get("known"), cache.get("unknown", 7)) == (1, 7)
        assert figure(reader, "cache_reads_total", result="hit") == before["hit"] + 1
        assert figure(reader, "cache_reads_total", result="miss") == before["miss"] + 1

    def test_statements_that_fail_or_take_long(self, reader: Client, settings: Settings) -> None:
        settings.SLOW_QUERY_MS = 0.000_001
        reader.get("/healthz")
        labels = {"error": "OperationalError" if connection.vendor == "sqlite" else "ProgrammingError"}
        failed = figure(reader, "database_errors_total", **labels)
        slow = figure(reader, "slow_statements_total", view="-")
        # In a transaction of its own, which a failed statement ends on PostgreSQL.
        with pytest.raises(DatabaseError), transaction.atomic(), connection.execute_wrapper(QueryWatch()):
            connection.cursor().execute("SELECT * FROM nothing")
        assert figure(reader, "database_errors_total", **labels) == failed + 1
        assert figure(reader, "slow_statements_total", view="-") == slow + 1

    def test_the_outbox_the_ledger_and_the_verification(self, reader: Client, editor: User) -> None:
        begin(wanted(), user=editor)
        now = timezone.now()
        run = VerificationRun(
            started_at=now - timedelta(hours=2),
            finished_at=now - timedelta(hours=1),
            entries=1,
            rows=1,
            sequence=1,
            digest="0" * 64,
            found=0,
        )
        append(run)
        OutboxMessage.objects.all().delete()
        assert figure(reader, "outbox_waiting") == 0
        OutboxMessage.objects.create(
            kind="purge", payload={}, due_at=now - timedelta(minutes=3), next_try_at=now
        )
        assert figure(reader, "database_up") == 1
        assert figure(reader, "outbox_waiting") == 1
        assert 175 < figure(reader, "outbox_oldest_seconds") < 600
        assert figure(reader, "ledger_head") >= 1
        assert 3_590 < figure(reader, "verification_age_seconds") < 4_000
        assert figure(reader, "verification_findings") == 0

    def test_that_the_database_is_away(self, reader: Client) -> None:
        OUTAGE.begin()
        try:
            found = figures(reader)
        finally:
            OUTAGE.end()
        assert found["newsroom_database_up", frozenset()] == 0
        assert ("newsroom_ledger_head", frozenset()) not in found


COUNT = """
from django import setup
setup()
from newsroom import metrics
metrics.CACHE_READS.labels("hit").inc()
print(metrics.figures().content.decode())
"""


def test_processes_add_up_and_one_goes_on_where_another_ended(tmp_path: Path) -> None:
    variables = {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path), "METRICS": "1", "METRICS_TOKEN": "a" * 16}
    for expected in ("1.0", "2.0"):
        done = subprocess.run(
            [sys.executable, "-c", COUNT],
            cwd=BASE_DIR,
            env={
                **os.environ,
                **variables,
                "DJANGO_SETTINGS_MODULE": "newsroom.settings",
                "DEBUG": "1",
                "DATABASE_URL": f"sqlite:///{tmp_path}/none.sqlite3",
            },
            capture_output=True,
            text=True,
            check=True,
        )
        assert f'newsroom_cache_reads_total{{result="hit"}} {expected}' in done.stdout
    assert {path.name for path in tmp_path.glob("*.db")} == {"counter_0.db"}


def test_two_processes_at_once_have_files_of_their_own(tmp_path: Path) -> None:
    assert [metrics._take_slot(tmp_path) for _each in range(3)] == [0, 1, 2]
