"""A row may differ from what was written only by an erasure of its story, ordered, approved, and consistent."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from stories.actions.actors import actor_columns
from stories.actions.editing.pictures import store_picture
from stories.actions.record.ledger import record
from stories.actions.takedown.erase import erase, erase_draft
from stories.actions.takedown.erasure_orders import approve_erasure, order_erasure
from stories.domain.ledger import canonical_json, entry_digest
from stories.domain.snapshot import ImageBlock
from stories.models import (
    Article,
    Cancellation,
    Erasure,
    ErasureOrder,
    LedgerEntry,
    Picture,
    Publication,
    PublicationCard,
    Revision,
    TextBlock,
    User,
)
from stories.models.integrity.registry import history_model
from stories.models.record.recording import append
from stories.models.roles import EDITOR, MANAGING_EDITOR
from stories.queries.ledger.heads import head
from stories.queries.verification import Finding, Head, Kind, Verification
from tests import factories as make
from tests.tampering import append_approval, append_erasure, append_order, rewritten, run

pytestmark = pytest.mark.django_db

ERASED = "<p>[words erased]</p>"
FORGED = "<p>The council was bribed on Monday.</p>"


@dataclass
class Record:
    """Two stories, the first with two versions; and the people who could have ordered an erasure."""

    article: Article
    other: Article
    emil: User
    maya: User
    mona: User

    def text(self, article: Article | None = None, *, first: bool = True) -> Any:
        """Return the first history row of a story's text, or the last."""
        rows = history_model(TextBlock).objects.filter(parent_id=(article or self.article).pk)
        return rows.order_by("history_id" if first else "-history_id").first()

    def publication(self, *, first: bool = True) -> Publication:
        rows = Publication.objects.filter(article=self.article)
        found = rows.order_by("pk" if first else "-pk").first()
        assert found is not None
        return found

    def approved(self, article: Article | None = None, **values: Any) -> ErasureOrder:
        order = append_order(article or self.article, self.maya, **values)
        append_approval(order, self.mona)
        return order


@pytest.fixture
def stories(db: None) -> Record:
    emil = make.make_user(EDITOR)
    article = make.begin(
        make.wanted("Council hears objections", dek="Staff object", comment_requests=()), user=emil
    )
    make.go_live(article, user=emil)
    make.reword(article, user=emil, at=make.minutes(5))
    make.go_live(article, user=emil, at=make.minutes(6), publication_class="minor", reason="An adverb")
    other = make.begin(make.wanted("Another story"), user=emil, at=make.minutes(7))
    maya, mona = (make.make_user(MANAGING_EDITOR, name=name) for name in ("maya", "mona"))
    return Record(article, other, emil, maya, mona)


def findings(against: tuple[Head, ...] = ()) -> list[Finding]:
    """Return the findings except for working rows, which a forger changes as well."""
    return [each for each in Verification(against=against) if each.kind is not Kind.WORKING_ROW]


# ------------------------------------------------------------------------------------------------- forgeries


def no_order_at_all(of: Record) -> None:
    append_erasure(of.article, of.emil, rewritten(of.text(), text=FORGED))


def no_order_at_all_and_a_placeholder(of: Record) -> None:
    append_erasure(of.article, of.emil, rewritten(of.text(), text=ERASED))


def no_order_and_another_story_as_its_carrier(of: Record) -> None:
    append_erasure(of.other, of.emil, rewritten(of.text(), text=ERASED))


def an_order_of_another_story(of: Record) -> None:
    order = of.approved(of.other)
    append_erasure(of.article, of.emil, rewritten(of.text(), text=ERASED), order=order)


def an_approval_of_another_story(of: Record) -> None:
    order = append_order(of.article, of.maya)
    append_approval(order, of.mona, article=of.other)
    append_erasure(of.article, of.emil, rewritten(of.text(), text=ERASED), order=order)


def approved_by_who_ordered_it(of: Record) -> None:
    order = append_order(of.article, of.maya)
    append_approval(order, of.maya)
    append_erasure(of.article, of.emil, rewritten(of.text(), text=ERASED), order=order)


def approved_by_nobody(of: Record) -> None:
    order = append_order(of.article, of.maya)
    append_erasure(of.article, of.emil, rewritten(of.text(), text=ERASED), order=order)


