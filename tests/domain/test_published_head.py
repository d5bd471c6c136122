"""A head as it is kept outside of the database."""

from __future__ import annotations

import pytest

from stories.domain.published_head import PublishedHead, head_from_json, head_from_parts, head_to_json

NAME, DIGEST = "cd" * 32, "ab" * 32
HEAD = PublishedHead(1, 66, DIGEST)


def test_a_head_is_read_as_it_was_written() -> None:
    assert head_from_json(NAME, head_to_json(NAME, HEAD)) == HEAD


def test_a_head_after_an_accepted_copy_is_newer_than_a_longer_ledger_before() -> None:
    before, after, later = (PublishedHead(*place, DIGEST) for place in ((0, 500), (1, 401), (1, 402)))
    assert before.place < after.place < later.place


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"\xff",
        b"{}",
        head_to_json("ef" * 32, HEAD),
        head_to_json(NAME, HEAD).replace(b"66", b'"66"'),
    ],
)
def test_what_is_no_head_of_this_ledger_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        head_from_json(NAME, content)


def test_parts_of_other_types_are_no_head() -> None:
    with pytest.raises(ValueError, match="no head"):
        head_from_parts(0, True, DIGEST)
