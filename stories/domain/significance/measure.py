"""Measure how much a change matters to readers: `measure(diff)`.

The question is the standards editor's: may this go live without a note to readers? If the answer is uncertain, it is
no. Typography must be proven: spaces, quotation marks, capitals, hyphens between the same words, digit grouping, or a
word that neither word list knows and that became one that they know. A changed word in a language other than English,
or in a script other than Latin, is UNJUDGED and substantive, since nothing here knows what it means; spelling is
judged in each language that has a word list. A clause that says when, where, if or who said it may move within its
sentence; two known words that look alike are two words.

Some changes weigh differently in each direction: a note added informs readers, and one removed hides something; a link
added offers a source, and one removed withdraws it; so it is with a request for comment.
"""

from __future__ import annotations

from collections import Counter

from stories.domain.diff.data import FieldDiff, Op, PartDiff, StoryDiff
from stories.domain.significance.body import BodyMeasure
from stories.domain.significance.data import Level, Reason, ReasonKind, Significance, SpellingFix
from stories.domain.significance.text import same_look
from stories.domain.snapshot import (
    Byline,
    CommentRequest,
    Part,
    RequestStatus,
    UpdateNote,
)

__all__ = ["MANY_WORDS", "Level", "Reason", "ReasonKind", "Significance", "SpellingFix", "measure"]

# More changed words than this, over the whole story, are significant by their number.
MANY_WORDS = 5
# This many replaced content words make another sentence.
MANY_REPLACED = 3


def measure(diff: StoryDiff) -> Significance:
    """Return how much a difference matters to readers, and why."""
    if not diff:
        return Significance(level=Level.NONE)
    return _Measure(diff).run()


class _Measure(BodyMeasure):
    def run(self) -> Significance:
        self._story_fields()
        self._bylines()
        self.body()
        for part in self.diff.comment_requests:
            self._request(part)
        for part in self.diff.update_notes:
            self._note(part)
        found = self.found
        self.drop_moved()
        if found.words > MANY_WORDS or found.replaced >= MANY_REPLACED:
            found.add(Reason(kind=ReasonKind.MANY_WORDS, new=str(found.words)))
        wording = bool(found.words or found.wording)
        if found.reasons:
            level = Level.SUBSTANTIVE
        elif wording:
            level = Level.WORDING
        else:
            level = Level.TYPOGRAPHY if self.touched or found.spellings else Level.NONE
        return Significance(
            level=level,
            reasons=tuple(dict.fromkeys(found.reasons)),
            spelling_in_quotes_only=found.transcribed and not found.grave and not wording,
            spellings=tuple(found.spellings),
            words=found.words,
        )

    # -- the story's own fields

    def _story_fields(self) -> None:
        for field in self.diff.changed_fields:
            self.touched = True
            if field.name == "headline":
                self._measure_field(field, ReasonKind.HEADLINE)
            elif field.name == "dateline":
                self._measure_field(field, ReasonKind.DATELINE)
            elif field.name == "disclosure":
                self._measure_field(field, ReasonKind.DISCLOSURE)
            elif field.name == "dek":
                self.plain(field, None)
            elif field.name == "kind":
                # A story that becomes a page disappears from every list of stories.
                self.add(ReasonKind.MEANING, str(field.old), str(field.new), None, "kind")
            else:
                # The slug, the section and the like do not change what readers believe.
                self.found.wording = True

    def _measure_field(self, field: FieldDiff, kind: ReasonKind) -> None:
        """Weigh a field in which every change of words is a reason; that reason precedes those for the words."""
        at, before = len(self.found.reasons), self.found.weight
        self.plain(field, None, titled=kind is ReasonKind.HEADLINE)
        if self.found.weight != before:
            reason = Reason(
                kind=kind, old=field.old, new=field.new, field=field.name, was=field.old, now=field.new
            )
            self.found.grave += 1
            self.found.reasons.insert(at, reason)

    # -- bylines, requests, notes

    def _bylines(self) -> None:
        # A credit deleted and inserted again under another key is the same to readers.
        removed = Counter(_credit(part.old) for part in self.diff.bylines if part.op is Op.DELETE)
        added = Counter(_credit(part.new) for part in self.diff.bylines if part.op is Op.INSERT)
        same = removed & added
        for part in self.diff.bylines:
            if part.op is Op.EQUAL:
                self.touched = self.touched or part.moved
                self.found.wording = self.found.wording or part.moved
                continue
            self.touched = True
            old, new = _credit(part.old), _credit(part.new)
            if part.op is Op.CHANGE:
                if old[0] != new[0] or not same_look(old[1], new[1]):
                    self.add(ReasonKind.NAME, old[1], new[1], part.key, "credited_as")
            elif not same[old if part.op is Op.DELETE else new]:
                self.add(ReasonKind.NAME, old[1], new[1], part.key, "credited_as")

    def _request(self, part: PartDiff) -> None:
        old, new = _visible_request(part.old), _visible_request(part.new)
        if old == new:
            return
        self.touched = self.found.wording = True
        if new is None:
            assert old is not None
            self.add(ReasonKind.COMMENT_REQUEST, old.party, "", old.key, "party")
            return
        was, now = old.status if old else None, new.status
        # To say that somebody did not answer is as much a claim as their answer.
        if was is not now and (now is not RequestStatus.PENDING or was is not None):
            self.add(ReasonKind.COMMENT_REQUEST, was or "", now, new.key, "status")
        if not same_look(old.sentence if old else "", new.sentence):
            self.add(
                ReasonKind.COMMENT_REQUEST, old.sentence if old else "", new.sentence, new.key, "sentence"
            )
        if old is None:
            return
        if not same_look(old.party, new.party):
            self.add(ReasonKind.NAME, old.party, new.party, new.key, "party")
        for name in ("requested_at", "responded_at"):
            before, after = getattr(old, name), getattr(new, name)
            if before and after and before.date() != after.date():
                self.add(ReasonKind.FIGURE, str(before.date()), str(after.date()), new.key, name)

    def _note(self, part: PartDiff) -> None:
        if part.op is Op.INSERT:
            return
        if part.op is Op.EQUAL:
            self.touched = self.touched or part.moved
            return
        self.touched = True
        assert isinstance(part.old, UpdateNote)
        new = part.new if isinstance(part.new, UpdateNote) else None
        plain = all(
            field.name in ("text", "was", "now") and same_look(str(field.old), str(field.new))
            for field in part.fields
        )
        if new is None or not plain:
            self.add(ReasonKind.PUBLISHED_NOTE, part.old.text, new.text if new else "", part.key, "text")


def _credit(part: Part | None) -> tuple[str, str]:
    return (part.author, part.credited_as) if isinstance(part, Byline) else ("", "")


def _visible_request(part: Part | None) -> CommentRequest | None:
    return part if isinstance(part, CommentRequest) and part.shown else None
