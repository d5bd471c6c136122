from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4, uuid5

import pytest
from hypothesis import given, strategies as st

from stories.domain.diff.compare import diff
from stories.domain.diff.data import BlockUnit, Op, TextUnit
from stories.domain.editing.split_join import CannotSplitOrJoin, Obstacle, join, make_quote, make_text, split
from stories.domain.merge.merge import merge
from stories.domain.snapshot import Block, ImageBlock, QuoteBlock, StorySnapshot, TextBlock
from stories.domain.text.segments import plain_text, well_nested
from stories.domain.text.split import LostMarkup, as_quotation, cut, paragraphs
from stories.models.rich_text import sanitize_quote, sanitize_text

MONDAY = "<p>The council met on Monday to hear objections to the mast.</p>"
NINE = "<p>It adjourned at nine, after the mayor had spoken for an hour.</p>"
VOTE = "<p>A vote on the mast is expected before the end of the month.</p>"


def text(html: str = MONDAY + NINE + VOTE) -> TextBlock:
    return TextBlock(key=uuid4(), text=html)


def quote(html: str = "<p>We hear you.</p>", **values: Any) -> QuoteBlock:
    return QuoteBlock(**{"key": uuid4(), "text": html, "speaker": "Dana Whitlock", **values})


def key_of(number: int) -> UUID:
    return uuid5(UUID(int=0), str(number))


def paragraph_ops(old: tuple[Block, ...], new: tuple[Block, ...]) -> set[Op]:
    """Return what happened to the paragraphs of two bodies."""
    body = diff(StorySnapshot(blocks=old), StorySnapshot(blocks=new)).body
    return {unit.op for unit in body if isinstance(unit, TextUnit)}


class TestCutting:
    @pytest.mark.parametrize(
        ("html", "place", "halves"),
        [
            (MONDAY + NINE, (1, 0), (MONDAY, NINE)),
            ("<p>One two.</p>", (0, 3), ("<p>One</p>", "<p>two.</p>")),
            (
                "<p>One <em>two three</em> four.</p>",
                (0, 6),
                ("<p>One <em>two</em></p>", "<p><em>three</em> four.</p>"),
            ),
            ("<p>One <em>two</em> three.</p>", (0, 6), ("<p>One <em>two</em></p>", "<p>three.</p>")),
            ("<p>One <em>two</em> three.</p>", (0, 3), ("<p>One</p>", "<p><em>two</em> three.</p>")),
            ("<p>AT&amp;T&nbsp;says.</p>", (0, 4), ("<p>AT&amp;T</p>", "<p>says.</p>")),
            ("<p>One<br>two.</p>", (0, 3), ("<p>One</p>", "<p>two.</p>")),
            ("<p>One\n   two.</p>", (0, 3), ("<p>One</p>", "<p>two.</p>")),
            (
                "<ol><li><p>a</p></li><li><p>b c</p></li><li><p>d</p></li></ol>",
                (0, 2),
                (
                    "<ol><li><p>a</p></li><li><p>b</p></li></ol>",
                    '<ol start="3"><li><p>c</p></li><li><p>d</p></li></ol>',
                ),
            ),
            (
                "<blockquote><p>a</p><p>b</p></blockquote>",
                (0, 1),
                ("<blockquote><p>a</p></blockquote>", "<blockquote><p>b</p></blockquote>"),
            ),
            ("<table><tbody><tr><td><p>a b</p></td></tr></tbody></table><p>c</p>", (0, 1), None),
            ("bare <b>words</b> here<p>and more</p>", (0, 9), ("bare <b>words</b>", "here<p>and more</p>")),
        ],
    )
    def test_a_text_is_cut_at_a_place(
        self, html: str, place: tuple[int, int], halves: tuple[str, str] | None
    ) -> None:
        whole = ("<table><tbody><tr><td><p>a b</p></td></tr></tbody></table>", "<p>c</p>")
        assert cut(html, *place) == (halves or whole)

    def test_paragraphs_joined_are_the_text(self) -> None:
        html = f"\n {MONDAY}\n<hr><ul><li>a<ul><li>b</li></ul></li></ul> loose <em>words</em>{NINE} "
        assert "".join(paragraphs(html)) == html
        assert len(paragraphs(html)) == 5

    @given(
        words=st.lists(
            st.sampled_from(["one", "<em>two three</em>", "<a href='x'>four</a>", "&amp;", " ", "<br>"])
        ),
        around=st.sampled_from(
            ["<p>{}</p>", "<h2>{}</h2>", "<ul><li><p>{}</p></li><li><p>last</p></li></ul>"]
        ),
        place=st.tuples(st.integers(0, 3), st.integers(0, 30)),
    )
    def test_no_word_is_lost_or_doubled(self, words: list[str], around: str, place: tuple[int, int]) -> None:
        html = MONDAY + around.format("".join(words)) + NINE
        first, second = cut(html, *place)
        assert well_nested(first)
        assert well_nested(second)
        joined = plain_text(first) + plain_text(second)
        assert "".join(joined.split()) == "".join(plain_text(html).split())


