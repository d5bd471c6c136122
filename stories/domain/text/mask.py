"""Replace words that are withheld from readers, in any text or HTML of a story.

They are found across inline tags, in every spelling that `text.spellings` knows, and as whole words only. An address
that contains them, in a form that `text.address_spellings` knows, is replaced as a whole, in running text too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import lru_cache
from html import unescape
from itertools import chain
from typing import Any, Final, TypeVar

from stories.domain.text.address_spellings import address_places, address_spelling_of
from stories.domain.text.find import CELL_BREAK, Letter, TextMatch, letter_runs, match_of, replace_in_text
from stories.domain.text.name_spellings import other_spellings
from stories.domain.text.spellings import SpellingPattern, comparable_text, matches_of, spelling_of
from stories.domain.text.word_borders import word_around

# The replacement for a required address: by RFC 2606 this name never resolves.
WITHHELD_ADDRESS: Final = "https://withheld.invalid/"

# Fields that are identifiers rather than text: an address remains, and changing it would change history.
_NAMES: Final = frozenset(("slug", "section", "language", "author", "picture"))
# The replacement in each field that is an address; one of them may be empty.
_ADDRESSES: Final = {"address": WITHHELD_ADDRESS, "source_url": ""}
_OPENING_TAG: Final = re.compile(r"<[a-zA-Z][^<>]*>")
_ATTRIBUTE: Final = re.compile(r"""\s+[^\s=<>"'/]+\s*=\s*(?:"([^"]*)"|'([^']*)')""")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Mask:
    """Words that readers may not see, and their replacement `instead`; `pictures` are those that were erased.

    `erased` is the replacement of erased words: a byline that contains it does not link to its author either.
    """

    words: tuple[str, ...] = ()
    instead: str = ""
    pictures: tuple[str, ...] = ()
    erased: str = ""

    def text(self, value: str, *, html: bool = False) -> str:
        """Return a text with the words replaced; HTML remains as well-formed as it was."""
        if not self.words or not value:
            return value
        places = _joined(self.places(value, html=html))
        masked = replace_in_text(value, places, self.instead, html=html) if places else value
        return _OPENING_TAG.sub(self._without_attributes, masked) if html else masked

    def masked(self, thing: T) -> T:
        """Return a story, or a part of one, with the words replaced in each of its fields."""
        if not (self.words or self.pictures or self.erased):
            return thing
        assert is_dataclass(thing)
        values = {field.name: getattr(thing, field.name) for field in fields(thing)}
        masked = {name: self._field(thing, name, value) for name, value in values.items()}
        if values.get("picture") and values["picture"] in self.pictures:
            masked |= {"picture": "", "width": None, "height": None}
        if values.get("author"):
            masked["author"] = self.author_of(values["author"], values["credited_as"])
        changed = {name: value for name, value in masked.items() if value is not values[name]}
        return replace(thing, **changed) if changed else thing  # type: ignore[type-var]

    def holds(self, thing: object) -> bool:
        """Return whether any field of a story, or of a part of one, contains the words."""
        return bool(self.words) and Mask(self.words, self.instead).masked(thing) != thing

    def places(self, value: str, *, html: bool = False) -> list[TextMatch]:
        """Return every match of the words in a text, in order; an address with them is one match, as a whole."""
        found: list[TextMatch] = []
        if not self.words or not value:
            return found
        for letters in letter_runs(value, html=html):
            comparable = comparable_text(letters)
            found += (match_of(letters, *place) for place in matches_of(self._spellings(), comparable))
            found += self._addresses(letters)
        return sorted(found)

    def near(self, value: str, *, html: bool = False) -> list[TextMatch]:
        """Return every longer word that begins or ends with the words: it is not masked, and may be another name."""
        hidden = self.places(value, html=html)
        found: list[TextMatch] = []
        for letters in letter_runs(value, html=html):
            comparable = comparable_text(letters)
            likely = matches_of(self._spellings(), comparable, alone=False)
            found += (match_of(letters, *word_around(letters, *place)) for place in likely)
        return sorted(
            span for span in set(found) if not any(h.start < span.end and span.start < h.end for h in hidden)
        )

    def links(self, thing: object) -> Iterator[str]:
        """Yield every address in a story, or a part of one, that contains the words, of links and pictures too."""
        assert is_dataclass(thing)
        for field in fields(thing):
            value = getattr(thing, field.name)
            if isinstance(value, tuple):
                for part in value:
                    yield from self.links(part)
            elif field.name in _ADDRESSES:
                yield from filter(self.in_address, (value,))
            elif field.name == "text" and getattr(thing, "rich", False):
                tags = _OPENING_TAG.findall(value)
                values = (one or two for tag in tags for one, two in _ATTRIBUTE.findall(tag))
                yield from filter(self.in_address, map(unescape, values))

    def author_of(self, author: str, name: str) -> str:
        """Return the author of a byline, "" if the name is masked there: the author's address would reveal it."""
        erased = bool(self.erased) and self.erased in name
        return "" if erased or self.in_address(author) or self.text(name) != name else author

    def in_address(self, value: str) -> bool:
        """Return whether an address contains the words: as a slug, a mailbox, a handle, percent-encoded."""
        return bool(value) and any(
            spelling.is_in(value) for spelling in map(address_spelling_of, self.words) if spelling is not None
        )

    def _spellings(self) -> list[SpellingPattern]:
        return list(chain.from_iterable(map(_spellings_of, self.words)))

    def _addresses(self, letters: list[Letter]) -> Iterator[TextMatch]:
        """Yield the addresses in running text that contain the words."""
        owner = [number for number, letter in enumerate(letters) for _ in letter.visible]
        visible = "".join(letter.visible if letter.folded != CELL_BREAK else CELL_BREAK for letter in letters)
        for start, end in address_places(visible):
            if self.in_address(visible[start:end]):
                yield match_of(letters, owner[start], owner[end - 1])

    def _field(self, thing: Any, name: str, value: Any) -> Any:
        if isinstance(value, tuple):
            parts = tuple(self.masked(part) for part in value)
            return value if all(a is b for a, b in zip(parts, value, strict=True)) else parts
        # A member of an enumeration is a str too, but not text.
        if type(value) is not str or name in _NAMES:
            return value
        if name in _ADDRESSES:
            return _ADDRESSES[name] if self.in_address(value) else value
        masked = self.text(value, html=name == "text" and getattr(thing, "rich", False))
        return value if masked == value else masked

    def _without_attributes(self, match: re.Match[str]) -> str:
        def without_address(attribute: re.Match[str]) -> str:
            return "" if self.in_address(unescape(attribute[1] or attribute[2] or "")) else attribute[0]

        return _ATTRIBUTE.sub(without_address, match[0])


NOTHING: Final = Mask()


@lru_cache(maxsize=200)
def _spellings_of(words: str) -> tuple[SpellingPattern, ...]:
    """Return the patterns by which words are found; none if they have no letters to find."""
    runs = (letter_runs(each, html=False) for each in (words, *other_spellings(words)))
    found = (spelling_of(tuple(chain.from_iterable(letters))) for letters in runs)
    return tuple(spelling for spelling in found if spelling is not None)


def _joined(places: list[TextMatch]) -> list[TextMatch]:
    """Merge overlapping matches."""
    found: list[TextMatch] = []
    for place in places:
        if found and place.start < found[-1].end:
            last = found.pop()
            place = TextMatch(last.start, max(last.end, place.end), "", last.before, place.behind)
        found.append(place)
    return found
