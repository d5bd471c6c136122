"""Number the changes of a comparison, so that each can be linked to, reached by a key, and heard to end."""

from __future__ import annotations

import re
from typing import Final

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from stories.domain.text.segments import BLOCK_TAGS

_TAG: Final = re.compile(r"<(?P<end>/?)(?P<name>[a-zA-Z][^\s/>]*)(?P<rest>[^<>]*)>")
_CLASS: Final = re.compile(r'\sclass="([^"]*)"')
_VOID: Final = frozenset({"br", "hr", "img", "wbr"})
_CHANGING: Final = frozenset({"ins", "del"})
# The classes of elements that were inserted, deleted or moved as a whole.
_WHOLE: Final = frozenset({"insert", "delete", "moved", "markup-change"})


def number_changes(html: str) -> tuple[SafeString, int]:
    """Give the changes of a comparison the ids “change-1” and so on; return the HTML and their number.

    A change lasts until words that both sides have; inside a paragraph, screen readers are told where it ends.
    """
    reader = _Reader()
    at = 0
    for match in _TAG.finditer(html):
        reader.text(html[at : match.start()])
        reader.tag(match)
        at = match.end()
    reader.text(html[at:])
    return mark_safe("".join(reader.parts)), reader.count


class _Reader:
    def __init__(self) -> None:
        self.parts: list[str] = []
        self.count = 0
        # The open elements, each with whether all its content is changed.
        self.opened: list[tuple[str, bool]] = []
        self.going_on = False
        # Whether the current change began in this paragraph.
        self.in_line = False

    @property
    def changed(self) -> bool:
        return bool(self.opened) and self.opened[-1][1]

    def text(self, text: str) -> None:
        if self.going_on and not self.changed and text.strip():
            if self.in_line:
                # No space before what directly follows a word, such as a full stop.
                gap = " " if text[:1].isalnum() else ""
                self.parts.append(format_html('<span class="unseen"> {}{}</span>', _("(end of change)"), gap))
            self.going_on = self.in_line = False
        self.parts.append(text)

    def tag(self, match: re.Match[str]) -> None:
        name = match["name"].lower()
        if name in BLOCK_TAGS:
            self.in_line = False
        if match["end"]:
            self._close(name)
            self.parts.append(match[0])
        elif name in _VOID:
            # An unchanged picture ends a change as unchanged words do.
            if name == "img" and not self.changed:
                self.going_on = False
            self.parts.append(match[0])
        else:
            self.parts.append(self._open(name, match))

    def _open(self, name: str, match: re.Match[str]) -> str:
        begins = not self.changed and (name in _CHANGING or not _WHOLE.isdisjoint(_classes(match["rest"])))
        self.opened.append((name, self.changed or begins))
        if not begins:
            return match[0]
        self.in_line = name not in BLOCK_TAGS
        if self.going_on:
            return match[0]
        self.going_on = True
        self.count += 1
        # Inside a link, nothing else may be focusable.
        focus = "" if any(opened == "a" for opened, _changed in self.opened) else ' tabindex="-1"'
        return f'<{match["name"]} id="change-{self.count}"{focus}{match["rest"]}>'

    def _close(self, name: str) -> None:
        if self.opened and self.opened[-1][0] == name:
            self.opened.pop()


def _classes(attributes: str) -> set[str]:
    found = _CLASS.search(attributes)
    return set(found[1].split()) if found else set()
