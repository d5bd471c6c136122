"""Words kept from readers: what stands in their place, in any text or HTML of a story.

They are found as `find_text` finds them: over inline tags, whatever the white space, the quotes and the capitals; and
by themselves, not inside other words. An address that holds them, written as addresses are, is lost as a whole.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, fields, is_dataclass, replace
from html import unescape
from typing import Any, Final, TypeVar
from urllib.parse import unquote

from stories.domain.find_text import Span, Words, replaced, spans
from stories.domain.words import has_unspaced_script

# What stands for an address that must be one: a name that by RFC 2606 leads nowhere, ever.
NO_ADDRESS: Final = "https://withheld.invalid/"

# The fields that name things rather than say anything: an address stays, and who changes it changes history.
_NAMES: Final = frozenset(("slug", "section", "language", "author", "picture"))
# What becomes of each field that is an address: one of them may be empty.
_ADDRESSES: Final = {"address": NO_ADDRESS, "source_url": ""}
_OPENING_TAG: Final = re.compile(r"<[a-zA-Z][^<>]*>")
_ATTRIBUTE: Final = re.compile(r"""\s+[^\s=<>"'/]+\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_APOSTROPHES: Final = re.compile("['’‘ʼ`´]")
# Who encodes an address twice is rare, who does so more often means harm.
_ENCODINGS: Final = 3

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Mask:
    """Words that readers may not see, and what stands `instead`; `pictures` are those that are erased."""

    words: tuple[str, ...] = ()
    instead: str = ""
    pictures: tuple[str, ...] = ()

    def text(self, value: str, *, html: bool = False) -> str:
        """A text without the words; HTML stays as well-formed as it was."""
        if not self.words or not value:
            return value
        places = _joined(self.places(value, html=html))
        masked = replaced(value, places, self.instead, html=html) if places else value
        return _OPENING_TAG.sub(self._without_attributes, masked) if html else masked

    def masked(self, thing: T) -> T:
        """A story or a part of one without the words, in each of its fields."""
        if not (self.words or self.pictures):
            return thing
        assert is_dataclass(thing)
        values = {field.name: getattr(thing, field.name) for field in fields(thing)}
        masked = {name: self._field(thing, name, value) for name, value in values.items()}
        if values.get("picture") and values["picture"] in self.pictures:
            masked |= {"picture": "", "width": None, "height": None}
        changed = {name: value for name, value in masked.items() if value is not values[name]}
        return replace(thing, **changed) if changed else thing  # type: ignore[type-var]

    def holds(self, thing: object) -> bool:
        """Whether the words stand in any field of a story or of a part of one."""
        return bool(self.words) and Mask(self.words, self.instead).masked(thing) != thing

    def places(self, value: str, *, html: bool = False) -> list[Span]:
        """Every place of the words in a text; addresses inside it apart."""
        found: list[Span] = []
        for words in self.words:
            found += spans(value, sought(words), html=html)
        return sorted(found)

    def in_address(self, value: str) -> bool:
        """Whether an address holds the words, as a slug or percent-encoded."""
        if not self.words or not value:
            return False
        for _ in range(_ENCODINGS):
            value = unquote(value)
        written = _as_address(value)
        return any(_in(written, words) for words in self.words)

    def _field(self, thing: Any, name: str, value: Any) -> Any:
        if isinstance(value, tuple):
            parts = tuple(self.masked(part) for part in value)
            return value if all(a is b for a, b in zip(parts, value, strict=True)) else parts
        # An enumeration's member is a str too, and no text.
        if type(value) is not str or name in _NAMES:
            return value
        if name in _ADDRESSES:
            return _ADDRESSES[name] if self.in_address(value) else value
        masked = self.text(value, html=name == "text" and getattr(thing, "rich", False))
        return value if masked == value else masked

    def _without_attributes(self, match: re.Match[str]) -> str:
        def kept(attribute: re.Match[str]) -> str:
            return "" if self.in_address(unescape(attribute[1] or attribute[2] or "")) else attribute[0]

        return _ATTRIBUTE.sub(kept, match[0])


NOTHING: Final = Mask()


def sought(words: str) -> Words:
    """Words as they are looked for: by themselves, in scripts that put spaces between words."""
    return Words(words, whole_words=not has_unspaced_script(words))


def _joined(places: list[Span]) -> list[Span]:
    """Places that overlap as one."""
    found: list[Span] = []
    for place in places:
        if found and place.start < found[-1].end:
            last = found.pop()
            place = Span(last.start, max(last.end, place.end), "", last.before, place.behind)
        found.append(place)
    return found


def _as_address(text: str) -> str:
    """A text as the words of an address, a hyphen around each."""
    letters = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text).casefold())
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return "-{}-".format("-".join(re.findall(r"[^\W_]+", bare)))


def _in(address: str, words: str) -> bool:
    wanted = _as_address(words)
    return len(wanted) > 2 and (wanted.strip("-") if has_unspaced_script(words) else wanted) in address
