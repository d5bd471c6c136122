"""Find words that are to be masked in every spelling, and words that only begin with them.

Letters are compared in the form in which they are searched: without case, vowel points and invisible characters; an
accent may be missing, but not differ. Only whole words match, by the rules of each script: spaces, affixes that are
joined to names (ومحمد, 김철수는), or, in scripts without spaces, whole letters. Addresses are handled by
`address_spellings`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, chain
from typing import Final, NamedTuple

from stories.domain.text.find import Letter
from stories.domain.text.letters import MARKS
from stories.domain.text.word_borders import begins_word, ends_word, is_letter
from stories.domain.text.word_form import VARIANT, form_of, usual

# Separators of the words of a name, other than spaces: "Jo_Doe", "Jo.Doe", "ジャン=リュック・ドー", "נועה־לוי".
JOINTS: Final = "-_.+=·・‧•∙⋅゠֊־፡"
# A name of one short word is distinguished from another word by its capital: "Ng", "Al".
_SHORT: Final = 2
# Names with fewer letters are other words if nothing separates their parts: "Al So".
_MIN_DISTINCTIVE: Final = 5
# Letters with a stroke, the dotless i, the dot below: the normal form of searched texts drops these accents.
_STROKES: Final = frozenset("øłđıħŧ\u093c\u0a3c")
_GREEK: Final = re.compile("[\u0370-\u03ff]")
_POINTS: Final = re.compile(r"[\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u06d6-\u06ed]")
# The gaps between the words of a name; figures are never joined.
_GAP: Final = re.compile(rf"(?:(?<=[^\W\d_])|(?<=[{MARKS}]))(?:\.? |[{re.escape(JOINTS)}'])(?=[^\W\d_])")
_JOINT: Final = f"[ {re.escape(JOINTS)}]?"
# Behind an initial or a title, whose full stop or space may be missing; and in "O’Brien".
_BEHIND_INITIAL: Final = rf"(?:\.? |[{re.escape(JOINTS)}])?"
_JOINTS_OF: Final = {". ": _BEHIND_INITIAL, ".": _BEHIND_INITIAL, "'": "[ '-]?"}
# What may be missing behind the last word: the full stop of "Jo D." or "Jr.", and what separates Tibetan syllables.
# That of a sentence may not: "He left." is not the beginning of "He left Rome".
_LAST: Final = re.compile(r"(?<=[ .][^\W\d_])\.$|(?<= [js]r)\.$|་$")
# Names that are also written with a space: 王 伟 in lists, 佐藤 花子; in Korea, behind the family name alone.
_HAN_NAME: Final = re.compile(
    "[\u3005-\u3007\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]{2,8}"
)
_HAN: Final = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]")
_KOREAN_NAME: Final = re.compile("[\uac00-\ud7a3]{2,4}")
_FOUR_SYLLABLES: Final = 4
_ARTICLE: Final = "ال"
# The most words of a name whose last word may come first, "Doe, Jo".
_LONGEST_NAME: Final = 4


class Form(NamedTuple):
    """A letter as it is compared, and the accents that a spelling may omit but not change."""

    text: str
    accents: frozenset[str]


@dataclass(frozen=True, slots=True)
class ComparableText:
    """A paragraph as it is compared: for each character, the number and the accents of its letter."""

    letters: list[Letter]
    text: str
    owner: list[int]
    accents: list[frozenset[str]]


def comparable_text(letters: list[Letter]) -> ComparableText:
    """Return a paragraph's letters as they are compared."""
    forms = [form_of_letter(letter.folded, letter.visible) for letter in letters]
    owner = [number for number, form in enumerate(forms) for _ in form.text]
    text, owner = _in_context("".join(form.text for form in forms), owner)
    return ComparableText(letters, text, owner, [forms[number].accents for number in owner])


