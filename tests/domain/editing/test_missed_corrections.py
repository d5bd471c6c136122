from __future__ import annotations

from uuid import UUID

import pytest

from stories.domain.diff.compare import diff
from stories.domain.editing.missed_corrections import find_missed_corrections
from stories.domain.significance.measure import measure
from stories.domain.snapshot import ImageBlock, NoteKind, StorySnapshot, TextBlock, UpdateNote


def story(html: str, caption: str = "", **values: object) -> StorySnapshot:
    blocks = (
        TextBlock(key=UUID(int=1), text=f"<p>{html}</p>"),
        ImageBlock(key=UUID(int=2), picture="0" * 64, caption=caption),
    )
    return StorySnapshot(**{"headline": "It answers", "slug": "it-answers", "blocks": blocks, **values})  # type: ignore[arg-type]


def left(before: StorySnapshot, after: StorySnapshot, *wrong: str) -> list[tuple[str, list[str]]]:
    reasons = measure(diff(before, after)).reasons
    return [
        (each.words, [place.field for place in each.places])
        for each in find_missed_corrections(before, after, reasons, wrong)
    ]


OLD = "Dana Whitlok said the mast cost 12,500 euros."


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        # A name and a figure, corrected in the text and left in a caption, the headline, the address.
        (
            story(OLD, "Dana Whitlok."),
            story(OLD.replace("Whitlok", "Whitlock"), "Dana Whitlok."),
            [("Dana Whitlok", ["caption"])],
        ),
        (
            story(OLD, "It cost 12,500 euros."),
            story(OLD.replace("12,500", "21,500"), "It cost 12,500 euros."),
            [("12,500 euros", ["caption"])],
        ),
        (
            story("Then Whitlok left.", slug="whitlok-answers"),
            story("Then Whitlock left.", slug="whitlok-answers"),
            [("Whitlok", ["slug"])],
        ),
        # Corrected everywhere.
        (story(OLD, "Dana Whitlok."), story(OLD.replace("Whitlok", "Whitlock"), "Dana Whitlock."), []),
        # Another person, who was in the story before.
        (
            story("Smith said yes. Jones said no.", "Smith, left."),
            story("Jones said yes. Jones said no.", "Smith, left."),
            [],
        ),
        # Days, and small numbers.
        (story("It was on Monday.", "Monday"), story("It was on Tuesday.", "Monday"), []),
        (story("There were 12 of them.", "All 12"), story("There were 14 of them.", "All 12"), []),
        # The name became longer, and includes the old one.
        (story("Then Whitlock left.", "Whitlock"), story("Then Dana Whitlock left.", "Whitlock"), []),
        # A name that is also a common word.
        (story("Then Bill left.", "It pays the bill"), story("Then Will left.", "It pays the bill"), []),
    ],
)
def test_what_was_corrected_in_one_place_alone_is_reported(
    before: StorySnapshot, after: StorySnapshot, expected: list[tuple[str, list[str]]]
) -> None:
    assert left(before, after) == expected


def test_what_a_correction_calls_wrong_is_looked_for_but_not_in_notes() -> None:
    wrong = UpdateNote(
        key=UUID(int=3), kind=NoteKind.CORRECTION, text="It was 12,500.", was="12,500", now="21,500"
    )
    after = story("It cost 21,500.", "All of 12,500.", update_notes=(wrong,))
    assert left(story("It cost much."), after, "12,500") == [("12,500", ["caption"])]
    assert left(story("It cost much."), story("It cost 21,500.", update_notes=(wrong,)), "12,500") == []


@pytest.mark.parametrize("words", ["", "12", "it", "Monday", "x " * 60])
def test_nobody_is_warned_of_what_stands_everywhere(words: str) -> None:
    assert left(story("No."), story(f"It was 12 on Monday {words}."), words) == []
