"""The links in a picture's caption, which is plain text with links as “[words](address)”."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from urllib.parse import quote

_LINK = re.compile(r"\[([^\[\]\n]{1,500})\]\(((?:https?://|mailto:|/)[^\s()<>\"\\]{0,1000})\)")
_LINKED = re.compile(r"(?:https?://|mailto:|/(?!/))", re.IGNORECASE)


def caption_link(words: str, address: str) -> str:
    """Return words as a link in a caption, "" if they can't be one."""
    address = quote(address, safe="/:?#@!$&'*+,;=%~-._") if _LINKED.match(address) else ""
    made = f"[{words}]({address})"
    return made if _LINK.fullmatch(made) else ""


def parts(caption: str) -> Iterator[tuple[str, str]]:
    """Yield the stretches of a caption in order, each with the address that it links to, "" if it is not a link."""
    end = 0
    for match in _LINK.finditer(caption):
        if match.start() > end:
            yield caption[end : match.start()], ""
        yield match[1], match[2]
        end = match.end()
    if end < len(caption):
        yield caption[end:], ""


def as_html(caption: str) -> str:
    """Return a caption as HTML, with its links and line breaks as elements."""
    return "".join(
        f'<a href="{escape(address)}" rel="noopener">{escape(words, quote=False)}</a>'
        if address
        else escape(words, quote=False).replace("\n", "<br>")
        for words, address in parts(caption)
    )


def plain_caption(caption: str) -> str:
    """Return a caption as readers read it."""
    return "".join(words for words, _address in parts(caption))


def with_addresses(caption: str) -> str:
    """Return a caption with each link's address in brackets behind its words."""
    return "".join(f"{words} ({address})" if address else words for words, address in parts(caption))
