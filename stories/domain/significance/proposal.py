"""Propose what the review page fills in at first: a kind of note, a class, a sentence, corrections.

These are suggestions only. What a publication must have is checked where it is published.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from stories.domain.diff.data import BlockUnit, Op, StoryDiff, TextUnit
from stories.domain.significance.data import Level, Reason, ReasonKind, Significance
from stories.domain.snapshot import CommentRequest, NoteKind, Part, QuoteBlock, RequestStatus, StoryContent
from stories.domain.text.segments import plain_text

MINOR = "minor"
TRANSCRIPTION = "transcription"

# Facts: after a change of one, readers must learn which was right.
_FACTS = frozenset((ReasonKind.FIGURE, ReasonKind.NAME, ReasonKind.ATTRIBUTION))


class Sentence(StrEnum):
    """A sentence to begin the text with; its parameters are named next to it."""

    COMMENT_ADDED = "comment-added"  # party
    COMMENT_DECLINED = "comment-declined"  # party
    SPELLING = "spelling"  # old, new
    SPELLINGS = "spellings"  # count
    SPELLING_IN_QUOTE = "spelling-in-quote"  # speaker (may be empty), count
    TYPOGRAPHY = "typography"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedSentence:
    """A sentence and its parameters; whoever displays it translates it."""

    sentence: Sentence
    params: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class WasNow:
    """The old and the new text of a correction, each readable by itself."""

    was: str
    now: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """The proposed values.

    `note_kind` is the kind to begin with if there is a note; None leaves it to the answer to "Were we wrong, or has
    the world moved on?" (`asks_what_happened`), or to the editor. `publication_class` is the class without a note;
    empty if a note is needed. `text` are sentences to begin with.
    """

    note_kind: NoteKind | None = None
    publication_class: str = ""
    text: tuple[ProposedSentence, ...] = ()
    asks_what_happened: bool = False
    corrections: tuple[WasNow, ...] = ()


def propose(old: StoryContent, new: StoryContent, diff: StoryDiff, significance: Significance) -> Proposal:
    """Return a proposal for the change from `old`, which is live, to `new`.

    `diff` and `significance` are those of the two.
    """
    answers = tuple(_answers(old, new, diff))
    if answers:
        parties = {word for answer in answers for word in answer.params["party"].casefold().split()}
        facts = [reason for reason in significance.reasons if _is_changed_fact(reason)]
        facts = [reason for reason in facts if not _is_about(parties, reason)]
        return Proposal(
            note_kind=NoteKind.COMMENT_ADDED,
            text=answers,
            asks_what_happened=bool(facts),
            corrections=_corrections(facts),
        )
    if significance.level is Level.NONE:
        return Proposal()
    if significance.spelling_in_quotes_only:
        return Proposal(
            note_kind=NoteKind.TYPO,
            publication_class=TRANSCRIPTION,
            text=(_in_quote(new, significance),),
        )
    if significance.level is Level.TYPOGRAPHY:
        return Proposal(note_kind=NoteKind.TYPO, publication_class=MINOR, text=(_spelling(significance),))
    if significance.level is Level.WORDING:
        return Proposal(note_kind=NoteKind.UPDATE, publication_class=MINOR)
    facts = [reason for reason in significance.reasons if _is_changed_fact(reason)]
    return Proposal(
        note_kind=None if facts else NoteKind.UPDATE,
        asks_what_happened=bool(facts),
        corrections=_corrections(facts),
    )


def _answers(old: StoryContent, new: StoryContent, diff: StoryDiff) -> Iterator[ProposedSentence]:
    """Yield a sentence for every party that has declined since, or has answered and whose words were added."""
    before = {request.key: request.status for request in old.comment_requests if request.shown}
    for request in new.comment_requests:
        if not request.shown or before.get(request.key) is request.status:
            continue
        params = {"party": request.party}
        if request.status is RequestStatus.DECLINED:
            yield ProposedSentence(sentence=Sentence.COMMENT_DECLINED, params=params)
        elif request.status is RequestStatus.RECEIVED and _has_new_words(request, diff):
            yield ProposedSentence(sentence=Sentence.COMMENT_ADDED, params=params)


def _has_new_words(request: CommentRequest, diff: StoryDiff) -> bool:
    """Return whether a quote block or a paragraph is new, or a changed paragraph newly names the party."""
    for unit in diff.body:
        if isinstance(unit, BlockUnit):
            is_new = unit.op is Op.INSERT and isinstance(unit.new, QuoteBlock)
        elif unit.op is Op.INSERT:
            is_new = not unit.markup and bool(plain_text(unit.new_text))
        else:
            is_new = bool(unit.changes) and request.party.casefold() in _inserted_words(unit)
        if is_new:
            return True
    return False


def _inserted_words(unit: TextUnit) -> str:
    """Return the words that were inserted into a paragraph."""
    return plain_text(" ".join(op.text for op in unit.changes if op.op is Op.INSERT)).casefold()


def _is_changed_fact(reason: Reason) -> bool:
    return reason.kind in _FACTS and bool(reason.old)


def _is_about(parties: set[str], reason: Reason) -> bool:
    """Return whether only a party's name was removed, as when "we have asked" is replaced by its answer."""
    return not reason.new and set(reason.old.casefold().split()) <= parties


def _corrections(facts: list[Reason]) -> tuple[WasNow, ...]:
    found = (WasNow(was=reason.was or reason.old, now=reason.now or reason.new) for reason in facts)
    return tuple(dict.fromkeys(found))


def _spelling(significance: Significance) -> ProposedSentence:
    spellings = significance.spellings
    if not spellings:
        return ProposedSentence(sentence=Sentence.TYPOGRAPHY)
    if len(spellings) == 1:
        params = {"old": spellings[0].old, "new": spellings[0].new}
        return ProposedSentence(sentence=Sentence.SPELLING, params=params)
    return ProposedSentence(sentence=Sentence.SPELLINGS, params={"count": str(len(spellings))})


def _in_quote(new: StoryContent, significance: Significance) -> ProposedSentence:
    """Return the sentence for spelling in quotations, with the speaker's name if there is only one."""
    quotes: dict[object, Part] = {block.key: block for block in new.blocks}
    blocks = [quotes.get(reason.where) for reason in significance.reasons]
    speakers = {block.speaker if isinstance(block, QuoteBlock) else "" for block in blocks}
    speaker = speakers.pop() if len(speakers) == 1 else ""
    count = sum(spelling.quoted for spelling in significance.spellings)
    return ProposedSentence(
        sentence=Sentence.SPELLING_IN_QUOTE, params={"speaker": speaker, "count": str(count)}
    )
