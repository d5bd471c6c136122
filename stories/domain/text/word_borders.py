"""Where words begin and end, by the rules of each script: at spaces, at letters, at affixes (ومحمد, 김철수는)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from stories.domain.text.find import Letter
from stories.domain.text.letters import UNSPACED
from stories.domain.text.word_form import form_of

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
    "(?:[은는이가을를의에와과도만야아여며고인뿐씩랑]|에게(?:서[는도]?|[는도만로의])?|께(?:서[는도]?|[는도])?|한테(?:서|[는도만])?"
    "|[와과랑](?:의|는|도)|에(?:의|는)|이랑|하고|만[이은의을도]|으?로(?:서|써|부터)?(?:[는도의])?|부터[는도]?|까지[는도만]?|처럼|같은"
    "|보다[는도]?|마저도?|조차도?|밖에|(?:은|는)?커녕|뿐[만이]|이?나|이여|이?든지?|이?라(?:[고는며면도서]|던|기)|이?란"
    "|(?:이?었|였)(?:다|던|고|으며|지만)|이?다|입니다|이[며고자]|이?기[도에]|이지만?|인[데지]|에서[는도]?|에도)?"
)
_TANWIN: Final = "\u064b"
# Affixes that are joined to a name are short.
_MAX_JOINED: Final = 10


def begins_word(letters: Sequence[Letter], first: int) -> bool:
    """Return whether a word begins at a letter, or after a prefix that its script joins to words."""
    start = first
    while start and first - start < _MAX_JOINED and _is_joined(letters[start - 1], letters[start]):
        start -= 1
    if start == first:
        return not _is_behind_o(letters, first)
    before = "".join(form_of(letter.visible) for letter in letters[start:first])
    here = letters[first].visible
    return any(script.match(here) and joined.fullmatch(before) for script, joined in _BEFORE.items())


def ends_word(letters: Sequence[Letter], last: int) -> bool:
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
    if not (is_letter(one) and is_letter(other)):
        return False
    if one.visible[-1] in _JOINING:
        return True
    script = _script(before)
    if script != _script(behind):
        return False
    return script != "unspaced" or before in _LEADING or behind in _FOLLOWING


def is_letter(letter: Letter) -> bool:
    """Return whether a letter is a part of words: no apostrophe, and not the raised figure of a footnote."""
    sign = letter.visible[:1]
    return sign.isalnum() and letter.folded != "'" and (sign.isdecimal() or not sign.isdigit())


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
