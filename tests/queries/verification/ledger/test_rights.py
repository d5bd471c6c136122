"""Accounts and groups may do what the ledger says that they were given, or are reported."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission

from stories.actions.record.rights import RECEIVERS, rights_changes_by
from stories.models import User
from stories.models.roles import AUDITOR, EDITOR, REPORTER
from stories.queries.verification import Kind, Verification
from tests import factories as make
from tests.factors import SoftPasskey, give_app, give_codes
from tests.tampering import execute, tampered

pytestmark = pytest.mark.usefixtures("rights_recorded")

# Changes to Rosa, a reporter, or around her; and the findings that are expected.
TAMPERINGS = {
    "a superuser": (
        ["UPDATE stories_user SET is_superuser = true WHERE email = 'rosa@example.org'"],
        "has what no entry gave: superuser.",
    ),
    "an account that may sign in no more": (
        ["UPDATE stories_user SET is_active = false WHERE email = 'rosa@example.org'"],
        "lacks what no entry took: active.",
    ),
    "another group": (
        [
            (
                "INSERT INTO stories_user_groups (user_id, group_id) SELECT u.id, g.id FROM stories_user u, "
                "auth_group g WHERE u.email = 'rosa@example.org' AND g.name = 'Editor'"
            )
        ],
        "has what no entry gave: the group “Editor”.",
    ),
    "out of the group": (
        ["DELETE FROM stories_user_groups"],
        "lacks what no entry took: the group “Reporter”.",
    ),
    "out of a limit to a section": (
        ["DELETE FROM stories_user_sections"],
        "lacks what no entry took: the section “culture”.",
    ),
    "another section": (
        [
            (
                "INSERT INTO stories_user_sections (user_id, section_id) SELECT id, 'sports' FROM stories_user "
                "WHERE email = 'rosa@example.org'"
            )
        ],
        "has what no entry gave: the section “sports”.",
    ),
    "a permission of her own": (
        [
            (
                "INSERT INTO stories_user_user_permissions (user_id, permission_id) SELECT u.id, p.id "
                "FROM stories_user u, auth_permission p WHERE u.email = 'rosa@example.org' "
                "AND p.codename = 'erase_article'"
            )
        ],
        "has what no entry gave: the permission “stories.erase_article”.",
    ),
    "a permission for all reporters": (
        [
            (
                "INSERT INTO auth_group_permissions (group_id, permission_id) SELECT g.id, p.id "
                "FROM auth_group g, auth_permission p WHERE g.name = 'Reporter' AND p.codename = 'erase_article'"
            )
        ],
        "has what no entry gave: the permission “stories.erase_article”.",
    ),
    "two permissions that change their names": (
        [
            "UPDATE auth_permission SET codename = 'x' WHERE codename = 'erase_article'",
            "UPDATE auth_permission SET codename = 'erase_article' WHERE codename = 'view_section'",
            "UPDATE auth_permission SET codename = 'view_section' WHERE codename = 'x'",
        ],
        "has what no entry gave: the permission “stories.erase_article”.",
    ),
    "two groups that change their names": (
        [
            "UPDATE auth_group SET name = 'x' WHERE name = 'Reporter'",
            "UPDATE auth_group SET name = 'Reporter' WHERE name = 'Managing editor'",
            "UPDATE auth_group SET name = 'Managing editor' WHERE name = 'x'",
        ],
        "has what no entry gave: the group “Managing editor”.",
    ),
    "another person's name": (
        ["UPDATE stories_user SET display_name = 'Maya' WHERE email = 'rosa@example.org'"],
        "is called otherwise than the newest entry of it says.",
    ),
    "an account slipped in": (
        [
            (
                "INSERT INTO stories_user (password, is_superuser, display_name, email, is_staff, "
                "is_active, date_joined, language, time_zone, muted_mails) "
                "SELECT '!', true, '', 'eve@example.org', true, true, date_joined, '', '', '[]' "
                "FROM stories_user WHERE email = 'rosa@example.org'"
            )
        ],
        "is there, and no entry says that it was made.",
    ),
    "a group slipped in": (
        ["INSERT INTO auth_group (name) VALUES ('Helpers')"],
        "is there, and no entry says that it was made.",
    ),
    "another author": (
        [
            (
                "INSERT INTO stories_author (slug, name, bio, alt_text, contact, profile_salt) "
                "SELECT 'eve', 'Eve', '', '', '', salt FROM stories_rightschange LIMIT 1"
            ),
            "UPDATE stories_user SET author_id = 'eve' WHERE email = 'rosa@example.org'",
        ],
        "has what no entry gave: the author “eve”.",
    ),
    "an account gone": (
        [
            "DELETE FROM stories_user_groups",
            "DELETE FROM stories_user_sections",
            "DELETE FROM stories_user WHERE email = 'rosa@example.org'",
        ],
        "is gone, and no entry says that it was deleted.",
    ),
}


@pytest.fixture
def rosa(rights_recorded: None) -> User:
    rosa = make.make_user(REPORTER)
    make.make_section("sports", "Sports")
    rosa.sections.add(make.make_section("culture", "Culture"))
    return rosa


def found() -> list[str]:
    return [str(finding) for finding in Verification() if finding.kind is Kind.RIGHTS]


@pytest.mark.parametrize(("statements", "said"), TAMPERINGS.values(), ids=TAMPERINGS.keys())
def test_rights_that_no_entry_gave_or_took_are_named(rosa: User, statements: list[str], said: str) -> None:
    with tampered():
        for statement in statements:
            execute(statement)
        assert any(said in each for each in found()), found()


def test_rights_that_came_and_went_by_our_actions_verify(rosa: User) -> None:
    desk, auditors = Group(name="Desk"), Group.objects.get(name=AUDITOR)
    emil = make.make_user(EDITOR)
    for change in (
        desk.save,
        lambda: desk.permissions.add(Permission.objects.get(codename="erase_article")),
        lambda: rosa.groups.set([desk, Group.objects.get(name=EDITOR)]),
        lambda: rosa.sections.set([make.make_section("sports")]),
        lambda: rosa.user_permissions.add(Permission.objects.get(codename="view_section")),
        lambda: changed(rosa, is_superuser=True, display_name="Rosalind"),
        lambda: changed(desk, name="Night desk"),
        auditors.permissions.clear,
        lambda: changed(auditors, name="Readers’ editors"),
        lambda: changed(rosa, is_active=False),
    ):
        with rights_changes_by(emil):
            change()
    assert found() == []
    for gone in (desk, emil):
        with rights_changes_by(rosa):
            gone.delete()
    assert found() == []


@pytest.mark.parametrize("kind", ["totp", "recovery_codes", "webauthn"])
def test_a_factor_that_came_went_or_was_exchanged_past_our_actions_is_named(rosa: User, kind: str) -> None:
    give_app(rosa)
    give_codes(rosa)
    SoftPasskey().give(rosa)
    assert found() == []
    for statement, said in (
        ("DELETE FROM mfa_authenticator WHERE type = %s", f"lacks what no entry took: the factor “{kind} "),
        (
            "UPDATE mfa_authenticator SET data = '{}' WHERE type = %s",
            f"has what no entry gave: the factor “{kind} ",
        ),
    ):
        with tampered():
            execute(statement, kind)
            assert any(said in each for each in found()), found()


def test_a_factor_slipped_in_is_named_even_for_an_account_from_before_the_first_entry(rosa: User) -> None:
    for signal, receiver, sender in RECEIVERS:
        signal.disconnect(receiver, sender=sender)
    elder = make.make_user(EDITOR)
    give_app(elder)
    assert any("has what no entry gave: the factor “totp " in each for each in found()), found()


def test_factors_that_came_and_went_by_our_actions_verify(rosa: User) -> None:
    give_app(rosa)
    give_codes(rosa)
    passkey = SoftPasskey().give(rosa)
    passkey.record_usage()
    passkey.delete()
    assert found() == []
    rosa.delete()
    assert found() == []


def changed(holder: User | Group, **values: Any) -> None:
    for name, value in values.items():
        setattr(holder, name, value)
    holder.save()


def test_accounts_of_before_there_were_entries_are_held_to_their_entries_alone(rosa: User) -> None:
    User.objects.bulk_create([User(pk=rosa.pk + 1_000, email="olga@example.org", is_staff=True)])
    assert ["no entry says that it was made" in each for each in found()] == [True]
    User.objects.filter(email="olga@example.org").delete()
    with tampered():
        execute("UPDATE stories_rightschange SET changes = '[]'")
        assert found() == []