def _in_context(text: str, owner: list[int]) -> tuple[str, list[int]]:
    """Return a text, and the numbers of its letters, with those replaced that are also written in another way."""
    texts, owners, at = [], [], 0
    for variant in VARIANT.finditer(text):
        instead, (start, end) = usual(variant), variant.span()
        texts += [text[at:start], instead]
        owners += [*owner[at:start], *[owner[start]] * len(instead)]
        at = end
    return "".join((*texts, text[at:])), owners + owner[at:]


@lru_cache(maxsize=20_000)
def form_of_letter(folded: str, visible: str) -> Form:
    """Return a letter with its marks as it is compared; `folded` is the letter with plain quotes and dashes."""
    if folded in (" ", "\0"):
        return Form(folded, frozenset())
    apart = unicodedata.normalize("NFKD", _POINTS.sub("", visible.casefold()))
    if _GREEK.match(apart):
        # The stress of a Greek word depends on its place in the sentence, and its signs were reformed.
        return Form(form_of(visible), frozenset())
    accents = (sign for sign in apart if 200 <= unicodedata.combining(sign) <= 240 or sign in _STROKES)
    return Form(form_of(folded), frozenset(accents))


@dataclass(frozen=True, slots=True)
class Order:
    """The words in one order: a pattern with a group for each, and where each begins in the words as typed."""

    pattern: re.Pattern[str]
    starts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SpellingPattern:
    """The pattern by which words are found: as typed, and a name also with its last word first."""

    comparable: ComparableText
    orders: tuple[Order, ...]
    is_short_name: bool
    is_distinctive_name: bool
    # Where the parts of a word begin behind its apostrophes, which may be missing: "Kaʻiulani".
    behind_apostrophes: frozenset[int]

    def matches(self, order: Order, comparable: ComparableText, *, alone: bool) -> Iterator[tuple[int, int]]:
        """Yield the first and the last letter of each match."""
        at = 0
        while (match := order.pattern.search(comparable.text, at)) is not None:
            at = match.start() + 1
            first, last = comparable.owner[match.start()], comparable.owner[match.end() - 1]
            if not self._fits(order, comparable, match):
                continue
            if alone and not (
                _is_whole(comparable, *match.span())
                and begins_word(comparable.letters, first)
                and (ends_word(comparable.letters, last) or self._precedes_figure(comparable.letters, last))
            ):
                continue
            yield first, last
            at = match.end()

    def _precedes_figure(self, letters: Sequence[Letter], last: int) -> bool:
        """Return whether a figure follows the last letter, as in "Jo Doe¹" or "jodoe77"; "CO2" is another word."""
        return (
            not self.is_short_name
            and letters[last].visible[:1].isalpha()
            and letters[last + 1].visible[:1].isdigit()
        )

    def _fits(self, order: Order, comparable: ComparableText, match: re.Match[str]) -> bool:
        """Return whether accents match or are missing, and whether the words of the match are separated."""
        for group, start in enumerate(order.starts, start=1):
            begin, end = match.span(group)
            expected = self.comparable.accents[start : start + end - begin]
            if any(
                one and other and one != other
                for one, other in zip(expected, comparable.accents[begin:end], strict=True)
            ):
                return False
            is_first = begin == match.start()
            if not (
                is_first
                or self.is_distinctive_name
                or start in self.behind_apostrophes
                or _is_parted(comparable.letters, comparable.owner[begin])
            ):
                return False
        return not self.is_short_name or _is_name(
            comparable.letters, *map(comparable.owner.__getitem__, (match.start(), match.end() - 1))
        )


def matches_of(
    spellings: Sequence[SpellingPattern], comparable: ComparableText, *, alone: bool = True
) -> list[tuple[int, int]]:
    """Return the first and the last letter of each match of any spelling.

    Without `alone`, include matches that are part of a longer word.
    """
    found = {
        place
        for spelling in spellings
        for place in spelling.matches(spelling.orders[0], comparable, alone=alone)
    }
    # In "Jo Doe, Jo Doe" there is no match of "Doe, Jo".
    return [
        *found,
        *(
            (first, last)
            for spelling in spellings
            for order in spelling.orders[1:]
            for first, last in spelling.matches(order, comparable, alone=alone)
            if not any(first <= other[1] and other[0] <= last for other in found)
        ),
    ]


