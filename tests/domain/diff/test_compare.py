"""What a diff reports, as readers would."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from stories.domain.diff.compare import Op, StoryDiff, StoryTooLong, Summary, TextUnit, diff
from stories.domain.diff.data import BodyUnit
from stories.domain.snapshot import (
    Block,
    Byline,
    CommentRequest,
    ImageBlock,
    NoteKind,
    QuoteBlock,
    RequestStatus,
    StorySnapshot,
    TextBlock,
    UpdateNote,
)
from stories.domain.text.segments import plain_text, segments, tokens

A = "<p>The company said on Friday that it would answer its staff.</p>"
B = "<p>Two workers spoke at the meeting, a transcript shows.</p>"
C = "<p>We have reached out to both and will update if we hear back.</p>"


def key(number: int) -> UUID:
    return UUID(int=number)


def text(number: int, html: str) -> TextBlock:
    return TextBlock(key=key(number), text=html)


def story(*blocks: Block) -> StorySnapshot:
    return StorySnapshot(blocks=blocks)


def changed_words(found: StoryDiff) -> list[tuple[str, str]]:
    """Return the words that a reader sees deleted and inserted, in order."""
    units = [unit for unit in found.body if isinstance(unit, TextUnit) and not unit.markup]
    return [(op.op.value, op.text) for unit in units for op in unit.words if op.op is not Op.EQUAL]


def readable_units(found: StoryDiff) -> list[BodyUnit]:
    """Return the body without the units that have nothing to read."""
    return [unit for unit in found.body if not isinstance(unit, TextUnit) or not unit.markup]


def ops(found: StoryDiff) -> list[str]:
    """Return what happened to each paragraph, and to the head of each block that is more than text."""
    return [
        unit.op.value for unit in readable_units(found) if isinstance(unit, TextUnit) or unit.kind != "text"
    ]


def test_a_changed_word_is_displayed_alone() -> None:
    found = diff(story(text(1, A + B)), story(text(1, A.replace("Friday", "Monday") + B)))
    assert ops(found) == ["change", "equal"]
    assert changed_words(found) == [("delete", "Friday"), ("insert", "Monday")]
    assert found.summary == Summary(words_changed=1, paragraphs_changed=1)


def test_a_changed_link_target_and_new_emphasis_are_changes_of_their_words() -> None:
    old = '<p>See <a href="/a">the full answer</a> of the company here.</p>'
    new = '<p>See <a href="/b">the full answer</a> of the <em>company</em> here.</p>'
    found = diff(story(text(1, old)), story(text(1, new)))
    (unit,) = (unit for unit in found.body if isinstance(unit, TextUnit))
    compared = [
        (op.op.value, piece.text.strip(), piece.marks)
        for op in unit.words
        for piece in op.pieces
        if op.op is not Op.EQUAL and not piece.tag
    ]
    assert compared == [
        ("delete", "the full answer", ('<a href="/a">',)),
        ("insert", "the full answer", ('<a href="/b">',)),
        ("delete", "company", ()),
        ("insert", "company", ("<em>",)),
    ]
    assert found.summary.words_changed == 4


def test_figures_and_entities_are_one_word_each() -> None:
    found = diff(
        story(text(1, "<p>It paid $1,200.50, or 12%, to AT&amp;T in all of the year.</p>")),
        story(text(1, "<p>It paid $1,300.50, or 13%, to AT&amp;Q in all of the year.</p>")),
    )
    assert [word for _, word in changed_words(found)] == [
        "$1,200.50",
        "$1,300.50",
        "12%",
        "13%",
        "AT&amp;T",
        "AT&amp;Q",
    ]


def test_scripts_without_spaces_are_compared_by_the_character() -> None:
    found = diff(
        story(text(1, "<p>会社は金曜日に答えた。</p>")), story(text(1, "<p>会社は月曜日に答えた。</p>"))
    )
    assert changed_words(found) == [("delete", "金"), ("insert", "月")]


def test_a_block_split_by_a_quote_is_neither_deleted_nor_rewritten() -> None:
    quote = QuoteBlock(key=key(2), text="<p>We were never asked about any of this.</p>", speaker="Ann Lee")
    found = diff(story(text(1, A + B + C)), story(text(1, A), quote, text(3, B + C)))
    assert ops(found) == ["equal", "insert", "insert", "equal", "equal"]
    assert found.summary == Summary(blocks={("quote", "added"): 1}, paragraphs_added=1, words_added=8)


def test_text_that_passes_from_one_block_to_another_is_not_displayed() -> None:
    found = diff(story(text(1, A + B), text(2, C)), story(text(1, A), text(2, B + C)))
    assert ops(found) == ["equal", "equal", "equal"]
    assert found
    assert found.summary == Summary()


def test_a_paragraph_elsewhere_is_moved_even_with_a_word_changed() -> None:
    found = diff(story(text(1, A + B + C)), story(text(1, C.replace("both", "all") + A + B)))
    assert ops(found) == ["move", "equal", "equal", "moved-away"]
    moved, away = (unit for unit in readable_units(found) if unit.op in (Op.MOVE, Op.MOVED_AWAY))
    assert (away.old_index, away.new_index) == (moved.old_index, moved.new_index)
    assert changed_words(found) == [("delete", "both"), ("insert", "all")]
    assert found.summary == Summary(moves=1, words_changed=1, paragraphs_changed=1)


def test_a_moved_block_is_one_move() -> None:
    quote = QuoteBlock(
        key=key(2), text="<p>We were never asked.</p><p>Not even once in a year.</p>", speaker="Ann"
    )
    found = diff(story(quote, text(1, A + B + C)), story(text(1, A + B + C), quote))
    assert found.summary == Summary(moves=1)


def test_a_rewritten_paragraph_is_deleted_and_inserted_at_its_place() -> None:
    other = "<p>Nobody could be found who remembered anything.</p>"
    found = diff(story(text(1, A + B + C)), story(text(1, A + other + C)))
    assert ops(found) == ["equal", "delete", "insert", "equal"]


def test_text_made_into_a_quote_keeps_its_block_and_its_words() -> None:
    found = diff(story(text(1, A)), story(QuoteBlock(key=key(1), text=A, speaker="Ann")))
    head, paragraph = found.body
    assert [field.name for field in head.fields] == ["kind"]  # type: ignore[union-attr]
    assert paragraph.op is Op.EQUAL
    assert found.summary == Summary(blocks={("quote", "added"): 1})


def test_quote_fields_are_compared_by_word_or_value() -> None:
    old = QuoteBlock(
        key=key(1), speaker="Ann Lee", speaker_title="deputy director", said_on=date(2018, 11, 8)
    )
    new = replace(old, speaker_title="acting director", said_on=None)
    (head,) = diff(story(old), story(new)).body
    title, said_on = head.fields  # type: ignore[union-attr]
    assert [(op.op.value, op.text) for op in title.words] == [
        ("delete", "deputy"),
        ("insert", "acting"),
        ("equal", " director"),
    ]
    assert (said_on.old, said_on.new, said_on.words) == (date(2018, 11, 8), None, ())


def test_headlines_are_plain_text_in_which_a_tag_is_only_words() -> None:
    found = diff(StorySnapshot(headline="What <b> means"), StorySnapshot(headline="What <i> means"))
    assert found.summary == Summary(fields=("headline",))
    pieces = [piece for op in found.field("headline").words for piece in op.pieces]
    assert not any(piece.tag or piece.marks for piece in pieces)


def test_list_items_are_displayed_in_their_list_whichever_side_they_come_from() -> None:
    old = "<ul>\n<li>First of the old points</li>\n<li>Second of the points here</li>\n</ul>"
    new = "<ul>\n<li>Second of the points here</li>\n<li>Third, which is wholly new</li>\n</ul>"
    found = diff(story(text(1, old)), story(text(1, new)))
    assert ops(found) == ["delete", "equal", "insert"]
    paths = [unit.path for unit in readable_units(found) if isinstance(unit, TextUnit)]
    assert len({path[0].number for path in paths}) == 1
    assert len({path[1].number for path in paths}) == 3


def test_a_list_that_is_numbered_now_is_a_change_without_changed_words() -> None:
    found = diff(story(text(1, "<ul><li>One</li></ul>")), story(text(1, "<ol><li>One</li></ol>")))
    assert ops(found) == ["change"]
    assert changed_words(found) == []
    assert found.summary == Summary(paragraphs_changed=1)


def test_a_table_row_keeps_its_cells() -> None:
    row = "<table><tbody><tr><td>Cameras</td><td>{}</td><td>sold to the police</td></tr></tbody></table>"
    found = diff(story(text(1, row.format("120"))), story(text(1, row.format("130"))))
    assert changed_words(found) == [("delete", "120"), ("insert", "130")]


def test_text_set_in_other_lines_is_no_visible_change() -> None:
    found = diff(story(text(1, A)), story(text(1, A.replace(" ", "\n") + "\n")))
    assert found
    assert not any(unit.visible for unit in found.body)
    assert found.summary == Summary()


def test_paragraphs_joined_or_parted_keep_their_words() -> None:
    apart, together = A + "\n" + B + C, A[:-4] + B[3:] + C
    for old, new in ((apart, together), (together, apart)):
        found = diff(story(text(1, old)), story(text(1, new)))
        assert ops(found) == ["change", "equal"]
        assert found.summary == Summary(paragraphs_changed=1)
        assert (found.reject(), found.accept()) == (story(text(1, old)), story(text(1, new)))
    found = diff(story(text(1, apart)), story(text(1, together.replace("Two", "Ten"))))
    assert [(op, plain_text(words)) for op, words in changed_words(found) if plain_text(words)] == [
        ("delete", "Two"),
        ("insert", "Ten"),
    ]


def test_a_line_made_a_list_keeps_its_words() -> None:
    line = "<p>There came the mayor of Kestrelby, two clerks of the court, and a baker.</p>"
    items = "<ul><li>the mayor of Kestrelby,</li><li>two clerks of the court,</li><li>and a baker.</li></ul>"
    found = diff(story(text(1, line)), story(text(1, f"<p>There came</p>{items}")))
    assert ops(found) == ["change"]
    assert not any(plain_text(words) for _, words in changed_words(found))


def test_a_quotation_is_not_joined_to_what_stands_before_it() -> None:
    old = story(text(1, f"{A}<blockquote>{B}</blockquote>"))
    found = diff(old, story(text(1, A[:-4] + " " + B[3:])))
    assert ops(found) == ["change", "delete"] or ops(found) == ["delete", "change"]


def test_a_paragraph_that_went_is_not_joined_to_its_neighbour() -> None:
    found = diff(story(text(1, A + B + C)), story(text(1, A.replace("Friday", "Monday") + C)))
    assert ops(found) == ["change", "delete", "equal"]


def test_chance_words_amid_a_rewritten_stretch_are_not_kept() -> None:
    frame = "<p>The company said on Friday in a letter to all its staff {} and closed with regards.</p>"
    found = diff(
        story(text(1, frame.format("old red cars of many drivers"))),
        story(text(1, frame.format("new plain ideas of few people"))),
    )
    assert changed_words(found) == [
        ("delete", "old red cars of many drivers"),
        ("insert", "new plain ideas of few people"),
    ]


def test_requests_notes_and_bylines_are_reported_by_their_keys() -> None:
    asked = CommentRequest(key=key(1), party="Rights Watch")
    other = CommentRequest(key=key(2), party="Acme")
    ann, bo = (
        Byline(key=key(10 + n), author=name, credited_as=name.title()) for n, name in enumerate(("ann", "bo"))
    )
    note = UpdateNote(key=key(20), kind=NoteKind.COMMENT_ADDED, text="A comment was added.")
    old = StorySnapshot(comment_requests=(asked, other), bylines=(ann, bo))
    new = StorySnapshot(
        comment_requests=(replace(asked, status=RequestStatus.RECEIVED), other),
        bylines=(bo, ann),
        update_notes=(note,),
    )
    found = diff(old, new)
    assert [(part.op.value, part.moved) for part in found.bylines] in (
        [("equal", False), ("equal", True)],
        [("equal", True), ("equal", False)],
    )
    assert [part.op.value for part in found.comment_requests] == ["change", "equal"]
    assert [field.name for field in found.comment_requests[0].fields] == ["status"]
    assert found.summary == Summary(bylines_changed=1, requests_closed=1, notes_added=1)
    assert diff(new, old).summary == Summary(bylines_changed=1, requests_opened=1, notes_removed=1)


def test_a_deleted_part_stands_where_it_stood() -> None:
    requests = [CommentRequest(key=key(n), party=f"Party {n}") for n in range(4)]
    found = diff(
        StorySnapshot(comment_requests=tuple(requests)),
        StorySnapshot(comment_requests=(requests[0], requests[2], requests[3])),
    )
    assert [part.op.value for part in found.comment_requests] == ["equal", "delete", "equal", "equal"]


def test_an_image_replaced_is_added_and_removed() -> None:
    old, new = (ImageBlock(key=key(n), picture=str(n), alt_text="A camera") for n in (1, 2))
    assert diff(story(old), story(new)).summary == Summary(
        blocks={("image", "added"): 1, ("image", "removed"): 1}
    )
    assert diff(story(old), story(replace(old, alt_text="A lens"))).summary == Summary(
        blocks={("image", "changed"): 1}
    )


def test_above_the_bound_paragraphs_alone_are_compared() -> None:
    many = "".join(
        f"<p>{' '.join(f'w{n}' for n in range(start, start + 50))}</p>" for start in range(0, 21_000, 50)
    )
    old, new = story(text(1, many)), story(text(1, many.replace("w77 ", "w0 ")))
    found = diff(old, new)
    assert found.paragraphs_only
    assert [
        len(op.text.split())
        for unit in found.body
        if isinstance(unit, TextUnit) and unit.changes
        for op in unit.words
    ] == [50, 50]
    assert found.reject() == old
    assert found.accept() == new


def test_a_story_too_long_is_refused_with_a_sentence() -> None:
    with pytest.raises(
        StoryTooLong, match=r"The story has 100,001 words, and at most 100,000 can be compared\."
    ):
        diff(story(), story(text(1, "a " * 100_001)))


@pytest.mark.parametrize(
    "bomb",
    [
        "<div>" * 90_000,
        "<b>x" * 90_000,
        "<" * 300_000,
        "<p>" * 90_000,
        "&a" * 150_000,
        "</p>" * 90_000,
        " \n" * 500_000,
    ],
    ids=["blocks", "inline", "brackets", "paragraphs", "entities", "endings", "spaces"],
)
def test_hostile_markup_is_parsed_whole_and_in_time(bomb: str) -> None:
    start = time.process_time()
    assert "".join(segment.raw for segment in segments(bomb)) == bomb
    assert "".join(token.text for token in tokens(bomb)) == bomb
    assert time.process_time() - start < 60


def test_hostile_markup_is_compared_in_time() -> None:
    old, new = story(text(1, "<div>" * 50_000 + "x")), story(text(1, "<p>" * 50_000 + "y"))
    start = time.process_time()
    found = diff(old, new)
    assert found.accept() == new
    assert time.process_time() - start < 60


def test_plain_text_reads_as_the_page_does() -> None:
    html = '<p>Ann <em>Lee</em>&nbsp;&amp; sons<br>said "no"</p>\n<ul><li>one</li><li>two</li></ul>'
    assert plain_text(html) == 'Ann Lee & sons said "no"\none\ntwo'
