"""The site's addresses, and one whose view does nothing but answer."""

from __future__ import annotations

from functools import cache

from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from newsroom.urls import handler404 as handler404, handler500 as handler500, urlpatterns as ours
from tests.benchmarks.bench_load import STORY


def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse(story_bytes(request.get_host()))


@cache
def story_bytes(host: str) -> bytes:
    return bytes(Client().get(STORY, headers={"host": host}).content)


urlpatterns = [path("bare/", bare), *ours]
