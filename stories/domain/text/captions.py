"""The links in a picture's caption, which is plain text: “[words](address)”."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from urllib.parse import quote

_LINK = re.compile(r"\[([^\[\]\n]{1,500})\]\(((?:https?://|mailto:|/)[^\s()<>\"\\]{0,1000})\)")
_LINKED = re.compile(r"(?:https?://|mailto:|/(?!/))", re.IGNORECASE)


def caption_link(words: str, address: str) -> str:
    """Return words as a caption writes a link of them, "" where it can't."""
    address = quote(address, safe="/:?#@!$&'*+,;=%~-._") if _LINKED.match(address) else ""
    made = f"[{words}]({address})"
    return made if _LINK.fullmatch(made) else ""


def parts(caption: str) -> Iterator[tuple[str, str]]:
    """Yield the stretches of a caption in order, each with the address that it links to, "" where to none."""
    end = 0
    for match in _LINK.finditer(caption):
        if match.start() > end:
            yield caption[end : match.start()], ""
        yield match[1], match[2]
        end = match.end()
    if end < len(caption):
        yield caption[end:], ""


def as_html(caption: str) -> str:
    """Return a caption as running text: its links and its lines as elements."""
    return "".join(
        f'<a href="{escape(address)}" rel="noopener">{escape(words, quote=False)}</a>'
        if address
        else escape(words, quote=False).replace("\n", "<br>")
        for words, address in parts(caption)
    )


def words_of(caption: str) -> str:
    """What readers read of a caption."""
    return "".join(words for words, _address in parts(caption))


def with_addresses(caption: str) -> str:
    """Return the words of a caption, each link's followed by its address in brackets."""
    return "".join(f"{words} ({address})" if address else words for words, address in parts(caption))
