"""What readers' pages are made from is written with each publication, and holds nothing that readers may not see."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from stories.actions.publishing.published_stories import rebuild_published_stories
from stories.actions.takedown.withdrawals import reinstate, withdraw
from stories.actions.takedown.withholdings import lift_withholding, withhold_version, withhold_words
from stories.domain.baking.folder import BakedFolder
from stories.models import Article, LivePeriod, OutboxMessage, Publication, PublishedStory, User
from stories.models.roles import MANAGING_EDITOR
from stories.queries.verification import Verification
from tests import factories as make

pytestmark = pytest.mark.django_db

WORDS = "met on Monday"
WHY: dict[str, Any] = {"ground": "court", "reason": "An order."}


@pytest.fixture
def maya(db: None) -> User:
    return make.make_user(MANAGING_EDITOR)


@pytest.fixture
def article(maya: User) -> Article:
    """A story with two versions."""
    article = make.begin(user=maya)
    make.go_live(article, user=maya)
    make.change(article, user=maya, update_notes=(make.note("Ten, not eleven."),))
    make.go_live(article, user=maya, at=make.minutes(1))
    return article


def texts() -> list[str]:
    return list(PublishedStory.objects.order_by("pk").values_list("data", flat=True))


def test_each_version_has_its_story(article: Article) -> None:
    first, second = texts()
    assert WORDS in first
    assert WORDS in second
    assert "Ten, not eleven." not in first
    assert "Ten, not eleven." in second


def test_withheld_words_leave_every_version_and_come_back_when_it_is_lifted(
    article: Article, maya: User
) -> None:
    before = texts()
    withholding = withhold_words(article=article, words=WORDS, user=maya, at=make.minutes(2), **WHY)
    assert len(texts()) == 2
    assert WORDS not in str(texts())
    make.change(article, user=maya, dek="Still", at=make.minutes(3))
    make.go_live(article, user=maya, at=make.minutes(3), publication_class="override", reason="As agreed")
    assert WORDS not in str(texts())
    other = make.make_user(MANAGING_EDITOR, name="Olga Orr")
    lift_withholding(withholding=withholding, user=other, reason="It is over", at=make.minutes(4))
    assert texts()[:2] == before


def test_a_withheld_version_has_none(article: Article, maya: User) -> None:
    first = Publication.objects.order_by("pk")[0]
    withhold_version(publication=first, user=maya, at=make.minutes(2), **WHY)
    assert [row.pk for row in PublishedStory.objects.all()] == [Publication.objects.order_by("pk")[1].pk]


def test_a_withdrawn_story_has_none_until_it_comes_back(article: Article, maya: User) -> None:
    before = texts()
    withdraw(article=article, user=maya, notice="Gone.", reason="An order", at=make.minutes(2))
    assert texts() == []
    reinstate(article=article, user=maya, reason="It ended", at=make.minutes(3))
    assert texts() == before


def test_what_the_release_before_did_after_the_migrations_is_put_right_first(
    article: Article, maya: User
) -> None:
    other = make.begin(make.wanted("Another"), user=maya)
    make.go_live(other, user=maya)
    withdraw(article=other, user=maya, notice="Gone.", reason="An order", at=make.minutes(2))
    # As it left them.
    PublishedStory.objects.all().delete()
    LivePeriod.objects.update(withdrawn=False)
    assert list(rebuild_published_stories()) == [other.pk, article.pk]
    assert set(LivePeriod.objects.filter(withdrawn=True).values_list("article", flat=True)) == {other.pk}
    reinstate(article=other, user=maya, reason="It ended", at=make.minutes(3))
    PublishedStory.objects.filter(publication__article=other).delete()
    LivePeriod.objects.filter(article=other).update(withdrawn=True)
    assert list(rebuild_published_stories()) == [other.pk]
    assert not LivePeriod.objects.filter(withdrawn=True).exists()
    assert [str(finding) for finding in Verification()] == []


def test_pages_of_a_story_that_was_put_right_leave_the_folder_and_the_cache(
    article: Article, settings: Settings, tmp_path: Path
) -> None:
    settings.PURGE_URL = "http://cache.example.org/"
    settings.BAKE_DIR = str(tmp_path)
    folder = BakedFolder.make(tmp_path)
    for address in ("/", "/author/ines-calder/", "/pages/other/"):
        folder.put(address, "a;.html", b"", last_modified="", generation=folder.generation())
    PublishedStory.objects.all().delete()
    OutboxMessage.objects.all().delete()
    assert list(rebuild_published_stories()) == [article.pk]
    # It reads as before.
    assert folder.has("/")
    assert not OutboxMessage.objects.exists()
    LivePeriod.objects.update(withdrawn=True)
    assert list(rebuild_published_stories()) == [article.pk]
    assert [folder.has(each) for each in ("/", "/author/ines-calder/", "/pages/other/")] == [
        False,
        False,
        True,
    ]
    assert OutboxMessage.objects.get().payload["keys"] == [f"story-{article.pk}", "lists"]


@pytest.mark.parametrize("change", ["absent", "of an earlier release", "without its period"])
def test_what_is_absent_or_old_is_written_again(article: Article, change: str) -> None:
    before = texts()
    if change == "absent":
        PublishedStory.objects.all().delete()
    elif change == "without its period":
        LivePeriod.objects.all().delete()
    else:
        PublishedStory.objects.update(form="0", data="{}")
    assert list(rebuild_published_stories()) == [article.pk]
    assert texts() == before
    assert LivePeriod.objects.count() == 2
    assert list(rebuild_published_stories()) == []
    assert list(rebuild_published_stories(whole=True)) == [article.pk]
    assert [str(finding) for finding in Verification()] == []
