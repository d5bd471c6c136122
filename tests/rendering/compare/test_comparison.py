from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest

from stories.domain.diff.compare import diff
from stories.domain.snapshot import ImageBlock, NoteKind, PublicStory, RequestStatus, StorySnapshot
from stories.domain.text.mask import NOTHING
from stories.rendering.compare.comparison import RenderedComparison, render_comparison
from tests.factories import embed, note, quote, request, text, wanted
from tests.rendering.markup import faults, visible

PARAGRAPHS = [f"<p>Paragraph {number} of the council's report stays as it is.</p>" for number in range(1, 9)]


def compared(old: StorySnapshot, new: StorySnapshot) -> RenderedComparison:
    found = render_comparison(diff(old.public(withheld=NOTHING), new.public(withheld=NOTHING)))
    assert not faults(found.body)
    return found


def of_text(old: str, new: str) -> RenderedComparison:
    block = text(old)
    story = wanted("A story", block)
    return compared(story, replace(story, blocks=(replace(block, text=new),)))


def without_speech(html: str) -> str:
    return re.sub(r'<span class="unseen">.*?</span>', "", html)


def test_a_story_compared_with_itself_has_nothing_to_show() -> None:
    story = wanted()
    found = compared(story, story)
    assert not found.body
    assert found.summary == "Nothing differs between these two versions."


def test_changed_words_stand_in_place_struck_and_underlined() -> None:
    found = of_text("<p>It costs forty dollars a month.</p>", "<p>It costs ninety dollars a month.</p>")
    assert "It costs <del>forty</del><ins>ninety</ins> dollars a month." in without_speech(found.body)
    assert found.summary == "1 word changed in 1 paragraph."


def test_paragraphs_that_were_joined_are_displayed_with_few_changes() -> None:
    apart = "<p>We saw the council's sources.</p><p>Darlene Gamble spoke for an hour.</p>"
    together = "<p>We saw the council's sources.Darlene Gamble spoke for two hours.</p>"
    found = of_text(apart, together)
    assert found.summary == "2 words changed in 1 paragraph."
    assert found.body.count("<del>") == found.body.count("<ins>") == 1
    assert "[set differently]" in found.body
    parted = without_speech(of_text(together, apart).body)
    assert "sources.<br>Darlene Gamble spoke for <del>two hours</del><ins>an hour</ins>." in parted


def test_changes_are_announced_to_listeners() -> None:
    found = of_text("<p>It costs forty dollars.</p>", "<p>It costs ninety dollars.</p>")
    assert '<del><span class="unseen"> deleted: </span>forty</del>' in found.body
    assert '<ins><span class="unseen"> inserted: </span>ninety</ins>' in found.body


def test_a_link_of_which_a_word_changed_stays_one_link() -> None:
    found = of_text(
        '<p>See <a href="https://example.org/">the first report</a> today.</p>',
        '<p>See <a href="https://example.org/">the second report</a> today.</p>',
    )
    assert found.body.count("<a ") == 1
    link = re.search(r"<a .*?</a>", without_speech(found.body))
    assert link is not None
    assert "<del>first</del><ins>second</ins>" in link[0]


def test_a_link_that_leads_elsewhere_is_reported_with_both_addresses() -> None:
    found = of_text(
        '<p>See <a href="https://example.org/?a=1&amp;b=2">the report</a>.</p>',
        '<p>See <a href="https://example.org/new">the report</a>.</p>',
    )
    assert "[link changed from https://example.org/?a=1&b=2 to https://example.org/new]" in visible(
        found.body
    )
    assert "<del>" not in found.body


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "See the report.",
            'See <a href="https://example.org/">the report</a>.',
            "[link added: https://example.org/]",
        ),
        (
            'See <a href="https://example.org/">the report</a>.',
            "See the report.",
            "[link removed: https://example.org/]",
        ),
        ("See the report.", "See <em>the report</em>.", "[emphasis changed]"),
    ],
)
def test_markup_that_changed_is_reported(old: str, new: str, message: str) -> None:
    assert message in visible(of_text(f"<p>{old}</p>", f"<p>{new}</p>").body)


