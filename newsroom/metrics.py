"""Figures for Prometheus: `/metrics`, for whoever has METRICS_TOKEN.

No label has values without bound, and none says anything of a person or a story.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from secrets import compare_digest
from typing import Final

from django.conf import settings
from django.db.utils import Error as DatabaseFailure
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, values
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from newsroom.current_request import view_name
from newsroom.database_outage import OUTAGE, has_live_connection
from newsroom.signals import cache_read, statement_failed, statement_was_slow
from stories.queries.health.database import time_limit
from stories.queries.ledger.heads import last_verification, newest_sequence
from stories.queries.outbox.waiting import waiting

# Where the processes of a host keep their figures, one after the other's end in the same files.
FOLDER: Final = os.environ.get("PROMETHEUS_MULTIPROC_DIR", "")
# In milliseconds, for each statement of what is asked of the database.
TIME_LIMIT: Final = 1_000
# Others are counted as one: a client may send any word as a method.
METHODS: Final = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"})


def _take_slot(folder: Path) -> int:
    """Return the smallest number that no living process of this host has, and hold it until this one ends.

    The library would name its files by process: they would be more with each worker that is replaced.
    """
    for number in count():
        opened = os.open(folder / f"{number}.lock", os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(opened)
        else:
            return number
    raise AssertionError


if FOLDER:
    _slot = _take_slot(Path(FOLDER))
    values.ValueClass = values.MultiProcessValue(lambda: _slot)  # type: ignore[no-untyped-call]

_own: Final = CollectorRegistry()
REQUESTS: Final = Counter(
    "newsroom_requests", "Requests, by view, method and status.", ("view", "method", "status"), registry=_own
)
SECONDS: Final = Histogram(
    "newsroom_request_seconds",
    "How long requests took.",
    ("view",),
    buckets=(0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=_own,
)
DATABASE_ERRORS: Final = Counter(
    "newsroom_database_errors", "Statements that failed, by class of error.", ("error",), registry=_own
)
SLOW_STATEMENTS: Final = Counter(
    "newsroom_slow_statements", "Statements longer than SLOW_QUERY_MS, by view.", ("view",), registry=_own
)
CACHE_READS: Final = Counter(
    "newsroom_cache_reads", "Reads of the cache: hit, miss or failed.", ("result",), registry=_own
)


class MetricsMiddleware:
    """Middleware that counts requests, and answers `/metrics` by whatever host, to who has the token."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response
        self._authorization = f"Bearer {settings.METRICS_TOKEN}".encode()
        cache_read.connect(_count_cache_read, dispatch_uid="newsroom.metrics")
        statement_failed.connect(_count_error, dispatch_uid="newsroom.metrics")
        statement_was_slow.connect(_count_slow_statement, dispatch_uid="newsroom.metrics")

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info == "/metrics" and self._may_read(request):
            return figures()
        began = time.perf_counter()
        response = self._get_response(request)
        view, method = view_name(), request.method if request.method in METHODS else "other"
        SECONDS.labels(view).observe(time.perf_counter() - began)
        REQUESTS.labels(view, method, response.status_code).inc()
        return response

    def _may_read(self, request: HttpRequest) -> bool:
        sent = request.META.get("HTTP_AUTHORIZATION", "").encode(errors="replace")
        return request.method in ("GET", "HEAD") and compare_digest(sent, self._authorization)


def figures() -> HttpResponse:
    """Answer with the figures of all processes of this host, and with the state of the database."""
    registry = CollectorRegistry()
    if FOLDER:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(_own)
    registry.register(_State())
    response = HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
    response["Cache-Control"] = "no-store"
    return response


class _State(Collector):
    """What the database knows of the newsroom, asked when somebody asks for the figures."""

    def collect(self) -> Iterator[Metric]:
        found = _database_state()
        yield GaugeMetricFamily(
            "newsroom_database_up", "Whether the database answers in time.", 0 if found is None else 1
        )
        for (name, explanation), value in (found or {}).items():
            yield GaugeMetricFamily(f"newsroom_{name}", explanation, value)


def _database_state() -> dict[tuple[str, str], float] | None:
    """Return names, explanations and values; None if the database does not answer. At most four queries."""
    if OUTAGE.lasts() or not has_live_connection():
        return None
    at = timezone.now()
    try:
        with time_limit(TIME_LIMIT):
            late, head, run = waiting(at), newest_sequence(), last_verification()
    except DatabaseFailure:
        return None
    found = {
        ("outbox_waiting", "Mails and purges that are due and were not delivered."): late.count,
        ("outbox_oldest_seconds", "For how long the oldest of them has waited."): (
            (at - late.since).total_seconds() if late.since else 0
        ),
        ("ledger_head", "The number of the newest entry of the ledger."): head,
    }
    if run is not None:
        age = (at - run.finished_at).total_seconds()
        found |= {
            ("verification_age_seconds", "How long ago the record was verified last."): age,
            ("verification_findings", "What did not hold then."): run.found,
        }
    return found


def _count_cache_read(result: str, **_kwargs: object) -> None:
    CACHE_READS.labels(result).inc()


def _count_error(error: Exception, **_kwargs: object) -> None:
    DATABASE_ERRORS.labels(type(error).__name__).inc()


def _count_slow_statement(**_kwargs: object) -> None:
    SLOW_STATEMENTS.labels(view_name()).inc()
