"""Baked pages that an event changes are gone before whoever did it is answered."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import transaction
from pytest_django import Settings

from stories.actions.takedown.withdrawals import withdraw
from stories.actions.takedown.withholdings import withhold_words
from stories.domain.baking.folder import BakedFolder
from stories.models import Article, Publication, User, Withdrawal
from tests.factories import begin, change, go_live, minutes, note, wanted

pytestmark = pytest.mark.django_db(transaction=True)

STORY = "/stories/the-dam/"


@pytest.fixture
def article(maya: User) -> Article:
    article = begin(wanted("The dam", slug="the-dam"), user=maya)
    go_live(article, user=maya)
    return article


@pytest.fixture
def folder(settings: Settings, tmp_path: Path, article: Article) -> BakedFolder:
    settings.BAKE_DIR = str(tmp_path / "baked")
    folder = BakedFolder.make(tmp_path / "baked")
    bake(folder)
    return folder


def bake(folder: BakedFolder, *addresses: str) -> None:
    for address in addresses or ("/", STORY, f"{STORY}versions/1/", "/author/x/", "/stories/other/"):
        name = ";200;0;;;;;;;;;;;.html"
        assert folder.put(address, name, b"", last_modified="", generation=folder.generation())


def there(folder: BakedFolder) -> set[str]:
    return {
        address
        for address in ("/", STORY, f"{STORY}versions/1/", "/author/x/", "/stories/other/")
        if folder.has(address)
    }


def test_a_withdrawal_drops_the_story_and_every_list(
    folder: BakedFolder, article: Article, maya: User
) -> None:
    withdraw(article=article, user=maya, notice="Gone.", reason="A judge said so")
    assert there(folder) == {"/stories/other/"}
    assert {each["article"] for each in folder.take_notes()} == {article.pk}


def test_withheld_words_are_gone_as_well(folder: BakedFolder, article: Article, maya: User) -> None:
    withhold_words(article=article, words="council", ground="court", reason="A judge said so", user=maya)
    assert there(folder) == {"/stories/other/"}


def test_a_publication_drops_what_shows_it(folder: BakedFolder, article: Article, maya: User) -> None:
    change(article, user=maya, at=minutes(1), dek="A dek")
    assert len(there(folder)) == 5, "nobody reads a draft"
    go_live(article, user=maya, at=minutes(2), notes=(note(),))
    assert there(folder) == {"/stories/other/", "/author/x/"}


def test_they_are_gone_before_the_commit_and_what_was_put_back_in_between_after_it(
    folder: BakedFolder, article: Article, maya: User
) -> None:
    with transaction.atomic():
        withdraw(article=article, user=maya, notice="Gone.", reason="A judge said so")
        assert there(folder) == {"/stories/other/"}
        # A worker that read the story as it still is, and one that has it rendered by now.
        bake(folder, STORY)
        late = folder.generation()
    assert not folder.has(STORY)
    assert not folder.put(STORY, ";200;0;;;;;;;;;;;.html", b"", last_modified="", generation=late)


def test_what_is_rolled_back_is_noted_so_that_it_is_baked_again(
    folder: BakedFolder, article: Article, maya: User
) -> None:
    with transaction.atomic():
        withdraw(article=article, user=maya, notice="Gone.", reason="A judge said so")
        transaction.set_rollback(True)
    assert not Withdrawal.objects.exists()
    assert [each["article"] for each in folder.take_notes()] == [article.pk]


def test_without_a_folder_nothing_happens(
    article: Article, maya: User, settings: Settings, tmp_path: Path
) -> None:
    for path in ("", str(tmp_path / "missing"), str(tmp_path)):
        settings.BAKE_DIR = path
        change(article, user=maya, at=minutes(1), dek=f"A dek {path}")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_fails_stops_no_takedown(
    folder: BakedFolder,
    article: Article,
    maya: User,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def failing(*_args: object, **_options: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(BakedFolder, "drop", failing)
    withdraw(article=article, user=maya, notice="Gone.", reason="A judge said so")
    assert Publication.objects.count() == 1
    assert Withdrawal.objects.exists()
    assert "could not be dropped" in caplog.text
