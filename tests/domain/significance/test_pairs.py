"""The weight of hundreds of pairs of sentences, kind by kind, and properties of every such pair."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import pytest
from hypothesis import given, settings, strategies as st

from stories.domain.diff.compare import diff
from stories.domain.significance.data import Level, Significance
from stories.domain.significance.measure import measure
from stories.domain.snapshot import StorySnapshot, TextBlock


class Pair(NamedTuple):
    kind: str
    least: Level
    most: Level
    language: str
    old: str
    new: str


def _pairs() -> list[Pair]:
    lines = Path(__file__).with_name("pairs.tsv").read_text(encoding="utf-8").splitlines()
    rows = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    return [
        Pair(kind, Level(least), Level(most), language, old, new)
        for kind, least, most, language, old, new in (row for row in rows if not row[0].startswith("#"))
    ]


PAIRS = _pairs()
SUBSTANTIVE = [pair for pair in PAIRS if pair.least is Level.SUBSTANTIVE]
UNQUOTED = [pair.old for pair in PAIRS if pair.language == "en" and not set(pair.old) & set("“”\"'’‘„«»<")]
WORDS = "The clerk waited there for the mayor and then wrote a long letter home".split()


def weigh(old: str, new: str, language: str = "en") -> Significance:
    return measure(diff(_story(old, language), _story(new, language)))


def _story(html: str, language: str) -> StorySnapshot:
    return StorySnapshot(
        headline="Council hears objections",
        language=language,
        blocks=(TextBlock(key=UUID(int=1), text=f"<p>{html}</p>"),),
    )


@pytest.mark.parametrize("kind", dict.fromkeys(pair.kind for pair in PAIRS))
def test_a_pair_weighs_what_its_kind_weighs(kind: str) -> None:
    wrong = [
        (pair.old, pair.new, found.level.value)
        for pair in PAIRS
        if pair.kind == kind
        for found in [weigh(pair.old, pair.new, pair.language)]
        if not pair.least.rank <= found.level.rank <= pair.most.rank
    ]
    assert wrong == []


def test_a_pair_whose_change_is_substantive_is_never_typography_the_other_way_round() -> None:
    light = [
        (pair.new, pair.old)
        for pair in SUBSTANTIVE
        if weigh(pair.new, pair.old, pair.language).level.rank < Level.WORDING.rank
    ]
    assert light == []


def test_pairs_are_many_and_of_each_weight() -> None:
    assert len(PAIRS) > 500
    assert {pair.most for pair in PAIRS} == {Level.TYPOGRAPHY, Level.WORDING, Level.SUBSTANTIVE}


def test_a_line_broken_in_the_source_of_html_is_a_space() -> None:
    assert weigh("Output > input.", "Output\n> input.").level.rank <= Level.TYPOGRAPHY.rank
    assert weigh("It was − 5 degrees.", "It was\r\n− 5 degrees.").level.rank <= Level.TYPOGRAPHY.rank


@given(st.sampled_from(UNQUOTED), st.data())
@settings(max_examples=100, deadline=None)
def test_other_spaces_and_quotation_marks_are_typography_at_most(sentence: str, data: st.DataObject) -> None:
    words = sentence.split(" ")
    spaced = "".join(
        word + data.draw(st.sampled_from((" ", "  ", "\u00a0", " \n"))) for word in words
    ).rstrip()
    assert weigh(sentence, spaced).level.rank <= Level.TYPOGRAPHY.rank
    marks = data.draw(st.sampled_from(("«»", "„“", '""')))
    assert (
        weigh(f"He said “{sentence}” then.", f"He said {marks[0]}{sentence}{marks[1]} then.").level.rank <= 1
    )


@given(
    st.sampled_from(("5", "12", "−5", "5½", "10⁶", "✅", "🇸🇪", "▲", "<", "★★☆☆☆", "5%", "$5", "±")),
    st.sampled_from(("6", "21", "5", "4½", "10⁵", "❌", "🇳🇴", "▼", ">", "★★★★★", "5‰", "€5", "×")),
    st.integers(min_value=1, max_value=len(WORDS) - 1),
)
@settings(max_examples=150, deadline=None)
def test_another_figure_sign_or_picture_is_substantive(old: str, new: str, place: int) -> None:
    if old != new:
        before, after = (" ".join([*WORDS[:place], sign, *WORDS[place:]]) for sign in (old, new))
        assert weigh(before, after).level is Level.SUBSTANTIVE


@given(st.integers(min_value=0, max_value=10**7), st.integers(min_value=0, max_value=10**7))
@settings(max_examples=150, deadline=None)
def test_figures_weigh_by_their_value_and_not_by_how_their_digits_are_grouped(one: int, other: int) -> None:
    assert weigh(f"It cost {one} crowns.", f"It cost {one:,} crowns.").level.rank <= Level.TYPOGRAPHY.rank
    expected = Level.NONE if one == other else Level.SUBSTANTIVE
    assert weigh(f"It cost {one} crowns.", f"It cost {other} crowns.").level is expected


@given(st.sampled_from(WORDS[1:]), st.sampled_from("abcdefghijklmnopqrstuvwxyz"), st.integers(0, 5))
@settings(max_examples=150, deadline=None)
def test_a_known_word_is_never_made_another_unnoticed(word: str, letter: str, place: int) -> None:
    """A known word that a typing error makes of another is no proof that it was meant."""
    changed = word[:place] + letter + word[place + 1 :]
    sentence = " ".join(WORDS)
    if changed not in (word, word + letter):
        assert weigh(sentence, sentence.replace(f" {word} ", f" {changed} ", 1)).level in (
            Level.NONE,
            Level.WORDING,
            Level.SUBSTANTIVE,
        )
