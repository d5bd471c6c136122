"""While the worker runs it bakes what changed within a second, and says so if it can't."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connections
from django.utils import timezone

from stories.actions.takedown.withdrawals import withdraw
from stories.domain.baking.folder import BakedFolder
from stories.management.baking.baker import Baker, Outcome
from stories.management.baking.watch import BakeWatch
from stories.models import Article, User
from tests.factories import begin, change, go_live, minutes, note, wanted

pytestmark = pytest.mark.django_db(transaction=True)

STORY = "/stories/the-dam/"
PATIENCE = 30.0


@pytest.fixture
def article(maya: User) -> Article:
    article = begin(wanted("The dam", slug="the-dam"), user=maya)
    go_live(article, user=maya)
    return article


@pytest.fixture
def folder(tmp_path: Path) -> BakedFolder:
    return BakedFolder(tmp_path / "baked")


@contextmanager
def watching(folder: BakedFolder) -> Iterator[None]:
    watch = BakeWatch(folder.path)
    watch.start()
    try:
        yield
    finally:
        watch.stop()
        connections["default"].close()


def until(call: Callable[[], bool]) -> None:
    given_up = time.monotonic() + PATIENCE
    while not call():
        assert time.monotonic() < given_up, "It did not come to pass."
        time.sleep(0.02)


def shows(folder: BakedFolder, word: bytes) -> bool:
    try:
        return word in folder.link(STORY).read_bytes()
    except OSError:
        return False


def test_it_bakes_what_changes_and_what_becomes_due(
    folder: BakedFolder, article: Article, maya: User
) -> None:
    with watching(folder):
        until(lambda: folder.has(STORY) and folder.has("/feed/") and folder.is_served())
        change(article, user=maya, at=minutes(3), dek="Another dek")
        go_live(article, user=maya, at=timezone.now(), notes=(note(),))
        until(lambda: shows(folder, b"Another dek"))
        change(article, user=maya, at=timezone.now(), dek="A third dek")
        soon = timezone.now() + timedelta(seconds=3)
        go_live(article, user=maya, at=timezone.now(), live_from=soon, notes=(note("It rained."),))
        until(lambda: shows(folder, b"A third dek"))
        assert timezone.now() >= soon
        withdraw(article=article, user=maya, notice="We took this down.", reason="A judge said so")
        until(lambda: shows(folder, b"We took this down."))
    assert not folder.is_served()


def test_what_was_dropped_and_rolled_back_is_baked_again(folder: BakedFolder, article: Article) -> None:
    with watching(folder):
        until(lambda: folder.has(STORY))
        folder.drop([STORY], note={"article": article.pk})
        until(lambda: folder.has(STORY))


def test_a_page_that_hangs_keeps_nobody_from_dropping(
    folder: BakedFolder, article: Article, maya: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    with watching(folder):
        until(lambda: folder.has(STORY) and folder.has(f"{STORY}versions/1/"))
        monkeypatch.setattr(Baker, "bake", lambda *_: time.sleep(5))
        withdraw(article=article, user=maya, notice="We took this down.", reason="A judge said so")
        until(lambda: not folder.has(STORY))
        assert folder.is_served() or folder.path.exists()


def test_it_is_not_served_while_it_cannot_be_looked_at(
    folder: BakedFolder, article: Article, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def failing(*_args: object, **_options: object) -> None:
        raise OSError(28, "No space left on device")

    with watching(folder):
        until(lambda: folder.has(STORY))
        monkeypatch.setattr(Baker, "look", failing)
        until(lambda: not folder.is_served())
        until(lambda: "No space is left for the baked pages" in caplog.text)
        assert caplog.text.count("No space is left") == 1
        monkeypatch.undo()
        until(folder.is_served)


def test_a_page_that_cannot_be_written_is_said_and_tried_again(
    folder: BakedFolder, article: Article, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def failing(*_args: object, **_options: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(BakedFolder, "put", failing)
    with watching(folder):
        until(lambda: "No space is left for the baked pages" in caplog.text)
        monkeypatch.undo()
        until(lambda: folder.has(STORY))


def test_a_second_worker_leaves_the_folder_to_the_first(
    folder: BakedFolder, article: Article, caplog: pytest.LogCaptureFixture
) -> None:
    with watching(folder):
        until(lambda: folder.has(STORY))
        with watching(folder):
            until(lambda: "Another process bakes into" in caplog.text)
        assert folder.has(STORY)
        until(folder.is_served)


def test_a_foreign_folder_is_said_and_left_as_it_is(
    tmp_path: Path, article: Article, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    with watching(BakedFolder(tmp_path)):
        until(lambda: "is not empty, and holds no baked pages" in caplog.text)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_what_changes_again_while_it_is_baked_is_baked_again(
    folder: BakedFolder, article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    bake = Baker.bake

    def slow(baker: Baker, address: str) -> Outcome:
        outcome = bake(baker, address)
        if address == f"{STORY}timemap/" and not dropped:
            # The story’s page is baked by now, and the rest of the same work is not.
            dropped.append(address)
            folder.drop([STORY], note={"article": article.pk})
            time.sleep(0.5)
        return outcome

    dropped: list[str] = []
    with watching(folder):
        until(lambda: folder.has(STORY) and folder.has("/schemas/story-1.json"))
        monkeypatch.setattr(Baker, "bake", slow)
        folder.drop([], below=[STORY], note={"article": article.pk})
        until(lambda: bool(dropped) and folder.has(STORY))
