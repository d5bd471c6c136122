"""Sitemaps list what is live, in pages that new stories do not shift."""

from __future__ import annotations

import pytest

from stories.actions.takedown.withdrawals import withdraw
from stories.models import Article, User
from stories.queries.site import sitemaps
from stories.queries.site.sitemaps import news_since, sitemap_page, sitemap_pages
from tests.factories import begin, go_live, minutes, wanted

pytestmark = pytest.mark.django_db

AT = minutes(60)


@pytest.fixture
def stories(editor: User, monkeypatch: pytest.MonkeyPatch) -> list[Article]:
    """Three stories; a page has two."""
    monkeypatch.setattr(sitemaps, "PAGE_LENGTH", 2)
    found = [begin(wanted(f"Story {number}"), user=editor) for number in range(3)]
    for number, article in enumerate(found):
        go_live(article, user=editor, at=minutes(number))
    return found


def slugs(number: int) -> list[str]:
    page = sitemap_page(number, at=AT)
    assert page is not None
    return [version.slug for version in page]


def test_the_oldest_are_on_the_first_page_and_no_other_page_exists(stories: list[Article]) -> None:
    assert sitemap_pages(at=AT) == 2
    assert (slugs(1), slugs(2)) == (["story-0", "story-1"], ["story-2"])
    assert sitemap_page(0, at=AT) is sitemap_page(3, at=AT) is None


def test_a_withdrawn_story_leaves_its_page_and_shifts_no_other(stories: list[Article], maya: User) -> None:
    withdraw(article=stories[0], user=maya, notice="It is down.", reason="Untrue", at=minutes(30))
    assert (slugs(1), slugs(2)) == (["story-1"], ["story-2"])


def test_news_is_what_appeared_since_a_time_the_newest_first(stories: list[Article]) -> None:
    assert [version.slug for version in news_since(minutes(1), at=AT)] == ["story-2", "story-1"]


def test_an_empty_site_has_one_empty_page() -> None:
    assert sitemap_pages(at=AT) == 1
    assert sitemap_page(1, at=AT) == []
