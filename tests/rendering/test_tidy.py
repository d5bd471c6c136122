"""A page as it is sent reads as it was written."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, strategies as st

from stories.rendering.tidy import tidy_html


@pytest.mark.parametrize(
    ("levels", "output_levels"),
    [
        ("123", "123"),
        ("133", "122"),
        ("1332", "1222"),
        ("1344", "1233"),
        ("13434", "12323"),
        ("146", "123"),
        ("12423", "12323"),
        ("2", "2"),
    ],
)
def test_no_heading_skips_a_level_and_those_of_one_level_stay_of_one(levels: str, output_levels: str) -> None:
    html = "".join(f'<h{level} id="x">A <em>b</em></h{level}>' for level in levels)
    assert "".join(re.findall(r"<h(\d)", tidy_html(html))) == output_levels
    assert "".join(re.findall(r"</h(\d)>", tidy_html(html))) == output_levels


def test_no_line_ends_with_space_and_none_is_empty() -> None:
    assert tidy_html("<p>One  \n   \n\n  <b>two</b>\t\n</p>  \n") == "<p>One\n  <b>two</b>\n</p>\n"


def test_an_attribute_that_is_there_or_not_has_no_value() -> None:
    html = '<ol start="3" reversed=""><li>An &lt;ol reversed=""&gt; and a reversed=""</li></ol>'
    assert tidy_html(html) == html.replace(' reversed="">', " reversed>", 1)


@pytest.mark.parametrize("verbatim", ["<pre>a  \n\n  b  \n</pre>", "<textarea rows=2>a  \n\n</textarea>"])
def test_what_must_remain_as_written_does(verbatim: str) -> None:
    assert tidy_html(f"<p>One </p>  \n{verbatim}\n  <p>Two</p>") == f"<p>One </p>\n{verbatim}\n  <p>Two</p>"


@given(st.lists(st.sampled_from(["a", " ", "\n", "\t", "<p>", "</p>", "<pre>", "</pre>", "<h3>", "</h3>"])))
def test_it_says_the_same_words_and_is_tidy_already(parts: list[str]) -> None:
    html = "".join(parts)
    assert re.sub(r"<h\d|</h\d|\s", "", tidy_html(html)) == re.sub(r"<h\d|</h\d|\s", "", html)
    assert tidy_html(tidy_html(html)) == tidy_html(html)
