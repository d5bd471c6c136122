"""Control characters are removed without a trace, or still separate words; intentional white space remains."""

from __future__ import annotations

import pytest

from stories.domain.text.controls import one_line, without_control_references, without_controls


@pytest.mark.parametrize("code", [0x0B, 0x0C, 0x1C, 0x1D, 0x1E, 0x1F, 0x85, 0x2028, 0x2029])
def test_a_control_that_separates_is_a_space(code: int) -> None:
    assert without_controls(f"a{chr(code)}b") == "a b"
    assert without_controls(without_control_references(f"a&#{code};b")) == ("a…b" if code == 0x85 else "a b")
    assert without_controls(without_control_references(f"a&#x{code:X};b")) == (
        "a…b" if code == 0x85 else "a b"
    )


@pytest.mark.parametrize("code", [0x01, 0x08, 0x0E, 0x1B, 0x7F, 0xFFFE, 0xFFFF])
def test_a_control_that_says_nothing_is_removed(code: int) -> None:
    assert without_controls(f"a{chr(code)}b\tc\nd") == "ab\tc\nd"


def test_numbers_of_windows_characters_are_what_browsers_show() -> None:
    assert without_control_references("1990&#150;1995 &#147;x&#148; &#x92;s") == "1990–1995 “x” ’s"


@pytest.mark.parametrize(
    "html", ["&#38;lt;", "&#60;", "&amp;#150;", "&#160;", "&#8211;", "&#9;", "&#x1F600;", "&#"]
)
def test_every_other_reference_stays(html: str) -> None:
    assert without_control_references(html) == html


@pytest.mark.parametrize("space", ["\xa0", "\u202f", "\u2009", "\u3000"])
def test_a_space_that_somebody_chose_stays_on_a_line(space: str) -> None:
    assert one_line(f" 10{space}000 \n\t euros ") == f"10{space}000 euros"