@lru_cache(maxsize=1_000)
def spelling_of(letters: tuple[Letter, ...]) -> SpellingPattern | None:
    """Return the pattern for words, given as letters; None if nothing of them can be compared."""
    comparable = comparable_text(list(letters))
    text = _LAST.sub("", comparable.text)
    if not text.strip():
        return None
    gaps = list(_GAP.finditer(text))
    starts = [0, *(gap.end() for gap in gaps)]
    ends = [*(gap.start() for gap in gaps), len(text)]
    words = [text[start:end] for start, end in zip(starts, ends, strict=True)]
    parts = [_parts(word) for word in words]
    groups = [" ?".join(f"({re.escape(part)})" for part in each) for each in parts]
    if words[0].startswith(_ARTICLE) and len(words[0]) > len(_ARTICLE):
        # "To the" is written as one word, without the alif.
        groups[0] = f"((?:{_ARTICLE}|لل){re.escape(words[0].removeprefix(_ARTICLE))})"
    # Where each part begins, word by word.
    places = [
        tuple(accumulate(map(len, each[:-1]), initial=start))
        for start, each in zip(starts, parts, strict=True)
    ]
    joints = [_JOINTS_OF.get(gap[0], _JOINT) for gap in gaps]
    sign = comparable.text[len(text) :]
    in_order = "".join(
        map("".join, zip(groups, (*joints, f"{re.escape(sign)}?" if sign else ""), strict=True))
    )
    orders = [Order(re.compile(in_order), tuple(chain.from_iterable(places)))]
    if 2 <= len(words) <= _LONGEST_NAME and all(map(str.isalpha, words)):
        last_first = f"{groups[-1]}, ?{_JOINT.join(groups[:-1])}"
        orders.append(Order(re.compile(last_first), tuple(chain(places[-1], *places[:-1]))))
    is_long = sum(map(len, words)) >= _MIN_DISTINCTIVE
    is_capital = [letters[comparable.owner[start]].visible[:1].isupper() for start in starts]
    return SpellingPattern(
        comparable,
        tuple(orders),
        is_short_name=len(words) == 1 and len(letters) - len(sign) <= _SHORT and is_capital[0],
        is_distinctive_name=is_long and all(is_capital),
        behind_apostrophes=frozenset(gap.end() for gap in gaps if is_long and gap[0] == "'"),
    )


def _parts(word: str) -> list[str]:
    """Return the parts of a word between which a space may be: characters of Han, a Korean family and given name."""
    if _HAN_NAME.fullmatch(word) and _HAN.search(word):
        return list(word)
    if _KOREAN_NAME.fullmatch(word):
        family = 2 if len(word) == _FOUR_SYLLABLES else 1
        return [word[:family], word[family:]]
    return [word]


def _is_whole(comparable: ComparableText, start: int, end: int) -> bool:
    """Return whether a match neither begins nor ends between a letter and its marks."""
    owner = comparable.owner
    return (not start or owner[start - 1] != owner[start]) and (
        end == len(owner) or owner[end - 1] != owner[end]
    )


def _is_parted(letters: Sequence[Letter], number: int) -> bool:
    """Return whether a letter begins a word: after a separator, by its capital, or in a script without capitals."""
    here, before = letters[number].visible, letters[number - 1].visible
    if not is_letter(letters[number - 1]) or here.upper() == here.lower():
        return True
    return here[:1].isupper() and before[:1].islower()


def _is_name(letters: Sequence[Letter], first: int, last: int) -> bool:
    """Return whether a short word is a name by itself: capitalised, and not part of "Al-Jazeera"."""
    hyphens = (
        letters[number].folded == "-" for number in (first - 1, last + 1) if 0 <= number < len(letters)
    )
    return letters[first].visible[:1].isupper() and not any(hyphens)