def test_items_stay_in_their_list_and_rows_in_their_table() -> None:
    rows = "<tr><td><p>Orland</p></td><td><p>{}</p></td></tr><tr><td><p>Ellis</p></td><td><p>7</p></td></tr>"
    old = (
        "<ul><li><p>one thing here</p></li><li><p>another thing</p></li></ul><table><tbody>{}</tbody></table>"
    )
    new = (
        "<ul><li><p>one thing here</p></li><li><p>a wholly new thought</p></li><li><p>another thing</p></li></ul>"
        "<table><tbody>{}</tbody></table>"
    )
    found = of_text(old.format(rows.format("30")), new.format(rows.format("40")))
    assert found.body.count("<ul>") == 1
    assert found.body.count("<li>") == 3
    assert found.body.count("<table") == 1
    assert found.body.count("<tr>") == 2
    assert "<td><p><del>30</del><ins>40</ins></p></td>" in without_speech(found.body)


def test_a_row_with_another_number_of_cells_is_displayed_twice() -> None:
    old = "<table><tbody><tr><td>Orland</td><td>2024</td></tr><tr><td>Ellis</td><td>2023</td></tr></tbody></table>"
    new = old.replace("<td>2024</td>", "<td>2024</td><td>$30</td>")
    found = of_text(old, new)
    assert not faults(found.body)
    assert "$30" in visible(found.body)


def test_a_nested_list_keeps_its_depth() -> None:
    old = "<ol><li>first<ul><li>inner one</li><li>inner two</li></ul></li><li>second</li></ol>"
    found = of_text(old, old.replace("inner two", "inner three"))
    assert "<ol><li>first<ul><li>inner one</li><li>inner <del>two</del><ins>three</ins></li></ul></li>" in (
        without_speech(found.body)
    )


def test_what_did_not_change_is_folded_but_for_its_neighbours() -> None:
    old = "".join(PARAGRAPHS)
    found = of_text(old, old.replace("Paragraph 4 of the council's", "Paragraph 4 of the mayor's"))
    assert found.body.count('<details class="unchanged">') == 2
    folded = " ".join(re.findall(r"<details.*?</details>", found.body, re.DOTALL))
    assert "2 unchanged paragraphs" in folded
    assert "3 unchanged paragraphs" in folded
    visible_text = visible(re.sub(r"<details.*?</details>", "", found.body, flags=re.DOTALL))
    assert [number for number in range(1, 9) if f"Paragraph {number} of" in visible_text] == [3, 4, 5]


def test_a_paragraph_that_moved_is_neither_deleted_nor_inserted() -> None:
    moved = "<p>This very paragraph wanders from the top of the story to its end.</p>"
    found = of_text(moved + "".join(PARAGRAPHS), "".join(PARAGRAPHS) + moved)
    assert "Moved here" in visible(found.body)
    assert "A passage stood here; it was moved." in visible(found.body)
    assert "<ins>" not in found.body
    assert "<del>" not in found.body


def test_a_quote_that_was_added_is_named_as_one() -> None:
    story = wanted("A story", text())
    found = compared(
        story, replace(story, blocks=(*story.blocks, quote("<p>No one should be a suspect.</p>")))
    )
    assert "1 quote added" in found.summary
    assert "Quote inserted" in visible(found.body)
    assert "<ins>No one should be a suspect.</ins>" in without_speech(found.body)
    assert "Dana Whitlock" in visible(found.body)


def test_a_quote_that_was_removed_stays_readable() -> None:
    story = wanted("A story", text(), quote("<p>No one should be a suspect.</p>"))
    found = compared(story, replace(story, blocks=story.blocks[:1]))
    assert "1 quote removed" in found.summary
    assert "Quote deleted" in visible(found.body)
    assert "<del>No one should be a suspect.</del>" in without_speech(found.body)


def test_a_quote_that_was_attributed_otherwise_names_both() -> None:
    block = quote(speaker="Dana Whitlock", said_on=date(2026, 3, 1))
    story = wanted("A story", block)
    found = compared(story, replace(story, blocks=(replace(block, speaker="Dana Whitman", said_on=None),)))
    assert "Speaker Dana deleted: Whitlock inserted: Whitman" in visible(found.body)
    assert "Said on deleted: March 1, 2026" in visible(found.body)


def test_pictures_and_link_cards_say_what_became_of_them() -> None:
    image = ImageBlock(
        key=uuid4(), address="https://example.org/a.jpg", alt_text="A pier", caption="The old pier."
    )
    card = embed()
    story = wanted("A story", text(), image)
    changed = compared(
        story, replace(story, blocks=(story.blocks[0], replace(image, caption="The new pier."), card))
    )
    assert "Caption The deleted: old inserted: new pier." in visible(changed.body)
    assert "Link card inserted" in visible(changed.body)
    deleted = compared(story, replace(story, blocks=story.blocks[:1]))
    assert "Picture deleted" in visible(deleted.body)


