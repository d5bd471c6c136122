"""Say whether this process is alive, and whether it is ready to serve: `/healthz` and `/readyz`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.db.utils import Error as DatabaseFailure
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed, JsonResponse
from django.utils import timezone

from newsroom.database_outage import OUTAGE, has_live_connection
from newsroom.replicas import READERS, WATCH
from stories.queries.health.checks import State
from stories.queries.health.database import check_clock, check_migrations, time_limit
from stories.queries.health.host import check_cache, check_media, check_static_files
from stories.queries.health.work import check_verification, check_worker

# What makes a host unready: on it, pages would fail or be false, and another host may do better. The rest makes pages
# slower, or concerns all hosts alike, so that taking one after the other away would only end the site.
ESSENTIAL: Final = frozenset({"database", "clock", "migrations", "static_files"})
# In milliseconds: longer than any of the queries needs, and shorter than a load balancer waits.
TIME_LIMIT: Final = 1_000


class HealthMiddleware:
    """Middleware that answers `/healthz` and `/readyz` by whatever host, over HTTP and HTTPS."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response
        self._views = {"/healthz": _alive, "/readyz": _ready}

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        view = self._views.get(request.path_info)
        if view is None:
            return self._get_response(request)
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        response = view()
        response["Cache-Control"] = "no-store"
        return response


def _alive() -> HttpResponse:
    """Answer 200. A restart would bring back no database, so it is not asked."""
    return HttpResponse("ok\n", content_type="text/plain")


def _ready() -> HttpResponse:
    """Answer 200 if this host can serve, otherwise 503, with the state of each part and no more about it."""
    states = {**_database_states(), **_host_states()}
    is_ready = all(states[name] is not State.WRONG for name in ESSENTIAL & states.keys())
    response = JsonResponse({"ready": is_ready, "checks": states}, status=200 if is_ready else 503)
    # Not an error that the log has to have each time somebody asks.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def _host_states() -> dict[str, State]:
    return {
        "static_files": check_static_files().state,
        "cache": check_cache().state,
        "media": check_media().state,
        **_replica_states(),
    }


def _replica_states() -> dict[str, State]:
    """Return whether the replicas keep up, as this process sees it anyway; nothing if there are none."""
    if not settings.REPLICAS:
        return {}
    WATCH.start()
    return {"replicas": READERS.state()}


def _database_states() -> dict[str, State]:
    """Return the states of what the database knows; that of the database alone if it does not answer in time."""
    if OUTAGE.lasts():
        return {"database": State.WRONG}
    if not has_live_connection():
        OUTAGE.begin()
        return {"database": State.WRONG}
    at = timezone.now()
    try:
        with time_limit(TIME_LIMIT):
            states = {
                "database": State.OK,
                "clock": check_clock().state,
                "migrations": check_migrations().state,
            }
            if states["migrations"] is not State.WRONG:
                # The others' tables are there.
                states |= {
                    "worker": check_worker(at).state,
                    "verification": check_verification(at).state,
                }
    except DatabaseFailure:
        return {"database": State.WRONG}
    OUTAGE.end()
    return states
