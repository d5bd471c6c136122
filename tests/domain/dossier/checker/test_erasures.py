"""The checker's rules on erasures: what an erasure explains, and how a row reads after one."""

from __future__ import annotations

from typing import Any

import pytest

from stories.domain.dossier.checker.erasures import TOMBSTONES, Erasures
from stories.domain.dossier.checker.rows import TABLES, table_of
from stories.domain.dossier.checker.words import ERASED_ADDRESS, WORDS
from stories.models import Erasure, ErasureApproval, ErasureOrder
from stories.models.integrity.registry import JOURNAL_MODELS


def entry(kind: str, event: int, sequence: int, **facts: Any) -> dict[str, Any]:
    at = f"2026-03-02T09:00:{sequence:02}.000000Z"
    return {"kind": kind, "event": event, "sequence": sequence, "at": at, "by": [1, "Maya"], **facts}


def story(*erased: list[Any]) -> Erasures:
    """Return a story of one revision, and an approved erasure for each list of rows."""
    rows = [["textblock", "key", "+", 4, "a"], ["quoteblock", "other", "+", 4, "b"]]
    payloads = [entry("revision", 1, 1, revision=1, rows=rows)]
    for number, each in enumerate(erased, start=1):
        payloads += [
            entry("erasure-order", number, 3 * number, scope="words"),
            entry("erasure-approval", number, 3 * number + 1, order=number, approved=True, by=[2, "Mona"]),
            entry("erasure", number, 3 * number + 2, order=number, erased=each),
        ]
    return Erasures(payloads)


def test_what_nothing_erased_has_the_digest_it_was_written_with() -> None:
    assert story().explains("textblock", 4, "a", "a")
    assert not story().explains("textblock", 4, "a", "b")


def test_an_erasure_leads_from_what_was_written_to_what_is_there() -> None:
    one, two = [["textblock", 4, "a", "x"]], [["textblock", 4, "x", "y"]]
    assert story(one).explains("textblock", 4, "a", "x")
    assert story(one, two).explains("textblock", 4, "a", "y")
    assert not story(one, two).explains("textblock", 4, "a", "x")
    assert not story(one).explains("quoteblock", 4, "a", "x")


def test_an_erasure_that_starts_from_something_else_explains_nothing() -> None:
    assert not story([["textblock", 4, "z", "x"]]).explains("textblock", 4, "a", "x")
    assert not story([["textblock", 4, "a", "x"]], [["textblock", 4, "z", "y"]]).explains(
        "textblock", 4, "a", "y"
    )


@pytest.mark.parametrize("value", ["1", True, 1.0, [1], {"1": 1}, -1, 2**70])
def test_an_order_s_number_is_a_number_or_there_is_none(value: Any) -> None:
    payloads = [
        entry("revision", 1, 1, revision=1, rows=[["textblock", "key", "+", 4, "a"]]),
        entry("erasure-order", 1, 2, scope="words"),
        entry("erasure-approval", 1, 3, order=1, approved=True, by=[2, "Mona"]),
        entry("erasure", 1, 4, order=value, erased=[["textblock", 4, "a", "x"]]),
    ]
    erasures = Erasures(payloads)
    assert erasures.done[4].refused
    assert not erasures.explains("textblock", 4, "a", "x")


@pytest.mark.parametrize("by", [[1, "Mona"], [None, "manage.py"], [True, "Mona"], "Mona", [], None])
def test_who_approved_is_another_person_with_a_number(by: Any) -> None:
    payloads = [
        entry("erasure-order", 1, 2, scope="words"),
        entry("erasure-approval", 1, 3, order=1, approved=True, by=by),
        entry("erasure", 1, 4, order=1, erased=[]),
    ]
    assert "another person" in Erasures(payloads).done[4].refused


@pytest.mark.parametrize("approved", [False, None, 1, "yes"])
def test_an_order_counts_as_approved_by_a_yes_alone(approved: Any) -> None:
    payloads = [
        entry("erasure-order", 1, 2, scope="words"),
        entry("erasure-approval", 1, 3, order=1, approved=approved, by=[2, "Mona"]),
        entry("erasure", 1, 4, order=1, erased=[]),
    ]
    assert "was refused" in Erasures(payloads).done[4].refused


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("<p>[words erased]</p>", True),
        ("<p>We met [palabras borradas] on Monday.</p>", True),
        ("", True),
        ('<p>Read <a href="https://a.example/">more</a> or <a>less</a>.</p>', True),
        ("<p>We met nobody.</p>", False),
        ("<p>[words  erased]</p>", False),
        ('<p><a href="https://a.example/">more</a></p>', False),
    ],
)
def test_a_text_of_which_words_were_erased_says_so(text: str, reads: bool) -> None:
    erasures = story([["textblock", 4, "a", "x"]])
    assert erasures.reads_as_erased("textblock", 4, {"text": text, "ordering": 1}) is reads


def test_what_was_cut_with_its_column_counts() -> None:
    erasures = story([["quoteblock", 4, "b", "x"]])
    values = dict.fromkeys(WORDS["quoteblock"], "")
    assert erasures.reads_as_erased("quoteblock", 4, values | {"speaker": "x" * 193 + "[words "})
    assert not erasures.reads_as_erased("quoteblock", 4, values | {"speaker": "x" * 192 + "[words "})
    assert erasures.reads_as_erased("quoteblock", 4, values | {"source_url": ERASED_ADDRESS})
    assert not erasures.reads_as_erased(
        "quoteblock", 4, values | {"source_url": "https://a.example/[words erased]"}
    )


def test_the_checker_knows_the_tables_of_events_and_which_are_tombstones() -> None:
    for model in JOURNAL_MODELS:
        assert table_of(str(model.entry_kind)) == model._meta.model_name
    assert set(TABLES.values()) <= {model._meta.model_name for model in JOURNAL_MODELS}
    assert {model._meta.model_name for model in (Erasure, ErasureApproval, ErasureOrder)} == set(TOMBSTONES)
