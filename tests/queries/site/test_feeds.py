"""Feeds: the newest stories, and archive pages that never change what they hold."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from stories.actions.takedown.withdrawals import withdraw
from stories.models import Article, User
from stories.queries.site import feeds
from stories.queries.site.feeds import appeared, archive_page, archives, newest_page, withdrawn_since
from tests.factories import begin, go_live, make_section, minutes, wanted

pytestmark = pytest.mark.django_db

AT = minutes(60)


@pytest.fixture
def stories(editor: User, monkeypatch: pytest.MonkeyPatch) -> list[Article]:
    """Five stories, the first to appear first; a page has two."""
    monkeypatch.setattr(feeds, "PAGE_LENGTH", 2)
    found = []
    for number in range(5):
        section = make_section().pk if number == 0 else ""
        article = begin(wanted(f"Story {number}", section=section), user=editor)
        go_live(article, user=editor, at=minutes(number))
        found.append(article)
    return found


def slugs(page: feeds.FeedPage | None) -> list[str]:
    assert page is not None
    return [version.slug for version in page.versions]


def test_the_feed_has_what_appeared_last_of_a_section_if_one_is_given(
    stories: list[Article], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        page = newest_page(at=AT)
    assert (slugs(page), page.oldest) == (["story-4", "story-3"], minutes(3))
    assert slugs(newest_page(at=AT, section="technology")) == ["story-0"]
    assert newest_page(at=minutes(-1)).oldest is None


def test_only_full_pages_are_archives_and_the_oldest_is_the_first(stories: list[Article]) -> None:
    assert [archives(at=minutes(number)) for number in range(5)] == [0, 0, 1, 2, 2]
    assert slugs(archive_page(1, at=AT)) == ["story-1", "story-0"]
    assert slugs(archive_page(2, at=AT)) == ["story-3", "story-2"]
    assert archive_page(0, at=AT) is archive_page(3, at=AT) is None
    assert [status.article for status in appeared(AT)] == stories


def test_a_withdrawn_story_leaves_its_place_on_the_page_and_is_listed_as_gone(
    stories: list[Article], maya: User
) -> None:
    withdraw(article=stories[0], user=maya, notice="It is down.", reason="Untrue", at=minutes(30))
    page = archive_page(1, at=AT)
    assert page is not None
    assert (slugs(page), page.gone) == (["story-1"], [(stories[0].pk, minutes(30))])
    assert slugs(archive_page(2, at=AT)) == ["story-3", "story-2"]
    assert withdrawn_since(minutes(0), at=AT) == [(stories[0].pk, minutes(30))]
    assert withdrawn_since(minutes(1), at=AT) == withdrawn_since(None, at=AT) == []
