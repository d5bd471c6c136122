"""Parse HTML into a tree of any depth."""

from __future__ import annotations

from typing import Any

from lxml import etree


def parse_html(html: str) -> Any:
    """Return the root of an HTML text's tree, without comments. The text must not contain control characters.

    Takes time proportional to the text's length, however deep or broken its tags are.
    """
    # Bytes, so that no declaration inside the text can change its encoding; and a depth limit far above ours, since
    # the parser silently drops text beyond its own.
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    return etree.fromstring(f"<html><body>{html}</body></html>".encode(errors="replace"), parser)


def nests_deeper(html: str, limit: int) -> bool:
    """Return whether the elements of an HTML text nest deeper than `limit`."""
    # A tree of this depth has at least as many tags.
    if html.count("<") <= limit:
        return False
    # The parser adds two elements around the text's own.
    depth = -2
    for event, _element in etree.iterwalk(parse_html(html), events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > limit:
            return True
    return False
