"""Punctuation between unchanged words: which changes of it change the meaning."""

from __future__ import annotations

import re
from typing import Final

from stories.domain.significance.data import Level
from stories.domain.significance.lexicon.characters import DASHES, visible
from stories.domain.significance.lexicon.people_words import PERSONS
from stories.domain.significance.lexicon.vocabulary import is_title
from stories.domain.significance.lexicon.weighty_words import DENIALS_ELSEWHERE, NEGATIONS
from stories.domain.significance.lexicon.word_groups import members
from stories.domain.significance.text import Text

_IGNORED: Final = re.compile("[\\s“”„‟\"«»‹›「」『』‘’‚'`´¦•●▪·]")
_DASH: Final = re.compile(f"[{DASHES}]+")
_ASKING: Final = re.compile("[?\u037e\u061f\uff1f\u00bf\u2047-\u2049]")
_DENIALS: Final = (NEGATIONS | DENIALS_ELSEWHERE) - {"without", "nor", "neither", "not"}
# A comma before these, or behind those at the beginning of a sentence, is optional.
_BEFORE: Final = members("and or but nor so yet too respectively etc")
_OPENING: Final = members(
    "however yesterday today tomorrow meanwhile instead then finally also therefore moreover furthermore"
    " additionally nevertheless nonetheless still thus hence consequently recently currently first second"
    " third lastly similarly likewise afterwards afterward later earlier now once often usually generally"
    " typically"
)
_QUESTIONING: Final = members(
    "what who whom whose which when where why how is are was were do does did can could will would shall"
    " should has have had may might am want got need looking interested wondering curious"
)
_SAYING: Final = members("said says claimed alleged admitted")
_BEFORE_VERBS: Final = members(
    "let's us to can could will would shall should must may please do not we you they i he she who"
)
# What may be behind a sign that belongs to the word before it.
_AFTER_GRADE: Final = (".", ",", ";", ":", ")", "/", "?", "!", "")
_LONGEST_SYMBOL: Final = 2
_MONTHS: Final = members(
    "january february march april may june july august september october november december jan feb mar"
    " apr jun jul aug sep sept oct nov dec monday tuesday wednesday thursday friday saturday sunday"
)


def between(text: Text, number: int) -> str:
    """Return the text between a word and the next; before the first word for -1, after the last for the last."""
    start = text.words[number].end if number >= 0 else 0
    end = text.words[number + 1].start if number + 1 < len(text.words) else len(text.plain)
    return text.plain[start:end] if start < end else ""


def asking(text: str) -> int:
    """Return how many question marks a text has."""
    return len(_ASKING.findall(text))


def weigh(old: Text, i: int, new: Text, j: int) -> Level:
    """Return how much it weighs that the punctuation between two unchanged words changed."""
    before, after = between(old, i), between(new, j)
    if before == after:
        return Level.NONE
    if _grade(old, i, before) != _grade(new, j, after):
        # "C#", "Na+", "AB−"
        return Level.SUBSTANTIVE
    if {before[:1], after[:1]} == {"′", "″"}:
        # Feet and inches, minutes and seconds.
        return Level.SUBSTANTIVE
    was, now = _comparable(before), _comparable(after)
    if was == now:
        return Level.TYPOGRAPHY
    if asking(was) != asking(now):
        # A sentence worded as a question is one, whatever its punctuation.
        if not (_asks(old, i) and _asks(new, j)):
            return Level.SUBSTANTIVE
        return Level.TYPOGRAPHY if {was, now} <= {"", ".", "?"} else Level.WORDING
    if i < 0:
        return Level.TYPOGRAPHY if set(was + now) <= set(".,-:") else Level.WORDING
    word = old.words[i]
    ends = i + 1 >= len(old.words)
    if ends or ("\n" in before and "\n" in after):
        return Level.TYPOGRAPHY if set(was + now) <= set(".,:;-") else Level.WORDING
    following = old.words[i + 1]
    if word.norm[-1:].isdigit() and following.norm[:1].isdigit():
        spaced = any(char.isspace() for char in before) and any(char.isspace() for char in after)
        if not spaced or {was, now} != {"", ","}:
            return Level.SUBSTANTIVE
    if word.norm in _DENIALS or (word.norm == "not" and word.text.casefold() == "not"):
        return Level.SUBSTANTIVE
    if (
        following.norm in ("no", "not")
        and following.text.casefold() in ("no", "not")
        and set(was + now) - {","}
    ):
        return Level.SUBSTANTIVE
    if {was, now} == {"", ","} and following.norm in _SAYING and not word.quoted and not _of_taste(old, i):
        # "The mayor said the driver lied", "The mayor, said the driver, lied".
        return Level.SUBSTANTIVE
    if {was, now} == {"", ","} and _addresses(old, i):
        return Level.SUBSTANTIVE
    written = new.words[j]
    shortened = word.norm != written.norm and word.norm[:1] == written.norm[:1]
    if {was, now} == {"", "."} and (is_title(word.norm) or shortened or "." in word.norm + written.norm):
        return Level.TYPOGRAPHY
    if {was, now} == {"", ","} and _of_taste(old, i):
        return Level.TYPOGRAPHY
    return Level.WORDING


def _grade(text: Text, i: int, behind: str) -> str:
    """Return the sign that belongs to the word before it: any "+" or "#", but a dash only behind "A", "AB", "Na"."""
    sign = behind[: len(behind) - len(behind.lstrip("+#"))] or behind[:1]
    following = behind[len(sign) :][:1]
    if i < 0 or not sign or not (following.isspace() or following in _AFTER_GRADE):
        return ""
    if sign[0] in "+#":
        return sign
    word = text.words[i].text
    symbol = len(word) <= _LONGEST_SYMBOL and word[:1].isupper() and word.isalpha()
    return "-" if symbol and sign in "-\u2212" and not text.words[i].opens else ""


def _addresses(text: Text, i: int) -> bool:
    """Return whether a verb is followed by a person at the end of a sentence: as its object, or addressed."""
    word, following = text.words[i], text.words[i + 1]
    if (
        not i
        or text.words[i - 1].norm not in _BEFORE_VERBS
        or not word.text.islower()
        or word.norm in PERSONS
    ):
        return False
    ends = i + 2 >= len(text.words) or text.words[i + 2].opens
    return ends and (following.norm in PERSONS or (following.text[:1].isupper() and not following.opens))


def _asks(text: Text, i: int) -> bool:
    """Return whether the sentence that ends with a word begins like a question."""
    while i > 0 and not text.words[i].opens:
        i -= 1
    return i >= 0 and text.words[i].norm in _QUESTIONING


def _of_taste(text: Text, i: int) -> bool:
    """Return whether a comma behind a word is optional: before "and", behind "However", in a date."""
    word, following = text.words[i], text.words[i + 1]
    if following.norm in _BEFORE:
        return True
    if word.opens and word.norm in _OPENING:
        return True
    if (
        word.norm.isdigit()
        and i
        and text.words[i - 1].opens
        and text.words[i - 1].norm in ("in", "by", "since")
    ):
        return True
    if following.norm.isdigit() and word.norm in _MONTHS:
        return True
    return word.norm.isdigit() and i > 0 and text.words[i - 1].norm in _MONTHS


def _comparable(marks: str) -> str:
    """Return punctuation without spaces, quotation marks and repetitions, with dashes unified."""
    bare = _DASH.sub("-", _IGNORED.sub("", visible(marks)).replace("...", "…"))
    return re.sub(r"([.,;:])\1+", r"\1", bare)
