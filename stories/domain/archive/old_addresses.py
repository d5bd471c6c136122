"""The paths that stories had on other sites, each in one normal form.

Old links are percent-encoded in capitals, in small letters or not at all, in one of two encodings, with accents
composed or decomposed, with or without a trailing slash, and with their query in any order.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import combinations
from posixpath import normpath
from string import printable
from typing import Final
from urllib.parse import parse_qsl, quote, unquote_to_bytes

# The default page of a folder.
_INDEX = re.compile(r"/(?:index|default)\.(?:php|html?|aspx?|jsp|cfm)$", re.IGNORECASE)
_SLASHES = re.compile(r"/{2,}")
_RESERVED = re.compile(r"[%&=+#\s]")
# An old address has one or two; the rest of a link's query is for counting visitors.
_MAX_PARAMETERS: Final = 6


def old_address(address: str) -> str:
    """Return the normal form of an address: decoded and composed, without a trailing slash, its query sorted."""
    path, _mark, query = address.partition("#")[0].partition("?")
    return _with_query(_path(path), _parameters(query))


def spellings(path: str, query: str) -> Sequence[str]:
    """Return the forms under which a requested page may be stored, the best match first.

    A link may have more parameters than the address had, for instance to count visitors: the form with most of its
    query is the best match. Forms that were stored as given come last.
    """
    base, given = _path(path), _parameters(query)[:_MAX_PARAMETERS]
    found = [
        _with_query(base, chosen)
        for count in range(len(given), 0, -1)
        for chosen in combinations(given, count)
    ]
    if base != "/":
        found.append(base)
        bare = path.rstrip("/")
        encoded = quote(bare)
        written = (bare, encoded, re.sub("%..", lambda code: code[0].lower(), encoded))
        found += [f"{each}{end}" for each in written for end in ("", "/")]
    return list(dict.fromkeys(found))


def _path(path: str) -> str:
    path = _SLASHES.sub("/", f"/{unicodedata.normalize('NFC', _decoded(path))}")
    path = _INDEX.sub("/", path)
    if "/." in path:
        path = normpath(path)
    return path.rstrip("/") or "/"


def _decoded(text: str) -> str:
    octets = unquote_to_bytes(text)
    try:
        return octets.decode()
    except UnicodeDecodeError:
        # The encoding of sites before UTF-8.
        return octets.decode("cp1252", errors="replace")


def _parameters(query: str) -> list[tuple[str, str]]:
    # Characters that are not percent-encoded are taken as UTF-8.
    # An address copied out of a page's source has “&amp;”, which no address contains itself.
    query = query.replace("&amp;", "&")
    pairs = parse_qsl(quote(query, safe=printable), keep_blank_values=True, encoding="latin-1")
    read = [tuple(_read(each) for each in pair) for pair in pairs[:50]]
    return sorted((name, value) for name, value in read)


def _read(text: str) -> str:
    """Decode a text whose characters each stand for one byte."""
    return unicodedata.normalize("NFC", _decoded(quote(text, encoding="latin-1", errors="ignore")))


def _with_query(path: str, parameters: Sequence[tuple[str, str]]) -> str:
    if not parameters:
        return path
    return f"{path}?{'&'.join('='.join(map(_reserved, pair)) for pair in parameters)}"


def _reserved(text: str) -> str:
    return _RESERVED.sub(lambda character: quote(character[0]), text)
