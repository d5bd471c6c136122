"""Nobody gives more rights than they have, or changes somebody who has more."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, Permission

from stories.actions.record.rights import SCRIPT
from stories.models import User
from stories.models.roles import AUDITOR, EDITOR, MANAGING_EDITOR, OUTSIDE_AUDITOR, REPORTER
from stories.queries.accounts.rights import groups_with, groups_within, has_more_rights
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_the_groups_that_grant_a_permission_are_named() -> None:
    assert groups_with("stories.publish_article") == [EDITOR, MANAGING_EDITOR]
    assert groups_with("auth.delete_group") == []


@pytest.mark.parametrize(
    ("person", "user", "more"),
    [
        (REPORTER, MANAGING_EDITOR, False),
        (EDITOR, MANAGING_EDITOR, False),
        (AUDITOR, MANAGING_EDITOR, True),
        (MANAGING_EDITOR, EDITOR, True),
    ],
)
def test_more_is_what_the_other_lacks(person: str, user: str, more: bool) -> None:
    assert has_more_rights(make.make_user(person), make.make_user(user)) is more


def test_a_superuser_has_more_than_all_but_superusers_and_scripts() -> None:
    owner = make.make_user(None, name="owner", is_superuser=True)
    other = make.make_user(None, name="other", is_superuser=True)
    assert has_more_rights(owner, make.make_user(MANAGING_EDITOR))
    assert not has_more_rights(owner, other)
    assert not has_more_rights(owner, SCRIPT)


def test_what_an_account_lost_while_it_is_not_active_counts() -> None:
    maya = make.make_user(MANAGING_EDITOR, is_active=False)
    owner = make.make_user(None, name="owner", is_superuser=True, is_active=False)
    emil = make.make_user(EDITOR)
    assert has_more_rights(maya, emil)
    assert has_more_rights(owner, emil)


def test_a_group_is_within_somebodys_rights_if_it_grants_nothing_they_lack(maya: User) -> None:
    names = set(groups_within(maya).values_list("name", flat=True))
    assert names == {REPORTER, EDITOR, MANAGING_EDITOR, OUTSIDE_AUDITOR}
    rosa = make.make_user(REPORTER)
    assert set(groups_within(rosa).values_list("name", flat=True)) == {REPORTER}
    owner = make.make_user(None, name="owner", is_superuser=True)
    assert AUDITOR in set(groups_within(owner).values_list("name", flat=True))


def test_a_right_of_ones_own_counts_as_one_by_a_group_does() -> None:
    maya, rosa = make.make_user(MANAGING_EDITOR), make.make_user(REPORTER)
    assert not has_more_rights(rosa, than=maya)
    right = Permission.objects.get(codename="delete_user")
    rosa.user_permissions.add(right)
    assert has_more_rights(rosa, than=maya)
    group = Group.objects.create(name="Deleters")
    group.permissions.add(right)
    maya.groups.add(group)
    # Permissions are remembered on the object.
    assert not has_more_rights(rosa, than=User.objects.get(pk=maya.pk))


def test_who_is_limited_to_sections_has_less_than_who_may_act_in_others() -> None:
    culture, sports = make.make_section("culture", "Culture"), make.make_section("sports", "Sports")
    maya, emil, rosa = (make.make_user(role) for role in (MANAGING_EDITOR, EDITOR, REPORTER))
    maya.sections.set([culture])
    assert has_more_rights(emil, than=maya)
    # A reporter has no rights that a limit would narrow.
    assert not has_more_rights(rosa, than=maya)
    emil.sections.set([culture])
    assert not has_more_rights(User.objects.get(pk=emil.pk), than=maya)
    emil.sections.set([culture, sports])
    assert has_more_rights(User.objects.get(pk=emil.pk), than=maya)