def of_caption(old: str, new: str) -> str:
    image = ImageBlock(key=uuid4(), address="https://example.org/a.jpg", alt_text="A pier", caption=old)
    story = wanted("Ferries", image)
    return compared(story, replace(story, blocks=(replace(image, caption=new),))).body


def test_a_captions_links_are_links() -> None:
    html = of_caption(
        "The old pier, from [the report](https://example.org/r).",
        "The new pier, from [the report](https://example.org/r).",
    )
    assert '<a href="https://example.org/r" rel="noopener">the report</a>' in html
    assert "](" not in html


def test_a_captions_link_that_leads_elsewhere_is_reported_with_both_addresses() -> None:
    html = of_caption(
        "From [the report](https://example.org/r).", "From [the report](https://example.org/s)."
    )
    assert "[link changed from https://example.org/r to https://example.org/s]" in html
    assert "](" not in html


def test_an_address_that_is_none_of_the_webs_is_not_displayed_to_readers() -> None:
    absent = ImageBlock(key=uuid4(), address="about:invalid", alt_text="A pier")
    found = replace(absent, address="https://elsewhere.example/pier.jpg")
    html = str(compared(wanted("A", text(), absent), wanted("A", text(), found)).body)
    assert "about:invalid" not in html
    assert "https://elsewhere.example/pier.jpg" in visible(html)
    assert "elsewhere.example" not in "".join(re.findall(r'(?:href|src)="[^"]*"', html))


def test_the_line_on_who_was_asked_is_compared_word_by_word() -> None:
    company, group = request("Corvid Systems"), request("the Liberty Watch")
    story = wanted(comment_requests=(company, group))
    answered = replace(group, status=RequestStatus.RECEIVED)
    found = compared(story, replace(story, comment_requests=(company, answered)))
    assert "1 request closed" in found.summary
    line = re.search(r'<p class="comment-line">(.*?)</p>', without_speech(found.body))
    assert line is not None
    assert "We reached out to Corvid Systems " in visible(line[1])
    assert re.search(r"<del>\s*and the Liberty Watch\s*</del>", line[1])
    assert "the Liberty Watch: asked for comment answered" in visible(without_speech(found.body))


def test_headline_dek_disclosure_and_bylines_are_compared_too() -> None:
    old = wanted("Council hears objections", dek="It took an hour.", disclosure="")
    new = replace(old, headline="Council heeds objections", dek="It took a day.", disclosure="We own shares.")
    body = without_speech(compared(old, new).body)
    assert "Council <del>hears</del><ins>heeds</ins> objections" in body
    assert "We own shares." in visible(body)
    assert "Disclosure" in visible(body)


def test_added_notes_are_displayed() -> None:
    story = wanted()
    added = note("The budget is $14 million.", NoteKind.CORRECTION, was="$40 million", now="$14 million")
    found = compared(story, replace(story, update_notes=(added,)))
    assert "1 note added" in found.summary
    assert "Correction inserted: The budget is $14 million." in visible(found.body)


def test_plain_fields_can_hold_no_markup() -> None:
    old = wanted("One <b>bold</b> & <script>alert(1)</script> claim", text("<p>Same.</p>"))
    hostile = '<img src=x onerror="alert(1)">'
    new = replace(
        old,
        headline=f"Two {hostile} claims",
        dek=hostile,
        disclosure=hostile,
        comment_requests=(request(hostile),),
        update_notes=(note(hostile, was=hostile, now=hostile),),
        blocks=(*old.blocks, quote("<p>Hm.</p>", speaker=hostile, source=hostile), embed(title=hostile)),
    )
    for found in (compared(old, new), compared(new, old)):
        assert "<img" not in found.body
        assert "<script" not in found.body
        assert "<b>" not in found.body
        assert "&lt;img" in found.body


def test_a_body_too_long_for_words_says_that_paragraphs_are_compared() -> None:
    found = diff(PublicStory(headline="A"), PublicStory(headline="B"))
    assert "whole paragraphs are" in render_comparison(replace(found, paragraphs_only=True)).summary


def test_a_place_that_links_lead_to_stands_once_where_two_versions_of_it_do() -> None:
    old = '<p id="fn1" dir="rtl">The ferry sails at nine.</p>'
    new = '<p id="fn1">Nothing of that is so any more, said the harbour’s master.</p><p><a href="#fn1">1</a></p>'
    found = of_text(old, new)
    assert found.body.count('id="fn1"') == 1
    assert 'href="#fn1"' in found.body