class TestWords:
    def test_what_a_quote_cannot_hold_becomes_paragraphs(self) -> None:
        html = (
            "<h2>Head</h2><p>One <em>two</em>.</p><blockquote><p>Three.</p></blockquote>"
            '<pre><code class="x">a\nb</code></pre><hr><ul><li><p>c</p></li></ul>'
        )
        words, lost = as_quotation(html)
        assert words == (
            "<p>Head</p><p>One <em>two</em>.</p><p>Three.</p><p>a<br>b</p><ul><li><p>c</p></li></ul>"
        )
        assert set(lost) == set(LostMarkup)
        assert sanitize_quote(words) == words

    def test_words_stay_as_they_are(self) -> None:
        assert as_quotation(MONDAY) == (MONDAY, ())

    @pytest.mark.parametrize(
        ("marked", "bare"),
        [
            ("<p>“It <em>hears</em> objections.”</p>", "<p>It <em>hears</em> objections.</p>"),
            ("<p>«Uno.</p><p>Dos.»</p>", "<p>Uno.</p><p>Dos.</p>"),
            ("<p>„Eins.“</p>", "<p>Eins.</p>"),
            # Not around all of it.
            ("<p>“One,” she said, “two.”</p>", "<p>“One,” she said, “two.”</p>"),
            ("<p>“Unclosed</p>", "<p>“Unclosed</p>"),
            ("<p>“”</p>", "<p>“”</p>"),
        ],
    )
    def test_quotation_marks_around_all_of_it_go(self, marked: str, bare: str) -> None:
        assert as_quotation(marked) == (bare, ())


class TestSplitting:
    def test_the_first_half_keeps_the_key(self) -> None:
        block, other = text(), text("<p>Other.</p>")
        first, second, last = split((block, other), block.key, 1, 0, key_of).blocks
        assert (first.key, second.key, last) == (block.key, key_of(0), other)
        assert (first.text, second.text) == (MONDAY, NINE + VOTE)  # type: ignore[attr-defined]

    def test_both_halves_of_a_quote_name_the_speaker(self) -> None:
        block = quote("<p>We hear you.</p><p>We do.</p>", source="A call")
        first, second = split((block,), block.key, 1, 0, key_of).blocks
        assert (second.speaker, second.source) == ("Dana Whitlock", "A call")  # type: ignore[attr-defined]
        assert (first.speaker, second.key) == ("Dana Whitlock", key_of(0))  # type: ignore[attr-defined]

    @pytest.mark.parametrize(
        ("paragraph", "characters", "obstacle"),
        [
            (0, 0, Obstacle.NOTHING_BEFORE),
            (9, 0, Obstacle.NOTHING_AFTER),
            (0, 999, Obstacle.NOTHING_AFTER),
        ],
    )
    def test_neither_half_may_be_empty(self, paragraph: int, characters: int, obstacle: Obstacle) -> None:
        block = text(MONDAY)
        with pytest.raises(CannotSplitOrJoin) as refused:
            split((block,), block.key, paragraph, characters, key_of)
        assert refused.value.obstacle is obstacle

    def test_a_picture_is_not_split(self) -> None:
        picture = ImageBlock(key=uuid4(), picture="0" * 64)
        with pytest.raises(CannotSplitOrJoin):
            split((picture,), picture.key, 0, 1, key_of)


class TestJoining:
    def test_the_first_keeps_its_key(self) -> None:
        block, following = text(MONDAY), text(NINE)
        (joined,) = join((block, following), block.key).blocks
        assert joined == TextBlock(key=block.key, text=MONDAY + NINE)

    def test_what_was_split_between_paragraphs_joins_again(self) -> None:
        block = text()
        halves = split((block,), block.key, 2, 0, key_of).blocks
        assert join(halves, block.key).blocks == (block,)

    def test_a_quote_without_a_speaker_takes_the_others(self) -> None:
        nameless, named = quote(speaker=""), quote("<p>Still.</p>")
        (joined,) = join((nameless, named), nameless.key).blocks
        assert joined == quote("<p>We hear you.</p><p>Still.</p>", key=nameless.key)

    @pytest.mark.parametrize(
        ("following", "obstacle"),
        [
            ((), Obstacle.NO_NEXT),
            ((quote(speaker="Omar Reyes"),), Obstacle.TWO_SPEAKERS),
            ((text(),), Obstacle.UNLIKE),
            ((ImageBlock(key=uuid4(), picture="0" * 64), quote()), Obstacle.UNLIKE),
        ],
    )
    def test_only_the_same_persons_words_join(self, following: tuple[Block, ...], obstacle: Obstacle) -> None:
        quoted = quote()
        with pytest.raises(CannotSplitOrJoin) as refused:
            join((quoted, *following), quoted.key)
        assert refused.value.obstacle is obstacle


