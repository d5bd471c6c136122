"""A page's title is displayed whole."""

from __future__ import annotations

import pytest

from stories.templatetags.titles import LONGEST, page_title

LONG = "Tessellate answers staff who object to its sale of face recognition to the police"


@pytest.mark.parametrize(
    ("title", "displayed"),
    [
        ("Ferries – The Courier", "Ferries – The Courier"),
        (
            f"{LONG[:60]} – The Courier",
            LONG[:60],
        ),
        (f"{LONG} – The Courier", "Tessellate answers staff who object to its sale of face recognition…"),
        ("x" * 100, "x" * 68 + "…"),
        (f"A &amp; b {'&lt;' * 80}", f"A &amp; b{'…'}"),
        ("  Two\n lines ", "Two lines"),
        ("Interior&#x27;s &quot;feeds&quot;", 'Interior\'s "feeds"'),
        (f"{LONG[:60]} &lt; &lt; d", f"{LONG[:60]} &lt;…"),
    ],
)
def test_the_sites_name_goes_first_and_then_what_is_too_long(title: str, displayed: str) -> None:
    assert page_title(title, "The Courier") == displayed


@pytest.mark.parametrize("wicked", ["</title><script>", "a &lt;/title&gt; b", "&amp;lt;"])
def test_it_is_text(wicked: str) -> None:
    assert "<" not in page_title(wicked, "X")
    assert len(page_title(wicked * 30, "X")) < 6 * LONGEST
