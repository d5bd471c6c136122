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
from typing import Final, NamedTuple

from stories.domain.text.find import Letter
from stories.domain.text.letters import MARKS, UNSPACED
from stories.domain.text.search_form import form_of

# Separators of the words of a name, other than spaces: "Jo_Doe", "Jo.Doe", "ジョン・ドー", "נועה־לוי".
JOINTS: Final = "-_.+·・‧־፡"
_HANGUL: Final = re.compile("[\uac00-\ud7af\u1100-\u11ff\u3130-\u318f]")
_KATAKANA: Final = re.compile("[\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9f]")
_UNSPACED: Final = re.compile(f"[{UNSPACED}]")
_ARABIC: Final = re.compile("[\u0620-\u063f\u0641-\u064a\u066e-\u06d3\u06fa-\u06ff\u0750-\u077f]")
_HEBREW: Final = re.compile("[\u05d0-\u05ea]")
# Thai and Lao vowels that are written before their consonant, and those written behind it.
_LEADING: Final = frozenset("เแโใไເແໂໃໄ")
_FOLLOWING: Final = frozenset("ะาำๅະາຳ")
# Signs that join the next consonant, in scripts without spaces.
_JOINING: Final = frozenset("\u1039\u17d2")
# Prefixes that Arabic and Hebrew join to the next word: and, as, in, to, from, the.
_BEFORE: Final = {
    _ARABIC: re.compile("[وف]?[بكلس]?(?:ال)?"),
    _HEBREW: re.compile("[והבכלמש]{1,3}"),
}
# Suffixes that Korean joins to a name: titles, and the particles behind both.
_KOREAN_BEHIND: Final = re.compile(
    "(?:씨|님|군|양|측|네|들|대표|의원|기자|장관|대통령|총리|시장|교수|박사|선생|선수|감독|회장|사장)?"
    "(?:[은는이가을를의에와과도만야아여며고인뿐씩랑]|에게(?:서|는|도)?|께(?:서|서는)?|한테(?:서)?|[와과에](?:의|는)|이랑|하고|만[이은]"
    "|으?로(?:서|써|부터)?|부터|까지도?|처럼|같은|보다|마저|조차|이?나|이여|이?라[고는며]|이?란|이?었?다|였다|입니다|이[며고자]|인데"
    "|에서[는도]?|에도)?"
)
# A name of one short word is distinguished from another word by its capital: "Ng", "Al".
_SHORT: Final = 2
# Names with fewer letters are other words if nothing separates their parts: "Al So".
_MIN_DISTINCTIVE: Final = 5
# Letters with a stroke, and the dotless i: the normal form of searched texts drops these accents.
_STROKES: Final = frozenset("øłđıħŧ")
_POINTS: Final = re.compile(r"[\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u06d6-\u06ed]")
# The gaps between the words of a name; figures are never joined.
_GAP: Final = re.compile(rf"(?:(?<=[^\W\d_])|(?<=[{MARKS}]))(?:\.? |[{re.escape(JOINTS)}'])(?=[^\W\d_])")
_JOINT: Final = f"[ {re.escape(JOINTS)}]?"
# Behind an initial or a title, whose full stop may be missing; and in "O’Brien".
_JOINTS_OF: Final = {". ": rf"(?:\.? |[{re.escape(JOINTS)}])?", "'": "[ '-]?"}
_TANWIN: Final = "\u064b"
_ARTICLE: Final = "ال"
# The most words of a name whose last word may come first, "Doe, Jo".
_LONGEST_NAME: Final = 4
# How German and the Scandinavian languages write letters that a keyboard lacks.
_SPELT_OUT: Final = {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"}
_SPELT_IN: Final = {"ae": "ä", "oe": "ö", "ue": "ü", "aa": "å"}
_UMLAUT: Final = re.compile("[äöüåø]", re.IGNORECASE)
_SPELT: Final = re.compile("ae|oe|ue|aa", re.IGNORECASE)
# Affixes that are joined to a name are short.
_MAX_JOINED: Final = 10


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
    return ComparableText(
        letters, "".join(form.text for form in forms), owner, [forms[number].accents for number in owner]
    )


@lru_cache(maxsize=20_000)
def form_of_letter(folded: str, visible: str) -> Form:
    """Return a letter with its marks as it is compared; `folded` is the letter with plain quotes and dashes."""
    if folded in (" ", "\0"):
        return Form(folded, frozenset())
    apart = unicodedata.normalize("NFKD", _POINTS.sub("", visible.casefold()))
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

    def places(self, comparable: ComparableText, *, alone: bool = True) -> list[tuple[int, int]]:
        """Return the first and the last letter of each match.

        Without `alone`, include matches that are part of a longer word.
        """
        found: list[tuple[int, int]] = []
        for order in self.orders:
            # In "Jo Doe, Jo Doe" there is no match of "Doe, Jo".
            found += [
                (first, last)
                for first, last in self._places(order, comparable, alone)
                if not any(first <= other[1] and other[0] <= last for other in found)
            ]
        return found

    def _places(self, order: Order, comparable: ComparableText, alone: bool) -> Iterator[tuple[int, int]]:
        at = 0
        while (match := order.pattern.search(comparable.text, at)) is not None:
            at = match.start() + 1
            first, last = comparable.owner[match.start()], comparable.owner[match.end() - 1]
            if not self._fits(order, comparable, match):
                continue
            if alone and not (
                _is_whole(comparable, *match.span())
                and _begins(comparable.letters, first)
                and _ends(comparable.letters, last)
            ):
                continue
            yield first, last
            at = match.end()

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
                or _is_parted(comparable.letters, comparable.owner[begin])
            ):
                return False
        return not self.is_short_name or _is_name(
            comparable.letters, *map(comparable.owner.__getitem__, (match.start(), match.end() - 1))
        )


