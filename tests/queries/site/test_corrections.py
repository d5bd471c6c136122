"""Every note of the site and every line of a developing story, newest first, in pages without gaps."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from stories.actions.publishing.developing_mode import start_developing
from stories.actions.takedown.withdrawals import withdraw
from stories.actions.takedown.withholdings import withhold_words
from stories.domain.snapshot import NoteKind
from stories.models import Article, User
from stories.queries.site.corrections import DEVELOPING, NoteLine, months_of_notes, note_lines
from tests.factories import begin, go_live, minutes, reword, wanted
from tests.public.stories import make_answer, make_corrected

pytestmark = pytest.mark.django_db

AT = minutes(200)
ALL = (*(str(kind) for kind in NoteKind), DEVELOPING)


@pytest.fixture
def developing(editor: User) -> Article:
    """A story with a line of 100 minutes after the fixed morning."""
    article = begin(wanted("Harbour closed"), user=editor)
    go_live(article, user=editor, at=minutes(90))
    start_developing(article=article, user=editor, until=minutes(150), at=minutes(91))
    reword(article, user=editor, at=minutes(95))
    go_live(article, user=editor, at=minutes(100), publication_class="developing", reason="Nobody is hurt.")
    return article


def texts(lines: list[NoteLine]) -> list[str]:
    return [line.text for line in lines]


def test_notes_and_lines_come_newest_first_with_their_version_and_story(
    developing: Article, editor: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_answer(editor)
    make_corrected(editor)
    with django_assert_num_queries(3):
        lines = note_lines(at=AT, limit=10, kinds=ALL)
    assert [(line.kind, line.number, line.story.slug) for line in lines] == [
        (DEVELOPING, 2, "harbour-closed"),
        ("correction", 2, "ferry-budget-approved"),
        ("comment-added", 3, "corvid-answers"),
        ("typo", 2, "corvid-answers"),
    ]
    assert (lines[1].was, lines[1].now, lines[0].key) == ("$40", "$14", None)


def test_they_are_narrowed_by_kind_section_and_period(developing: Article, editor: User) -> None:
    make_answer(editor)
    make_corrected(editor)
    cases: list[tuple[dict[str, Any], list[str]]] = [
        ({"kinds": ("correction",)}, ["The budget was given wrongly."]),
        ({"kinds": (DEVELOPING,)}, ["Nobody is hurt."]),
        ({"kinds": ALL, "section": "city"}, ["The budget was given wrongly."]),
        ({"kinds": ALL, "since": minutes(70)}, ["Nobody is hurt."]),
        (
            {"kinds": ("correction", "typo"), "until": minutes(30)},
            ["Typographical errors in the quotation were fixed."],
        ),
        ({"kinds": ()}, []),
    ]
    for asked, found in cases:
        assert texts(note_lines(at=AT, limit=10, **asked)) == found, asked


def test_a_page_goes_on_after_the_last_line_of_the_one_before(developing: Article, editor: User) -> None:
    make_answer(editor)
    make_corrected(editor)
    whole, found, before = note_lines(at=AT, limit=10, kinds=ALL), [], None
    for _line in whole:
        (line,) = note_lines(at=AT, limit=1, kinds=ALL, before=before)
        found.append(line.text)
        before = line.place
    assert found == texts(whole)
    assert note_lines(at=AT, limit=1, kinds=ALL, before=before) == []


def test_withheld_words_are_masked_and_a_withdrawn_story_has_no_lines(editor: User, maya: User) -> None:
    corrected, answer = make_corrected(editor), make_answer(editor)
    withhold_words(
        article=answer, words="Liberty Watch", user=maya, ground="court", reason="An order.", at=minutes(100)
    )
    assert "A comment of the [words withheld] was added." in texts(note_lines(at=AT, limit=10, kinds=ALL))
    withdraw(article=corrected, user=maya, notice="It is down.", reason="Untrue", at=minutes(110))
    assert note_lines(at=AT, limit=10, kinds=("correction",)) == []


def test_months_with_a_note_are_listed_once(developing: Article, editor: User) -> None:
    assert months_of_notes(at=minutes(99)) == []
    make_corrected(editor)
    assert months_of_notes(at=AT) == [date(2026, 3, 1)]
