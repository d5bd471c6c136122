"""Who else has a story open at present, and what was saved of it meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from stories.actions.editing.presence import touch_presence
from stories.models import User
from stories.queries.desk.presence import OPEN_FOR, newest_save, others_present, present_in
from tests.factories import MORNING, begin, change, minutes

pytestmark = pytest.mark.django_db


def test_others_are_there_until_their_browsers_fall_silent(
    editor: User, managing_editor: User, auditor: User
) -> None:
    article = begin(user=editor)
    for user in (managing_editor, editor, auditor):
        touch_presence(article=article, user=user, at=MORNING)
    still = MORNING + OPEN_FOR - timedelta(seconds=1)
    assert others_present(article.pk, excluding=editor.pk, at=still) == ["Aldo Auditor", "Maya Managing"]
    assert others_present(article.pk, excluding=editor.pk, at=MORNING + OPEN_FOR) == []


def test_a_list_of_stories_says_who_has_which_open_in_one_query(
    editor: User, managing_editor: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first, second, third = (begin(user=editor) for _ in range(3))
    touch_presence(article=first, user=managing_editor, at=MORNING)
    touch_presence(article=first, user=editor, at=MORNING)
    touch_presence(article=second, user=editor, at=MORNING - OPEN_FOR)
    with django_assert_num_queries(1):
        found = present_in([first.pk, second.pk, third.pk], at=MORNING)
    assert found == {first.pk: ["Emil Editor", "Maya Managing"]}


def test_the_newest_save_is_returned_if_it_is_newer_than_what_is_open(editor: User, reporter: User) -> None:
    article = begin(user=reporter)
    assert newest_save(article.pk, after=1) is None
    for number in (2, 3):
        change(article, user=editor, dek=f"Dek {number}", at=minutes(number))
    save = newest_save(article.pk, after=1)
    assert save is not None
    assert (save.number, save.user_name, save.recorded_at) == (3, "Emil Editor", minutes(3))
