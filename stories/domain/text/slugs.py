"""Slugs: the single rule by which names and headlines become addresses, in every script.

A slug has letters with their marks, digits, hyphens and underscores: for Python's `\\w` and Django's `slugify` a vowel
sign is not part of a word, and राम and रमा are the same. `admin-slug.js` suggests slugs by the same rule.
"""

from __future__ import annotations

import re
import unicodedata
from hashlib import sha256
from typing import Final

from stories.domain.text.letters import APOSTROPHES, IGNORED, MARKS, without_unseen

# The characters that an address may have, for URL patterns: including those that `normal_slug` normalises.
IN_ADDRESS: Final = rf"[-\w{MARKS}{IGNORED}]+"
# A stored slug: a mark belongs to a letter, so that none comes first or after a hyphen.
_SLUG: Final = re.compile(rf"(?:[-_]|[^\W_][{MARKS}]*)+")

# Optional in writing: the vowels of Arabic and Hebrew, and the stroke that lengthens Arabic words.
_OPTIONAL: Final = re.compile(
    r"[\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed]"
)
# Lower-case letters that get a combining dot, since their capitals have one.
_DOTTED: Final = "i\u0307"
# Separators other than spaces: dashes of every kind, the word separators of Ethiopic and Tibetan.
_GAPS: Final = re.compile(r"[\s\u1361\u0f0b\u0f0c\u058a\u05be\u2010-\u2015\u2212\u301c\ufe58\ufe63\uff0d-]+")
# Chinese and Japanese names are written with or without a space.
_HAN: Final = "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
_SPACE_IN_HAN: Final = re.compile(rf"(?<=[{_HAN}])\s+(?=[{_HAN}])")
_NO_SLUG: Final = re.compile(rf"[^-\w{MARKS}]+")
_LOOSE_MARKS: Final = re.compile(rf"(?<![^\W_])(?<![{MARKS}])[{MARKS}]+")
# Thai and Lao signs that Unicode would decompose, although nobody writes them so.
_WHOLE: Final = frozenset("\u0e33\u0eb3")
# Consonants without a vowel, as a consonant with a sign that would be ignored: the older encoding of one letter.
_JOINED: Final = {"ണ്": "ൺ", "ന്": "ൻ", "ര്": "ർ", "ല്": "ൽ", "ള്": "ൾ", "ക്": "ൿ", "ত্": "ৎ"}
_WITH_JOINER: Final = re.compile(f"({'|'.join(_JOINED)})\u200d")
# Thai and Lao vowels that are typed as two, and look the same.
_TYPED_AS_TWO: Final = {"เเ": "แ", "ເເ": "ແ"}
_APOSTROPHE: Final = re.compile(f"[{APOSTROPHES}]")
_DIGEST: Final = 12


def normal_slug(slug: str) -> str:
    """Return a slug in the form in which it is stored and compared: composed, of normal width."""
    letters = (
        letter if letter in _WHOLE else unicodedata.normalize("NFKC", letter)
        for letter in unicodedata.normalize("NFC", without_unseen(_WITH_JOINER.sub(_as_one_letter, slug)))
    )
    return unicodedata.normalize("NFC", "".join(letters))


def _as_one_letter(found: re.Match[str]) -> str:
    return _JOINED[found[1]]


def is_slug(slug: str) -> bool:
    """Return whether a text is a valid slug in the form in which slugs are stored."""
    return _SLUG.fullmatch(slug) is not None and slug == normal_slug(slug)


def slug_of_text(text: str) -> str:
    """Return the slug of a text, regardless of case, spaces and Unicode form; "" if it has no letters."""
    small = normal_slug(_APOSTROPHE.sub("", text)).lower().replace(_DOTTED, "i")
    for two, one in _TYPED_AS_TWO.items():
        small = small.replace(two, one)
    bare = unicodedata.normalize("NFC", _OPTIONAL.sub("", small))
    spaced = _GAPS.sub("-", _SPACE_IN_HAN.sub("", bare.strip()))
    letters = _LOOSE_MARKS.sub("", _NO_SLUG.sub("", spaced))
    # A mark or a jamo may come to a letter only now, since what stood between them is gone.
    return unicodedata.normalize("NFC", re.sub(r"-+", "-", letters).strip("-_"))


def slug_of_name(name: str, *, longest: int) -> str:
    """Return the slug of a name: the same for all its spellings, and different for any other name.

    A name without letters, with a picture as one of them ("DJ 🦊", "C++"), or one that is too long for a slug, gets
    part of its digest to be unique.
    """
    slug = slug_of_text(name)
    if slug and len(slug) <= longest and not any(map(_is_picture, name)):
        return slug
    digest = sha256(unicodedata.normalize("NFC", name).encode()).hexdigest()[:_DIGEST]
    beginning = truncate_slug(slug, longest=longest - _DIGEST - 1)
    return f"{beginning}-{digest}" if beginning else digest


def _is_picture(sign: str) -> bool:
    """Return whether a sign that slugs lack distinguishes names; trade marks do not."""
    return sign in "+#" or (unicodedata.category(sign) == "So" and sign not in "®©™℠")


def truncate_slug(slug: str, *, longest: int) -> str:
    """Return a slug of at most `longest` characters, never cut between a letter and its marks."""
    if len(slug) <= longest:
        return slug
    end = longest
    while end and unicodedata.category(slug[end]).startswith("M"):
        end -= 1
    return slug[:end].strip("-_")
