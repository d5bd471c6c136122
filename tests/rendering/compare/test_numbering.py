from __future__ import annotations

import re

from stories.rendering.compare.numbering import number_changes
from tests.rendering.markup import faults, visible


def names(html: str) -> list[str]:
    found, count = number_changes(html)
    assert not faults(found)
    named = re.findall(r'<(\w+) id="(change-\d+)" tabindex="-1"', found)
    assert [name for _, name in named] == [f"change-{number}" for number in range(1, count + 1)]
    return [tag for tag, _ in named]


def test_words_that_came_for_others_are_one_change() -> None:
    assert names("<p>It costs <del>forty</del><ins>ninety</ins> dollars <ins>more</ins>.</p>") == [
        "del",
        "ins",
    ]


def test_paragraphs_that_came_together_are_one_change() -> None:
    assert names("<p>Here.</p><p><ins>One.</ins></p> <p><ins>Two.</ins></p><p>There <del>too</del>.</p>") == [
        "ins",
        "del",
    ]


def test_a_quote_that_came_is_one_change_with_all_that_is_in_it() -> None:
    html = (
        '<figure class="quote insert"><p class="fate">Quote inserted</p><p><ins>Yes.</ins></p>'
        "<figcaption>Ada Lind</figcaption></figure><p>As before <ins>now</ins>.</p>"
    )
    assert names(html) == ["figure", "ins"]


def test_what_moved_and_what_was_set_otherwise_is_a_change() -> None:
    html = (
        '<p><span class="moved">Moved here</span> The words.</p>'
        '<p>A link <small class="markup-change">[link added]</small> is here.</p>'
    )
    assert names(html) == ["span", "small"]


def test_a_picture_that_stayed_ends_a_change() -> None:
    assert names('<p><ins>One.</ins></p><img src="/x"><p><ins>Two.</ins></p>') == ["ins", "ins"]


def test_a_listener_hears_where_a_change_ends_inside_a_paragraph() -> None:
    html, _count = number_changes(
        "<p>It costs <ins>ninety</ins> dollars.</p><p><ins>All new.</ins></p><p>Old.</p>"
    )
    assert visible(html) == "It costs ninety (end of change) dollars. All new. Old."


def test_no_gap_comes_before_what_follows_a_change_at_once() -> None:
    html, _count = number_changes(
        "<p>It costs <ins>ninety</ins>.</p><p>It cost <del>nine</del>, we said.</p>"
    )
    assert visible(html) == "It costs ninety (end of change). It cost nine (end of change), we said."


def test_what_changed_inside_a_link_takes_no_focus_from_it() -> None:
    html, _count = number_changes('<p><a href="/x">The <ins>new</ins> terms</a> and <ins>more</ins>.</p>')
    assert '<ins id="change-1">new</ins>' in html
    assert '<ins id="change-2" tabindex="-1">more</ins>' in html


def test_what_holds_no_change_stays_as_it_is() -> None:
    assert number_changes("<p>Nothing <b>here</b>.</p>") == ("<p>Nothing <b>here</b>.</p>", 0)
