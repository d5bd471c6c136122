"""Search finds live stories by all the words, those with them in the headline first; alike on both databases."""

from __future__ import annotations

import pytest
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
    return [result.version.slug for result in search(words, at=AT)[0]]


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


def test_a_passage_marks_the_words_and_it_costs_one_query(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(1):
        results, more = search("storm", at=AT)
    assert not more
    assert all("storm" in result.passage for result in results)


def test_a_page_says_whether_there_are_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAGE_LENGTH", 1)
    (first,), more = search("harbour", at=AT)
    (second,), end = search("harbour", at=AT, page=2)
    assert ((first.version.slug, more), (second.version.slug, end)) == (
        ("harbour-closed", True),
        ("mayor-speaks", False),
    )


def test_only_what_is_live_now_is_found(editor: User, maya: User) -> None:
    article = begin(wanted("Ferry sails", text("<p>It sails.</p>")), user=editor)
    assert found("ferry") == []
    go_live(article, user=editor, at=minutes(10))
    change(article, user=editor, headline="Boat sails", update_notes=(note(),))
    go_live(article, user=editor, at=minutes(20), cause="moved-on")
    assert (found("ferry"), found("boat")) == ([], ["ferry-sails"])
    withdraw(article=article, user=maya, notice="It is down.", reason="Untrue", at=minutes(30))
    assert found("boat") == []
