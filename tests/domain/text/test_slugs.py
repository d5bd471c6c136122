"""Slugs in every script: two names are never one author, and two spellings of a name never two."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given, strategies as st

from stories.domain.text.slugs import is_slug, normal_slug, slug_of_name, slug_of_text, truncate_slug

DIFFERENT = [
    ("राम", "रमा"),
    ("कला", "काल"),
    ("अनिल", "अनिला"),
    ("हिन्दी", "हिनदी"),
    ("মিনা", "মনি"),
    ("ਰਵੀ", "ਰਾਵ"),
    ("મીના", "મનિ"),
    ("பாரதி", "பரதி"),
    ("రాము", "రము"),
    ("ಕಲಾ", "ಕಾಲ"),
    ("മീന", "മിന"),
    ("සුනිල්", "සුනිල"),
    ("กิตติ", "กาตา"),
    ("มาลี", "มาลา"),
    ("ກຳ", "ກາ"),
    ("សុខ", "សខ"),
    ("ខ្មែរ", "ខមែរ"),
    ("ခင်", "ခိင"),
    ("བསྟན", "བསན"),
    ("Müller", "Muller"),
    ("Hùng", "Hưng"),
    ("Groß", "Gross"),
    ("Işık", "İşik"),
    ("Юрий", "Юрии"),
    ("이준", "이진"),
    ("王伟", "王韦"),
    ("か", "が"),
    ("سليم", "سلام"),
    ("Ọla", "Ola"),
    ("फ़िरोज", "फिरोज"),
    ("ปาน", "ป่าน"),
    ("ཀ", "ཀི"),
]
# What slugs lack tells these names apart.
DIFFERENT_BY_A_PICTURE = [("DJ 🦊", "DJ 🐻"), ("DJ", "DJ 🦊"), ("C++", "C"), ("C#", "C"), ("Jo ♥", "Jo")]
SAME = [
    ("Jo Doe", "jo  DOE"),
    ("Jo Doe", "Jo\u00a0Doe "),
    ("Ｊｏ　Ｄｏｅ", "Jo Doe"),
    ("Jo\u00ad Doe", "Jo Doe"),
    ("Jean-Luc", "Jean\u2011Luc"),
    ("J. O'Neil", "J. O’Neil"),
    ("Straße", "STRAẞE"),
    ("Ὀδυσσεύς", "ὈΔΥΣΣΕΎΣ"),
    ("İnci", "inci"),
    ("राम शर्मा", "राम  शर्मा"),
    ("श्री\u200d", "श्री"),
    ("علی\u200cرضا", "علیرضا"),
    ("مُحَمَّد عَلِي", "محمد علي"),
    ("محمـــد", "محمد"),
    ("שָׁלוֹם", "שלום"),
    ("山田　太郎", "山田太郎"),
    ("ｶﾞｲﾄﾞ", "ガイド"),
    ("ЮРИЙ", "Юрий"),
    ("አበበ፡በቀለ", "አበበ በቀለ"),
    ("O´Brien", "O’Brien"),
    ("O＇Brien", "O'Brien"),
    ("Kaʻiulani", "Ka’iulani"),
    ("Марʼяна", "Мар’яна"),
    ("צ׳רצ׳יל", "צ'רצ'יל"),
    ("മോഹൻ", "മോഹന്\u200d"),
    ("উৎপল", "উত্\u200dপল"),
    ("แพร", "เเพร"),
    ("ແກ້ວ", "ເເກ້ວ"),
]


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_two_names_have_two_slugs(one: str, other: str) -> None:
    assert slug_of_name(one, longest=100) != slug_of_name(other, longest=100)


@pytest.mark.parametrize(("one", "other"), DIFFERENT_BY_A_PICTURE)
def test_names_that_a_picture_or_sign_tells_apart_have_two_slugs(one: str, other: str) -> None:
    assert slug_of_name(one, longest=100) != slug_of_name(other, longest=100)
    assert slug_of_text(one) == slug_of_text(other)


def test_a_trade_mark_makes_no_other_name() -> None:
    assert slug_of_name("Corvid®", longest=100) == slug_of_name("Corvid", longest=100)


@pytest.mark.parametrize(("one", "other"), SAME)
def test_two_spellings_of_a_name_have_one_slug(one: str, other: str) -> None:
    assert slug_of_name(one, longest=100) == slug_of_name(other, longest=100)


@pytest.mark.parametrize("name", [name for pair in (*DIFFERENT, *SAME) for name in pair])
def test_a_decomposed_name_has_the_slug_of_the_composed_one(name: str) -> None:
    slug = slug_of_name(name, longest=100)
    assert is_slug(slug)
    assert slug_of_name(unicodedata.normalize("NFD", name), longest=100) == slug


def test_a_slug_keeps_letters_and_their_signs() -> None:
    assert slug_of_text("चुनाव के नतीजे") == "चुनाव-के-नतीजे"
    assert slug_of_text("ผลการเลือกตั้ง กำแพง") == "ผลการเลือกตั้ง-กำแพง"
    assert slug_of_text("Mayor’s deal: 3 questions") == "mayors-deal-3-questions"


def test_long_names_that_begin_alike_stay_two_and_are_not_cut_inside_a_letter() -> None:
    long = "कि" * 60
    one, other = (slug_of_name(f"{long} {end}", longest=100) for end in "ab")
    assert one != other
    assert len(one) <= 100
    assert one[: one.index("-")].endswith("ि")
    assert truncate_slug("किकि", longest=3) == "कि"


def test_a_name_without_letters_has_a_slug_of_its_own() -> None:
    slugs = {slug_of_name(name, longest=100) for name in ("🦊", "🐻", "…")}
    assert len(slugs) == 3
    assert all(map(is_slug, slugs))


@pytest.mark.parametrize(
    "slug", ["", "a b", "a/b", "a?b", "\u093eक", "a-\u0301", "cafe\u0301", "a\u00adb", "ｊｏ"]
)
def test_what_is_no_slug_or_in_another_form_is_none(slug: str) -> None:
    assert not is_slug(slug)


@pytest.mark.parametrize(
    ("text", "slug"), [("C:\u0327", "ç"), ("e!\u0301", "é"), ("\u1100:\u1161", "가"), ("か \u3099", "が")]
)
def test_what_is_joined_by_removing_a_sign_between_is_composed(text: str, slug: str) -> None:
    assert slug_of_text(text) == slug
    assert is_slug(slug)


@given(
    st.text()
    | st.text(alphabet="aCcei:!- _\u0301\u0327\u3099\u1100\u1161\u11a8か\u0e33\u0653\u0627\u093e\u0915")
)
@example("C:\u0327")
def test_a_slug_of_a_text_is_one_and_stays_as_it_is(text: str) -> None:
    slug = slug_of_text(text)
    assert not slug or is_slug(slug), slug
    assert slug_of_text(slug) == slug
    assert normal_slug(slug) == slug
