"""Helpers that use the form and the review page as a user in the browser does."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

# Selects words in a rich text editor, as dragging the mouse does, and waits until the editor has noticed.
_MARK = """(editor, words) => {
  const walker = document.createTreeWalker(editor, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const start = node.data.indexOf(words);
    if (start < 0) continue;
    editor.focus();
    const heard = new Promise((done) => document.addEventListener("selectionchange", done, { once: true }));
    document.getSelection().setBaseAndExtent(node, start, node, start + words.length);
    return heard.then(() => null);
  }
  throw new Error(`The editor does not hold “${words}”.`);
}"""

# Puts the cursor at the end, likewise. Keys move the browser's cursor, which the editor may not have noticed yet when
# the next key comes.
_GO_BEHIND = """(editor) => {
  editor.focus();
  const heard = new Promise((done) => {
    document.addEventListener("selectionchange", done, { once: true });
    setTimeout(done, 500);
  });
  document.getSelection().selectAllChildren(editor);
  document.getSelection().collapseToEnd();
  return heard.then(() => null);
}"""

# Resolves once the editor has noticed that the cursor is at the end.
_LISTEN_FOR_THE_END = """(editor) => {
  window.cursorIsBehind = false;
  document.addEventListener("selectionchange", () => {
    const { focusNode, focusOffset } = document.getSelection();
    if (!editor.contains(focusNode)) return;
    const rest = document.createRange();
    rest.selectNodeContents(editor);
    rest.setStart(focusNode, focusOffset);
    window.cursorIsBehind = rest.toString() === "";
  });
}"""


def editor_of(page: Page, block: str) -> Locator:
    """Return the rich text editor of a block, by the prefix of its fields: "quoteblock_set-0"."""
    return page.locator(f"#{block} [contenteditable=true]")


def write_over(editor: Locator, old: str, new: str) -> None:
    """Mark some words in a rich text editor and type others in their place."""
    expect(editor).to_contain_text(old)
    editor.evaluate(_MARK, old)
    editor.page.keyboard.type(new)


def write_behind(editor: Locator, words: str) -> None:
    """Type words behind all that stands in a rich text editor."""
    editor.evaluate(_GO_BEHIND)
    editor.page.keyboard.type(words)


def go_behind_by_keys(editor: Locator) -> None:
    """Press the keys that lead behind all that stands in the editor that has the focus."""
    editor.evaluate(_LISTEN_FOR_THE_END)
    editor.page.keyboard.press("Control+End")
    editor.page.wait_for_function("window.cursorIsBehind")


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
    expect(page.get_by_role("heading", name=f"Revision {revision} is live.")).to_be_visible()
