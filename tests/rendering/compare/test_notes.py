"""Each note of a comparison has an anchor at the change that it describes."""

from __future__ import annotations

import re
from dataclasses import replace
from uuid import uuid4

from stories.domain.diff.compare import diff
from stories.domain.snapshot import NoteKind, UpdateNote
from stories.domain.text.mask import NOTHING
from stories.rendering.compare.comparison import render_comparison
from tests.factories import note, quote, text, wanted

PARAGRAPHS = [
    text(f"<p>Paragraph {number} tells of a field, and of who owns it.</p>", key=uuid4())
    for number in range(6)
]


def places(*notes: UpdateNote) -> list[str]:
    """Return for each note the text that follows its anchor, up to the next tag other than those of the change
    itself.
    """
    first, second, third, *others = PARAGRAPHS
    old = wanted("Fields", first, second, third, *others)
    new = replace(
        old,
        blocks=(
            replace(first, text=first.text.replace("field", "meadow")),
            replace(second, text=second.text.replace("owns", "leases")),
            replace(third, text="<p>Paragraph 2 tells of Harrow County and its sheriff.</p>"),
            *others,
            quote("<p>We never sold it.</p>"),
        ),
        update_notes=notes,
    )
    html = render_comparison(
        diff(old.public(withheld=NOTHING), new.public(withheld=NOTHING)), whole=True
    ).body
    found = []
    for each in notes:
        after = html[html.index(f'<span id="note-{each.key}"></span>') :]
        found.append(re.sub(r"\s+", " ", re.sub(r'<span class="unseen">.*?</span>|<[^>]*>', "", after))[:60])
    return found


def test_a_correction_is_at_the_words_that_were_wrong() -> None:
    (place,) = places(note("Who has it was given wrongly.", NoteKind.CORRECTION, was="owns", now="leases"))
    assert place.startswith("ownsleases")


def test_an_answer_is_at_the_quote_that_came_in() -> None:
    (place,) = places(note("The owner answered.", NoteKind.COMMENT_ADDED))
    assert "We never sold it." in place


def test_any_note_is_at_the_words_that_it_shares() -> None:
    (place,) = places(note("The part that the sheriff of Harrow County played was added.", NoteKind.UPDATE))
    assert "Harrow County" in place


def test_a_note_that_shares_none_is_at_the_first_change_and_several_may_be_at_one() -> None:
    found = places(note("Mended.", NoteKind.TYPO), note("Mended again.", NoteKind.UPDATE))
    assert all(place.startswith("fieldmeadow") for place in found)


def test_where_nothing_but_a_note_came_there_is_no_change_to_name() -> None:
    old = wanted("Fields", *PARAGRAPHS)
    new = replace(old, update_notes=(note("Nothing else.", NoteKind.EDITORS_NOTE),))
    html = render_comparison(
        diff(old.public(withheld=NOTHING), new.public(withheld=NOTHING)), whole=True
    ).body
    assert "Nothing else." in html
    assert 'id="note-' not in html
