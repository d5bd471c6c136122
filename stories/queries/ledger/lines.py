"""Entries of the ledger as lists display them: story, words, related entries, questions and sign-offs."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q

from stories.models import Answer, EntryKind, LedgerEntry, Publication, Question, Revision, SignOff
from stories.models.record.revisions import Journal

_KINDS: Final = dict(EntryKind.choices)


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerLine:
    """An entry: its payload as data, the event's words, and what it is about.

    `revision` is the number of the revision, `about` the sequence of the entry that it is about, 0 if none.
    `open_questions` have no answer yet.
    """

    entry: LedgerEntry
    payload: dict[str, Any]
    words: str
    revision: int = 0
    about: int = 0
    questions: int = 0
    open_questions: int = 0
    sign_offs: list[SignOff] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """The label of the kind of event; Django's own look-up would translate all labels for each line."""
        return str(_KINDS.get(self.entry.kind, self.entry.kind))


def lines_of(sequences: Sequence[int]) -> list[LedgerLine]:
    """Return entries by their sequences, in that order. Six queries at most, however many."""
    found = {
        entry.sequence: entry
        for entry in LedgerEntry.objects.filter(sequence__in=sequences).select_related("article", "words")
    }
    entries = [found[sequence] for sequence in sequences if sequence in found]
    payloads = {entry.sequence: payload_of(entry) for entry in entries}
    revisions, abouts = _revisions(payloads.values()), _abouts(payloads.values())
    questions: dict[int, list[Any]] = {}
    answered = Exists(Answer.objects.filter(question=OuterRef("pk")))
    for question in Question.objects.filter(entry__in=found).annotate(answered=answered):
        questions.setdefault(question.entry_id, []).append(question)
    sign_offs: dict[int, list[SignOff]] = {}
    for sign_off in SignOff.objects.filter(entry__in=found).order_by("pk"):
        sign_offs.setdefault(sign_off.entry_id, []).append(sign_off)
    return [
        LedgerLine(
            entry=entry,
            payload=payloads[entry.sequence],
            words=words_of(entry),
            revision=_revision(payloads[entry.sequence], revisions),
            about=payloads[entry.sequence].get("about")
            or abouts.get(payloads[entry.sequence].get("question") or 0, 0),
            questions=len(questions.get(entry.sequence, ())),
            open_questions=sum(not each.answered for each in questions.get(entry.sequence, ())),
            sign_offs=sign_offs.get(entry.sequence, []),
        )
        for entry in entries
    ]


def payload_of(entry: LedgerEntry) -> dict[str, Any]:
    """Return an entry's payload as data; empty if somebody made it unreadable, which verification reports."""
    try:
        payload = json.loads(entry.payload)
    except ValueError:
        return {}
    return payload if isinstance(payload, dict) else {}


def words_of(entry: LedgerEntry) -> str:
    """Return the text of the event, "" if there is none."""
    words = getattr(entry, "words", None)
    return words.text if words else ""


def _revision(payload: dict[str, Any], revisions: dict[tuple[str, int], int]) -> int:
    if payload.get("kind") == "revision":
        return int(payload["revision"])
    named = (("revision", "revision_event"), ("publication", "publication"))
    return next((revisions.get((kind, payload[name]), 0) for kind, name in named if payload.get(name)), 0)


def _revisions(payloads: Iterable[dict[str, Any]]) -> dict[tuple[str, int], int]:
    """Return the numbers of revisions, by the revision's id or its publication's. Two queries at most."""
    listed = list(payloads)
    events = {each["revision_event"] for each in listed if each.get("revision_event")}
    publications = {each["publication"] for each in listed if each.get("publication")}
    found = {}
    if events:
        for pk, number in Revision.objects.filter(pk__in=events).values_list("pk", "number"):
            found["revision", pk] = number
    if publications:
        numbers = Publication.objects.filter(pk__in=publications).values_list("pk", "revision__number")
        for pk, number in numbers:
            found["publication", pk] = number
    return found


def _abouts(payloads: Iterable[dict[str, Any]]) -> dict[int, int]:
    """Return for answers the entries that their questions are about, by question. One query at most."""
    asked = {each["question"] for each in payloads if each.get("question")}
    if not asked:
        return {}
    return dict(Question.objects.filter(pk__in=asked).values_list("pk", "entry_id"))


def entries_of(events: Iterable[Journal]) -> dict[tuple[str, int], int]:
    """Return the sequences of events' entries, by kind and id. One query."""
    numbers_by_kind: dict[str, list[int]] = defaultdict(list)
    for event in events:
        numbers_by_kind[str(event.entry_kind)].append(event.pk)
    if not numbers_by_kind:
        return {}
    named = [Q(kind=kind, event_id__in=numbers) for kind, numbers in numbers_by_kind.items()]
    entries = LedgerEntry.objects.filter(reduce(or_, named))
    return {
        (kind, event): sequence
        for kind, event, sequence in entries.values_list("kind", "event_id", "sequence")
    }
