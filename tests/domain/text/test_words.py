"""What a word is, in any script; and splitting takes time linear in the length of any text."""

from __future__ import annotations

import pytest

from stories.domain.text.words import split, words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Hello world", ["Hello", "world"]),
        ("It's 12% of $1,200.50, not €5 or 3‰.", ["It's", "12%", "of", "$1,200.50", "not", "€5", "or", "3‰"]),
        ("a well-known AT&amp;T fan", ["a", "well-known", "AT&amp;T", "fan"]),
        ("&eacute;t&eacute;", ["&eacute;t&eacute;"]),
        ("&eacute;&eacute;-&#233;", ["&eacute;&eacute;-&#233;"]),
        ("a- -b 'c' 1, 2 1,2", ["a", "b", "c", "1", "2", "1,2"]),
        ("$ 5 $", ["5"]),
        ("5%% x%", ["5%", "x"]),
        ("一二 ab กิน", ["一", "二", "ab", "กิ", "น"]),
        ("", []),
    ],
)
def test_a_word_is_what_a_reader_would_call_one(text: str, found: list[str]) -> None:
    assert words(text) == found
    assert "".join(split(text)) == text


@pytest.mark.parametrize(
    "unit",
    ["a-", "a", "&amp;", "&a", "1,", "&amp;a-", "$", "1%", "a'b&", "กิ", "@.", "&nbsp;", "&" + "a" * 30],
)
def test_no_text_is_scanned_twice(unit: str) -> None:
    """Half a million characters, which come at once or never."""
    text = unit * (500_000 // len(unit))
    assert "".join(split(text)) == text
    assert len(words(text)) <= len(text)
