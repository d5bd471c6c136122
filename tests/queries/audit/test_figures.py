"""Figures by month and section: how much changed after publication, and how soon errors were corrected."""

from __future__ import annotations

from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries

from stories.models import User
from stories.queries.audit.figures import monthly_figures
from tests.archives import version
from tests.factories import MORNING, begin, go_live, make_section, minutes, reword, wanted
from tests.public.stories import make_corrected
from tests.queries.audit.reading import NOW, take_in

pytestmark = pytest.mark.django_db


def test_each_section_has_its_versions_and_what_was_corrected(
    editor: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_corrected(editor)
    article = begin(wanted(section=make_section().pk), user=editor)
    go_live(article, user=editor, at=minutes(10))
    reword(article, user=editor)
    go_live(article, user=editor, at=minutes(20), publication_class="minor", reason="An adverb")
    with django_assert_num_queries(2):
        city, technology = monthly_figures(since=MORNING, at=NOW)
    assert (city.month, city.section, city.stories, city.versions) == (date(2026, 3, 1), "City", 1, 2)
    assert (city.corrections, city.timed) == (1, 1)
    assert city.hours == pytest.approx(1 / 6)
    assert (technology.minor, technology.unannounced, technology.corrections) == (1, 1, 0)
    assert (technology.versions_a_story, technology.minor_share, technology.hours) == (2, 50, None)


def test_months_are_the_newest_first_and_what_is_still_to_come_is_left_out(editor: User) -> None:
    article = begin(user=editor)
    go_live(article, user=editor, at=minutes(-60 * 24 * 31))
    reword(article, user=editor)
    go_live(article, user=editor, at=minutes(10), publication_class="minor", reason="An adverb")
    since = minutes(-60 * 24 * 40)
    assert [each.month.month for each in monthly_figures(since=since, at=NOW)] == [3, 1]
    assert [each.month.month for each in monthly_figures(since=since, at=minutes(9))] == [1]
    assert [each.month.month for each in monthly_figures(since=MORNING, at=NOW)] == [3]


def test_imports_are_left_out_since_nobody_read_them_here(editor: User) -> None:
    take_in(editor, version(9), at=0)
    assert monthly_figures(since=minutes(-60 * 24 * 365 * 9), at=NOW) == []
