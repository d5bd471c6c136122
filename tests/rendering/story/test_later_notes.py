from __future__ import annotations

from uuid import uuid4

import pytest

from stories.domain.snapshot import NoteKind
from stories.rendering.story.later_notes import with_later_notes
from stories.rendering.story.notes import ReaderNote
from tests.factories import minutes
from tests.rendering.markup import faults, visible


def later(was: str, now: str = "", *, version: int = 2) -> ReaderNote:
    return ReaderNote(
        key=uuid4(),
        kind=NoteKind.CORRECTION,
        text="It was wrong.",
        was=was,
        now=now,
        slug="a-story",
        version=version,
        live_from=minutes(60),
    )


def with_notes(html: str, *notes: ReaderNote) -> str:
    found = with_later_notes(html, notes)
    assert not faults(found.html)
    return found.html


def test_the_wrong_words_are_marked_and_reported_where_they_stand() -> None:
    note = later("148 litres", "139 litres")
    html = with_notes("<p>Households use 148 litres a day.</p>", note)
    assert '<mark class="put-right" id="corrected-1">148 litres</mark>' in html
    assert (
        visible(html)
        == "Households use 148 litres Correction, March 2, 2026: corrected to “139 litres” a day."
    )
    assert f'<a href="#later-{note.key}">' in html


def test_words_that_stand_nowhere_are_marked_nowhere() -> None:
    html = "<p>Households use 139 litres a day.</p>"
    assert with_notes(html, later("148 litres"), later("")) == html


def test_words_are_found_across_inline_tags_and_through_entities() -> None:
    html = with_notes("<p>He works for A&amp;T <em>Cor</em>vid today.</p>", later("A&T Corvid"))
    assert html.count('class="put-right"') == 3
    assert html.count('id="corrected-1"') == 1
    assert ">A&amp;T </mark><em><mark" in html
    assert html.index("vid</mark>") < html.index("later-note") < html.index(" today")


def test_every_place_is_marked_with_a_name_of_its_own() -> None:
    note = later("$40", "$14")
    found = with_later_notes("<p>It costs $40.</p><p>Yes, $40!</p>", [note], first=3)
    assert 'id="corrected-3">$40</mark>' in found.html
    assert 'id="corrected-4">$40</mark>' in found.html
    assert found.names == {str(note.key): "corrected-3"}
    assert found.places == 2


@pytest.mark.parametrize(
    ("was", "other"), [("$40", "$400"), ("$40", "$40.5"), ("$40", "$40,000"), ("40", "1,40"), ("40", "3.40")]
)
def test_a_longer_figure_is_another_one(was: str, other: str) -> None:
    assert "<mark" not in with_notes(f"<p>It costs {other} today.</p>", later(was))


def test_a_note_stands_behind_the_link_that_holds_the_words() -> None:
    html = with_notes(
        '<p>See <a href="/x">the 148 litres and 12 more</a> here.</p>', later("148"), later("12")
    )
    assert html.count("later-note") == 1
    assert html.count('href="#later-') == 2
    assert html.index("</a>") < html.index("later-note")
    assert "more</a><span" in html


def test_notes_on_the_same_words_stand_together() -> None:
    html = with_notes("<p>Use 148 litres.</p>", later("148 litres"), later("Use 148"))
    assert html.count("<mark") == 1
    assert html.count('href="#later-') == 2


def test_what_earlier_notes_said_and_who_wrote_it_is_not_the_text() -> None:
    html = (
        '<p class="byline">By Ada 148</p><section class="corrections"><dd>148</dd></section>'
        '<div class="story-text"><p>About 148.</p></div><section class="updates"><p>148</p></section>'
    )
    marked = with_notes(html, later("148"))
    assert marked.count("<mark") == 1
    assert 'About <mark class="put-right" id="corrected-1">148</mark>' in marked


def test_attributes_are_not_text() -> None:
    html = '<figure><img src="/148" alt="148"><figcaption>Level 148</figcaption></figure>'
    marked = with_notes(html, later("148"))
    assert marked.startswith('<figure><img src="/148" alt="148"><figcaption>Level <mark')


def test_each_line_of_what_was_wrong_is_looked_for() -> None:
    marked = with_notes("<p>One thing.</p><p>Another thing.</p>", later("One thing.\nAnother thing."))
    assert marked.count("<mark") == 2


def test_words_that_stand_everywhere_are_marked_nowhere() -> None:
    html = "<p>" + "the end of the day " * 11 + "</p>"
    assert with_notes(html, later("the")) == html


def test_what_people_wrote_is_text() -> None:
    html = with_notes("<p>Use 148 litres.</p>", later("148", "<script>alert(1)</script>"))
    assert "<script" not in html
