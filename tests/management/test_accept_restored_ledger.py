"""`accept_restored_ledger`: what it says, what it enters, and what `verify_ledger` says before and after."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from stories.actions.errors import LedgerBehind
from stories.models import Article, Restoration, User
from tests.factories import begin, change
from tests.older_copies import make_older

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def story(heads: Path, editor: User) -> Article:
    return begin(user=editor)


def run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, verbosity=0, stdout=out)
    return out.getvalue()


def test_an_older_copy_is_found_accepted_and_listed_from_then_on(story: Article, editor: User) -> None:
    make_older(by=5)
    with pytest.raises(CommandError, match="published head: 1"):
        run("verify_ledger")
    with pytest.raises(LedgerBehind):
        change(story, user=editor, dek="More")
    said = run("accept_restored_ledger", "--reason", "The disk failed; restored by Ada")
    assert said.startswith(
        "Accepted by entry 2: the ledger goes on after entry 1. Entry 6, which had been published,"
    )
    assert Restoration.objects.get().user_name == "accept_restored_ledger"
    change(story, user=editor, dek="More")
    assert "by accept_restored_ledger: an older copy that ends with entry 1 was accepted" in run(
        "verify_ledger"
    )
    document = json.loads(run("verify_ledger", "--json"))
    assert [(each["sequence"], each["kept"], each["lost"]) for each in document["restorations"]] == [
        (2, 1, 6)
    ]


def test_a_copy_that_lacks_nothing_is_not_accepted(story: Article) -> None:
    with pytest.raises(CommandError, match=r"There is nothing to accept\. Nothing was changed"):
        run("accept_restored_ledger", "--reason", "To be sure")
    assert not Restoration.objects.exists()


def test_a_reason_is_asked_for(story: Article) -> None:
    make_older()
    with pytest.raises(CommandError, match="--reason"):
        run("accept_restored_ledger")
