"""The normal form of a word: without case, accents and invisible characters, the same in all its spellings."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from stories.domain.text.letters import IGNORED

# Nobody searches for a longer word, in characters.
_MAX_LENGTH: Final = 60
# Letters that Unicode does not decompose, each with what is written for it as well: letters with a stroke and
# ligatures; what Persian and Urdu write for letters of Arabic, and Arabic for its own; in Hindi and Punjabi, the dot
# below and the moon above; Malayalam and Bengali consonants without a vowel.
_PLAIN: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ð": "d", "ħ": "h", "ŧ": "t"}
    | {"ی": "ي", "ى": "ي", "ک": "ك", "ڪ": "ك", "ٱ": "ا", "ـ": ""}
    | dict.fromkeys("ةۃہە", "ه")
    | {"\u093c": "", "\u0a3c": "", "\u0901": "\u0902"}
    | {"ൺ": "ണ്", "ൻ": "ന്", "ർ": "ര്", "ൽ": "ല്", "ൾ": "ള്", "ൿ": "ക്", "ৎ": "ত্"}
)
# Letters that are written in two ways beside certain others: a nasal before a consonant of its class, which Hindi also
# writes as a dot; the Armenian ligature in capitals; a Thai or Lao vowel typed as two; a tone typed before its vowel.
VARIANT: Final = re.compile(
    "(?P<nasal>ङ्(?=[क-घ])|ञ्(?=[च-झ])|ण्(?=[ट-ढ])|न्(?=[त-ध])|म्(?=[प-भ]))|(?P<vew>(?<=ե)վ)"
    "|(?P<thai>เ(?=เ))|(?P<lao>ເ(?=ເ))|(?P<second>(?<=เ)เ|(?<=ເ)ເ)"
    "|[\u0e48-\u0e4b][\u0e31\u0e34-\u0e37\u0e47]|[\u0ec8-\u0ecb][\u0eb1\u0eb4-\u0eb7\u0ebb]"
    # Unicode decomposes the vowel am so that its sign follows the tone.
    "|\u0e4d[\u0e48-\u0e4b]|\u0ecd[\u0ec8-\u0ecb]"
)
_INSTEAD: Final = {"nasal": "\u0902", "vew": "ւ", "thai": "แ", "lao": "ແ", "second": ""}
# Marks that may be omitted in writing: accents, Arabic and Hebrew vowels. In other scripts, vowel signs count as
# letters (classes 0 to 9 and 84 to 129).
_ACCENTS: Final = frozenset((*range(10, 36), *range(200, 241)))
_SHORT_I: Final = "\u0438\u0306"
_DROPPED: Final = re.compile(rf"[{IGNORED}]")
# How German and the Scandinavian languages write letters that a keyboard lacks.
SPELT_OUT: Final = {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "đ": "dj"}
UMLAUT: Final = re.compile(rf"[{''.join(SPELT_OUT)}]|[aou]\u0308|a\u030a", re.IGNORECASE)


@lru_cache(maxsize=50_000)
def form_of(word: str) -> str:
    """Return the normal form of a word: without case, accents and invisible characters."""
    # Without case, the iota below a Greek letter would become a letter of its own.
    apart = unicodedata.normalize("NFKD", _DROPPED.sub("", word)).replace("\u0345", "").casefold()
    apart = unicodedata.normalize("NFKD", apart).replace(_SHORT_I, "\u0439")
    letters = (character for character in apart if unicodedata.combining(character) not in _ACCENTS)
    plain = "".join(map(digit_of, letters)).translate(_PLAIN)
    composed = VARIANT.sub(usual, unicodedata.normalize("NFC", plain))
    # A few Unicode signs stand for whole sentences, with spaces.
    return "".join(composed.split())[:_MAX_LENGTH]


def usual(variant: re.Match[str]) -> str:
    """Return what is compared instead of a match of VARIANT."""
    return _INSTEAD[variant.lastgroup] if variant.lastgroup else variant[0][::-1]


def digit_of(character: str) -> str:
    """Return a digit of any script as an ASCII digit, any other character unchanged."""
    value = unicodedata.digit(character, None)
    return character if value is None else str(value)
