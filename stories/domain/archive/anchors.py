"""The places on a page that links of the same page point to."""

from __future__ import annotations

import re
from collections import Counter
from html import unescape
from typing import Any, Final
from urllib.parse import unquote

from stories.domain.text.anchors import is_anchor

_LINK = re.compile(r'<a href="#([^"]*)"(?: title="[^"]*")?>(.*?)</a>', re.DOTALL)
# Every page has the fragment "top", whatever else it has (HTML standard, 7.4.6.3).
_TOP: Final = "top"


class Anchors:
    """The elements of a page that its own links point to, and the id under which each is found in the story."""

    def __init__(self, root: Any) -> None:
        fragments = {
            name
            for element in root.iter("a")
            if (address := (element.get("href") or "").strip()).startswith("#")
            for name in (address[1:], unquote(address[1:]))
        }
        self._elements: dict[Any, list[str]] = {}
        self._names: dict[str, str] = {}
        self._known: set[str] = set()
        for element in root.iter():
            named = [element.get("id")] + ([element.get("name")] if element.tag == "a" else [])
            for name in named:
                if name and name in fragments and name not in self._known:
                    self._known.add(name)
                    self._elements.setdefault(element, []).append(name)

    def at(self, element: Any) -> list[str]:
        """Return the names by which links point to an element; a repeated id belongs to the first one."""
        return self._elements.get(element, [])

    def register(self, name: str, written: str) -> str:
        """Record that a name is found at the paragraph with the id `written`; return that id.

        The paragraph gets an id if it has none ("").
        """
        found = written or (name if is_anchor(name) else f"p-{len(self._names) + 1}")
        self._names[name] = found
        return found

    def resolve_links(self, html: str, removed: Counter[str]) -> str:
        """Return the HTML with its internal links pointed at their new ids; a link without a target is unwrapped."""

        def resolved(match: re.Match[str]) -> str:
            fragment, words = unescape(match[1]), match[2]
            name = self._name(fragment)
            if name or fragment.lower() == _TOP:
                return f'<a href="#{name or _TOP}">{words}</a>'
            removed["a"] += 1
            return words

        return _LINK.sub(resolved, html)

    def _name(self, fragment: str) -> str:
        return self._names.get(fragment) or self._names.get(unquote(fragment), "")
