"""The stories that an auditor means: by an address, past or present, by number, or by words of the headline."""

from __future__ import annotations

import pytest

from stories.models import Article, User
from stories.queries.ledger import stories as module
from stories.queries.ledger.stories import stories_matching
from tests.factories import begin, change, go_live, minutes, note, wanted

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(editor: User) -> Article:
    return begin(wanted("Ferry sails"), user=editor)


def test_a_slug_that_it_has_or_had_or_its_number(article: Article, editor: User) -> None:
    change(article, user=editor, slug="council-met", update_notes=(note(),))
    go_live(article, user=editor, at=minutes(40))
    for words in ("council-meets", "council-met", str(article.pk)):
        assert stories_matching(words) == [article.pk]


def test_otherwise_all_the_words_in_any_case(article: Article, other: Article) -> None:
    assert stories_matching("FERRY sail") == [other.pk]
    assert stories_matching("ferry meets") == []
    assert stories_matching("99999") == []


def test_one_more_than_are_listed_means_that_there_are_more(
    editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_STORIES", 2)
    stories = [begin(wanted(f"Ferry {number}"), user=editor).pk for number in range(4)]
    assert stories_matching("ferry") == stories[:0:-1]
