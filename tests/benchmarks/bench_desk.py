"""The desk among 50,000 stories: the list, its filters and its search, the front page, the form and a save."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from stories.actions.record.story_status import update_story_status
from stories.models import (
    Article,
    Assignment,
    Byline,
    CommentRequest,
    DeskRecord,
    ImageBlock,
    Publication,
    PublicationCard,
    Revision,
    StoryAddress,
    StoryStatus,
    User,
)
from stories.models.record.recording import append_all
from stories.models.roles import EDITOR, REPORTER
from stories.queries.desk.story_status import status_expressions
from stories.queries.story.snapshots import working_snapshot
from tests import factories as make
from tests.admin.typing import typed_in
from tests.benchmarks.bench_history import analyse, edited, save, timed, twenty_blocks

DATABASE = True
STORIES = 50_000
AT_ONCE = 5_000
WORDS = (
    "council",
    "harbour",
    "budget",
    "strike",
    "library",
    "reservoir",
    "ferry",
    "verdict",
    "tram",
    "school",
)

Figures = list[tuple[str, float, str, float | None]]


def run() -> Figures:
    editor = make.make_user(EDITOR, name="desk-editor")
    reporter = make.make_user(REPORTER, name="desk-reporter")
    fill(editor, reporter)
    client = Client()
    client.force_login(editor)
    return [*front_pages(client, reporter), *lists(client, editor), *form_and_save(client, editor)]


# ------------------------------------------------------------------------------------------- 50,000 stories


def fill(editor: User, reporter: User) -> None:
    """Stories straight into the tables: rows as actions leave them, without a ledger, in seconds instead of hours."""
    now = timezone.now()
    author, section = make.make_author(), make.make_section()
    with transaction.atomic():
        for start in range(0, STORIES, AT_ONCE):
            numbers = range(start, start + AT_ONCE)
            articles = [
                Article(
                    headline=f"{WORDS[n % 10].title()} {WORDS[n // 10 % 10]} {n}",
                    slug=f"{WORDS[n % 10]}-{n}",
                    section=section,
                    section_name=section.name,
                )
                for n in numbers
            ]
            append_all(articles)
            for row_kind in rows_of(list(zip(numbers, articles, strict=True)), author, editor, reporter, now):
                append_all(row_kind)
            StoryStatus.objects.bulk_create([StoryStatus(article=article) for article in articles])
        StoryStatus.objects.update(**status_expressions())
    analyse()


def rows_of(
    stories: list[tuple[int, Article]], author: Any, editor: User, reporter: User, now: datetime
) -> Iterator[list[Any]]:
    """All but one in 50 is live; of the live ones every 25th has edits waiting, every 100th is asked about."""

    def signed(n: int, minutes: int = 0) -> dict[str, Any]:
        user = reporter if n % 3 == 0 else editor
        at = now - timedelta(minutes=(STORIES - n) * 10 - minutes)
        return {"user_id": user.pk, "user_name": user.get_full_name(), "recorded_at": at}

    yield [
        Byline(parent=article, key=uuid4(), author=author, credited_as=author.name) for _, article in stories
    ]
    yield [
        ImageBlock(parent=article, key=uuid4(), address=f"old/{n}.png", alt_text="")
        for n, article in stories
        if n % 40 == 0
    ]
    first = [Revision(article=article, number=1, **signed(n)) for n, article in stories]
    yield first
    yield [Revision(article=article, number=2, **signed(n, 5)) for n, article in stories if n % 25 == 0]
    yield [
        Assignment(article=article, assignee_id=reporter.pk, assignee_name="Rosa", **signed(n))
        for n, article in stories
        if n % 20 == 0
    ]
    live = [
        (n, article, revision) for (n, article), revision in zip(stories, first, strict=True) if n % 50 != 1
    ]
    yield [StoryAddress(slug=article.slug, article=article) for _, article, _ in live]
    publications = [
        Publication(
            article=article,
            revision=revision,
            address_id=article.slug,
            live_from=signed(n, 1)["recorded_at"] + (timedelta(days=400) if n % 1000 == 0 else timedelta()),
            publication_class="first",
            **signed(n, 1),
        )
        for n, article, revision in live
    ]
    yield publications
    yield [
        PublicationCard(publication=publication, kind="story", headline=article.headline, language="en")
        for (_, article, _), publication in zip(live, publications, strict=True)
    ]
    asked = [
        (
            n,
            CommentRequest(
                parent=article, key=uuid4(), party="Corvid", requested_at=signed(n)["recorded_at"]
            ),
        )
        for n, article in stories
        if n % 100 == 2
    ]
    yield [request for _, request in asked]
    DeskRecord.objects.bulk_create(
        DeskRecord(
            article_id=request.parent_id,
            request_key=request.key,
            party="Corvid",
            deadline=now + timedelta(hours=n % 500 - 250),
        )
        for n, request in asked
    )


# ------------------------------------------------------------------------------------------------ what is timed


def page(
    name: str, client: Client, address: str, target: float | None = None, most: int | None = None
) -> Figures:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200, address
    # Read at once: the next request empties the log of queries.
    count = len(queries)
    return [
        (name, timed(lambda: client.get(address)), "ms", target),
        ("  its queries", count, "queries", most),
    ]


def front_pages(client: Client, reporter: User) -> Figures:
    writer = Client()
    writer.force_login(reporter)
    front = reverse("admin:index")
    return [
        *page(f"the desk’s front page, {STORIES:,} stories", client, front, most=12),
        *page("  a reporter’s", writer, front, most=12),
    ]


def lists(client: Client, editor: User) -> Figures:
    address = reverse("admin:stories_article_changelist")
    figures = page(f"the list of {STORIES:,} stories", client, address)
    asked = {
        "its last page": f"p={STORIES // 50 - 30}",
        "drafts": "standing=draft",
        "live": "standing=live",
        "edits waiting": "standing=waiting",
        "scheduled": "standing=scheduled",
        "offered": "standing=offered",
        "something lacking": "standing=lacking",
        "of a section": "section__slug__exact=technology",
        "by an editor": f"editor={editor.pk}",
        "edited this week": "edited=week",
        "by headline": "o=1",
        "search, a common word": "q=harbour",
        "search, two words": "q=harbour+4711",
        "search, an author": "q=calder",
        "search, nothing found": "q=xyzzy",
    }
    for what, query in asked.items():
        figures += page(f"  {what}", client, f"{address}?{query}")[:1]
    return figures


def form_and_save(client: Client, editor: User) -> Figures:
    article = make.begin(twenty_blocks(), user=editor)
    make.go_live(article, user=editor)
    address = reverse("admin:stories_article_change", args=[article.pk])
    figures = page("the form of a story of 20 blocks", client, address)
    took: list[float] = []
    posts: list[float] = []
    queries = post_queries = 0
    number = 1
    for turn in range(30):
        number += 1
        story = edited(working_snapshot(Article.objects.get(pk=article.pk)), number)
        with CaptureQueriesContext(connection) as counted:
            start = time.perf_counter()
            save(article, story, number, editor)
            took.append((time.perf_counter() - start) * 1000)
        queries = len(counted)
        form = typed_in(client.get(address)) | {"dek": f"Dek {number}", "_continue": "Save"}
        form["textblock_set-0-text"] = form["textblock_set-0-text"].replace("</p>", f" {number}</p>", 1)
        number += 1
        if turn % 3:
            start = time.perf_counter()
            answer = client.post(address, form)
            posts.append((time.perf_counter() - start) * 1000)
        else:
            # What counts them also slows them.
            with CaptureQueriesContext(connection) as counted:
                answer = client.post(address, form)
            post_queries = len(counted)
        assert answer.status_code == 302, answer.content
    newest = Revision.objects.get(article=article, number=number)
    cards = timed(lambda: update_story_status(newest.article_id, {newest.entry_kind}))
    return [
        *figures,
        ("a save of that story among them", statistics.median(took), "ms", 40),
        ("  its queries", queries, "queries", 30),
        ("  of these, its story’s status", cards, "ms", None),
        ("a save of a paragraph and the dek through its form", statistics.median(posts), "ms", 40),
        ("  the fastest of them", min(posts), "ms", None),
        ("  its queries, with those of the sign-in", post_queries, "queries", 30),
    ]
