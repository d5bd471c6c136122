"""Whoever made an entry had an account by then, could sign in, and was called so; or the entry is named."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from stories.actions.actors import actor_columns
from stories.actions.record.ledger import record
from stories.models import Article, Discard, LedgerEntry, User
from stories.models.roles import EDITOR, MANAGING_EDITOR
from stories.queries.verification import Kind, Verification
from tests import factories as make

pytestmark = pytest.mark.usefixtures("rights_recorded")


@pytest.fixture
def emil(rights_recorded: None) -> User:
    return make.make_user(EDITOR)


@pytest.fixture
def article(emil: User) -> Article:
    return make.begin(user=emil)


def found() -> list[str]:
    return [str(finding) for finding in Verification() if finding.kind is Kind.ACTOR]


def forge(article: Article, user: User, *, minutes_on: int = 60, **who: Any) -> int:
    """Append an event of somebody's, in the near future; return its entry's number."""
    at = timezone.now() + timedelta(minutes=minutes_on)
    record(Discard(article=article, discarded=True, **actor_columns(user, at) | who))
    newest = LedgerEntry.objects.order_by("sequence").last()
    assert newest is not None
    return newest.sequence


def changed(user: User, **values: Any) -> None:
    for name, value in values.items():
        setattr(user, name, value)
    user.save()


def test_an_entry_by_an_account_that_never_was_is_named(article: Article, emil: User) -> None:
    sequence = forge(article, emil, user_id=emil.pk + 1_000, user_name="Nobody")
    assert found() == [
        f"Entry {sequence}: it is by the account {emil.pk + 1_000}, which no entry says was ever made."
    ]


def test_an_entry_by_an_account_that_was_made_later_is_named(article: Article, emil: User) -> None:
    sequence = forge(article, emil, user_id=emil.pk + 1)
    maya = make.make_user(MANAGING_EDITOR, pk=emil.pk + 1)
    (said,) = found()
    assert said.startswith(
        f"Entry {sequence}: it is by the account {maya.pk}, which was made later, by entry "
    )


def test_an_entry_in_the_name_of_somebody_else_is_named_without_the_name(
    article: Article, emil: User
) -> None:
    sequence = forge(article, emil, user_name="Maya Trevelyan")
    assert found() == [f"Entry {sequence}: it is by the account {emil.pk} under a name that it never had."]


def test_an_entry_by_an_account_that_could_not_sign_in_is_named(article: Article, emil: User) -> None:
    changed(emil, is_active=False)
    sequence = forge(article, emil)
    (said,) = found()
    assert f"Entry {sequence}: it is by the account {emil.pk}, which could not sign in since entry" in said


def test_an_entry_by_an_account_that_was_deleted_is_named(article: Article, emil: User) -> None:
    who = actor_columns(emil, timezone.now())
    emil.delete()
    sequence = forge(article, emil, user_id=who["user_id"], user_name=who["user_name"])
    (said,) = found()
    assert said.startswith(f"Entry {sequence}: ")


def test_an_entry_that_was_on_its_way_when_its_account_was_shut_out_is_not_named(
    article: Article, emil: User
) -> None:
    changed(emil, is_active=False)
    forge(article, emil, minutes_on=1)
    assert found() == []


def test_whoever_was_let_in_again_or_renamed_is_not_named(article: Article, emil: User) -> None:
    changed(emil, is_active=False)
    changed(emil, is_active=True, display_name="Emil O.")
    forge(article, emil)
    changed(emil, display_name="Emil Okafor-Lind")
    forge(article, emil)
    assert found() == []