class TestKinds:
    def test_a_text_becomes_a_quote_and_a_text_again_under_its_key(self) -> None:
        block = text(MONDAY)
        (quoted,) = make_quote((block,), block.key, key_of).blocks
        assert quoted == QuoteBlock(key=block.key, text=MONDAY)
        assert make_text((quoted,), quoted.key).blocks == (block,)

    @pytest.mark.parametrize(
        ("chosen", "kinds", "looked_at"),
        [
            ((0, 0), [QuoteBlock, TextBlock], 0),
            ((1, 1), [TextBlock, QuoteBlock, TextBlock], 1),
            ((1, 2), [TextBlock, QuoteBlock], 1),
            ((0, 2), [QuoteBlock], 0),
        ],
    )
    def test_some_paragraphs_become_a_quote(
        self, chosen: tuple[int, int], kinds: list[type], looked_at: int
    ) -> None:
        block = text()
        made = make_quote((block,), block.key, key_of, first=chosen[0], last=chosen[1])
        assert [type(each) for each in made.blocks] == kinds
        # The first piece keeps the key; each of the others gets a new one.
        assert made.blocks[0].key == block.key
        assert len({each.key for each in made.blocks}) == len(kinds)
        assert made.key == made.blocks[looked_at].key
        assert "".join(each.text for each in made.blocks) == block.text  # type: ignore[attr-defined]

    def test_a_table_is_nobodys_words(self) -> None:
        block = text("<table><tbody><tr><td><p>1</p></td></tr></tbody></table>" + MONDAY)
        with pytest.raises(CannotSplitOrJoin) as refused:
            make_quote((block,), block.key, key_of)
        assert refused.value.obstacle is Obstacle.TABLE
        assert len(make_quote((block,), block.key, key_of, first=1, last=1).blocks) == 2

    def test_nothing_is_no_quote(self) -> None:
        block = text("<p></p>")
        with pytest.raises(CannotSplitOrJoin) as refused:
            make_quote((block,), block.key, key_of)
        assert refused.value.obstacle is Obstacle.NO_WORDS

    def test_what_is_said_of_the_speaker_goes_and_is_reported(self) -> None:
        quoted = quote(source="A call", anonymous=False)
        made = make_text((quoted,), quoted.key)
        assert made.fields_lost == (("speaker", "Dana Whitlock"), ("source", "A call"))


class TestHistory:
    def test_paragraphs_that_pass_between_blocks_stay_unchanged(self) -> None:
        block, following = text(), text("<p>The mast would stand by the school gate.</p>")
        body = (block, following)
        for made in (
            split(body, block.key, 1, 0, key_of),
            join(body, block.key),
            make_quote(body, block.key, key_of),
            make_quote(body, block.key, key_of, first=0, last=0),
            make_quote(body, block.key, key_of, first=1, last=1),
            make_quote(body, block.key, key_of, first=2, last=2),
        ):
            assert paragraph_ops(body, made.blocks) == {Op.EQUAL}
            assert paragraph_ops(made.blocks, body) == {Op.EQUAL}

    def test_a_block_that_becomes_a_quote_is_the_same_block(self) -> None:
        block = text()
        made = make_quote((block,), block.key, key_of)
        (head,) = [
            unit
            for unit in diff(StorySnapshot(blocks=(block,)), StorySnapshot(blocks=made.blocks)).body
            if isinstance(unit, BlockUnit)
        ]
        assert head.op is Op.CHANGE

    def test_anothers_edit_follows_its_paragraph_into_the_new_block(self) -> None:
        block = text()
        base = StorySnapshot(blocks=(block,))
        theirs = StorySnapshot(blocks=(text_with(block, VOTE, VOTE.replace("month", "year")),))
        for made in (
            split(base.blocks, block.key, 1, 0, key_of),
            make_quote(base.blocks, block.key, key_of, first=2, last=2),
            make_quote(base.blocks, block.key, key_of, first=0, last=0),
            make_quote(base.blocks, block.key, key_of),
        ):
            merged = merge(base, StorySnapshot(blocks=made.blocks), theirs)
            assert not merged.conflicts
            assert [each.key for each in merged.story.blocks] == [each.key for each in made.blocks]
            together = "".join(each.text for each in merged.story.blocks)  # type: ignore[attr-defined]
            assert together == MONDAY + NINE + VOTE.replace("month", "year")

    def test_a_result_is_stored_as_it_is(self) -> None:
        block = text('<p>One <em>two <a href="https://example.org">three four</a></em>.</p>' + MONDAY)
        for characters in range(1, 14):
            for half in split((block,), block.key, 0, characters, key_of).blocks:
                assert sanitize_text(half.text) == half.text  # type: ignore[attr-defined]


def text_with(block: TextBlock, old: str, new: str) -> TextBlock:
    return TextBlock(key=block.key, text=block.text.replace(old, new))
