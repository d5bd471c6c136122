"""Parse HTML into a tree of any depth."""

from __future__ import annotations

from typing import Any

from lxml import etree


def parse_html(html: str) -> Any:
    """Return the root of an HTML text's tree, without comments. The text must not contain control characters.

    Takes time proportional to the text's length, however deep or broken its tags are.
    """
    # Bytes, so that no declaration inside the text can change its encoding; and a limit of depth far over
    # any of ours, since beyond its own the parser drops text and says nothing.
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    return etree.fromstring(f"<html><body>{html}</body></html>".encode(errors="replace"), parser)


def nests_deeper(html: str, limit: int) -> bool:
    """Return whether the elements of an HTML text nest deeper than `limit`."""
    # A tree as deep has as many tags.
    if html.count("<") <= limit:
        return False
    # Beside the text's own elements there are the two around it.
    depth = -2
    for event, _element in etree.iterwalk(parse_html(html), events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > limit:
            return True
    return False
