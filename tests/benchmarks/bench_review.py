"""What the review page costs: the diff of what would go live, its measure, and the page around them."""

from __future__ import annotations

import statistics
import time

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from stories.models.roles import EDITOR
from stories.queries.story.snapshots import working_snapshot
from tests import factories as make
from tests.benchmarks.bench_history import edited, twenty_blocks

DATABASE = True


def run() -> list[tuple[str, float, str, float | None]]:
    user = make.make_user(EDITOR, name="reviewer")
    story = twenty_blocks()
    article = make.begin(story, user=user)
    make.go_live(article, user=user)
    changed = edited(edited(working_snapshot(article), 3), 11)
    make.change(article, user=user, at=make.minutes(1), blocks=changed.blocks)
    client = Client()
    client.force_login(user)
    page = reverse("admin:stories_article_publish", args=[article.pk])
    took = []
    for _ in range(15):
        start = time.perf_counter()
        answer = client.get(page)
        took.append((time.perf_counter() - start) * 1000)
        assert answer.status_code == 200
    with CaptureQueriesContext(connection) as queries:
        client.get(page)
    return [
        ("the review page of a story of 20 blocks", statistics.median(took), "ms", 80),
        ("  its queries", len(queries), "queries", None),
    ]
