"""An erasure explains exactly the digest that it says, and nothing else."""

from __future__ import annotations

from stories.domain.erasures import digest_now, steps_by_row


def test_what_nothing_erased_has_the_digest_it_was_written_with() -> None:
    assert digest_now("a", []) == "a"


def test_an_erasure_leads_from_what_was_written_to_what_is_there() -> None:
    assert digest_now("a", [("a", "b")]) == "b"
    assert digest_now("a", [("a", "b"), ("b", "c")]) == "c"


def test_an_erasure_that_starts_from_something_else_explains_nothing() -> None:
    assert digest_now("a", [("x", "b")]) is None
    assert digest_now("a", [("a", "b"), ("x", "c")]) is None
    assert digest_now("a", [("b", "c"), ("a", "b")]) is None


def test_erasures_are_told_apart_by_model_and_number() -> None:
    erased = [["textblock", 4, "a", "b"], ["revision", 4, "x", "y"], ["textblock", 4, "b", "c"]]
    assert steps_by_row(erased) == {
        ("textblock", 4): [("a", "b"), ("b", "c")],
        ("revision", 4): [("x", "y")],
    }
