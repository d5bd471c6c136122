"""Put a party's statement into the story, or remove it; either way it is deleted from the desk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from html import escape
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from stories.actions.actors import Actor, site_text
from stories.actions.comment_desk.desk_records import USABLE, record_of
from stories.actions.comment_desk.notify import News, notify_desk
from stories.actions.comment_desk.outcomes import (
    PartyAnswer,
    RequestOutcome,
    replace_request,
    request_in,
    require_unchanged_since,
    store_answer,
    with_outcome,
    write_story,
)
from stories.actions.editing.revise import lock
from stories.actions.errors import Refused
from stories.actions.permissions import require_desk_work
from stories.actions.record.ledger import append_entries
from stories.actions.texts import blank_if_invisible, strip_control_characters
from stories.actions.times import current_time
from stories.domain.snapshot import Block, ProseBlock, QuoteBlock, RequestStatus, StorySnapshot, TextBlock
from stories.domain.text.controls import one_line
from stories.models import Article, DeskRecord, Revision, Terms
from stories.queries.story.snapshots import working_rows

# Quotation marks inside of quotation marks.
_INNER = str.maketrans({"“": "‘", "”": "’"})


class PlacementStyle(StrEnum):
    """How a statement appears in a story."""

    QUOTE = "quote"
    PARAGRAPH = "paragraph"


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where and how a statement is inserted into a story.

    `key` is the new block's: a placement that is submitted twice makes one block. `after` is the block that it follows;
    None, or a block that is not in the story, puts it at the end of the text. `speaker` is who is quoted: on
    background, the description that readers may know, with `unnamed_because`.
    """

    key: UUID
    style: PlacementStyle
    words: str
    speaker: str
    speaker_title: str = ""
    unnamed_because: str = ""
    said_on: date | None = None
    after: UUID | None = None


@transaction.atomic
def place_statement(
    *,
    article: Article,
    request_key: UUID,
    user: Actor,
    placement: Placement,
    outcome: RequestOutcome,
    answer: PartyAnswer | None = None,
    seen: RequestStatus | None = None,
    at: datetime | None = None,
) -> Revision | None:
    """Insert a statement into the working copy, and record its request's outcome; return the revision.

    `answer` is one that came just now, and is logged first: its words are the placement's, and are never stored with
    the desk. Without one, the statement stored with the desk is used, and deleted there in the same transaction. `seen`
    is the state that the editor saw. Returns None if this placement was made before.

    Raises PermissionDenied; Refused if its terms do not allow it, if there are no words, if somebody else has recorded
    another outcome since, or if the story has no such request; StoryInvalid and ValidationError for bad values.
    """
    locked = lock(article)
    require_desk_work(user, locked)
    rows = working_rows(locked)
    if placement.key in rows.parts:
        return None
    asked = request_in(rows.story, request_key)
    require_unchanged_since(asked, with_outcome(asked, outcome), seen)
    record = record_of(locked, request_key)
    terms = usable_terms(record) if answer is None else _log_answer(record, answer, user)
    story = with_statement(rows.story, request_key, placement=placement, outcome=outcome, terms=terms)
    reason = site_text(lambda: _("Comment from a party that was asked"))
    written = write_story(locked, rows, story, user=user, reason=reason, at=at or current_time())
    if answer is None:
        _remove_statement(record)
    notify_desk(record, user, News.PLACED)
    if written is None:
        return None
    append_entries(written)
    return written.event


@transaction.atomic
def remove_statement(*, article: Article, request_key: UUID, user: Actor, placed: bool = False) -> None:
    """Delete a statement from the desk: it is in the story by now (`placed`), or not needed.

    Raises PermissionDenied; Refused if the story has neither such a request nor a record of it.
    """
    locked = lock(article)
    require_desk_work(user, locked)
    record = record_of(locked, request_key)
    if record.statement:
        _remove_statement(record)
        if placed:
            notify_desk(record, user, News.PLACED)


