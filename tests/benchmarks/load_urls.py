"""The site's addresses, and one that counts queries."""

from __future__ import annotations

from functools import cache

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import path

from newsroom.urls import handler404 as handler404, handler500 as handler500, urlpatterns as ours
from tests.benchmarks.bench_load import STORY


@cache
def story_bytes(host: str) -> bytes:
    return bytes(Client().get(STORY, headers={"host": host}).content)


def queries(request: HttpRequest) -> HttpResponse:
    """How many queries a warm story page makes, asked for as a reader asks."""
    warm = story_bytes(request.get_host())
    with CaptureQueriesContext(connection) as made:
        assert warm == Client().get(STORY, headers={"host": request.get_host()}).content
    return HttpResponse(str(len(made)))


urlpatterns = [path("queries/", queries), *ours]
