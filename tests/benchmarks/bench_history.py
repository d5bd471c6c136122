"""What a revision costs to write, to keep and to read again, however long its history."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from stories.actions.editing.revise import revise
from stories.actions.publishing.publish import publish
from stories.domain import snapshot as domain
from stories.models import Article
from stories.models.roles import MANAGING_EDITOR
from stories.queries.story.snapshots import latest_revision, snapshot_at, working_snapshot
from stories.queries.verification import Verification
from tests import factories as make

DATABASE = True
LONGEST = 10_000


def run() -> list[tuple[str, float, str, float | None]]:
    user = make.make_user(MANAGING_EDITOR)
    article = make.begin(twenty_blocks(), user=user)
    figures: list[tuple[str, float, str, float | None]] = []
    story = working_snapshot(article)
    took: list[float] = []
    empty = database_bytes()
    for number in range(2, LONGEST + 1):
        story = edited(story, number)
        start = time.perf_counter()
        # In one transaction with others a save costs no flush to disk: that is how the long history is made.
        if number <= 200:
            save(article, story, number, user)
            took.append((time.perf_counter() - start) * 1000)
        else:
            if number % 500 == 1 or number == 201:
                block = transaction.atomic()
                block.__enter__()
            save(article, story, number, user)
            if number % 500 == 0:
                block.__exit__(None, None, None)
        if number in (100, 1_000, LONGEST):
            figures += read(article, number)
    figures.insert(0, ("a revision of a story of 20 blocks, written", statistics.median(took), "ms", None))
    with CaptureQueriesContext(connection) as queries:
        save(article, edited(story, 7), LONGEST + 1, user)
    figures.insert(1, ("  its queries", len(queries), "queries", 30))
    figures.append(
        ("database bytes a revision, all told", (database_bytes() - empty) / (LONGEST - 1), "bytes", 3_000)
    )
    figures += publication(article, user)
    figures += desk_pages(article, user)
    verification = Verification()
    start = time.perf_counter()
    findings = list(verification)
    figures.append(
        ("ledger entries verified", verification.entries / (time.perf_counter() - start), "entries/s", None)
    )
    assert findings == []
    return figures


def twenty_blocks() -> domain.StorySnapshot:
    """A story of 900 words in 20 blocks."""
    sentence = "the council met and heard what staff had to say of the contract"
    paragraph = " ".join([sentence] * 3)
    blocks = [make.text(f"<p>{number} {paragraph}.</p>") for number in range(18)]
    return make.wanted(f"Twenty blocks {uuid4()}", *blocks, make.quote(f"<p>{paragraph}</p>"), make.embed())


def edited(story: domain.StorySnapshot, number: int) -> domain.StorySnapshot:
    """A small edit: one word of one block."""
    index = number % 18
    block = story.blocks[index]
    assert isinstance(block, domain.TextBlock)
    words = block.text.split(" ")
    words[5] = word(number)
    return replace(
        story,
        blocks=(*story.blocks[:index], replace(block, text=" ".join(words)), *story.blocks[index + 1 :]),
    )


def word(number: int) -> str:
    """A word of letters for each number: a figure that changed would be measured as one."""
    letters = ""
    while number:
        number, letter = divmod(number, 26)
        letters += chr(ord("a") + letter)
    return f"word{letters}"


def save(article: Article, story: domain.StorySnapshot, number: int, user: object) -> None:
    revise(article=article, story=story, base=number - 1, user=user, reason="A word")  # type: ignore[arg-type]


def read(article: Article, length: int) -> list[tuple[str, float, str, float | None]]:
    analyse()
    middle = length // 2
    return [
        (
            f"a snapshot of the newest of {length:,} revisions",
            timed(lambda: snapshot_at(article.pk, length)),
            "ms",
            20,
        ),
        (f"  of the middle one of {length:,}", timed(lambda: snapshot_at(article.pk, middle)), "ms", 20),
    ]


def publication(article: Article, user: object) -> list[tuple[str, float, str, float | None]]:
    # Minor ones in a row would be measured together, and refused: these words are not.
    publish(article=article, revision=latest_revision(article.pk), user=user)  # type: ignore[arg-type]
    took, queries = [], 0
    for number in range(20):
        latest = latest_revision(article.pk)
        save(article, edited(working_snapshot(article), 1_000_000 + number), latest + 1, user)
        with CaptureQueriesContext(connection) as captured:
            start = time.perf_counter()
            publish(
                article=article,
                revision=latest + 1,
                user=user,  # type: ignore[arg-type]
                publication_class="override",
                reason="A word",
            )
            took.append((time.perf_counter() - start) * 1000)
        queries = len(captured)
    return [
        ("a publication of that story", statistics.median(took), "ms", 40),
        ("  its queries", queries, "queries", 30),
    ]


def desk_pages(article: Article, user: object) -> list[tuple[str, float, str, float | None]]:
    """A page of the history as its editors see it."""
    analyse()
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    address = reverse("admin:stories_article_history", args=[article.pk])
    figures: list[tuple[str, float, str, float | None]] = []
    for name, data in (("the newest", {}), ("in the middle", {"before": str(LONGEST // 2)})):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address, data).status_code == 200
        what = f"a page of the history of {LONGEST:,} revisions, {name}"
        figures.append((what, timed(lambda data=data: client.get(address, data)), "ms", 50))  # type: ignore[misc]
        figures.append(("  its queries", len(queries), "queries", None))
    return figures


def timed(call: Callable[[], object]) -> float:
    took = []
    for _ in range(7):
        start = time.perf_counter()
        call()
        took.append((time.perf_counter() - start) * 1000)
    return statistics.median(took)


def analyse() -> None:
    """As autovacuum does by itself, in time."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def database_bytes() -> int:
    """The size of the database, without what vacuuming gives back."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM")
            cursor.execute("SELECT pg_database_size(current_database())")
            return int(cursor.fetchone()[0])
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return Path(str(connection.settings_dict["NAME"])).stat().st_size
