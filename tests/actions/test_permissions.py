"""Who may do what to a story, by role, by whose it is, by its section, and by whether it is withdrawn."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from stories.actions.actors import SystemActor
from stories.actions.audit.dossier_access import give_access
from stories.actions.audit.questions import ask_question
from stories.actions.editing.assignments import assign
from stories.actions.editing.restore import restore
from stories.actions.permissions import (
    DossierAccess,
    dossier_access,
    may_answer,
    may_chase,
    may_edit,
    may_order_dossier,
    may_publish,
    may_see,
    may_see_desk_records,
    may_withdraw,
    may_work_desk,
    may_work_desks,
    reason_not_to_edit,
    require,
    stories_of,
)
from stories.actions.publishing.fix import fix
from stories.actions.publishing.publish import publish
from stories.actions.takedown.withdrawals import reinstate, withdraw
from stories.models import Article, LedgerEntry, User
from stories.models.roles import OUTSIDE_AUDITOR, REPORTER
from stories.queries.story.snapshots import snapshot_at
from tests.factories import MORNING, begin, change, go_live, make_section, make_user, minutes, note, wanted

pytestmark = pytest.mark.django_db


def test_a_writer_edits_the_stories_they_began_or_have_live_ones_too(reporter: User, editor: User) -> None:
    own, given = begin(wanted("Own"), user=reporter), begin(wanted("Given"), user=editor)
    assert [may_edit(reporter, article) for article in (own, given)] == [True, False]
    assign(article=given, to=reporter, user=editor)
    assert may_edit(reporter, given)
    for article in (own, given):
        go_live(article, user=editor)
    assert may_edit(reporter, own)
    assert may_edit(reporter, given)
    assert may_edit(editor, own)
    assign(article=given, to=None, user=editor)
    assert not may_edit(reporter, given)


def test_a_withdrawn_story_is_for_editors_until_it_is_back(
    reporter: User, editor: User, managing_editor: User
) -> None:
    own = begin(wanted("Own"), user=reporter)
    go_live(own, user=editor)
    withdraw(article=own, user=managing_editor, notice="It is down.", reason="A threat", at=minutes(1))
    assert not may_edit(reporter, own)
    assert "Ask a managing editor to bring it back" in reason_not_to_edit(reporter, own)
    assert may_edit(editor, own)
    reinstate(article=own, user=managing_editor, reason="It passed", at=minutes(2))
    assert may_edit(reporter, own)


def in_section(slug: str, user: User, headline: str = "") -> Article:
    section = make_section(slug, slug.capitalize()).pk if slug else ""
    return begin(wanted(headline or f"A story in {slug}", section=section), user=user)


def limited(user: User, *sections: str) -> User:
    """Return an account as the next request finds it, limited to sections."""
    user.sections.set([make_section(slug, slug.capitalize()) for slug in sections])
    return User.objects.get(pk=user.pk)


def test_a_limit_reaches_as_far_as_its_sections(editor: User, managing_editor: User) -> None:
    sports, culture, none = (in_section(slug, managing_editor) for slug in ("sports", "culture", ""))
    emil = limited(editor, "sports", "science")
    assert [may_edit(emil, article) for article in (sports, culture, none)] == [True, False, False]
    assert reason_not_to_edit(emil, sports) == ""
    assert reason_not_to_edit(emil, culture) == (
        "Your rights over stories are limited to the sections “Science” and “Sports”. This story is in the section "
        "“Culture”. Ask an editor of that section."
    )
    assert reason_not_to_edit(emil, none) == (
        "Your rights over stories are limited to the sections “Science” and “Sports”. This story is in no section, so "
        "it takes somebody without such a limit. Ask one of them, or whose story it is."
    )
    assert all(may_see(emil, article) for article in (sports, culture, none))
    assert all(may_edit(managing_editor, article) for article in (sports, culture, none))


def test_beyond_their_sections_an_editor_is_the_writer_of_their_own_stories(
    editor: User, managing_editor: User
) -> None:
    given, own = in_section("culture", managing_editor), in_section("culture", editor, "Own")
    emil = limited(editor, "sports")
    assert may_edit(emil, own)
    assert not may_edit(emil, given)
    assign(article=given, to=emil, user=managing_editor)
    assert may_edit(emil, given)
    assert may_work_desk(emil, given)
    assert not may_publish(emil, own)
    assert may_work_desks(emil, [given, own, in_section("culture", managing_editor, "Another")]) == {
        *(given.pk, own.pk)
    }


def test_a_story_moves_with_the_right_to_both_sections(editor: User, managing_editor: User) -> None:
    sports, culture = in_section("sports", managing_editor), in_section("culture", managing_editor)
    emil = limited(editor, "sports", "science")
    for article, to in ((sports, "culture"), (sports, ""), (culture, "sports")):
        with pytest.raises(PermissionDenied, match="Your rights over stories are limited"):
            change(article, user=emil, section=to)
    change(sports, user=emil, section="science")
    change(sports, user=managing_editor, section="culture")
    with pytest.raises(PermissionDenied, match="in the section “Culture”"):
        change(sports, user=emil, dek="Too late")


def test_whose_draft_it_is_files_it_where_they_like_until_it_is_published(
    reporter: User, editor: User
) -> None:
    own, of_editor = in_section("sports", reporter, "Own"), in_section("culture", editor, "Of an editor")
    make_section("science", "Science")
    change(own, user=reporter, section="science")
    emil = limited(editor, "sports")
    change(of_editor, user=emil, section="sports")
    go_live(of_editor, user=emil)
    with pytest.raises(PermissionDenied, match="may change stories in both"):
        change(of_editor, user=emil, section="culture", at=minutes(1))
    go_live(own, user=limited(editor))
    with pytest.raises(PermissionDenied, match="moved to another section by an editor"):
        change(own, user=reporter, section="sports", at=minutes(1))


def test_no_revision_of_another_section_is_restored_or_published(editor: User, managing_editor: User) -> None:
    article = in_section("culture", managing_editor)
    change(article, user=managing_editor, section=make_section("sports", "Sports").pk)
    emil = limited(editor, "sports")
    with pytest.raises(PermissionDenied, match="may change stories in both"):
        restore(article=article, revision=1, seen=2, user=emil)
    with pytest.raises(PermissionDenied, match="in the section “Culture”"):
        publish(article=article, revision=1, user=emil, at=MORNING)
    publish(article=article, revision=1, user=managing_editor, at=MORNING)
    with pytest.raises(PermissionDenied, match="in the section “Culture”"):
        fix(
            article=article,
            story=replace(snapshot_at(article.pk, 1), dek="Fixed"),
            base=1,
            user=emil,
            notes=[note()],
            at=minutes(1),
        )


def test_a_superuser_has_no_limit_and_neither_has_a_command(editor: User) -> None:
    culture = in_section("culture", editor)
    chief = limited(make_user(None, name="chief", is_superuser=True), "sports")
    assert may_withdraw(chief, culture)
    assert may_withdraw(SystemActor("the import"), culture)


def test_the_sections_of_an_account_are_read_once_a_request(
    editor: User, managing_editor: User, django_assert_num_queries: Any
) -> None:
    stories_ = [in_section(slug, managing_editor) for slug in ("sports", "culture", "science")]
    emil = limited(editor, "sports")
    assert emil.has_perm("stories.publish_article")
    with django_assert_num_queries(1):
        assert [may_publish(emil, article) for article in stories_] == [True, False, False]


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
