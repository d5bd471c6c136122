"""Put what a party said into the story, or take it away; either way it leaves the desk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from html import escape
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stories.actions.actors import Actor
from stories.actions.comment_desk.desk_records import USABLE, record_of
from stories.actions.comment_desk.notify import News, notify_desk
from stories.actions.comment_desk.outcomes import (
    Answer,
    Outcome,
    keep_answer,
    replace_request,
    request_in,
    require_as_seen,
    told,
    write_story,
)
from stories.actions.editing.revise import lock
from stories.actions.errors import Refused
from stories.actions.permissions import require_desk_work
from stories.actions.record.ledger import append_entries
from stories.actions.texts import blank_if_invisible, strip_control_characters
from stories.domain.snapshot import Block, QuoteBlock, RequestStatus, StorySnapshot, TextBlock
from stories.domain.text.controls import one_line
from stories.models import Article, DeskRecord, Revision, Terms
from stories.queries.story.snapshots import working_rows

# Quotation marks inside of quotation marks.
_INNER = str.maketrans({"“": "‘", "”": "’"})


class Way(StrEnum):
    """How a statement stands in a story."""

    QUOTE = "quote"
    PARAGRAPH = "paragraph"


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where and how a statement goes into a story.

    `key` is the new block's: a placement that is sent twice makes one block. `after` is the block that it follows;
    None, or a block that the story has not, puts it at the end of the text. `speaker` is who is quoted: on background,
    what readers may know of them, with `unnamed_because`.
    """

    key: UUID
    way: Way
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
    outcome: Outcome,
    answer: Answer | None = None,
    seen: RequestStatus | None = None,
    at: datetime | None = None,
) -> Revision | None:
    """Put a statement into the working copy, its request with the outcome; returns the revision.

    `answer` is one that came just now, and is logged first: its words are the placement's, and never wait with the
    desk. Without one it is the statement that waits there, and leaves in the same transaction. `seen` is the state
    that its editor saw. None where this very placement was made before.

    Raises PermissionDenied; Refused where its terms do not allow it, where there are no words, where somebody else
    has recorded another outcome since, or where the story has no such request; StoryInvalid and ValidationError for
    bad values.
    """
    locked = lock(article)
    require_desk_work(user, locked)
    rows = working_rows(locked)
    if placement.key in rows.parts:
        return None
    asked = request_in(rows.story, request_key)
    require_as_seen(asked, told(asked, outcome), seen)
    record = record_of(locked, request_key)
    terms = usable_terms(record) if answer is None else _log(record, answer, user)
    wanted = with_statement(rows.story, request_key, placement=placement, outcome=outcome, terms=terms)
    reason = _("Comment from a party that was asked")
    written = write_story(locked, rows, wanted, user=user, reason=reason, at=at or timezone.now())
    if answer is None:
        _leave(record)
    notify_desk(record, user, News.PLACED)
    if written is None:
        return None
    append_entries(written)
    return written.event


@transaction.atomic
def take_away_statement(*, article: Article, request_key: UUID, user: Actor, placed: bool = False) -> None:
    """Let a statement leave the desk: it stands in the story by now (`placed`), or is not wanted.

    Raises PermissionDenied; Refused where the story has neither such a request nor a record of it.
    """
    locked = lock(article)
    require_desk_work(user, locked)
    record = record_of(locked, request_key)
    if record.statement:
        _leave(record)
        if placed:
            notify_desk(record, user, News.PLACED)


def with_statement(
    story: StorySnapshot, request_key: UUID, *, placement: Placement, outcome: Outcome, terms: str
) -> StorySnapshot:
    """The story with a statement in it, and its request with the outcome; nothing is written.

    Raises Refused where there are no words, nobody who says them, or no such request.
    """
    asked = request_in(story, request_key)
    if terms == Terms.BACKGROUND:
        _require_unnamed(asked.party, placement)
    answered = replace_request(story, told(asked, outcome))
    blocks = list(story.blocks)
    blocks.insert(_place(blocks, placement.after), _block(placement, terms))
    return replace(answered, blocks=tuple(blocks))


def usable_terms(record: DeskRecord) -> str:
    """The terms of a record whose statement may be used. Raises Refused for any other."""
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
    """Who speaks on background is not named."""
    credited = f"{placement.speaker} {placement.speaker_title}".casefold()
    if party.casefold() in credited:
        raise Refused(
            _(
                "This was said on background, so readers must not learn that it was %(party)s. Describe who said it."
            )
            % {"party": party}
        )


def _log(record: DeskRecord, answer: Answer, user: Actor) -> str:
    """Log an answer whose words go straight into the story; returns its terms."""
    if answer.terms not in USABLE:
        raise Refused(_("Off the record, nothing of what they said can go into the story."))
    keep_answer(record, replace(answer, statement=""), user=user)
    # Of a record whose terms are disputed, nothing new is used either.
    usable_terms(record)
    return answer.terms


def _leave(record: DeskRecord) -> None:
    record.statement = ""
    record.save()


def _place(blocks: list[Block], after: UUID | None) -> int:
    for place, block in enumerate(blocks, start=1):
        if block.key == after:
            return place
    return place_at_end(blocks)


def place_at_end(blocks: Sequence[Block]) -> int:
    """How many blocks stand before a statement that ends the text: none parts a quotation from what introduces it."""
    words = [
        place for place, block in enumerate(blocks, start=1) if isinstance(block, TextBlock | QuoteBlock)
    ]
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
    if placement.way is Way.PARAGRAPH:
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
    """Every paragraph opens the quotation, and the last one alone closes it."""
    first, *others = (paragraph.translate(_INNER) for paragraph in paragraphs)
    said = _("%(speaker)s said: “%(words)s") % {"speaker": speaker[:1].upper() + speaker[1:], "words": first}
    told_on = [said, *(f"“{paragraph}" for paragraph in others)]
    return [*told_on[:-1], f"{told_on[-1]}”"]


def _html(paragraphs: list[str]) -> str:
    return "".join(f"<p>{escape(paragraph, quote=False)}</p>" for paragraph in paragraphs)
