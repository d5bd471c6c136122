"""No word is too long for a phone: whatever people write, no page is wider than the screen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from stories.actions.archive.import_story import import_story
from stories.domain.archive.stories import load
from stories.models import User
from tests.archives import line, version

pytestmark = pytest.mark.django_db(transaction=True)

LONG = f"https://example.org/{'a' * 120}"
WORD = "Donaudampfschifffahrtsgesellschaftskapitänswitwenrentenauszahlungsstelle"
PAGES = (
    "/",
    "/corrections/",
    "/stories/council-hears-objections/",
    "/stories/council-hears-objections/versions/",
    "/stories/council-hears-objections/versions/1/",
    "/stories/council-hears-objections/compare/",
    "/stories/council-hears-objections/compare/1...2/",
    "/section/rural/",
)


def test_a_long_address_or_word_widens_no_page_of_a_phone(page: Page, maya: User) -> None:
    asked = {"party": WORD, "status": "pending", "requested_at": "2020-03-01T09:00:00Z", "asked_how": LONG}
    first = version(
        9,
        headline=f"Law on {WORD} falls",
        dek=LONG,
        dateline=WORD,
        disclosure=LONG,
        bylines=[WORD],
        section_name=WORD,
        comment_requests=[asked],
        body=(
            f"<p>Short {LONG}</p><blockquote><p>{LONG}</p><footer>{WORD}{WORD}</footer></blockquote>"
            f'<figure><img src="/a.jpg" alt="{LONG}"><figcaption>{LONG}</figcaption></figure>'
            f"<table><tr><td>{LONG}</td><td>{WORD}</td></tr></table><ul><li>{LONG}</li></ul>"
            f'<iframe src="{LONG}"></iframe><p id="x"><code>{LONG}</code></p>'
        ),
    )
    second = {**first, "live_from": "2020-03-02T10:00:00+00:00", "class": "noted", "dek": f"{LONG}b"}
    second["notes"] = [
        {"kind": kind, "text": f"It was {LONG}", "was": LONG, "now": f"{LONG}b"}
        for kind in ("correction", "update")
    ]
    import_story(story=load(line(first, second, section="rural")), user=maya)
    wide: list[tuple[str, int, int]] = []
    for width in (390, 320):
        page.set_viewport_size({"width": width, "height": 800})
        for address in PAGES:
            response = page.goto(address)
            assert response is not None
            assert response.status == 200, address
            found = page.evaluate("document.documentElement.scrollWidth")
            if found > width:
                wide.append((address, width, found))
    assert not wide
