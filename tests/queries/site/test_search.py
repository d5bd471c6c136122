"""Search finds live stories by all the words, those with them in the headline first; alike on both databases."""

from __future__ import annotations

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from stories.actions.takedown.withdrawals import withdraw
from stories.models import User
from stories.queries.site import search as module
from stories.queries.site.search import search
from tests.factories import begin, change, go_live, minutes, note, text, wanted

pytestmark = pytest.mark.django_db

AT = minutes(60)


@pytest.fixture(autouse=True)
def stories(editor: User) -> None:
    """Two stories on the harbour: an older one with it in the headline, a newer one with it in the text."""
    older = wanted("Harbour closed", text("<p>The mayor spoke of a storm.</p>"))
    newer = wanted("Mayor speaks", text("<p>The storm closed the harbour.</p>"))
    for minute, story in enumerate((older, newer)):
        go_live(begin(story, user=editor), user=editor, at=minutes(minute))


def found(words: str) -> list[str]:
    return [result.version.slug for result in search(words, at=AT).results]


@pytest.mark.parametrize(
    ("words", "slugs"),
    [
        ("harbour", ["harbour-closed", "mayor-speaks"]),
        ("HARBOUR storm", ["mayor-speaks", "harbour-closed"]),
        ("harbour ferry", []),
        ('"closed the harbour"', ["mayor-speaks"]),
        ('"harbour closed"', ["harbour-closed"]),
        ("storms", ["mayor-speaks", "harbour-closed"]),
        ("", []),
        ('" - *', []),
    ],
)
def test_all_the_words_are_in_what_is_found(words: str, slugs: list[str]) -> None:
    assert sorted(found(words)) == sorted(slugs)
    if words == "harbour":
        assert found(words) == slugs


def test_a_passage_marks_the_words_and_it_costs_two_queries(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    # On PostgreSQL a setting too, in a savepoint.
    with django_assert_num_queries(2 if connection.vendor == "sqlite" else 6):
        page = search("storm", at=AT)
    assert (page.count, page.is_counted, page.has_more) == (2, True, False)
    assert all("storm" in result.passage for result in page.results)


def test_a_page_says_whether_there_are_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAGE_LENGTH", 1)
    pages = [search("harbour", at=AT, page=number) for number in (1, 2)]
    assert [(page.results[0].version.slug, page.has_more) for page in pages] == [
        ("harbour-closed", True),
        ("mayor-speaks", False),
    ]


def test_the_newest_come_first_on_request() -> None:
    page = search("harbour", at=AT, newest_first=True)
    assert [each.version.slug for each in page.results] == ["mayor-speaks", "harbour-closed"]


def test_of_many_the_newest_are_ranked_and_not_all_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_COUNTED", 1)
    assert (search("harbour", at=AT).count, search("harbour", at=AT).is_counted) == (2, False)
    monkeypatch.setattr(module, "MOST_RANKED", 1)
    assert found("harbour") == ["mayor-speaks"]
    assert found('"closed the harbour"') == ["mayor-speaks"]


def test_only_what_is_live_now_is_found(editor: User, maya: User) -> None:
    article = begin(wanted("Ferry sails", text("<p>It sails.</p>")), user=editor)
    assert found("ferry") == []
    go_live(article, user=editor, at=minutes(10))
    change(article, user=editor, headline="Boat sails", update_notes=(note(),))
    go_live(article, user=editor, at=minutes(20), cause="moved-on")
    assert (found("ferry"), found("boat")) == ([], ["ferry-sails"])
    withdraw(article=article, user=maya, notice="It is down.", reason="Untrue", at=minutes(30))
    assert found("boat") == []
