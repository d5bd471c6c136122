"""Live periods, by which pages and lists choose, agree with the journals, or are reported."""

from __future__ import annotations

import pytest

from stories.models import Article
from stories.queries.verification import Kind, Verification
from tests.tampering import execute, tampered

TAMPERINGS = {
    "a version that never ends": "UPDATE stories_liveperiod SET live_until = '9999-01-01 00:00:00+00'",
    "withdrawn": "UPDATE stories_liveperiod SET withdrawn = NOT withdrawn",
    "another section": "UPDATE stories_liveperiod SET section = 'sport'",
    "another author": "UPDATE stories_livecredit SET author = 'eve'",
    "an author at another place": "UPDATE stories_livecredit SET first_live_from = '2020-01-01 00:00:00+00'",
    "no author": "DELETE FROM stories_livecredit",
}


@pytest.mark.parametrize("statement", TAMPERINGS.values(), ids=TAMPERINGS.keys())
def test_a_period_that_is_not_what_the_journals_say_is_named(article: Article, statement: str) -> None:
    with tampered():
        execute(statement)
        (message,) = [str(finding) for finding in Verification() if finding.kind is Kind.LIVE]
    assert f"of story {article.pk} are live" in message
    assert "rebuild_pages --all" in message


def test_periods_as_they_are_written_are_right(article: Article) -> None:
    assert [str(finding) for finding in Verification() if finding.kind is Kind.LIVE] == []
