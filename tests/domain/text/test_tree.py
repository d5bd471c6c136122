"""The depth of an HTML text is found in time linear in its length."""

from __future__ import annotations

from time import process_time

import pytest

from stories.domain.text.tree import nests_deeper


def test_what_is_closed_or_closes_itself_does_not_nest() -> None:
    for flat in ("<p>a</p>", "<p>a", "<br>", "<li>a", "<td>a", "<b>a</b>", "</b>", "a < b", "&lt;b&gt;"):
        assert not nests_deeper(flat * 500, 5), flat


def test_the_limit_is_what_may_just_be() -> None:
    assert not nests_deeper("<div>" * 60 + "a", 60)
    assert nests_deeper("<div>" * 61 + "a", 60)


@pytest.mark.parametrize(
    "bomb",
    ["<b></x>", "<b><div></b>", '<b x="</b>">', "<b><textarea></b></textarea>", "<ul><li>", "<svg><g>"],
)
def test_no_closing_tag_that_closes_nothing_hides_the_depth(bomb: str) -> None:
    started = process_time()
    assert nests_deeper(bomb * (1_000_000 // len(bomb)), 60)
    # Comparing each mark with every other would take hours on any machine.
    assert process_time() - started < 60
