"""Render the comparison of two versions of a story as readers see it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, cast

from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _, gettext_lazy

from stories.domain.diff.compare import Op, PartDiff, StoryDiff, diff
from stories.domain.snapshot import Byline, CommentRequest, PublicStory, RequestStatus, UpdateNote
from stories.rendering.compare.body import stretches
from stories.rendering.compare.fields import UNDER_BYLINE, FieldChange, field_changes, head_fields
from stories.rendering.compare.notes import with_note_anchors
from stories.rendering.compare.numbering import number_changes
from stories.rendering.compare.summary import summary_sentence
from stories.rendering.compare.words import deleted, inserted, marked_plain
from stories.rendering.languages import direction, mark_site_words
from stories.rendering.story.blocks import PictureAddress, public_picture
from stories.rendering.story.comment_requests import comment_line
from stories.rendering.story.notes import NOTE_LABELS

STATUS_WORDS = {
    RequestStatus.PENDING: gettext_lazy("asked for comment"),
    RequestStatus.RECEIVED: gettext_lazy("answered"),
    RequestStatus.DECLINED: gettext_lazy("declined to comment"),
    RequestStatus.NO_RESPONSE: gettext_lazy("did not respond"),
    RequestStatus.WITHDRAWN: gettext_lazy("no longer asked"),
}


@dataclass(frozen=True)
class RenderedComparison:
    """A difference as a sentence and as HTML; `body` is empty if nothing differs.

    `changes` is the number of changes that have ids, “change-1” and so on.
    """

    summary: str
    body: SafeString
    changes: int = 0


@dataclass(frozen=True)
class NoteChange:
    """A note that was added, changed or removed."""

    label: str
    kind: str
    op: Op
    text: SafeString
    changes: list[FieldChange]


def render_comparison(
    found: StoryDiff,
    *,
    picture_address: PictureAddress = public_picture,
    whole: bool = False,
    one_of_many: str = "",
    reader_locale: Callable[[], AbstractContextManager[None]] = nullcontext,
) -> RenderedComparison:
    """Render the difference of two stories: one sentence, and the whole story with its changes in place.

    `picture_address` returns the addresses of pictures: those of a draft are not public. `whole` is for a page of its
    own: it includes the unchanged head, ids for the changes, and anchors for the notes that came with them.
    `one_of_many` is for a page with several comparisons: a unique name; unchanged paragraphs are then only counted.
    `reader_locale` is the language of the sentences that readers see, where the page around them has another.
    """
    summary = summary_sentence(found)
    if not found:
        return RenderedComparison(summary, SafeString())
    language = found.field("language").new
    fields = head_fields(found.fields) if whole else field_changes(found.fields)
    context = {
        "one_of_many": one_of_many,
        "language": language,
        "direction": direction(language),
        "fields": [each for each in fields if each.name not in UNDER_BYLINE],
        "fields_under_byline": [each for each in fields if each.name in UNDER_BYLINE],
        "bylines": _bylines(found.bylines, whole=whole),
        "stretches": stretches(found.body, picture_address),
        "comment_line": _comment_line(found.comment_requests, reader_locale),
        "requests": list(_requests(found.comment_requests)),
        "notes": list(_notes(found.update_notes)),
    }
    body, changes = render_to_string("stories/partials/comparison.html", context), 0
    if whole:
        body, changes = number_changes(body)
        added_notes = (part.new for part in found.update_notes if part.op is Op.INSERT)
        body = with_note_anchors(body, cast("Iterable[UpdateNote]", added_notes))
    return RenderedComparison(summary, mark_site_words(body, language), changes)


def _bylines(parts: Sequence[PartDiff], *, whole: bool) -> SafeString:
    """Render the credits with their changes; return "" if nothing changed, unless the `whole` story is displayed."""
    if not whole and all(part.op is Op.EQUAL and not part.moved for part in parts):
        return SafeString()
    return format_html_join(", ", "{}", ((_byline(part),) for part in parts))


def _byline(part: PartDiff) -> SafeString:
    old, new = cast("Byline | None", part.old), cast("Byline | None", part.new)
    if new is None:
        return deleted(old.credited_as if old else "")
    if old is None:
        return inserted(new.credited_as)
    if old.credited_as != new.credited_as:
        return format_html("{} {}", deleted(old.credited_as), inserted(new.credited_as))
    moved = format_html(' <span class="moved">{}</span>', _("Moved here")) if part.moved else ""
    return format_html("{}{}", new.credited_as, moved)


def _comment_line(
    parts: Sequence[PartDiff], reader_locale: Callable[[], AbstractContextManager[None]]
) -> SafeString:
    """Render the old and the new line on who was asked for comment as one comparison."""
    with reader_locale():
        old = comment_line(_side(parts, "old"))
        new = comment_line(_side(parts, "new"))
    # A dek is plain text too: compare the words of both lines like those of a dek.
    words = diff(PublicStory(dek=old), PublicStory(dek=new)).field("dek").words
    return marked_plain(words) if words else format_html("{}", new)


def _side(parts: Iterable[PartDiff], which: str) -> list[CommentRequest]:
    present = [part for part in parts if getattr(part, which) is not None]
    present.sort(key=lambda part: int(getattr(part, f"{which}_index")))
    return [cast("CommentRequest", getattr(part, which)) for part in present]


def _requests(parts: Iterable[PartDiff]) -> Iterable[SafeString]:
    """Yield what happened to each earlier request; new requests are in the comment line."""
    for part in parts:
        old, new = cast("CommentRequest | None", part.old), cast("CommentRequest | None", part.new)
        if old is None or new is None or old.status is new.status:
            continue
        before, after = deleted(str(STATUS_WORDS[old.status])), inserted(str(STATUS_WORDS[new.status]))
        yield format_html("{}: {} {}", new.party, before, after)


def _notes(parts: Iterable[PartDiff]) -> Iterable[NoteChange]:
    for part in parts:
        if part.op is Op.EQUAL:
            continue
        note: Any = cast("UpdateNote", part.new or part.old)
        changed = {each.name: each for each in part.fields} if part.op is Op.CHANGE else {}
        if "text" in changed and changed["text"].words:
            text = marked_plain(changed["text"].words)
        else:
            text = {Op.INSERT: inserted, Op.DELETE: deleted}.get(part.op, _unchanged)(note.text)
        yield NoteChange(
            label=str(NOTE_LABELS[note.kind]),
            kind=str(note.kind),
            op=part.op,
            text=text,
            changes=field_changes(each for name, each in changed.items() if name != "text"),
        )


def _unchanged(text: str) -> SafeString:
    return format_html("{}", text)
