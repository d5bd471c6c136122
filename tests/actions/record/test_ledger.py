"""The ledger is appended to last, inside the change's transaction, in one unbroken chain."""

from __future__ import annotations

import json

import pytest

from stories.actions.errors import Refused
from stories.actions.record.ledger import append_entries, record, write_event
from stories.domain.ledger import GENESIS, entry_digest
from stories.models import DailyHead, Discard, LedgerEntry, User
from tests.factories import MORNING, begin, change, minutes, wanted

pytestmark = pytest.mark.django_db

DAY = 24 * 60


def test_each_entry_is_chained_to_the_one_before_and_names_its_storys_last(editor: User) -> None:
    one, two = begin(wanted("One"), user=editor), begin(wanted("Two"), user=editor)
    change(one, user=editor, dek="More")
    change(two, user=editor, dek="More")
    before, entries = GENESIS, list(LedgerEntry.objects.order_by("sequence"))
    for entry in entries:
        assert bytes(entry.digest) == entry_digest(before, entry.payload.encode())
        before = bytes(entry.digest)
    assert [json.loads(entry.payload)["after"] for entry in entries] == [None, None, 1, 2]


def test_the_words_of_an_event_are_beside_its_entry_and_not_in_it(editor: User) -> None:
    article = begin(user=editor)
    change(article, user=editor, dek="More", reason="The mayor called")
    entry = LedgerEntry.objects.get(sequence=2)
    assert "The mayor called" in entry.words.text
    assert "mayor" not in entry.payload


def test_the_last_entry_of_a_day_is_that_days_head(editor: User) -> None:
    article = begin(user=editor)
    change(article, user=editor, dek="Later", at=minutes(5))
    assert not DailyHead.objects.exists()
    change(article, user=editor, dek="Tomorrow", at=minutes(DAY))
    change(article, user=editor, dek="In three days", at=minutes(3 * DAY))
    assert list(DailyHead.objects.order_by("day").values_list("day", "entry_id")) == [
        (MORNING.date(), 2),
        (minutes(DAY).date(), 3),
    ]


def test_a_day_that_is_written_to_later_retains_its_head(editor: User) -> None:
    article = begin(user=editor)
    change(article, user=editor, dek="Tomorrow", at=minutes(DAY))
    # As an import or a script does.
    change(article, user=editor, dek="Dated back", at=minutes(1))
    change(article, user=editor, dek="Tomorrow again", at=minutes(DAY + 1))
    assert list(DailyHead.objects.values_list("day", "entry_id")) == [(MORNING.date(), 1)]


@pytest.mark.django_db(transaction=True)
def test_nothing_is_appended_outside_of_a_transaction() -> None:
    with pytest.raises(RuntimeError, match="inside the transaction"):
        append_entries()


def test_no_event_makes_no_entry() -> None:
    assert append_entries() == []
    assert not LedgerEntry.objects.exists()


def test_an_events_text_is_cleaned_or_refused(editor: User) -> None:
    def event(reason: str) -> Discard:
        return Discard(
            article=article, discarded=True, reason=reason, user_name="Emil", recorded_at=minutes(1)
        )

    article = begin(user=editor)
    record(event("  Nothing\x00 to it\r\n"))
    assert Discard.objects.get().reason == "Nothing to it"
    with pytest.raises(Refused, match="5,001 characters"):
        write_event(event("x" * 5_001))
    assert LedgerEntry.objects.count() == 2