def refused(of: Record) -> None:
    order = append_order(of.article, of.maya)
    append_approval(order, of.mona, approved=False)
    append_erasure(of.article, of.emil, rewritten(of.text(), text=ERASED), order=order)


def approved_after_it_was_erased(of: Record) -> None:
    order = append_order(of.article, of.maya)
    append_erasure(of.article, of.emil, rewritten(of.text(), text=ERASED), order=order)
    append_approval(order, of.mona)


def ordered_after_it_was_erased(of: Record) -> None:
    """The entry of the erasure comes first, and names the id that the order will have."""
    newest = append_order(of.other, of.maya)
    run("DELETE FROM stories_ledgerentry WHERE sequence = %s", head()[0])
    run("DELETE FROM stories_entrytext WHERE entry_id > %s", head()[0])
    erasure = append_erasure(of.article, of.emil, rewritten(of.text(), text=ERASED), order=newest)
    assert erasure.order_id == newest.pk
    run("DELETE FROM stories_erasureorder WHERE id = -1")
    append_approval(newest, of.mona)


def an_order_carried_out_before(of: Record) -> None:
    order = of.approved()
    append_erasure(of.article, of.emil, rewritten(of.text(), text=ERASED), order=order)
    # One order has one erasure, by the database: the entry alone names it again.
    second = append_erasure(of.article, of.emil, rewritten(of.text(first=False), text=ERASED), order=None)
    name_order_in_last_entry(second, order)


def a_row_of_another_story(of: Record) -> None:
    row = rewritten(of.text(of.other), text=ERASED)
    append_erasure(of.article, of.emil, row, order=of.approved())


def a_row_of_another_story_under_the_order_for_a_whole_one(of: Record) -> None:
    row = rewritten(of.text(of.other), text=ERASED)
    append_erasure(of.article, of.emil, row, order=of.approved(scope="story"))


def other_words_in_the_place_of_the_erased(of: Record) -> None:
    append_erasure(of.article, of.emil, rewritten(of.text(), text=FORGED), order=of.approved())


def a_sentence_left_where_the_whole_story_was_to_go(of: Record) -> None:
    text = f"{ERASED}{FORGED}"
    append_erasure(of.article, of.emil, rewritten(of.text(), text=text), order=of.approved(scope="story"))


def another_version_than_the_order_names(of: Record) -> None:
    order = of.approved(scope="version", publication=of.publication(first=False))
    append_erasure(of.article, of.emil, rewritten(of.text(), text=ERASED), order=order)


def words_under_the_order_for_a_picture(of: Record) -> None:
    """The story never had one: an order of that kind covers no row at all."""
    picture = store_picture(content=make.png(), user=of.emil)
    order = of.approved(scope="picture", picture=picture)
    append_erasure(of.article, of.emil, rewritten(of.text(), text=ERASED), order=order)


def a_picture_that_the_story_never_showed(of: Record) -> None:
    picture = store_picture(content=make.png(), user=of.emil)
    append_erasure(of.article, of.emil, order=of.approved(scope="picture", picture=picture))


def the_orders_own_words(of: Record) -> None:
    order = of.approved(words="the council")
    row = rewritten(ErasureOrder.objects.get(pk=order.pk), words="other words")
    append_erasure(of.article, of.emil, row, order=order)


def the_tombstone_under_the_order_for_the_whole_story(of: Record) -> None:
    order = of.approved(scope="story")
    row = rewritten(ErasureOrder.objects.get(pk=order.pk), authority="[words erased]")
    append_erasure(of.article, of.emil, row, order=order)


def the_reason_of_an_edit(of: Record) -> None:
    row = Revision.objects.get(article=of.article, number=1)
    append_erasure(of.article, of.emil, rewritten(row, reason="Nothing to see"), order=of.approved())


def a_headline_in_lists_beside_an_erased_dek(of: Record) -> None:
    row = PublicationCard.objects.get(publication=of.publication())
    changed = rewritten(row, headline="Council bribed", dek="[words erased]")
    append_erasure(of.article, of.emil, changed, order=of.approved())


