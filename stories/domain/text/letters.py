"""Classes of characters in every script: combining marks, invisible characters, scripts without spaces."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final


def _ranges(categories: Iterable[str]) -> str:
    """Return the characters of some Unicode categories, as ranges for a regular expression's character class."""
    chosen, found, first = frozenset(categories), [], None
    # No script's marks are beyond this; scanning all of Unicode takes a second.
    for code in range(0x300, 0x20000):
        inside = unicodedata.category(chr(code)) in chosen
        if inside and first is None:
            first = code
        elif not inside and first is not None:
            found.append(f"{chr(first)}-{chr(code - 1)}")
            first = None
    return "".join(found)


# Vowel signs, accents, viramas: Python's `\w` does not match them.
MARKS: Final = _ranges(("Mn", "Mc", "Me"))
# Characters that belong to the one before them: marks, half-width voicing marks, separate Korean vowels and finals.
SIGNS: Final = f"{MARKS}\uff9e\uff9f\u1161-\u11ff\ud7b0-\ud7fb"
# Invisible characters: soft hyphens, zero-width spaces, and fillers and selectors that some scripts need, but that
# never distinguish two names.
IGNORED: Final = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff"
)
# What is written for an apostrophe: the sign itself, its look-alikes, the okina, the geresh, and the signs that
# transcribe Arabic. Unicode classes half of them as letters.
APOSTROPHES: Final = "'’‘‛′`´＇\u02b9\u02bb\u02bc\u02bd\u02be\u02bf\u05f3\ua78c"
# Chinese, Japanese, Thai, Lao, Burmese, Khmer; and Korean, whose endings are joined to its words. Their digits are not
# among them: a figure is a word.
UNSPACED: Final = (
    "\u1100-\u11ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3040-\u30ff\u3130-\u318f\u31f0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\ua960-\ua97c\uac00-\ud7fb\uf900-\ufaff\uff66-\uff9f\u0e00-\u0e4f\u0e5a-\u0e7f\u0e80-\u0ecf"
    "\u0eda-\u0eff\u1000-\u103f\u104a-\u108f\u109a-\u109f\ua9e0-\ua9ef\ua9fa-\ua9ff\uaa60-\uaa7f\u1780-\u17df"
    "\u17ea-\u17ff\u19e0-\u19ff\U00020000-\U0003ffff"
)

_IGNORED: Final = re.compile(f"[{IGNORED}]")


def without_unseen(text: str) -> str:
    """Return a text without invisible characters."""
    return _IGNORED.sub("", text)


_LETTER: Final = re.compile(r"[^\W_]")


def count_letters(text: str) -> int:
    """Count the letters and digits of a text: a letter once with its marks, and a Korean syllable once."""
    return len(_LETTER.findall(unicodedata.normalize("NFC", without_unseen(text))))