@lru_cache(maxsize=1_000)
def spelling_of(letters: tuple[Letter, ...]) -> SpellingPattern | None:
    """Return the pattern for words, given as letters; None if nothing of them can be compared."""
    comparable = comparable_text(list(letters))
    if not comparable.text.strip():
        return None
    gaps = list(_GAP.finditer(comparable.text))
    starts = [0, *(gap.end() for gap in gaps)]
    ends = [*(gap.start() for gap in gaps), len(comparable.text)]
    words = [comparable.text[start:end] for start, end in zip(starts, ends, strict=True)]
    groups = [f"({re.escape(word)})" for word in words]
    if words[0].startswith(_ARTICLE) and len(words[0]) > len(_ARTICLE):
        # "To the" is written as one word, without the alif.
        groups[0] = f"((?:{_ARTICLE}|لل){re.escape(words[0].removeprefix(_ARTICLE))})"
    joints = [_JOINTS_OF.get(gap[0], _JOINT) for gap in gaps]
    in_order = "".join(map("".join, zip(groups, (*joints, ""), strict=True)))
    orders = [Order(re.compile(in_order), tuple(starts))]
    if 2 <= len(words) <= _LONGEST_NAME and all(map(str.isalpha, words)):
        last_first = f"{groups[-1]}, ?{_JOINT.join(groups[:-1])}"
        orders.append(Order(re.compile(last_first), (starts[-1], *starts[:-1])))
    is_capital = [letters[comparable.owner[start]].visible[:1].isupper() for start in starts]
    return SpellingPattern(
        comparable,
        tuple(orders),
        is_short_name=len(words) == 1 and len(letters) <= _SHORT and is_capital[0],
        is_distinctive_name=sum(map(len, words)) >= _MIN_DISTINCTIVE and all(is_capital),
    )


def umlauts(words: str) -> Iterator[str]:
    """Yield the words with umlauts spelled out, and with spelled-out umlauts as one letter, if they have any."""
    composed = unicodedata.normalize("NFC", words)
    for plain, spelt in ((_UMLAUT, _SPELT_OUT), (_SPELT, _SPELT_IN)):
        other = composed
        for found in reversed(list(plain.finditer(composed))):
            instead = spelt[found[0].lower()]
            instead = instead.capitalize() if found[0][0].isupper() else instead
            other = other[: found.start()] + instead + other[found.end() :]
        if other != composed:
            yield other


