"""Helpers that use the form and the review page as a user in the browser does."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from stories.models import Publication

# Selects from the beginning of some words to the end of others (or puts the cursor before the first) until the editor
# has noticed: for 20 ms after it got the focus it may set its own cursor instead, and it hears of selections later.
_SELECT = """async (editor, [from, to]) => {
  const found = (words, end) => {
    const walker = document.createTreeWalker(editor, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const at = node.data.indexOf(words);
      if (at >= 0) return [node, at + (end ? words.length : 0)];
    }
    throw new Error(`The editor does not hold “${words}”.`);
  };
  const noticed = () => {
    const { doc, selection } = editor.editor.state;
    const behind = doc.textBetween(selection.from, doc.content.size);
    return to
      ? behind.startsWith(from) && doc.textBetween(0, selection.to).endsWith(to)
      : behind.startsWith(from) && selection.empty;
  };
  editor.focus();
  for (let tries = 0; tries < 100; tries++) {
    document.getSelection().setBaseAndExtent(...found(from, false), ...(to ? found(to, true) : found(from, false)));
    await new Promise((done) => setTimeout(done, 50));
    if (noticed()) return;
  }
  throw new Error("The editor never noticed the selection.");
}"""

# Returns, a moment later, whether the editor has noticed that the cursor is at the end.
_IS_BEHIND = """async (editor) => {
  await new Promise((done) => setTimeout(done, 50));
  const { doc, selection } = editor.editor.state;
  return selection.empty && doc.textBetween(selection.to, doc.content.size) === "";
}"""

# Puts the cursor at the end, likewise.
_GO_BEHIND = """(editor) => {
  editor.focus();
  document.getSelection().selectAllChildren(editor);
  document.getSelection().collapseToEnd();
}"""


def editor_of(page: Page, block: str) -> Locator:
    """Return the rich text editor of a block, by the prefix of its fields: "quoteblock_set-0"."""
    return page.locator(f"#{block} [contenteditable=true]")


def select(editor: Locator, start: str, end: str = "") -> None:
    """Select from the beginning of some words to the end of others, or put the cursor before the first."""
    editor.evaluate(_SELECT, [start, end])


def write_over(editor: Locator, old: str, new: str) -> None:
    """Mark some words in a rich text editor and type others in their place."""
    expect(editor).to_contain_text(old)
    select(editor, old, old)
    editor.page.keyboard.type(new)


def write_behind(editor: Locator, words: str) -> None:
    """Type words behind all that stands in a rich text editor."""
    _until_behind(editor, lambda: editor.evaluate(_GO_BEHIND))
    editor.page.keyboard.type(words)


def go_behind_by_keys(editor: Locator) -> None:
    """Press the keys that lead behind all that stands in the editor that has the focus."""
    _until_behind(editor, lambda: editor.page.keyboard.press("Control+End"))


def _until_behind(editor: Locator, go: Callable[[], object]) -> None:
    for _ in range(100):
        go()
        if editor.evaluate(_IS_BEHIND):
            return
    raise AssertionError("The cursor never came to the end.")


def add_block(page: Page, label: str, block: str) -> Locator:
    """Return the editor of a new block at the end of the body, by the prefix that its fields will have."""
    page.locator(".add-blocks").get_by_text(label, exact=True).click()
    return editor_of(page, block)


def save_and_review(page: Page) -> None:
    page.get_by_role("button", name="Review and publish").click()
    expect(page.get_by_role("heading", name="Review and publish")).to_be_visible()


def choose_what_is_greyed(page: Page, label: str) -> None:
    """Choose a kind of announcement that the page says is not possible, as it stands on a page from before."""
    greyed = page.get_by_label(label)
    expect(greyed).to_be_disabled()
    greyed.evaluate("radio => { radio.disabled = false; radio.checked = true; }")


def publish(page: Page) -> None:
    page.get_by_role("button", name="Publish", exact=True).click()


def expect_live(page: Page, revision: int) -> None:
    expect(page.get_by_role("heading", name=re.compile(r"^Version \d+ is live\.$"))).to_be_visible()
    assert Publication.objects.filter(revision__number=revision).exists()
