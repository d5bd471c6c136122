"""Accounts that may be one person's: by who made or changed whose account, or by one mailbox."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, Permission
from pytest_django import DjangoAssertNumQueries

from stories.actions.record.rights import rights_changes_by
from stories.models import RightsChange, User
from stories.models.roles import AUDITOR, REPORTER
from stories.queries.accounts.tied_accounts import Tie, TiedAccounts
from tests.factories import make_user, minutes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rights_recorded")]

LONG_AGO = minutes(-60 * 24 * 365)


def changed_by(maker: User, holder: User) -> RightsChange:
    """Let one account change another's rights."""
    with rights_changes_by(maker):
        holder.is_staff = not holder.is_staff
        holder.save()
    return RightsChange.objects.latest("pk")


def people() -> tuple[User, User, User]:
    one, two, three = (make_user(REPORTER, name=name) for name in ("ann", "ben", "cleo"))
    return one, two, three


def test_a_change_ties_both_and_a_chain_of_changes_its_ends() -> None:
    ann, ben, cleo = people()
    assert TiedAccounts(LONG_AGO).tie(ann.pk, ben.pk) is None
    first, second = changed_by(ann, ben), changed_by(cleo, ben)
    tied = TiedAccounts(LONG_AGO)
    assert tied.tie(ben.pk, ann.pk) == Tie(changes=(first,), since=first.recorded_at)
    chain = tied.tie(ann.pk, cleo.pk)
    assert chain is not None
    assert (chain.changes, chain.since) == ((first, second), first.recorded_at)


def test_a_tie_is_forgotten_once_its_changes_are_too_old() -> None:
    ann, ben, _cleo = people()
    change = changed_by(ann, ben)
    assert TiedAccounts(change.recorded_at).tie(ann.pk, ben.pk) is not None
    assert TiedAccounts(minutes(60 * 24 * 365 * 50)).tie(ann.pk, ben.pk) is None


def test_one_mailbox_is_one_person_for_ever() -> None:
    ann = make_user(REPORTER, name="ann", email="maya@example.org")
    ben = make_user(REPORTER, name="ben", email="maya+second@example.org")
    assert TiedAccounts(minutes(60 * 24 * 365 * 50)).tie(ann.pk, ben.pk) == Tie(changes=(), since=None)


def test_a_permission_given_to_a_group_ties_its_members_and_one_taken_does_not() -> None:
    ann, ben, cleo = people()
    auditors = Group.objects.get(name=AUDITOR)
    ben.groups.add(auditors)
    permission = Permission.objects.get(codename="publish_article")
    with rights_changes_by(ann):
        auditors.permissions.add(permission)
    with rights_changes_by(cleo):
        auditors.permissions.remove(permission)
    tied = TiedAccounts(LONG_AGO)
    assert tied.tie(ann.pk, ben.pk) is not None
    assert tied.tie(cleo.pk, ben.pk) is None


def test_a_script_ties_nobody() -> None:
    ann, ben, _cleo = people()
    ben.groups.clear()
    assert TiedAccounts(LONG_AGO).tie(ann.pk, ben.pk) is None


def test_all_that_are_tied_to_one_are_found_in_three_queries(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    ann, ben, cleo = people()
    dora = make_user(REPORTER, name="dora")
    changed_by(ann, ben)
    changed_by(ben, cleo)
    with django_assert_max_num_queries(3):
        tied = TiedAccounts(LONG_AGO)
    assert tied.is_tied(ann.pk, [ann.pk, cleo.pk, dora.pk]) == {ann.pk, cleo.pk}
