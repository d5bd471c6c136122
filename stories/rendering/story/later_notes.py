"""Mark the words of an older version that later notes corrected."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from stories.domain.text.find import SearchWords, TextMatch, text_matches
from stories.rendering.story.notes import ReaderNote

# Parts of a rendered story that are not its text: earlier notes, the byline, the section.
_NOT_TEXT: Final = re.compile(
    r'<section class="(?:corrections|updates)".*?</section>|<p class="(?:kicker|byline|comment-line)".*?</p>',
    re.DOTALL,
)
_TAG: Final = re.compile(r"(<[^<>]*>)")
_LINK: Final = re.compile(r"<(/?)a[\s>]")
# Characters that make “$40” part of another figure: $40.5, 1,$40.
_MORE_OF_A_FIGURE: Final = re.compile(r"^[.,]\d"), re.compile(r"\d[.,]$")
# A word such as “the” occurs everywhere: in more places than this, marks are useless.
MAX_PLACES: Final = 20


@dataclass(frozen=True, slots=True)
class MarkedHtml:
    """HTML with passages marked, their number, and for each note inserted there the id of its first passage."""

    html: SafeString
    places: int
    names: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Passage:
    start: int
    end: int
    notes: tuple[ReaderNote, ...]


def with_later_notes(html: str, notes: Iterable[ReaderNote], *, first: int = 1) -> MarkedHtml:
    """Mark the words in a part of a version's HTML that later notes corrected, each with its note.

    The passages have the ids “corrected-1” and so on, counted from `first`. Words that do not occur are not marked.
    """
    places = _without_overlaps(_places(html, notes))
    parts: list[str] = []
    named: dict[str, str] = {}
    at = 0
    # A note contains a link, and links can't be nested: it is inserted after the link's end.
    waiting: list[ReaderNote] = []
    due = 0
    for number, place in enumerate(places, start=first):
        if waiting and due <= place.start:
            parts += [html[at:due], _render_notes(waiting)]
            at, waiting = due, []
        for note in place.notes:
            named.setdefault(str(note.key), f"corrected-{number}")
        parts += [html[at : place.start], *_marked(html[place.start : place.end], f"corrected-{number}")]
        at, due = place.end, _behind_link(html, place)
        waiting += [note for note in place.notes if note not in waiting]
    if waiting:
        parts += [html[at:due], _render_notes(waiting)]
        at = due
    parts.append(html[at:])
    return MarkedHtml(mark_safe("".join(parts)), len(places), named)


def _render_notes(notes: Sequence[ReaderNote]) -> str:
    return render_to_string("stories/partials/later_note.html", {"notes": notes}).strip()


def _places(html: str, notes: Iterable[ReaderNote]) -> Iterator[_Passage]:
    apart = [match.span() for match in _NOT_TEXT.finditer(html)]
    for note in notes:
        found = [
            span
            for words in _search_words(note.was)
            for span in text_matches(html, words, html=True)
            if not any(start <= span.start < end for start, end in apart) and not _is_more(span)
        ]
        if len(found) <= MAX_PLACES:
            yield from (_Passage(span.start, span.end, (note,)) for span in found)


def _search_words(was: str) -> Iterator[SearchWords]:
    """Yield the words to look for: one line at a time, since no match extends over the end of a paragraph."""
    for line in was.splitlines():
        if line.strip():
            yield SearchWords(line.strip().strip('“”"…').strip(), match_case=True, whole_words=True)


def _is_more(span: TextMatch) -> bool:
    behind, before = _MORE_OF_A_FIGURE
    return bool(
        (span.found[-1:].isdigit() and behind.search(span.behind))
        or (span.found[:1].isdigit() and before.search(span.before))
    )


def _without_overlaps(places: Iterable[_Passage]) -> list[_Passage]:
    """Return places in order; overlapping ones are merged, with the notes of all."""
    found: list[_Passage] = []
    for place in sorted(places, key=lambda place: (place.start, place.end)):
        if found and place.start < found[-1].end:
            last = found.pop()
            notes = (*last.notes, *(note for note in place.notes if note not in last.notes))
            place = _Passage(last.start, max(last.end, place.end), notes)
        found.append(place)
    return found


def _marked(raw: str, name: str) -> Sequence[str]:
    """Return the words marked, each stretch between two tags by itself."""
    parts: list[str] = []
    named = f' id="{name}"'
    for piece in _TAG.split(raw):
        if piece.strip() and not piece.startswith("<"):
            parts.append(f'<mark class="put-right"{named}>{piece}</mark>')
            named = ""
        else:
            parts.append(piece)
    return parts


def _behind_link(html: str, place: _Passage) -> int:
    """Return the end of a place, or of the link that it ends in."""
    inside = False
    for match in _LINK.finditer(html, 0, place.end):
        inside = not match[1]
    if not inside:
        return place.end
    end = html.find("</a>", place.end)
    return end + len("</a>") if end >= 0 else place.end
