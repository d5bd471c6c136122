"""The rows that a story's entries cover are told with their salts, and give the digests that the entries have."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from stories.models import Article, LedgerEntry
from stories.queries.dossier import rows as module
from stories.queries.dossier.rows import covered_rows
from tests.tampering import run

pytestmark = pytest.mark.django_db

ALL = 99


def test_every_row_of_every_entry_is_there_in_the_ledgers_order(article: Article) -> None:
    rows = list(covered_rows(article.pk, upto=ALL))
    assert [row["entry"] for row in rows] == sorted(row["entry"] for row in rows)
    found = Counter(row["entry"] for row in rows)
    for entry in LedgerEntry.objects.all():
        covered = len(json.loads(entry.payload).get("rows", ()))
        # The event itself; and of a publication what lists show of it.
        assert found[entry.sequence] == covered + 1 + (entry.kind == "publication")
    assert {len(bytes.fromhex(row["salt"])) for row in rows} == {16}


def test_a_publication_is_listed_with_what_lists_show_of_it(article: Article) -> None:
    shown = [row["values"] for row in covered_rows(article.pk, upto=ALL) if row["model"] == "shown"]
    assert [values["card"]["headline"] for values in shown] == ["Corvid answers its staff"] * 3
    assert [len(values["notes"]) for values in shown] == [0, 1, 1]


def test_it_ends_with_an_entry_and_is_read_in_chunks(
    article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = list(covered_rows(article.pk, upto=ALL))
    monkeypatch.setattr(module, "CHUNK", 2)
    assert list(covered_rows(article.pk, upto=ALL)) == whole
    assert {row["entry"] for row in covered_rows(article.pk, upto=3)} == {1, 2, 3}


def test_a_row_that_is_gone_is_left_out(article: Article) -> None:
    run("DELETE FROM stories_revision WHERE number = 4")
    whole = list(covered_rows(article.pk, upto=ALL))
    assert not [row for row in whole if row["entry"] == 7 and row["model"] == "revision"]
