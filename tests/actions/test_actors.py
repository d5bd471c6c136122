"""People and commands that act: their names in the record, their addresses, who holds which right."""

from __future__ import annotations

import pytest

from stories.actions.actors import (
    SystemActor,
    actor_columns,
    addresses_of,
    assigned_to,
    auditors,
    managing_editors,
    name_of,
    publishers,
)
from stories.actions.editing.assignments import assign
from stories.models import User
from tests.factories import MORNING, begin, make_section, make_user, wanted

pytestmark = pytest.mark.django_db


def test_a_person_goes_by_their_display_name_and_without_one_by_their_user_name(editor: User) -> None:
    assert name_of(editor) == "Emil Editor"
    assert name_of(make_user(name="nameless", display_name="")) == "nameless"
    assert name_of(SystemActor("n" * 300)) == "n" * 200


def test_a_journal_says_who_acted_and_when_though_a_command_has_no_account(editor: User) -> None:
    assert actor_columns(editor, MORNING)["user_id"] == editor.pk
    assert actor_columns(SystemActor("the import"), MORNING) == {
        "user_id": None,
        "user_name": "the import",
        "recorded_at": MORNING,
    }


def test_only_active_accounts_with_the_right_are_publishers_or_auditors(
    editor: User, managing_editor: User, reporter: User, auditor: User
) -> None:
    article = begin(user=editor)
    assert list(publishers(article)) == sorted((editor, managing_editor), key=lambda person: person.pk)
    assert auditors() == [auditor.pk]
    User.objects.filter(pk__in=(editor.pk, auditor.pk)).update(is_active=False)
    assert list(publishers(article)) == [managing_editor]
    assert auditors() == []


def test_who_is_limited_to_sections_publishes_in_those_alone(editor: User, managing_editor: User) -> None:
    sports = begin(wanted("A match", section=make_section("sports", "Sports").pk), user=editor)
    none = begin(wanted("A story in no section"), user=editor)
    editor.sections.add(make_section("sports"), make_section())
    assert list(publishers(sports)) == [editor, managing_editor]
    assert list(publishers(none)) == [managing_editor]
    managing_editor.sections.add(make_section())
    assert list(publishers(sports)) == [editor]
    assert list(managing_editors()) == [managing_editor]
    managing_editor.is_superuser = True
    managing_editor.save()
    assert set(publishers(sports)) == {editor, managing_editor}


def test_nobody_who_has_left_is_written_to(editor: User, reporter: User) -> None:
    User.objects.filter(pk=reporter.pk).update(is_active=False)
    assert addresses_of([None, reporter.pk, editor.pk, editor.pk]) == ["emil@example.org"]


def test_a_story_is_assigned_to_the_last_person_who_was_given_it(editor: User, reporter: User) -> None:
    article = begin(user=editor)
    assert assigned_to(article.pk) is None
    assign(article=article, to=reporter, user=editor)
    assert assigned_to(article.pk) == reporter.pk
    assign(article=article, to=None, user=editor)
    assert assigned_to(article.pk) is None
