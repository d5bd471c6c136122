"""Texts that are invisible, texts that say nothing, and texts that do."""

from __future__ import annotations

import pytest

from stories.domain.text.legible import has_words, is_legible, says_something

INVISIBLE = {
    "Hangul filler": "\u3164",
    "halfwidth Hangul filler": "\uffa0",
    "Hangul initial filler": "\u115f",
    "Hangul medial filler": "\u1160",
    "zero-width spaces": "\u200b\u200b",
    "soft hyphens": "\u00ad \u00ad",
    "variation selectors": "\ufe0f\U000e0101",
    "tags": "\U000e0041\U000e0042",
    "braille blanks": "\u2800 \u2800",
    "marks that stand on nothing": "\u0301\u0308",
    "a grapheme joiner": "\u034f",
    "Khmer inherent vowels": "\u17b4\u17b5",
    "unassigned and ignorable": "\ufff0",
    "line breaks": " \n\u2028\u00a0",
}
SAYS_NOTHING = {
    "a letter": "x",
    "letters": "x y z",
    "a raised figure": "¹",
    "a full stop": ".",
    "a dash": "—",
    "an emoji": "🙂",
    "emoji": "👍🏽 🎉 ✅",
    "flags": "🇪🇸🇫🇷",
    "one letter again and again": "xxx xxx",
    "raised letters": "ˣ ʸ",
    "circled letters": "ⓧ ⓨ",
    "figures": "12 21",
    "one kana": "あ",
    "fillers between letters": "x\u3164\u3164y",
    "a lone mark on a letter": "x\u0301\u0301\u0301",
}


@pytest.mark.parametrize("text", INVISIBLE.values(), ids=INVISIBLE)
def test_what_shows_nothing_says_nothing(text: str) -> None:
    assert (is_legible(text), says_something(text), has_words(text)) == (False, False, False)


@pytest.mark.parametrize("text", SAYS_NOTHING.values(), ids=SAYS_NOTHING)
def test_what_shows_may_say_nothing(text: str) -> None:
    assert (is_legible(text), says_something(text), has_words(text)) == (True, False, False)


@pytest.mark.parametrize("text", ["Typo", "Wording.", "Tippfehler", "Ошибка", "typo typo", "It’s"])
def test_a_word_says_something_and_is_no_note(text: str) -> None:
    assert says_something(text)
    assert not has_words(text)


@pytest.mark.parametrize(
    "text",
    [
        "Fixed a typo.",
        "21, not 12.",
        "A fix",
        "Se corrigió un nombre.",
        "Исправлена опечатка.",
        "تصحيح خطأ",
        "תוקן שגיאה",
        "訂正",
        "誤字を直しました。",
        "แก้ไข",
        "정정합니다",
        "정정",
        "Typ\u00ado fixed",
        "AI 訂正",
    ],
)
def test_two_words_are_a_note_and_two_letters_where_words_have_no_spaces(text: str) -> None:
    assert has_words(text)


def test_every_code_point_that_unicode_calls_ignorable_shows_nothing() -> None:
    regex = pytest.importorskip("regex")
    every = "".join(map(chr, range(0x110000)))
    ignorable = regex.findall(r"\p{Default_Ignorable_Code_Point}", every)
    assert len(ignorable) > 4_000
    assert [f"{ord(each):04X}" for each in ignorable if is_legible(each)] == []