def what_auditors_search_of_an_erased_reason(of: Record) -> None:
    row = Revision.objects.get(article=of.article, number=1)
    append_erasure(of.article, of.emil, rewritten(row, reason="[words erased]"), order=of.approved())
    run("UPDATE stories_entrytext SET text = 'Nothing to see' WHERE text = 'began'")


def the_time_of_an_erased_row(of: Record) -> None:
    changed = rewritten(of.text(), text=ERASED, history_date=make.minutes(3))
    append_erasure(of.article, of.emil, changed, order=of.approved())


def the_part_of_an_erased_row(of: Record) -> None:
    changed = rewritten(of.text(), text=ERASED, key=of.text(of.other).key)
    append_erasure(of.article, of.emil, changed, order=of.approved())


def an_order_whose_row_is_gone(of: Record) -> None:
    order = of.approved()
    append_erasure(of.article, of.emil, rewritten(of.text(), text=ERASED), order=order)
    run("UPDATE stories_erasureorder SET user_id = 1234 WHERE id = %s", order.pk)


def a_story_said_to_be_a_draft_by_a_late_cancellation(of: Record) -> None:

    for publication in Publication.objects.filter(article=of.article).order_by("pk"):
        record(
            Cancellation(
                article=of.article,
                publication=publication,
                reason="x",
                **actor_columns(of.emil, make.minutes(9)),
            )
        )
    append_erasure(of.article, of.emil, rewritten(of.text(), text=ERASED))


def a_draft_erased_at_a_time_to_come(of: Record) -> None:
    """Its retention period would be over at that time, but not now."""
    append_erasure(of.other, of.emil, rewritten(of.text(of.other), text=ERASED), at=10 * 365 * 24 * 60)


def a_draft_that_was_changed_last_by_an_entry_of_long_ago(of: Record) -> None:
    """The newest change is dated earlier in the ledger than the one before it."""
    make.change(of.other, user=of.emil, dek="News", at=make.minutes(80 * 24 * 60))
    make.change(of.other, user=of.emil, dek="Old", at=make.minutes(8))
    append_erasure(of.other, of.emil, rewritten(of.text(of.other), text=ERASED), at=91 * 24 * 60)


def a_draft_before_its_time(of: Record) -> None:
    append_erasure(of.other, of.emil, rewritten(of.text(of.other), text=ERASED), at=30 * 24 * 60)


def what_was_erased_changed_once_more(of: Record) -> None:
    append_erasure(of.article, of.emil, rewritten(of.text(), text=ERASED), order=of.approved())
    rewritten(of.text(), text=FORGED)


def a_digest_that_the_row_never_had(of: Record) -> None:
    row = rewritten(of.text(), text=ERASED)
    row[2] = "0" * 64
    append_erasure(of.article, of.emil, row, order=of.approved())


def an_erasure_that_no_entry_tells_of(of: Record) -> None:
    row = rewritten(of.text(), text=ERASED)
    order = of.approved()

    append(
        Erasure(article=of.article, order=order, rows=[row], **actor_columns(of.emil, make.minutes(90_002)))
    )


FORGERIES: dict[Callable[[Record], None], str] = {
    no_order_at_all: "it names no order, and the story was published",
    no_order_at_all_and_a_placeholder: "it names no order, and the story was published",
    no_order_and_another_story_as_its_carrier: "KEEP_DRAFTS allows none so early",
    an_order_of_another_story: r"no order \d+ of this story stands before it",
    an_approval_of_another_story: r"nobody approved its order \(entry \d+\)",
    approved_by_who_ordered_it: "was not approved by another person than gave it",
    approved_by_nobody: "nobody approved its order",
    refused: "was refused",
    approved_after_it_was_erased: "nobody approved its order",
    ordered_after_it_was_erased: r"no order \d+ of this story stands before it",
    an_order_carried_out_before: r"was carried out before, by entry \d+",
    a_row_of_another_story: r"no entry of this story before it covers: textblock \d+",
    a_row_of_another_story_under_the_order_for_a_whole_one: "no entry of this story before it covers",
    other_words_in_the_place_of_the_erased: "reads otherwise than an erasure leaves it",
    a_sentence_left_where_the_whole_story_was_to_go: "reads otherwise than an erasure leaves it",
    another_version_than_the_order_names: r"its order does not cover: textblock \d+",
    words_under_the_order_for_a_picture: r"its order does not cover: textblock \d+",
    a_picture_that_the_story_never_showed: "a picture that this story never showed",
    the_orders_own_words: "erasure-order .* is not what was written",
    the_tombstone_under_the_order_for_the_whole_story: r"does not cover: erasureorder \d+",
    the_reason_of_an_edit: "its revision .* says in words is not what was written",
    a_headline_in_lists_beside_an_erased_dek: "what lists show of its publication .* is not what was written",
    what_auditors_search_of_an_erased_reason: "stories_entrytext, which auditors search, are not those",
    the_time_of_an_erased_row: "is another than its entry says",
    the_part_of_an_erased_row: "is another than its entry says",
    an_order_whose_row_is_gone: r"no order \d+ of this story stands before it",
    a_story_said_to_be_a_draft_by_a_late_cancellation: "it names no order, and the story was published",
    a_draft_before_its_time: "KEEP_DRAFTS allows none so early",
    a_draft_erased_at_a_time_to_come: "its time has not come yet",
    a_draft_that_was_changed_last_by_an_entry_of_long_ago: "KEEP_DRAFTS allows none so early",
    what_was_erased_changed_once_more: "is not what was written",
    a_digest_that_the_row_never_had: "is not what was written",
    an_erasure_that_no_entry_tells_of: "is not what was written",
}


