"""The links in a picture's caption, which is plain text: “[words](address)”."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote

_LINK = re.compile(r"\[([^\[\]\n]{1,500})\]\(((?:https?://|mailto:|/)[^\s()<>\"\\]{0,1000})\)")
_LINKED = re.compile(r"(?:https?://|mailto:|/(?!/))", re.IGNORECASE)


def linked(words: str, address: str) -> str:
    """Words as a caption writes a link of them, "" where it can't."""
    address = quote(address, safe="/:?#@!$&'*+,;=%~-._") if _LINKED.match(address) else ""
    made = f"[{words}]({address})"
    return made if _LINK.fullmatch(made) else ""


def parts(caption: str) -> Iterator[tuple[str, str]]:
    """The stretches of a caption in order, each with the address that it links to, "" where to none."""
    end = 0
    for match in _LINK.finditer(caption):
        if match.start() > end:
            yield caption[end : match.start()], ""
        yield match[1], match[2]
        end = match.end()
    if end < len(caption):
        yield caption[end:], ""


def words_of(caption: str) -> str:
    """What readers read of a caption."""
    return "".join(words for words, _address in parts(caption))