def with_statement(
    story: StorySnapshot, request_key: UUID, *, placement: Placement, outcome: RequestOutcome, terms: str
) -> StorySnapshot:
    """Return the story with a statement inserted and its request's outcome recorded; write nothing.

    Raises Refused if there are no words, no speaker, or no such request.
    """
    asked = request_in(story, request_key)
    if terms == Terms.BACKGROUND:
        _require_unnamed(asked.party, placement)
    answered = replace_request(story, with_outcome(asked, outcome))
    blocks = list(story.blocks)
    blocks.insert(_position_after(blocks, placement.after), _block(placement, terms))
    return replace(answered, blocks=tuple(blocks))


def usable_terms(record: DeskRecord) -> str:
    """Return the terms of a record whose statement may be used. Raises Refused for any other."""
    if record.terms in USABLE:
        return record.terms
    if record.terms == Terms.DISPUTED:
        raise Refused(
            _(
                "The terms of this statement are disputed. An editor decides first, with a reason; then it can be used."
            )
        )
    raise Refused(_("No statement that can be used is kept here."))


def _require_unnamed(party: str, placement: Placement) -> None:
    """Raise Refused if a placement names a party that spoke on background."""
    credited = f"{placement.speaker} {placement.speaker_title}".casefold()
    if party.casefold() in credited:
        raise Refused(
            _(
                "This was said on background, so readers must not learn that it was %(party)s. Describe who said it."
            )
            % {"party": party}
        )


def _log_answer(record: DeskRecord, answer: PartyAnswer, user: Actor) -> str:
    """Log an answer whose words go straight into the story; return its terms."""
    if answer.terms not in USABLE:
        raise Refused(_("Off the record, nothing of what they said can go into the story."))
    store_answer(record, replace(answer, statement=""), user=user)
    # While a record's terms are disputed, nothing of it may be used.
    usable_terms(record)
    return answer.terms


def _remove_statement(record: DeskRecord) -> None:
    record.statement = ""
    record.save()


def _position_after(blocks: list[Block], after: UUID | None) -> int:
    for place, block in enumerate(blocks, start=1):
        if block.key == after:
            return place
    return position_at_end(blocks)


def position_at_end(blocks: Sequence[Block]) -> int:
    """Return the position for a statement at the end of the text, after the last text block or quote."""
    words = [place for place, block in enumerate(blocks, start=1) if isinstance(block, ProseBlock)]
    return words[-1] if words else len(blocks)


def _block(placement: Placement, terms: str) -> Block:
    words = blank_if_invisible(strip_control_characters(placement.words)).strip()
    paragraphs = [one_line(lines) for lines in words.split("\n\n")]
    paragraphs = [paragraph for paragraph in paragraphs if paragraph]
    if not paragraphs:
        raise Refused(_("Say what they said: there are no words to put into the story."))
    speaker = " ".join(placement.speaker.split())
    if not speaker:
        raise Refused(
            _("Say who said it, as readers may know them.")
            if terms == Terms.BACKGROUND
            else _("Say whose words these are.")
        )
    if placement.style is PlacementStyle.PARAGRAPH:
        return TextBlock(key=placement.key, text=_html(_attributed(paragraphs, speaker)))
    if terms == Terms.BACKGROUND:
        if not placement.unnamed_because.strip():
            raise Refused(_("Say why they are not named: readers are told."))
        return QuoteBlock(
            key=placement.key,
            text=_html(paragraphs),
            anonymous=True,
            description=speaker,
            anonymity_reason=placement.unnamed_because,
            said_on=placement.said_on,
        )
    return QuoteBlock(
        key=placement.key,
        text=_html(paragraphs),
        speaker=speaker,
        speaker_title=placement.speaker_title,
        said_on=placement.said_on,
    )


def _attributed(paragraphs: list[str], speaker: str) -> list[str]:
    """Return paragraphs that each open the quotation, the last one closing it."""
    first, *others = (paragraph.translate(_INNER) for paragraph in paragraphs)
    opening = site_text(lambda: _("%(speaker)s said: “%(words)s")) % {
        "speaker": speaker[:1].upper() + speaker[1:],
        "words": first,
    }
    quoted = [opening, *(f"“{paragraph}" for paragraph in others)]
    return [*quoted[:-1], f"{quoted[-1]}”"]


def _html(paragraphs: list[str]) -> str:
    return "".join(f"<p>{escape(paragraph, quote=False)}</p>" for paragraph in paragraphs)
