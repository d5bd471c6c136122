"""Five misspellings in a live quotation, while a rewrite waits: fixed by the keyboard alone, in under a minute."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from stories.models import Article, User
from tests.browser import sign_in
from tests.factories import begin, change, go_live, minutes, quote, text, wanted
from tests.journeys.conftest import Clock
from tests.journeys.writing import editor_of, expect_live

pytestmark = pytest.mark.django_db(transaction=True)

STORY = "/stories/corvid-answers/"
OPENING = "At a meeting on Thursday Dana Whitlock spoke to the staff."
HALF_DONE = "At a meeting on Thursday, which we have now seen, Dana Whitlock"
MISSPELT = (
    "I recieve your letters, and I read every one. It does not decide whom to persue. Somebody else would sign "
    "definately, with fewer safegards, and nobody beleives that it would be better."
)
MISSPELLINGS = {
    "recieve": "receive",
    "persue": "pursue",
    "definately": "definitely",
    "safegards": "safeguards",
    "beleives": "believes",
}
SOURCE = "Corvid’s official transcript"
TOLD = "Typographical errors in what Dana Whitlock is quoted as saying were fixed."
# In the address bar of the live page: replace “stories” by this, and go.
ADDRESS_KEYS = 5 + len("admin/fix")
# Two-finger typing makes two or three keys a second: in 60 seconds, so many.
MOST_KEYS = 150

_TEXT_BEFORE_THE_CURSOR = """() => {
  const { anchorNode, anchorOffset } = document.getSelection();
  return anchorNode?.nodeType === Node.TEXT_NODE ? anchorNode.data.slice(0, anchorOffset) : "";
}"""
_NEXT_FRAMES = (
    "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(null))))"
)
_NAME_UNDER_THE_CURSOR = """() => {
  const { ariaLabel, labels } = document.activeElement;
  return ariaLabel ?? labels?.[0]?.textContent.trim() ?? "";
}"""


class Keyboard:
    """A keyboard that counts its strokes."""

    def __init__(self, page: Page) -> None:
        self.page, self.strokes = page, 0

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.strokes += 1

    def type(self, words: str) -> None:
        self.page.keyboard.type(words)
        self.strokes += len(words)

    def tab_to(self, name: str) -> None:
        """Press the tab key until the next field of a name has the focus."""
        for _ in range(30):
            if self.page.evaluate(_NAME_UNDER_THE_CURSOR) == name:
                return
            self.press("Tab")
        raise AssertionError(f"Tab never comes to “{name}”.")

    def go_behind(self, word: str) -> None:
        for _ in range(30):
            if self.page.evaluate(_TEXT_BEFORE_THE_CURSOR).endswith(word):
                return
            self.press("Control+ArrowRight")
        raise AssertionError(f"The cursor never comes to “{word}”.")

    def mend(self, wrong: str, right: str) -> None:
        self.go_behind(wrong)
        self.press("Control+Shift+ArrowLeft")
        self.page.wait_for_function("word => getSelection().toString() === word", arg=wrong)
        # The editor notices a selection a moment after the browser; nobody types faster than that.
        self.page.evaluate(_NEXT_FRAMES)
        self.type(right)
        expect(editor_of(self.page, "quoteblock_set-0")).to_contain_text(right)


@pytest.fixture
def article(clock: Clock, emil: User) -> Article:
    """Return a live story with a misspelt quotation, whose headline and opening are half rewritten."""
    opening, remarks = text(f"<p>{OPENING}</p>"), quote(f"<p>{MISSPELT}</p>", source="a garbled transcript")
    article = begin(wanted("Corvid answers", opening, remarks), user=emil)
    go_live(article, user=emil, at=minutes(10))
    rewritten = replace(opening, text=f"<p>{HALF_DONE}</p>")
    change(article, user=emil, at=minutes(20), headline="What Corvid told us", blocks=(rewritten, remarks))
    clock.now = minutes(60)
    return article


def fix_by_keyboard(page: Page, keyboard: Keyboard) -> None:
    """Fix five words by keyboard: then the review, one text, the source, and publish."""
    expect(page.get_by_role("heading", name="You are fixing what readers see now")).to_be_visible()
    expect(page.get_by_text("1 edit that waits stays untouched.")).to_be_visible()
    expect(editor_of(page, "textblock_set-0")).to_be_focused()
    expect(editor_of(page, "textblock_set-0")).to_have_text(OPENING)
    keyboard.tab_to("Words")
    for wrong, right in MISSPELLINGS.items():
        keyboard.mend(wrong, right)
    keyboard.press("Control+Enter")

    expect(page.get_by_role("heading", name="Review this fix")).to_be_visible()
    expect(page.get_by_label("Transcription: spelling or punctuation in a quotation")).to_be_checked()
    expect(page.get_by_label("Note to readers")).to_be_focused()
    expect(page.get_by_label("Note to readers")).to_have_value(TOLD)
    keyboard.tab_to("Source checked:")
    keyboard.type(SOURCE)
    keyboard.press("Control+Enter")
    expect_live(page, 3)
    expect(page.get_by_text(TOLD)).to_be_visible()


def test_a_live_quotation_is_fixed_by_few_keys_while_a_rewrite_waits_untouched(
    page: Page, reader: Page, live_server: LiveServer, emil: User, article: Article
) -> None:
    sign_in(page, live_server, emil)
    page.goto(STORY)
    expect(page.get_by_text(MISSPELT)).to_be_visible()
    page.goto("/admin/fix/corvid-answers/")
    keyboard = Keyboard(page)
    fix_by_keyboard(page, keyboard)
    assert ADDRESS_KEYS + keyboard.strokes <= MOST_KEYS

    put_right = MISSPELT
    for wrong, right in MISSPELLINGS.items():
        put_right = put_right.replace(wrong, right)
    reader.goto(STORY)
    expect(reader.get_by_role("heading", name="Corvid answers")).to_be_visible()
    expect(reader.get_by_text(OPENING)).to_be_visible()
    expect(reader.get_by_text(put_right)).to_be_visible()
    expect(reader.get_by_text("All 2 versions of this story")).to_be_visible()

    page.goto(f"/admin/stories/article/{article.pk}/change/")
    expect(page.get_by_text("1 edit since is not.")).to_be_visible()
    expect(page.get_by_label("Headline")).to_have_value("What Corvid told us")
    expect(editor_of(page, "textblock_set-0")).to_have_text(HALF_DONE)
    expect(editor_of(page, "quoteblock_set-0")).to_have_text(put_right)