def _is_whole(comparable: ComparableText, start: int, end: int) -> bool:
    """Return whether a match neither begins nor ends between a letter and its marks."""
    owner = comparable.owner
    return (not start or owner[start - 1] != owner[start]) and (
        end == len(owner) or owner[end - 1] != owner[end]
    )


def _is_parted(letters: Sequence[Letter], number: int) -> bool:
    """Return whether a letter begins a word: after a separator, by its capital, or in a script without capitals."""
    here, before = letters[number].visible, letters[number - 1].visible
    if not before[:1].isalnum() or here.upper() == here.lower():
        return True
    return here[:1].isupper() and before[:1].islower()


def _is_name(letters: Sequence[Letter], first: int, last: int) -> bool:
    """Return whether a short word is a name by itself: capitalised, and not part of "Al-Jazeera"."""
    hyphens = (
        letters[number].folded == "-" for number in (first - 1, last + 1) if 0 <= number < len(letters)
    )
    return letters[first].visible[:1].isupper() and not any(hyphens)


def _begins(letters: Sequence[Letter], first: int) -> bool:
    """Return whether a word begins at a letter, or after a prefix that its script joins to words."""
    start = first
    while start and first - start < _MAX_JOINED and _is_joined(letters[start - 1], letters[start]):
        start -= 1
    if start == first:
        return not _is_behind_o(letters, first)
    before = "".join(form_of(letter.visible) for letter in letters[start:first])
    here = letters[first].visible
    return any(script.match(here) and joined.fullmatch(before) for script, joined in _BEFORE.items())


def _ends(letters: Sequence[Letter], last: int) -> bool:
    """Return whether a word ends at a letter, or before a suffix that Korean joins to it."""
    end = last
    while end + 1 < len(letters) and end - last < _MAX_JOINED and _is_joined(letters[end], letters[end + 1]):
        end += 1
    if end == last:
        return True
    if end == last + 1 and letters[end].folded.startswith("ا"):
        # The accusative of a name: محمدًا.
        return _TANWIN in letters[last].visible or _TANWIN in letters[end].visible
    behind = unicodedata.normalize("NFC", "".join(letter.visible for letter in letters[last + 1 : end + 1]))
    return _HANGUL.match(letters[last].visible) is not None and _KOREAN_BEHIND.fullmatch(behind) is not None


def word_around(letters: Sequence[Letter], first: int, last: int) -> tuple[int, int]:
    """Return the first and the last letter of the word that contains a match."""
    while first and _is_joined(letters[first - 1], letters[first]):
        first -= 1
    while last + 1 < len(letters) and _is_joined(letters[last], letters[last + 1]):
        last += 1
    return first, last


def _is_joined(one: Letter, other: Letter) -> bool:
    """Return whether two consecutive letters belong to one word."""
    before, behind = one.visible[:1], other.visible[:1]
    if not (before.isalnum() and behind.isalnum()):
        return False
    if one.visible[-1] in _JOINING:
        return True
    script = _script(before)
    if script != _script(behind):
        return False
    return script != "unspaced" or before in _LEADING or behind in _FOLLOWING


def _script(letter: str) -> str:
    """Return the name of the rule for word boundaries that applies to a letter."""
    if _HANGUL.match(letter):
        return "hangul"
    if _KATAKANA.match(letter):
        return "katakana"
    return "unspaced" if _UNSPACED.match(letter) else "spaced"


def _is_behind_o(letters: Sequence[Letter], first: int) -> bool:
    """Return whether a name began before an apostrophe: "O’Neil" is not Neil, but "d’Anna" is Anna."""
    return (
        first > 1
        and letters[first - 1].folded == "'"
        and letters[first - 2].folded == "o"
        and not (first > 2 and letters[first - 3].visible[:1].isalnum())
    )
