"""Find the change that a note describes, as the target of the note's link to the comparison."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from stories.domain.snapshot import NoteKind, UpdateNote
from stories.domain.text.segments import plain_text

_CHANGE: Final = re.compile(r'<\w+ id="change-\d+"[^>]*>')
_NOTES: Final = '<section class="updates"'
_MARKED: Final = re.compile(r"<(ins|del)[ >].*?</\1>", re.DOTALL)
_SPOKEN: Final = re.compile(r'<span class="unseen">.*?</span>', re.DOTALL)
_WORD: Final = re.compile(r"\w+")
# Shorter words occur everywhere, and identify no change.
_MIN_LENGTH: Final = 4


@dataclass(slots=True)
class _Change:
    """A change: where its content begins, and the words that it removed and added."""

    start: int
    whole_quote: bool
    words: dict[str, list[str]] = field(default_factory=lambda: {"ins": [], "del": []})


def with_note_anchors(html: SafeString, notes: Iterable[UpdateNote]) -> SafeString:
    """Insert an anchor “note-” and the note's key at the change that each note describes; changes must have ids."""
    changes = _changes(html)
    named: dict[int, list[str]] = {}
    for note in notes if changes else ():
        # If several fit equally well, the first.
        fitting = max(changes, key=lambda change: _fit(change, note))
        named.setdefault(fitting.start, []).append(str(note.key))
    parts, at = [], 0
    for start, keys in sorted(named.items()):
        parts += [html[at:start], *(format_html('<span id="note-{}"></span>', key) for key in keys)]
        at = start
    return mark_safe("".join([*parts, html[at:]]))


def _changes(html: str) -> list[_Change]:
    # The notes themselves follow the story, and contain their own words.
    below = html.find(_NOTES)
    story_ends = below if below >= 0 else len(html)
    opened = list(_CHANGE.finditer(html, 0, story_ends))
    found = []
    for match, following in pairwise([*opened, None]):
        assert match is not None
        end = following.start() if following else story_ends
        change = _Change(match.end(), whole_quote='class="quote insert"' in match[0])
        for marked in _MARKED.finditer(html, match.start(), end):
            change.words[marked[1]] += _words(plain_text(_SPOKEN.sub("", marked[0])))
        found.append(change)
    return found


def _fit(change: _Change, note: UpdateNote) -> tuple[int, int, int]:
    """Return how well a change fits a note: by its old and new words, as the answer added, by the note's text."""
    right = sum(
        len(set(_words(text)) & set(change.words[element]))
        for element, text in (("ins", note.now), ("del", note.was))
    )
    answer = int(note.kind is NoteKind.COMMENT_ADDED and change.whole_quote)
    distinctive = {word for word in _words(note.text) if len(word) >= _MIN_LENGTH}
    return right, answer, len(distinctive & {*change.words["ins"], *change.words["del"]})


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())
