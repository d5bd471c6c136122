"""Recognise words inside addresses: `jo.doe@…`, `/people/jo-doe`, `@JoDoe`, `#JusticeForJoDoe`, encoded or not."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from itertools import pairwise
from typing import Final
from urllib.parse import unquote

from stories.domain.text.letters import APOSTROPHES, MARKS, UNSPACED, without_unseen
from stories.domain.text.name_spellings import other_spellings
from stories.domain.text.spellings import JOINTS
from stories.domain.text.word_form import form_of

# Encoding an address twice is rare, and more often is an attack.
_ENCODINGS: Final = 3
_APOSTROPHES: Final = re.compile(f"[{APOSTROPHES}]")
_WORD: Final = re.compile(rf"[^\W\d_][^\W\d_{MARKS}]*(?:[{MARKS}][^\W\d_{MARKS}]*)*|\d+")
_UNSPACED: Final = re.compile(f"[{UNSPACED}]")
# What addresses were encoded in before Unicode; and characters as JavaScript's `escape` writes them.
_OLDER_ENCODINGS: Final = tuple(
    "cp1252 cp1250 cp1251 cp1253 cp1254 cp1255 cp1256 gb18030 big5 shift_jis euc_jp euc_kr".split()
)
_CODE_POINT: Final = re.compile("%u([0-9a-f]{4})", re.IGNORECASE)
_PUNYCODE: Final = re.compile(r"\bxn--([a-z0-9-]+)", re.IGNORECASE)
_LOCAL_PART: Final = re.compile(r"([^\s/:@]+)@")
_HANDLE: Final = re.compile(r"[@＠]([\w.]+)")
# Shorter names are part of other words by chance: every word of the address must then be one of the name's.
_MIN_DISTINCTIVE: Final = 5
_MAILBOX_GAP: Final = re.compile(f"[.,\\s{re.escape(JOINTS)}]+")
_LONGEST_NAME: Final = 4
_SHORTEST_FAMILY_NAME: Final = 3

# What makes a piece of running text an address: a scheme, a handle's sign, an underline, an encoded character, or a
# host.
_PIECE: Final = re.compile(rf"[^\s\0<>\"“”„«»(){{}}\[\]|,;、。，；{UNSPACED}]+")
_ADDRESS: Final = re.compile(
    r"[@#＠＃_]|://|^www\.|^mailto:|%[0-9a-fA-F]{2}|^/\S*\w|^[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}(?:[/?#:]|$)"
)
_BEHIND: Final = re.compile(r"(?:[.:!?…'’‘*~]|['’]s)+$")


@dataclass(frozen=True, slots=True)
class AddressSpelling:
    """The forms of words in addresses: joined in each order, and abbreviated as in mailbox names."""

    joined: frozenset[str]
    mailboxes: frozenset[str]
    is_name: bool
    is_unspaced: bool

    def is_in(self, address: str) -> bool:
        """Return whether an address contains the words, in whatever encoding it has them."""
        return any(
            self._is_in_words(decoded) or (self.is_name and self._is_mailbox(decoded))
            for decoded in _readings(address)
        )

    def _is_in_words(self, address: str) -> bool:
        words = _words(address)
        text, borders, at = "".join(words), {0}, 0
        for word in words:
            at += len(word)
            borders.add(at)
        return any(self._contains(text, joined, borders) for joined in self.joined)

    def _contains(self, text: str, joined: str, borders: set[int]) -> bool:
        start = text.find(joined)
        while start >= 0:
            ends = start + len(joined) in borders
            # "freejodoe" contains a name, "jodoering" only begins with one.
            begins = start in borders or (self.is_name and len(joined) >= _MIN_DISTINCTIVE)
            if self.is_unspaced or (begins and ends):
                return True
            start = text.find(joined, start + 1)
        return False

    def _is_mailbox(self, address: str) -> bool:
        found = (*_LOCAL_PART.findall(address), *_HANDLE.findall(address))
        return any("".join(filter(str.isalpha, form_of(each))) in self.mailboxes for each in found)


@lru_cache(maxsize=1_000)
def address_spelling_of(words: str) -> AddressSpelling | None:
    """Return the forms of words in addresses; None for words without letters or digits."""
    bare = unicodedata.normalize("NFC", without_unseen(words))
    spellings = [bare, *other_spellings(bare)]
    joined = {"".join(_words(each)) for each in spellings} - {""}
    if not joined:
        return None
    is_unspaced = _UNSPACED.search(bare) is not None
    is_name, mailboxes = False, set[str]()
    for parts in map(mailbox_words, spellings):
        if 2 <= len(parts) <= _LONGEST_NAME and all(map(str.isalpha, parts)):
            is_name = True
            joined.add(parts[-1] + "".join(parts[:-1]))
            mailboxes |= set() if is_unspaced else _mailboxes(parts)
    return AddressSpelling(frozenset(joined), frozenset(mailboxes), is_name, is_unspaced)


def _mailboxes(parts: Sequence[str]) -> set[str]:
    """Return the forms of a name in mailbox names: given names whole, abbreviated or left out, and the family name.

    The family name is the last word, or several: in "Anna van der Berg", three.
    """
    found: set[str] = set()
    for place in range(1, len(parts)):
        given, family = parts[:place], "".join(parts[place:])
        if len(parts[-1]) >= _SHORTEST_FAMILY_NAME:
            initials = "".join(name[0] for name in given)
            abbreviated = {initials, initials[0], given[0], given[0] + initials[1:]}
            found |= {each for short in abbreviated for each in (short + family, family + short)}
    return found


def _readings(address: str) -> Iterator[str]:
    """Yield an address decoded, in Unicode and, if it is in no Unicode, in the encodings of older sites."""
    for encoding in ("utf-8", *_OLDER_ENCODINGS):
        read = address
        for _ in range(_ENCODINGS):
            read = unquote(_CODE_POINT.sub(_character, unescape(read)), encoding)
        yield _PUNYCODE.sub(_decoded, without_unseen(read))
        if "\ufffd" not in read and encoding == "utf-8":
            return


def _character(match: re.Match[str]) -> str:
    return chr(int(match[1], 16))


def address_places(text: str) -> Sequence[tuple[int, int]]:
    """Return the addresses in a running text, as pairs of start and end."""
    found = []
    for match in _PIECE.finditer(text):
        behind = _BEHIND.search(match[0])
        end = match.end() - (len(behind[0]) if behind else 0)
        if _ADDRESS.search(text[match.start() : end]):
            found.append((match.start(), end))
    return found


def mailbox_words(name: str) -> list[str]:
    """Return the words of a name in the form used in mailbox names."""
    bare = _APOSTROPHES.sub("", name)
    return [form for word in _MAILBOX_GAP.split(bare) if (form := form_of(word))]


def _words(text: str) -> list[str]:
    """Return the words of an address; figures and the parts of a CamelCase handle are separate words."""
    composed = unicodedata.normalize("NFC", _APOSTROPHES.sub("", text))
    return [form for word in _WORD.findall(composed) for hump in _humps(word) if (form := form_of(hump))]


def _humps(word: str) -> list[str]:
    """Split a word at its capitals: "JoDoe" has two parts, "FREEJoDoe" three, "JODOE" one."""
    cuts = [0]
    for number, (one, other) in enumerate(pairwise(word), start=1):
        behind = word[number + 1 : number + 2]
        if other.isupper() and (one.islower() or (one.isupper() and behind.islower())):
            cuts.append(number)
    return [word[start:end] for start, end in pairwise((*cuts, len(word)))]


def _decoded(match: re.Match[str]) -> str:
    try:
        return match[1].encode("ascii").decode("punycode")
    except (UnicodeError, ValueError):
        return match[0]
