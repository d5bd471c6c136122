"""Readers' pages among 500 stories and among 50,000, made anew each time: none may grow with the archive."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from time import perf_counter

from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from stories.domain.snapshot import NoteKind
from stories.models import User
from stories.models.roles import MANAGING_EDITOR
from stories.public.http import chrome
from tests import factories as make
from tests.benchmarks.bench_history import analyse
from tests.benchmarks.site_rows import repeat_stories

DATABASE = True
FEW, MANY = 500, 50_000
# How many the actions write.
WRITTEN = 50
ROUNDS = 9
# By the name of each figure, an address that is asked for.
PAGES = {
    "story": "/stories/story-7/",
    "front page": "/",
    "section": "/section/technology/",
    "author": "/author/ines-calder/",
    "corrections": "/corrections/",
    "feed": "/feed/",
    "corrections feed": "/corrections/feed/",
    "news sitemap": "/news-sitemap.xml",
    "sitemap page": "/sitemap-1.xml",
    "search, a word in all": "/search/?q=council",
    "search, two words": "/search/?q=council+met",
    "search, a rare word": "/search/?q=quagmire",
}
MOST_GROWTH = 1.5


def run() -> list[tuple[str, float, str, float | None]]:
    write_stories(make.make_user(MANAGING_EDITOR))
    few = measured(FEW)
    many = measured(MANY)
    figures: list[tuple[str, float, str, float | None]] = []
    for name, took in many.items():
        target = 100.0 if name.startswith("search") else None
        figures.append((f"{name}, cold, {MANY:,} stories", took, "ms", target))
        figures.append((f"  as a ratio to {FEW:,}", took / few[name], "ratio", MOST_GROWTH))
    return figures


def write_stories(maya: User) -> None:
    author, section = make.make_author(), make.make_section()
    began = timezone.now() - timedelta(hours=1)
    for number in range(WRITTEN):
        at = began + timedelta(seconds=number)
        paragraphs = [
            make.text(f"<p>{'The council met on Monday and heard of it. ' * 8}</p>") for _each in range(12)
        ]
        if number == 7:
            paragraphs.append(make.text("<p>It is a quagmire.</p>"))
        story = make.wanted(
            f"Story {number}",
            *paragraphs,
            section=section.pk,
            bylines=(make.byline(author),),
        )
        article = make.begin(story, user=maya, at=at)
        make.go_live(article, user=maya, at=at)
        kind = NoteKind.CORRECTION if number % 3 else NoteKind.UPDATE
        make.change(article, user=maya, at=at, update_notes=(make.note("Ten, not nine.", kind=kind),))
        make.go_live(article, user=maya, at=at + timedelta(seconds=30))


def measured(stories: int) -> dict[str, float]:
    """Return how many milliseconds each page takes if nothing is cached, once so many stories are there."""
    repeat_stories(until=stories)
    analyse()
    client = Client()
    # The least: what else the machine does only adds.
    return {name: min(times(client, address)) for name, address in PAGES.items()}


def times(client: Client, address: str) -> Iterator[float]:
    client.get(address)
    for _round in range(ROUNDS):
        cache.clear()
        chrome.clear()
        began = perf_counter()
        response = client.get(address)
        took = (perf_counter() - began) * 1000
        assert response.status_code == 200, address
        yield took
