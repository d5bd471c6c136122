"""List the words that changed, as plain text: a summary before the whole comparison."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final, cast
from uuid import UUID

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from stories.block_labels import BLOCK_LABELS
from stories.domain.diff.compare import FieldDiff, Op, StoryDiff
from stories.domain.diff.data import BlockUnit, TextUnit, WordOp
from stories.domain.snapshot import CommentRequest, QuoteBlock, UpdateNote
from stories.domain.text import captions
from stories.domain.text.segments import plain_text
from stories.rendering.compare.fields import FIELD_LABELS
from stories.rendering.story.notes import NOTE_LABELS

# More changes than this are only counted, and longer texts are cut: the comparison has them all.
MAX_LISTED: Final = 12
MAX_WORDS: Final = 40


@dataclass(frozen=True, slots=True)
class ChangedWords:
    """Words that were replaced at one place of a story; `old` or `new` is "" if words were only added or removed."""

    place: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class ChangedWordsSummary:
    """The first changes of a difference in words, and how many more there are."""

    listed: list[ChangedWords]
    more: int


def changed_words(found: StoryDiff) -> ChangedWordsSummary:
    """Return the words that a difference removed and added, in the order of the story; not those of new notes."""
    changes = [*_fields(found.changed_fields, ""), *_body(found), *_notes_and_requests(found)]
    readable = [each for each in changes if each.old or each.new]
    return ChangedWordsSummary(readable[:MAX_LISTED], max(0, len(readable) - MAX_LISTED))


def _fields(fields: Iterable[FieldDiff], place: str) -> Iterator[ChangedWords]:
    for each in fields:
        if each.changed and each.name in FIELD_LABELS and each.name not in ("text", "picture"):
            label = str(FIELD_LABELS[each.name])
            old, new = _sides(each)
            yield ChangedWords(f"{place}: {label}" if place else label, _cut(old), _cut(new))


def _sides(field: FieldDiff) -> tuple[str, str]:
    """Return both values as text; for captions that read alike, with the addresses that they link to."""
    old, new = str(field.old or ""), str(field.new or "")
    if field.name != "caption":
        return old, new
    words = captions.plain_caption(old), captions.plain_caption(new)
    return words if words[0] != words[1] else (captions.with_addresses(old), captions.with_addresses(new))


def _body(found: StoryDiff) -> Iterator[ChangedWords]:
    places = _places(found)
    for unit in found.body:
        if isinstance(unit, BlockUnit):
            if unit.op in (Op.CHANGE, Op.MOVE):
                yield from _fields(unit.fields, places[unit.block.key])
        elif unit.visible:
            yield from _text(unit, places[unit.key])


def _text(unit: TextUnit, place: str) -> Iterator[ChangedWords]:
    deleted = ""
    for word in unit.words:
        if word.op is Op.DELETE:
            deleted = _plain(word)
        elif word.op is Op.INSERT:
            yield ChangedWords(place, deleted, _plain(word))
            deleted = ""
        elif deleted and word.visible:
            yield ChangedWords(place, deleted, "")
            deleted = ""
    if deleted:
        yield ChangedWords(place, deleted, "")


def _notes_and_requests(found: StoryDiff) -> Iterator[ChangedWords]:
    for part in found.update_notes:
        # A new note is reported as a note to readers, not here.
        if part.op in (Op.CHANGE, Op.DELETE):
            old, new = cast("UpdateNote | None", part.old), cast("UpdateNote | None", part.new)
            label = str(NOTE_LABELS[(new or old).kind])  # type: ignore[union-attr]
            yield ChangedWords(
                _("note (%(kind)s)") % {"kind": label},
                _cut(old.text if old else ""),
                _cut(new.text if new else ""),
            )
    for part in found.comment_requests:
        if part.op is not Op.EQUAL:
            request: Any = cast("CommentRequest", part.new or part.old)
            place = _("request to %(party)s") % {"party": request.party}
            yield ChangedWords(place, _state(part.old), _state(part.new))


def _state(request: Any) -> str:
    return str(request.status) if request is not None else ""


def _places(found: StoryDiff) -> dict[UUID, str]:
    """Return the name of each block: its kind and its number among that kind, for a quote also its speaker."""
    counts: Counter[str] = Counter()
    places: dict[UUID, str] = {}
    for unit in found.body:
        if not isinstance(unit, BlockUnit) or unit.op is Op.MOVED_AWAY:
            continue
        counts[unit.kind] += unit.op is not Op.DELETE
        place = str(BLOCK_LABELS[unit.kind].numbered) % {"number": counts[unit.kind] or 1}
        if unit.op is Op.DELETE:
            place = _("%(block)s, removed") % {"block": place}
        elif isinstance(unit.block, QuoteBlock) and unit.block.speaker:
            place = f"{place} ({unit.block.speaker})"
        places[unit.block.key] = place
    return places


def _plain(word: WordOp) -> str:
    return _cut(plain_text(word.text))


def _cut(text: str) -> str:
    return Truncator(text.strip()).words(MAX_WORDS, truncate=" …")
