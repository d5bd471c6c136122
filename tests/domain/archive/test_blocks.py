"""A block that a version keeps or edits is the same block from version to version."""

from __future__ import annotations

import json
from uuid import UUID

import pytest
from hypothesis import given, strategies as st

from stories.domain.archive.blocks import block_entry, blocks_of
from stories.domain.archive.stories import ArchivedStory, ArchiveError, load
from stories.domain.snapshot import BLOCK_KINDS, Block, ImageBlock, QuoteBlock, TextBlock
from stories.domain.text.controls import without_controls
from tests.domain.strategies import FIELDS

PARAGRAPH = "<p>The council met on Monday and heard the objections of many residents to the plan.</p>"
OTHER = "<p>Nobody from the company came, though three of its people had been asked to be there.</p>"
QUOTE = "<blockquote>We hear you, and we will look into every single one of these objections.</blockquote>"


def story(*bodies: str | list[dict[str, object]]) -> ArchivedStory:
    versions = [
        {
            "live_from": f"2020-01-01T00:{minute:02}:00Z",
            "headline": "h",
            **({"body": body} if isinstance(body, str) else {"blocks": body}),
        }
        for minute, body in enumerate(bodies)
    ]
    return load(json.dumps({"format": "story-archive/1", "slug": "s", "versions": versions}).encode())


def histories(*bodies: str | list[dict[str, object]]) -> list[tuple[Block, ...]]:
    archived = story(*bodies)
    found: list[tuple[Block, ...]] = []
    for index in range(len(bodies)):
        before = found[-1] if found else ()
        found.append(blocks_of(archived.versions[index], slug="s", index=index, before=before).blocks)
    return found


def keys(blocks: tuple[Block, ...]) -> list[UUID]:
    return [block.key for block in blocks]


def test_an_edited_block_stays_itself() -> None:
    first, second = histories(PARAGRAPH + QUOTE, PARAGRAPH.replace("Monday", "Tuesday") + QUOTE)
    assert keys(first) == keys(second)
    assert first[0] != second[0]
    assert first[1] == second[1]


def test_a_text_split_by_a_new_quote_belongs_to_its_larger_half() -> None:
    first, second = histories(PARAGRAPH * 3 + OTHER, PARAGRAPH * 3 + QUOTE + OTHER)
    assert isinstance(second[1], QuoteBlock)
    assert second[0].key == first[0].key
    assert second[2].key != first[0].key


def test_a_quote_that_moves_takes_its_key_along() -> None:
    first, second = histories(QUOTE + PARAGRAPH, PARAGRAPH + QUOTE)
    assert keys(second) == keys(first)[::-1]


def test_a_text_rewritten_from_end_to_end_is_still_the_text() -> None:
    first, second = histories(PARAGRAPH, OTHER)
    assert keys(first) == keys(second)


def test_another_quote_is_another_block() -> None:
    first, second = histories(QUOTE, "<blockquote>No.</blockquote>")
    assert set(keys(first)).isdisjoint(keys(second))


def test_an_image_is_known_by_its_address() -> None:
    first, second = histories(
        "<img src=/a/one.jpg alt=one><img src=/b/two.jpg alt=two>", "<img src=/b/two.jpg alt=three>"
    )
    assert keys(second) == [first[1].key]


def test_the_same_archive_gives_the_same_keys_everywhere() -> None:
    assert histories(PARAGRAPH + QUOTE) == histories(PARAGRAPH + QUOTE)
    assert len({key for version in histories(QUOTE * 3, QUOTE * 5) for key in keys(version)}) == 5


def test_thousands_of_unlike_blocks_are_matched_in_a_moment() -> None:
    many = [f"<img src=/{number}.jpg alt=a>" for number in range(3_000)]
    _first, second = histories("".join(many), "".join(image.replace("/", "/x") for image in many))
    assert len(second) == 3_000
    assert len(set(keys(second))) == 3_000


def test_given_keys_are_retained_uuids_as_they_are() -> None:
    key = "0c5bd3d0-90a3-4c5c-9c0f-5a7b3c9d1e2f"
    ((text, quote),) = histories(
        [
            {"type": "text", "key": key, "text": PARAGRAPH},
            {"type": "quote", "key": "b7", "said_on": "2020-02-29"},
        ]
    )
    assert text.key == UUID(key)
    assert isinstance(quote, QuoteBlock)
    assert str(quote.said_on) == "2020-02-29"
    ((_, again), (moved,)) = histories(
        [{"type": "text", "key": key}, {"type": "quote", "key": "b7"}], [{"type": "quote", "key": "b7"}]
    )
    assert quote.key == again.key == moved.key


def test_a_date_that_never_was_is_reported_with_its_place() -> None:
    with pytest.raises(ArchiveError, match="Version 1, block 1, “said_on”: “2019-02-29” is no date"):
        histories([{"type": "quote", "key": "a", "said_on": "2019-02-29"}])


def test_a_body_that_is_no_story_is_reported_with_its_place() -> None:
    with pytest.raises(ArchiveError, match=r"^Version 2, “body”: Its tags nest more than 1,000 deep"):
        histories(PARAGRAPH, "<div>" * 2_000)


def test_a_block_is_written_with_every_field_and_read_back_equal() -> None:
    blocks: list[Block] = [
        TextBlock(key=UUID(int=1), text=PARAGRAPH),
        QuoteBlock(key=UUID(int=2), anonymous=True, description="an employee", anonymity_reason="fear"),
        ImageBlock(key=UUID(int=3), address="/a.jpg", alt_text="A", caption="C", credit="D"),
    ]
    ((first, second, third),) = histories([block_entry(block) for block in blocks])
    assert [first, second, third] == blocks


@pytest.mark.parametrize("kind", BLOCK_KINDS.values(), ids=BLOCK_KINDS.keys())
@given(data=st.data())
def test_a_block_of_any_kind_is_the_same_after_an_export_and_an_import(
    kind: type[Block], data: st.DataObject
) -> None:
    drawn = {name: data.draw(values) for name, values in FIELDS[kind].items() if name != "picture"}
    # An import strips control characters, which no database stores.
    values = {name: without_controls(each) if isinstance(each, str) else each for name, each in drawn.items()}
    block = kind(key=UUID(int=1), **values)
    assert histories([block_entry(block)]) == [(block,)]
