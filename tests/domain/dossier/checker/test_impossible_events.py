"""The checker's rules on events that no action of the site writes, however well their entries are chained."""

from __future__ import annotations

from typing import Any

import pytest

from stories.domain.dossier.checker.impossible_events import DECISIONS, REFERENCES, impossible_events
from stories.models.integrity.registry import JOURNALS

MAYA, MONA = [1, "Maya"], [2, "Mona"]


def minute(number: int) -> str:
    return f"2026-03-02T{9 + number // 60:02}:{number % 60:02}:00.000000Z"


def entry(kind: str, event: int, at: int, **facts: Any) -> dict[str, Any]:
    return {"kind": kind, "event": event, "at": minute(at), "by": MAYA, **facts}


def publication(event: int, at: int, **facts: Any) -> dict[str, Any]:
    return entry(
        "publication",
        event,
        at,
        **{"revision_event": 1, "base": None, "live_from": minute(at), "class": "first", **facts},
    )


STORY = (
    entry("revision", 1, 0),
    publication(1, 10),
    publication(2, 20, base=1, live_from=minute(400), **{"class": "minor"}),
    entry("withholding", 1, 30, publication=1),
    entry("erasure-order", 1, 40, publication=None),
    entry("dossier-order", 1, 50),
    entry("question", 1, 60, about=1, by=MONA),
)

# What is appended to the story, and why the site would have refused it; nothing if an action writes such an entry.
POSSIBLE = {
    "a cancellation in time": entry("cancellation", 1, 90, publication=2),
    "a version by a second person": publication(3, 90, base=1, by=MONA),
    "a confirmed withholding": entry("withholding-decision", 1, 90, withholding=1, lifted=False, by=MONA),
    "an approved erasure": entry("erasure-approval", 1, 90, order=1, approved=True, by=MONA),
    "an approval by a server whose clock is slow": entry("erasure-approval", 1, 36, order=1, by=MONA),
    "a dossier that was let pass": entry("dossier-approval", 1, 90, order=1, approved=True, by=MONA),
    "an answer": entry("answer", 1, 90, question=1),
    "a sign-off by another": entry("sign-off", 1, 90, about=2, by=MONA),
    "the system's own": entry("withholding-decision", 1, 90, withholding=1, by=[None, "A script"]),
}
IMPOSSIBLE = {
    "a version cancelled that is live": (entry("cancellation", 1, 90, publication=1), "was live by then"),
    "a version cancelled that is of another story": (
        entry("cancellation", 1, 90, publication=7),
        "names the publication 7, which no entry of this story",
    ),
    "a backdated version": (publication(3, 90, live_from=minute(15)), "went live before it was made"),
    "a version that follows another story's": (publication(3, 90, base=7), "names the publication 7"),
    "a version of another story's revision": (publication(3, 90, revision_event=7), "the revision 7"),
    "a version that says that it was imported": (
        publication(3, 90, **{"class": "imported"}),
        "nothing was imported at that time",
    ),
    "a version withheld that is of another story": (
        entry("withholding", 2, 90, publication=7),
        "the publication 7",
    ),
    "a withholding lifted by whoever withheld": (
        entry("withholding-decision", 1, 90, withholding=1, lifted=True),
        "on which somebody else has to decide",
    ),
    "a withholding lifted before it was made": (
        entry("withholding-decision", 1, 20, withholding=1, lifted=True, by=MONA),
        "is dated before entry 4",
    ),
    "another story's withholding lifted": (
        entry("withholding-decision", 1, 90, withholding=7, lifted=True, by=MONA),
        "the withholding 7",
    ),
    "an order approved by whoever gave it": (entry("erasure-approval", 1, 90, order=1), "somebody else"),
    "another story's order approved": (entry("erasure-approval", 1, 90, order=7, by=MONA), "erasure-order 7"),
    "an order approved before it was given": (
        entry("erasure-approval", 1, 20, order=1, by=MONA),
        "is dated before entry 5",
    ),
    "a dossier let pass by whoever asked": (entry("dossier-approval", 1, 90, order=1), "somebody else"),
    "another story's dossier handed over": (entry("dossier-download", 1, 90, order=7), "dossier-order 7"),
    "an entry signed off by whoever made it": (entry("sign-off", 1, 90, about=2), "made entry 2"),
    "an answer to another story's question": (entry("answer", 1, 90, question=7), "the question 7"),
    "a number that is none": (entry("cancellation", 1, 90, publication=True), "the publication True"),
    "a time that is none": (
        entry("withholding-decision", 1, 90, withholding=1, by=MONA) | {"at": "yesterday"},
        "is dated before entry 4",
    ),
}


def refused(*payloads: dict[str, Any]) -> list[tuple[int, str]]:
    return list(impossible_events({**each, "sequence": at} for at, each in enumerate(payloads, start=1)))


@pytest.mark.parametrize("event", POSSIBLE.values(), ids=POSSIBLE.keys())
def test_events_that_actions_write_are_possible(event: dict[str, Any]) -> None:
    assert refused(*STORY, event) == []


@pytest.mark.parametrize(("event", "reason"), IMPOSSIBLE.values(), ids=IMPOSSIBLE.keys())
def test_events_that_every_action_refuses_are_named(event: dict[str, Any], reason: str) -> None:
    ((sequence, said),) = refused(*STORY, event)
    assert sequence == len(STORY) + 1
    assert reason in said


def test_an_import_brings_versions_of_earlier_times_and_only_its_own() -> None:
    versions = [publication(event, 90, live_from=minute(event), **{"class": "imported"}) for event in (1, 2)]
    begun, imported = entry("revision", 1, 90), entry("import", 1, 90)
    assert refused(begun, *versions, imported) == []
    slipped_in = publication(3, 91, live_from=minute(3), **{"class": "imported"})
    assert [sequence for sequence, _reason in refused(begun, *versions, imported, slipped_in)] == [5]


def test_every_kind_of_event_that_is_named_is_one() -> None:
    named = {kind for kinds in REFERENCES.values() for kind in kinds.values()}
    assert {*REFERENCES, *DECISIONS, *named} <= JOURNALS.keys()
    for kind, references in REFERENCES.items():
        fields = {field.name for field in JOURNALS[kind]._meta.concrete_fields}
        assert {key.removesuffix("_event") for key in references} <= fields
