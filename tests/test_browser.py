"""The tests' window judges the final state of a page, not an intermediate one."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser import barriers

# Black on white in the end, but nearly white for the next hour.
PAGE = """<!doctype html><html lang="en"><head><title>A page</title><style>
  p, summary { color: #eee; background: #fff; transition: color 3600s }
  .in-the-end p, .in-the-end summary { color: #000 }
  .moving p { color: #000; animation: appear 3600s infinite }
  @keyframes appear { from { color: #eee } to { color: #eee } }
</style></head><body><main><h1>A page</h1><p>Words</p><details><summary>More</summary><p>Folded</p></details>
</main></body></html>"""


@pytest.fixture
def moving(page: Page) -> Page:
    page.set_content(PAGE)
    # Force the styles to be computed now, so that a change starts a transition.
    assert page.evaluate("getComputedStyle(document.querySelector('p')).color") == "rgb(238, 238, 238)"
    return page


def test_what_stays_as_it_is_is_judged_so(moving: Page) -> None:
    assert any("color-contrast" in barrier for barrier in barriers(moving))


@pytest.mark.parametrize("change", ["in-the-end", "in-the-end moving"])
def test_a_colour_on_its_way_is_judged_as_what_it_will_be(moving: Page, change: str) -> None:
    moving.evaluate("change => document.body.className = change", change)
    assert moving.evaluate("document.getAnimations().length") > 0
    assert barriers(moving) == []


def test_what_was_folded_away_is_judged_when_it_is_opened(moving: Page) -> None:
    moving.evaluate("document.body.className = 'in-the-end'")
    barriers(moving)
    moving.evaluate("document.querySelector('details').open = true")
    assert barriers(moving) == []