@pytest.mark.parametrize("forge", FORGERIES, ids=lambda forge: forge.__name__)
def test_a_forged_erasure_explains_nothing_and_is_named(
    forge: Callable[[Record], None], stories: Record, settings: Settings
) -> None:
    settings.KEEP_DRAFTS = 90
    assert findings() == []
    before = Head(*head())
    forge(stories)
    for against in ((), (before,)):
        found = [str(each) for each in findings(against)]
        assert any(re.search(FORGERIES[forge], each) for each in found), found


def name_order_in_last_entry(erasure: Erasure, order: ErasureOrder) -> None:
    """Make the newest entry, an erasure's, name an order that another erasure has."""

    entry = LedgerEntry.objects.order_by("-sequence")[0]
    payload = canonical_json(json.loads(entry.payload) | {"order": order.pk})
    previous = bytes(LedgerEntry.objects.get(sequence=entry.sequence - 1).digest)
    run(
        "UPDATE stories_ledgerentry SET payload = %s, digest = %s WHERE sequence = %s",
        payload.decode(),
        entry_digest(previous, payload),
        entry.sequence,
    )


# -------------------------------------------------------------------------------------------- genuine erasures


def erased(of: Record, **what: Any) -> None:
    why: dict[str, Any] = {"ground": "court", "authority": "A court", "reason": "An order"}
    order = order_erasure(article=of.article, user=of.maya, at=make.minutes(90), **why, **what)
    approve_erasure(order=order, user=of.mona, at=make.minutes(91))
    erase(order=order, at=make.minutes(92))


@pytest.mark.parametrize("scope", ["words", "story", "version"])
def test_what_was_ordered_approved_and_carried_out_verifies(stories: Record, scope: str) -> None:
    what = {"words": "The council"} if scope == "words" else {}
    erased(stories, scope=scope, **what, publication=stories.publication() if scope == "version" else None)
    assert "[words erased]" in stories.text().text
    assert [str(each) for each in Verification()] == []


def test_an_erasure_of_what_was_erased_in_part_before_leads_on(stories: Record) -> None:
    erased(stories, scope="words", words="The council")
    erased(stories, scope="words", words="on Monday")
    assert stories.text().text == "<p>[words erased] met [words erased].</p>"
    erased(stories, scope="story")
    assert [str(each) for each in Verification()] == []


def test_a_draft_s_erasure_verifies_as_long_as_the_setting_allows_it(
    stories: Record, settings: Settings
) -> None:
    settings.KEEP_DRAFTS = 30
    erase_draft(article=stories.other, retention_days=30, at=make.minutes(31 * 24 * 60))
    verification = Verification(at=make.minutes(31 * 24 * 60))
    assert [str(each) for each in verification] == []
    (erasure,) = verification.listed
    assert erasure.sentence().endswith("by the rule for drafts that were never published.")
    assert Kind.ERASURE in {each.kind for each in Verification(at=make.minutes(31 * 24 * 60 - 1))}
    settings.KEEP_DRAFTS = None
    assert {each.kind for each in findings()} >= {Kind.ERASURE, Kind.ROW}


