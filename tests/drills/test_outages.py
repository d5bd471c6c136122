"""Cache and database stopped, hung and full, under readers and an editor: what each saw, how soon it was well again.

Run with `-s` it prints the table. What is asserted is what people get, never how long it took.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Final

import pytest

from stories.management.demo import REFERENCE_SLUG
from tests.drills.site import Answer, Person, Site, running_site

pytestmark = pytest.mark.drill

STORY: Final = f"/stories/{REFERENCE_SLUG}/"
PAGES: Final = (STORY, f"{STORY}versions/", "/", "/feed/", "/search/?q=transcript")
DESK: Final = "/admin/stories/article/"


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with running_site() as site:
        yield site


@dataclass
class Seen:
    """What one person got while something was broken."""

    who: str
    answers: list[Answer] = field(default_factory=list)

    @property
    def kinds(self) -> set[str]:
        return {answer.kind for answer in self.answers}

    def __str__(self) -> str:
        slowest = max((answer.seconds for answer in self.answers), default=0.0)
        return f"{self.who}: {', '.join(sorted(self.kinds))} ({len(self.answers)} answers, slowest {slowest:.2f} s)"


def watch(site: Site, editor: Person, broken: Callable[[], None], *, seconds: float = 6) -> tuple[Seen, Seen]:
    """Break something and let three readers and the editor ask all the while."""
    readers, writer, over = Seen("readers"), Seen("editor"), Event()

    def read() -> None:
        reader = site.reader()
        while not over.is_set():
            for path in PAGES:
                readers.answers.append(reader.get(path))

    def edit() -> None:
        while not over.is_set():
            writer.answers.append(editor.get(DESK))

    broken()
    threads = [Thread(target=read) for _ in range(3)] + [Thread(target=edit)]
    for thread in threads:
        thread.start()
    over.wait(seconds)
    over.set()
    for thread in threads:
        thread.join()
    return readers, writer


def well_again(person: Person, path: str = STORY) -> float:
    """Seconds until a page is fresh again, three times in a row."""
    began, good = time.monotonic(), 0
    while good < 3:
        good = good + 1 if person.get(path).kind == "200" else 0
        assert time.monotonic() - began < 60, "It never was well again."
        time.sleep(0.05)
    return time.monotonic() - began


@pytest.fixture
def editor(site: Site) -> Person:
    # Workers know which copies they kept, and the drill before this one may have emptied the cache.
    site.reload()
    editor = site.editor()
    for path in PAGES:
        for _ in range(4):
            assert editor.get(path).status == 200
    return editor


@pytest.mark.parametrize("how", ["stopped", "hung", "full"])
def test_without_a_cache_every_page_is_served(site: Site, editor: Person, how: str) -> None:
    breaks = {"stopped": site.redis.stop, "hung": site.redis.server.hang, "full": site.redis.fill}
    readers, writer = watch(site, editor, breaks[how])
    if how == "hung":
        site.redis.server.wake()
    else:
        site.redis.stop()
        site.redis.start()
    print(f"\ncache {how}: {readers}; {writer}; well again after {well_again(site.reader()):.2f} s")  # noqa: T201
    assert readers.kinds == {"200"}
    assert writer.kinds == {"200"}


@pytest.mark.parametrize("how", ["stopped", "hung"])
def test_without_a_database_pages_are_as_they_were_or_say_when_to_come_again(
    site: Site, editor: Person, how: str
) -> None:
    database = site.postgres
    readers, writer = watch(site, editor, database.stop if how == "stopped" else database.server.hang)
    if how == "stopped":
        database.start()
    else:
        database.server.wake()
    readers_well, editor_well = well_again(site.reader()), well_again(editor, DESK)
    print(  # noqa: T201
        f"\ndatabase {how}: {readers}; {writer}; "
        f"well again after {readers_well:.2f} s (readers), {editor_well:.2f} s (editor)"
    )
    assert readers.kinds <= {"200, as it was", "503"}
    assert "200, as it was" in readers.kinds
    assert writer.kinds == {"503"}
    refused = [each for each in (*readers.answers, *writer.answers) if each.status == 503]
    assert all(answer.headers.get("Retry-After") for answer in refused)


def test_health_says_that_the_database_is_away_and_is_back(site: Site) -> None:
    reader = site.reader()
    site.postgres.stop()
    assert reader.get("/healthz").status == 503
    site.postgres.start()
    assert well_again(reader, "/healthz") < 60
