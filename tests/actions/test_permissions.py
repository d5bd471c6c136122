"""Who may do what to a story, by role, by whose it is, and by whether it is published."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from stories.actions.actors import SystemActor
from stories.actions.audit.dossier_access import give_access
from stories.actions.audit.questions import ask_question
from stories.actions.editing.assignments import assign
from stories.actions.permissions import (
    DossierAccess,
    dossier_access,
    may_answer,
    may_chase,
    may_edit,
    may_order_dossier,
    may_see,
    may_see_desk_records,
    may_work_desk,
    require,
    stories_of,
)
from stories.models import LedgerEntry, User
from stories.models.roles import OUTSIDE_AUDITOR, REPORTER
from tests.factories import MORNING, begin, go_live, make_user, minutes, wanted

pytestmark = pytest.mark.django_db


def test_a_writer_edits_the_drafts_they_began_or_have_until_they_are_published(
    reporter: User, editor: User
) -> None:
    own, given = begin(wanted("Own"), user=reporter), begin(wanted("Given"), user=editor)
    assert [may_edit(reporter, article) for article in (own, given)] == [True, False]
    assign(article=given, to=reporter, user=editor)
    assert may_edit(reporter, given)
    go_live(own, user=editor)
    assert not may_edit(reporter, own)
    assert may_edit(editor, own)


def test_whose_stories_are_theirs_stay_so_when_they_are_published(reporter: User, editor: User) -> None:
    own, given = begin(wanted("Own"), user=reporter), begin(wanted("Given"), user=editor)
    begin(wanted("Of another"), user=editor)
    assign(article=given, to=reporter, user=editor)
    go_live(own, user=editor)
    assert set(stories_of(reporter)) == {own, given}
    assign(article=given, to=None, user=editor)
    assert set(stories_of(reporter)) == {own}
    assert not stories_of(SystemActor("the import")).exists()


def test_the_desks_records_are_for_editors_auditors_and_whose_story_it_is(
    reporter: User, editor: User, auditor: User
) -> None:
    own = begin(wanted("Own"), user=reporter)
    other = make_user(REPORTER, name="ruth")
    assert [may_see_desk_records(user, own) for user in (reporter, editor, auditor, other)] == [
        *(True, True, True),
        False,
    ]
    assert [may_work_desk(user, own) for user in (reporter, editor, auditor, other)] == [
        *(True, True),
        *(False, False),
    ]
    assert not may_chase(auditor)


def test_an_outsider_sees_no_story_before_it_is_published(editor: User, auditor: User) -> None:
    article = begin(user=editor)
    assert may_see(auditor, article)
    assert not may_see(make_user(), article)


def test_a_question_is_answered_by_whom_it_was_put_to_and_by_a_managing_editor(
    editor: User, reporter: User, managing_editor: User, auditor: User
) -> None:
    begin(user=editor)
    question = ask_question(entry=LedgerEntry.objects.get(), user=auditor, reason="Why?")
    assert [may_answer(user, question) for user in (editor, managing_editor, reporter)] == [
        *(True, True),
        False,
    ]
    assert may_answer(SystemActor("the import"), question)


def test_an_outside_auditor_sees_as_much_of_a_dossier_as_they_were_given(
    editor: User, managing_editor: User, auditor: User
) -> None:
    article, oda = begin(user=editor), make_user(OUTSIDE_AUDITOR)
    assert dossier_access(auditor, article, at=MORNING) is DossierAccess.HOUSE
    assert dossier_access(oda, article, at=MORNING) is None
    for full, seen in ((False, DossierAccess.PUBLIC), (True, DossierAccess.FULL)):
        give_access(
            article=article,
            auditor=oda,
            until=minutes(60),
            full=full,
            user=managing_editor,
            reason="The press council asks",
            at=MORNING,
        )
        assert dossier_access(oda, article, at=minutes(59)) is seen
        assert may_order_dossier(oda, article, at=minutes(59)) is full
    assert dossier_access(oda, article, at=minutes(60)) is None


def test_a_refusal_says_who_may() -> None:
    with pytest.raises(PermissionDenied, match="Ask an editor"):
        require(False, "Ask an editor.")
    require(True, "Ask an editor.")