def test_a_picture_s_file_may_be_gone_by_an_order_that_was_carried_out(stories: Record) -> None:
    picture = store_picture(content=make.png(), user=stories.emil)
    image = ImageBlock(
        key=make.text().key, picture=picture.pk, width=picture.width, height=picture.height, alt_text="Red"
    )
    make.change(stories.article, user=stories.emil, blocks=(image,), at=make.minutes(8))
    default_storage.delete(Picture.objects.get().file_name())
    assert {each.kind for each in Verification()} == {Kind.PICTURE}
    erased(stories, scope="picture", picture=picture)
    assert [str(each) for each in Verification()] == []


def test_a_picture_s_file_may_not_be_gone_by_an_erasure_that_explains_nothing(stories: Record) -> None:
    """Rows of an order and its erasure are not enough: the ledger must have both, and another person's approval."""
    picture = store_picture(content=make.png(), user=stories.emil)
    image = ImageBlock(
        key=make.text().key, picture=picture.pk, width=picture.width, height=picture.height, alt_text="Red"
    )
    make.change(stories.article, user=stories.emil, blocks=(image,), at=make.minutes(8))
    order = append_order(stories.article, stories.maya, scope="picture", picture=picture)
    append_erasure(stories.article, stories.emil, order=order)
    default_storage.delete(picture.file_name())
    found = [each for each in Verification() if each.kind is Kind.PICTURE]
    assert ["has no file" in str(each) for each in found] == [True]


def test_words_changed_around_a_placeholder_are_counted_as_not_provable(stories: Record) -> None:
    """Nothing in the database says any more what was there: only an older copy does."""
    changed = rewritten(stories.text(), text="<p>The council was bribed on [words erased].</p>")
    append_erasure(stories.article, stories.emil, changed, order=stories.approved())
    verification = Verification()
    # The searchable text and the published story still have what was erased: a genuine erasure replaces them.
    assert {each.kind for each in verification} - {Kind.WORKING_ROW} == {Kind.SEARCH, Kind.PUBLISHED}
    (erasure,) = verification.listed
    assert (erasure.rows, erasure.around) == (1, 1)
    assert erasure.sentence() == (
        f"1 row reads otherwise than it was written, by erasure {erasure.sequence} of 2026-05-03, ordered by "
        "Maya Managing, approved by Maya Managing. In 1 of them the words around what was erased can’t be proved."
    )


# ------------------------------------------------------------------------------------- what is said of erasures


def test_every_erasure_since_the_newest_saved_head_is_listed(stories: Record) -> None:
    oldest = Head(*head())
    erased(stories, scope="words", words="on Monday")
    first = Head(*head())
    append_erasure(
        stories.article,
        stories.emil,
        rewritten(stories.text(first=False), text=ERASED),
        order=stories.approved(),
    )

    def listed(*against: Head) -> list[int]:
        verification = Verification(against=against)
        list(verification)
        return [each.sequence for each in verification.listed]

    last = head()[0]
    assert listed() == [first.sequence, last]
    assert listed(oldest) == [first.sequence, last]
    assert listed(oldest, first) == [last]
    assert listed(first, Head(*head())) == []
    # A head that is not the ledger's confirms nothing.
    assert listed(first, Head(last, "0" * 64)) == [last]


def test_an_erasure_that_explains_nothing_is_listed_as_that(stories: Record) -> None:
    no_order_at_all(stories)
    verification = Verification()
    assert Kind.ERASURE in {each.kind for each in verification}
    (erasure,) = verification.listed
    assert not erasure.holds
    assert "which explains nothing: see what was found of entry" in erasure.sentence()


def test_its_queries_do_not_grow_with_the_entries_of_an_erased_story(
    stories: Record, django_assert_num_queries: Any
) -> None:

    erased(stories, scope="words", words="on Monday")
    with CaptureQueriesContext(connection) as counted:
        assert list(Verification()) == []
    for number in range(5):
        make.change(stories.article, user=stories.emil, dek=f"Dek {number}", at=make.minutes(100))
    with django_assert_num_queries(len(counted)):
        assert list(Verification()) == []
