"""The weight of words by themselves, and whether replacing them changes the meaning."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from stories.domain.significance.lexicon.characters import signs
from stories.domain.significance.lexicon.opposed_words import opposed
from stories.domain.significance.lexicon.people_words import NATIONS, OF_PERSONS, PERSONS, ROLES, TRAITS
from stories.domain.significance.lexicon.units import MEASURES, unit_of
from stories.domain.significance.lexicon.vocabulary import changes_affix
from stories.domain.significance.lexicon.weighty_words import BEFORE_FIGURE, WEIGHTY
from stories.domain.significance.text import COMPARING, Text, Word
from stories.domain.significance.wording.facets import is_figure
from stories.domain.significance.wording.word_order import reordered

# How many words of a rewritten stretch are checked for affixes.
_SHORT: Final = 8
# How many words may be between a limit and its figure: "up to a total of 5".
_NEAR: Final = 3
# "30 or more"
_OPEN_ENDS: Final = frozenset("more less fewer over under above below older younger higher lower so".split())
_BEING: Final = frozenset("is was are were be been being who".split())
_EARLIER: Final = frozenset(("last", "previous", "next"))
_OWNERS: Final = frozenset(("the", "his", "her", "its", "their", "our", "my"))
_PER: Final = frozenset(("a", "an", "per", "each", "every"))
_ROMAN: Final = re.compile(r"(?=[IVXLC])(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_SMALL_ROMAN: Final = re.compile(r"(?=[ivx])x{0,3}(?:ix|iv|v?i{0,3})")
_SUPERLATIVES: Final = frozenset("best worst most least first last few only".split())
_UNITED: Final = re.compile(r"[\d.,]+([^\W\d]+|°[CF])")
# Two words that weigh together.
_PHRASES: Final = {
    ("far", "from"): "not",
    ("anything", "but"): "not",
    ("other", "than"): "not",
    ("rather", "than"): "not",
    ("instead", "of"): "not",
    ("short", "of"): "not",
    ("all", "but"): "almost",
    ("even", "if"): "even",
    ("even", "when"): "even",
    ("subject", "to"): "if",
    ("conditional", "on"): "if",
    ("in", "case"): "if",
    ("on", "condition"): "if",
    ("long", "as"): "if",
}
# "By some accounts", "in what police called a theft"
_ACCOUNTS: Final = frozenset(("account", "accounts", "estimates", "measures"))
_WHOSE_ACCOUNTS: Final = frozenset("some most many several all their his her its own".split())
_CALLING: Final = frozenset("call calls called describe describes described termed dubbed".split())
# Words that are a month, or a person's name, if capitalised.
_CAPITALISED_OTHERWISE: Final = frozenset(("may", "mark", "will", "sue", "rob", "bill"))


def changes_meaning(old: Text, old_range: tuple[int, int], new: Text, new_range: tuple[int, int]) -> bool:
    """Return whether replaced words change the meaning."""
    if _weights(old, *old_range) != _weights(new, *new_range):
        return True
    removed, added = old.words[slice(*old_range)], new.words[slice(*new_range)]
    if _signs(removed) != _signs(added) or reordered(removed, added):
        return True
    before, after = [word.norm for word in removed], [word.norm for word in added]
    if opposed(_bare(before), _bare(after)) or changes_affix(before[:_SHORT], after[:_SHORT]):
        return True
    if _other(before, after, ROLES) or _other(before, after, MEASURES) or _numeral_changed(removed, added):
        return True
    return _one_of(old, old_range) != _one_of(new, new_range)


def changes_unit(old: Text, i: int, new: Text, j: int) -> bool:
    """Return whether a word that only changed its capitals is the symbol of another unit ("mW", "MW")."""
    before, after = _unit(old, i), _unit(new, j)
    return bool(before and after and before != after)


def _weights(text: Text, start: int, end: int) -> Counter[str]:
    found: Counter[str] = Counter()
    for number in range(start, end):
        word = text.words[number]
        key = _weight(text, number, word)
        if key:
            found[key] += 1
        elif "-" in word.norm:
            found.update(WEIGHTY[part] for part in word.norm.split("-") if part in WEIGHTY)
        unit = _unit(text, number)
        if unit:
            found["unit " + unit] += 1
    return found


def _signs(words: Sequence[Word]) -> list[str]:
    """Return the meaningful signs other than letters and digits, in order."""
    found = [word.text if word.text in COMPARING else signs(word.text) for word in words]
    return [sign for sign in found if sign]


def _weight(text: Text, number: int, word: Word) -> str:
    norm = word.norm
    if word.text[:1].isupper() and norm in _CAPITALISED_OTHERWISE and not word.opens:
        return ""
    following = text.words[number + 1].norm if number + 1 < len(text.words) else ""
    if norm == "a" and following in ("few", "little"):
        return "a few"
    if norm in _OPEN_ENDS and number > 1 and text.words[number - 1].norm in ("or", "and"):
        return norm if is_figure(text.words[number - 2]) else WEIGHTY.get(norm, "")
    if norm in BEFORE_FIGURE and _before_figure(text, number):
        return BEFORE_FIGURE[norm]
    if norm in WEIGHTY:
        return WEIGHTY[norm]
    if (norm, following) in _PHRASES:
        return _PHRASES[norm, following]
    if norm == "close" and following == "to" and _before_figure(text, number):
        return BEFORE_FIGURE["nearly"]
    if norm in _ACCOUNTS and number and text.words[number - 1].norm in _WHOSE_ACCOUNTS:
        return "allegedly"
    if norm in _CALLING and any(other.norm == "what" for other in text.words[max(number - 3, 0) : number]):
        # "In what police called a theft": others say so.
        return "so-called"
    if norm in _EARLIER and number and text.words[number - 1].norm in _OWNERS:
        # "The last administration" is not "the administration".
        return "last"
    if norm in NATIONS:
        return NATIONS[norm]
    if norm in OF_PERSONS:
        return TRAITS.get(norm, norm)
    if norm in TRAITS and (
        any(other.norm in PERSONS for other in text.words[number + 1 : number + 3])
        or (number and text.words[number - 1].norm in _BEING)
    ):
        return TRAITS[norm]
    return ""


def _unit(text: Text, number: int) -> str:
    """Return the unit that a word stands for: behind a figure, behind "a" for a rate, or joined to its figure."""
    word = text.words[number]
    glued = _UNITED.fullmatch(word.text)
    if glued:
        return unit_of(glued[1], glued[1].casefold())
    if is_figure(word):
        return ""
    before = text.words[number - 1] if number else None
    counted = before is not None and (is_figure(before) or before.norm == "°")
    if before is not None and before.norm in ("°", "square", "cubic"):
        return f"{before.norm} {word.norm}"
    if not counted and before is not None and before.norm in _PER and number > 1:
        counted = any(is_figure(other) for other in text.words[max(number - 4, 0) : number])
    return unit_of(word.text, word.norm) if counted else ""


def _before_figure(text: Text, number: int) -> bool:
    for other in text.words[number + 1 : number + 1 + _NEAR]:
        if is_figure(other):
            return True
        if other.opens:
            return False
    return False


def _other(before: Sequence[str], after: Sequence[str], groups: dict[str, str]) -> bool:
    """Return whether both sides have words of a group, and different ones."""
    one = {groups[word] for word in before if word in groups}
    other = {groups[word] for word in after if word in groups}
    return bool(one and other and one != other)


def _bare(words: Sequence[str]) -> list[str]:
    """Return words, followed by their parts if they have hyphens."""
    return [part for word in words for part in ([word, *word.split("-")] if "-" in word else [word])]


def _numeral_changed(removed: Sequence[Word], added: Sequence[Word]) -> bool:
    """Return whether Roman numerals differ; "I" counts only if the other side has a numeral too."""
    before, after = (
        [word.text for word in words if _ROMAN.fullmatch(word.text)] for words in (removed, added)
    )
    if before != after and (bool(before and after) or {*before, *after} != {"I"}):
        return True
    # In small letters ("chapter iv"), a numeral must replace a numeral.
    small, small_now = (
        [word.text for word in words if _SMALL_ROMAN.fullmatch(word.text)] for words in (removed, added)
    )
    return bool(small and small_now) and small != small_now


def _one_of(text: Text, span: tuple[int, int]) -> bool:
    """Return whether a stretch turns a superlative into one of several ("one of the largest")."""
    words = [word.norm for word in text.words[span[0] : span[1] + 3]]
    for number, word in enumerate(words[: max(span[1] - span[0], 0)]):
        if word == "one" and words[number + 1 : number + 2] == ["of"]:
            return any(
                other.endswith("est") or other in _SUPERLATIVES for other in words[number + 2 : number + 6]
            )
    return False
