"""Texts given to actions: cleaned of what can't be seen, refused without a word, bounded."""

from __future__ import annotations

import pytest

from stories.actions.errors import Refused
from stories.actions.texts import (
    MOST_CHARACTERS,
    blank_if_invisible,
    clean_text,
    require_reason,
    require_words,
    strip_control_characters,
)


def test_line_breaks_become_one_kind_and_control_characters_go() -> None:
    assert strip_control_characters("One\r\ntwo\rthree\x00\x07") == "One\ntwo\nthree"


def test_a_text_of_which_nothing_is_seen_is_none() -> None:
    assert blank_if_invisible("\u200b \ufeff") == ""
    assert blank_if_invisible(" a ") == " a "


def test_a_text_is_stored_without_its_edges_and_refused_if_it_is_too_long() -> None:
    assert clean_text("  Why\r\nnot \x00", "reason") == "Why\nnot"
    assert clean_text("\u200b", "reason") == ""
    assert len(clean_text("x" * MOST_CHARACTERS, "reason")) == MOST_CHARACTERS
    with pytest.raises(Refused, match="“reason” has 5,001 characters; it may have 5,000"):
        clean_text("x" * (MOST_CHARACTERS + 1), "reason")


@pytest.mark.parametrize("nothing", ["", "  ", "...", "\u200b"])
def test_a_reason_has_a_word(nothing: str) -> None:
    with pytest.raises(Refused, match="Say why"):
        require_reason(nothing, "Say why.")
    require_reason("Overtaken", "Say why.")


def test_a_text_for_readers_has_two_words() -> None:
    with pytest.raises(Refused, match="Say more"):
        require_words("Gone", "Say more.")
    require_words("It went.", "Say more.")
