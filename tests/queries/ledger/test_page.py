"""Pages of the ledger, newest first, and the people in it."""

from __future__ import annotations

import pytest

from stories.actions.editing.assignments import assign
from stories.models import Article, User
from stories.queries.ledger import filters, page as paging
from stories.queries.ledger.page import LedgerFilters, ledger_page, people_of_ledger
from tests.factories import begin, change, minutes, wanted
from tests.tampering import run

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


def test_everybody_in_the_ledger_is_offered_once(article: Article, managing_editor: User) -> None:
    begin(wanted("Third"), user=managing_editor)
    names = [name for _number, name in people_of_ledger()]
    assert names == ["Emil Editor", "Maya Managing", "Rosa Reporter"]


def test_a_system_that_acted_is_offered_too(article: Article) -> None:
    run("UPDATE stories_ledgerentry SET user_id = NULL, user_name = 'import' WHERE sequence = 1")
    assert (None, "import") in people_of_ledger()
    assert ledger_page(LedgerFilters(people=[(None, "import")])).sequences == [1]


def test_each_entry_is_on_one_page_whatever_is_asked_for(article: Article) -> None:
    for wants in (
        LedgerFilters(),
        LedgerFilters(kind="publication"),
        LedgerFilters(since=minutes(-10)),
        LedgerFilters(since=minutes(-10), kind="publication"),
        LedgerFilters(people=people_of_ledger()),
    ):
        whole, found, before = ledger_page(wants).sequences, [], None
        while True:
            page = ledger_page(wants, before=before, length=1)
            found += page.sequences
            before = page.older_before
            if before is None:
                break
        assert found == whole


def test_filters_together_leave_what_fits_all_of_them(article: Article, editor: User) -> None:
    emil = [(editor.pk, "Emil Editor")]
    for wants, found in (
        (LedgerFilters(people=emil), [4, 3, 2]),
        (LedgerFilters(people=emil, kind="publication"), [4, 2]),
        (LedgerFilters(people=emil, kind="publication", words="adverb"), [4]),
        (LedgerFilters(publication_class="minor", size=1), [4]),
        (LedgerFilters(stories=[article.pk], since=minutes(5), until=minutes(25)), [3, 2]),
        (LedgerFilters(stories=[]), []),
    ):
        assert ledger_page(wants).sequences == found, wants


def test_if_much_fits_each_and_little_all_a_page_says_how_far_it_looked(
    article: Article, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (paging, filters):
        monkeypatch.setattr(module, "MOST", 2)
    wants = LedgerFilters(kind="publication", people=[(editor.pk, "Emil Editor")])
    change(article, user=editor, dek="One.", at=minutes(40))
    change(article, user=editor, dek="Two.", at=minutes(41))
    assign(article=article, to=None, user=editor, at=minutes(42))
    found, before = [], None
    for _page in range(9):
        page = ledger_page(wants, before=before)
        found += page.sequences
        before = page.older_before
        if before is None:
            break
    assert found == [4, 2]
