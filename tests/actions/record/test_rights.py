"""Changes of rights are in the ledger, whatever code makes them."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from stories.actions.record.rights import rights_changes_by
from stories.models import RightsChange, User
from stories.models.roles import AUDITOR, EDITOR, REPORTER
from stories.queries.verification import Verification
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def rosa() -> User:
    return make.make_user(REPORTER)


def recorded() -> list[tuple[str, str, list[Any]]]:
    """Return the recorded changes of rights, with their users, in the ledger's order."""
    assert not list(Verification())
    return [(row.user_name, row.holder_name, row.changes) for row in RightsChange.objects.order_by("pk")]


def test_a_script_is_recorded_as_one(rosa: User, rights_recorded: None) -> None:
    rosa.is_superuser = True
    rosa.save()
    rosa.user_permissions.add(Permission.objects.get(codename="publish_article"))
    Group.objects.get(name=AUDITOR).user_set.add(rosa)
    rosa.groups.clear()
    # Removing what was not there is not recorded.
    rosa.groups.remove(Group.objects.get(name=EDITOR))
    assert {who for who, _whose, _what in recorded()} == {"a script on the server"}
    assert [what for _who, _whose, what in recorded()] == [
        [["superuser", "yes"]],
        [["permission-added", "stories.publish_article"]],
        [["group-added", "Auditor"]],
        [["group-removed", "Auditor"], ["group-removed", "Reporter"]],
    ]


def test_migrating_makes_the_groups_without_an_entry(rights_recorded: None) -> None:
    Group.objects.get(name=AUDITOR).delete()
    RightsChange.objects.get()
    call_command("migrate", verbosity=0)
    assert Group.objects.get(name=AUDITOR).permissions.exists()
    assert len(recorded()) == 1


def test_what_one_person_changes_in_a_request_is_one_entry_an_account_under_their_name(
    rosa: User, editor: User, managing_editor: User, rights_recorded: None
) -> None:
    with rights_changes_by(managing_editor):
        rosa.is_staff = False
        rosa.save()
        rosa.groups.clear()
        editor.display_name = "Emil E."
        editor.save()
        assert not RightsChange.objects.exists()
    assert recorded() == [
        ("Maya Managing", "Rosa Reporter", [["staff", "no"], ["group-removed", "Reporter"]]),
        ("Maya Managing", "Emil E.", [["renamed", "Emil Editor"]]),
    ]


def test_a_password_or_a_mailbox_that_another_sets_is_recorded_without_it(
    rosa: User, managing_editor: User, rights_recorded: None
) -> None:
    with rights_changes_by(managing_editor):
        rosa.set_password("another long one")
        rosa.email = "elsewhere@example.org"
        rosa.save()
    assert recorded() == [("Maya Managing", "Rosa Reporter", [["password", ""], ["email", ""]])]
    # A sign-in renews a hash, and saves its time.
    rosa.set_password("another long one")
    rosa.save(update_fields=["password"])
    assert len(recorded()) == 1


def test_what_fails_records_nothing(rosa: User, managing_editor: User, rights_recorded: None) -> None:
    def fail() -> None:
        with rights_changes_by(managing_editor):
            rosa.groups.clear()
            raise ValueError("the form is wrong")

    with pytest.raises(ValueError, match="form is wrong"):
        fail()
    assert recorded() == []
    assert rosa.groups.exists()


def test_a_deleted_account_loses_its_groups_and_a_group_its_name(rosa: User, rights_recorded: None) -> None:
    rosa.delete()
    Group.objects.get(name=AUDITOR).delete()
    assert [(name, changes) for _user, name, changes in recorded()] == [
        ("Rosa Reporter", [["deleted", ""], ["group-removed", "Reporter"]]),
        ("Auditor", [["deleted", ""]]),
    ]


def test_a_limit_to_sections_is_recorded_from_either_side_and_a_deletion_takes_it(
    rosa: User, rights_recorded: None
) -> None:
    culture, sports = make.make_section("culture", "Culture"), make.make_section("sports", "Sports")
    rosa.sections.add(culture)
    sports.limited_accounts.add(rosa)
    culture.limited_accounts.clear()
    rosa.sections.remove(culture)
    rosa.delete()
    assert [changes for _user, _name, changes in recorded()] == [
        [["section-added", "culture"]],
        [["section-added", "sports"]],
        [["section-removed", "culture"]],
        [["deleted", ""], ["group-removed", "Reporter"], ["section-removed", "sports"]],
    ]
