"""Each filter of the ledger finds its entries from any entry backwards, and tests one in the same way."""

from __future__ import annotations

import pytest

from stories.models import Article, User
from stories.queries.ledger.filters import (
    END,
    Equal,
    Everything,
    Filter,
    Period,
    Sql,
    rows_of,
    words_filter,
)
from tests.factories import minutes

pytestmark = pytest.mark.django_db


def found(wanted: Filter, before: int = END) -> list[int]:
    return [row[0] for row in wanted.first_rows(before, 10)]


def passing(wanted: Filter) -> list[int]:
    """Return the entries that pass the filter's test."""
    text, values = wanted.test()
    sql = f"SELECT sequence FROM stories_ledgerentry found WHERE {text} ORDER BY sequence DESC"  # noqa: S608
    return [row[0] for row in rows_of(Sql(sql, values))]


@pytest.fixture
def filters(article: Article, editor: User, reporter: User) -> list[tuple[Filter, list[int]]]:
    words = words_filter("adverb")
    assert words is not None
    people = [(editor.pk, "Emil Editor"), (reporter.pk, "Rosa Reporter")]
    return [
        (Everything(), [4, 3, 2, 1]),
        (Equal(("kind",), [("publication",)]), [4, 2]),
        (Equal(("user_id", "user_name"), people[:1]), [4, 3, 2]),
        (Equal(("user_id", "user_name"), people), [4, 3, 2, 1]),
        (Equal(("user_id", "user_name"), [(None, "import")]), []),
        (Equal(("article_id",), []), []),
        (Period(minutes(10), minutes(30)), [3, 2]),
        (words, [4]),
    ]


def test_a_filter_finds_and_passes_the_same_entries(filters: list[tuple[Filter, list[int]]]) -> None:
    for wanted, sequences in filters:
        assert found(wanted) == sequences, wanted
        assert passing(wanted) == sequences, wanted
        assert rows_of(wanted.counted()) == [(len(sequences),)], wanted


def test_a_search_goes_on_from_any_entry(filters: list[tuple[Filter, list[int]]]) -> None:
    for wanted, sequences in filters:
        if not isinstance(wanted, Period):
            assert found(wanted, before=4) == [each for each in sequences if each < 4], wanted


def test_a_period_goes_on_by_the_time_of_the_events(article: Article) -> None:
    period = Period(minutes(0), minutes(60))
    assert [row[0] for row in rows_of(period.by_time((minutes(30), 4), 10))] == [3, 2, 1]
    assert [row[0] for row in rows_of(period.by_time((minutes(90), 9), 10))] == [4, 3, 2, 1]


@pytest.mark.parametrize("nothing", ["", "  ", '"', "-- ;", "%"])
def test_a_text_without_a_word_filters_nothing(nothing: str) -> None:
    assert words_filter(nothing) is None


@pytest.mark.parametrize("odd", ['ad"verb', "a:b*", "NEAR(adverb", "adverb' OR 1=1 --"])
def test_what_a_query_language_means_by_signs_means_nothing_here(article: Article, odd: str) -> None:
    wanted = words_filter(odd)
    assert wanted is not None
    assert found(wanted) == passing(wanted) == []
