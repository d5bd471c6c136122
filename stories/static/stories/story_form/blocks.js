/* Split here, join with the next, make this a quote: the server does it, and shows the form again, unsaved. */
(() => {
  const EDITOR = ".ProseMirror[contenteditable]";
  const KINDS = { textblock_set: ["split", "join", "quote"], quoteblock_set: ["split", "join", "text"] };
  // What each editor's cursor stood at last, by the editor: a button takes the focus away.
  const marked = new WeakMap();

  const blocks = () => [...document.querySelectorAll(".order-machine .inline-related:not(.empty-form)")];
  const inOrder = () => blocks().sort((one, other) => one.style.order - other.style.order);
  const setOf = (block) => block.id.replace(/-\d+$/, "");

  /* "text 2", as the server would call it. */
  function nameOf(block) {
    const alike = inOrder().filter((each) => setOf(each) === setOf(block) && !each.classList.contains("for-deletion"));
    const kind = block.querySelector("h3 b")?.textContent.replace(/:\s*$/, "").trim().toLowerCase() ?? "";
    return `${kind} ${alike.indexOf(block) + 1}`;
  }

  /* The paragraphs of an editor: what it shows besides is not of the text. */
  function paragraphsOf(editor) {
    return [...editor.children].filter((child) => !child.pmViewDesc || child.pmViewDesc.node);
  }

  /* Where a place of the page is in the text: which paragraph, and how many characters of it stand before. White
     space is not counted, since the text is stored with other white space than it is shown with. */
  function placeOf(editor, node, offset) {
    const all = paragraphsOf(editor);
    if (node === editor) return { paragraph: offset, characters: 0 };
    const paragraph = all.findIndex((each) => each.contains(node));
    if (paragraph < 0) return null;
    const before = document.createRange();
    before.setStart(all[paragraph], 0);
    before.setEnd(node, offset);
    return { paragraph, characters: [...before.toString().replace(/[\s\u00a0\ufeff]+/g, "")].length };
  }

  function heed() {
    const selection = document.getSelection();
    if (!selection?.rangeCount) return;
    const range = selection.getRangeAt(0);
    const around = range.commonAncestorContainer;
    const editor = (around instanceof Element ? around : around.parentElement)?.closest(EDITOR);
    if (!editor) return;
    const start = placeOf(editor, range.startContainer, range.startOffset);
    const end = placeOf(editor, range.endContainer, range.endOffset);
    if (!start || !end) return;
    marked.set(editor, { start, end, empty: range.collapsed });
    refresh(editor.closest(".inline-related"));
  }

  function markOf(block) {
    const editor = block.querySelector(EDITOR);
    return editor ? marked.get(editor) : undefined;
  }

  /* Whether some paragraphs are marked, and not all. */
  function someOf(block) {
    const mark = markOf(block);
    if (!mark || mark.empty) return null;
    const count = paragraphsOf(block.querySelector(EDITOR)).length;
    const { start, end } = mark;
    // A mark that ends before the first letter of a paragraph does not mean that paragraph.
    const last = end.characters === 0 && end.paragraph > start.paragraph ? end.paragraph - 1 : end.paragraph;
    return start.paragraph === 0 && last >= count - 1 ? null : [start.paragraph, last];
  }

  function refresh(block) {
    const bar = block?.querySelector(".block-surgery");
    if (!bar) return;
    const name = nameOf(block);
    bar.setAttribute("aria-label", name);
    for (const button of bar.children) {
      const some = button.dataset.verb === "quote" && someOf(block);
      const says = some ? button.dataset.some : button.dataset.all;
      if (button.textContent !== says) button.textContent = says;
      const label = some ? button.dataset.someLabel : button.dataset.label;
      button.setAttribute("aria-label", label.replace("%(block)s", name));
    }
    // Not `disabled`: who comes by the keyboard should hear that it is there.
    bar.querySelector('[data-verb="split"]')?.setAttribute("aria-disabled", String(!markOf(block)));
    const order = inOrder();
    const next = order[order.indexOf(block) + 1];
    bar.querySelector('[data-verb="join"]')?.toggleAttribute("hidden", !next || setOf(next) !== setOf(block));
  }

  function valueOf(block, verb) {
    if (verb === "split") {
      const mark = markOf(block);
      return mark ? `split:${block.id}:${mark.start.paragraph}:${mark.start.characters}` : null;
    }
    const some = verb === "quote" ? someOf(block) : null;
    return [verb, block.id, ...(some ?? [])].join(":");
  }

  function send(block, verb) {
    const value = valueOf(block, verb);
    if (value === null) {
      // There is no cursor yet: it goes to where it may be set.
      block.querySelector(EDITOR)?.focus();
      return;
    }
    const asked = document.querySelector("[data-reshape]");
    asked.value = value;
    asked.form.requestSubmit(asked);
  }

  function attend(block) {
    const verbs = KINDS[setOf(block)];
    const template = document.getElementById("block-surgery");
    if (!verbs || !template || block.querySelector(".block-surgery")) return;
    const bar = template.content.firstElementChild.cloneNode(true);
    for (const button of [...bar.children]) {
      if (!verbs.includes(button.dataset.verb)) {
        button.remove();
        continue;
      }
      button.dataset.all = button.textContent;
      button.dataset.label = button.getAttribute("aria-label");
      button.addEventListener("click", () => send(block, button.dataset.verb));
    }
    block.querySelector(".field-text")?.after(bar);
    refresh(block);
  }

  /* Back to the block that was reshaped; the page may still be on its way to where it was left. */
  function goBack() {
    const block = document.querySelector("[data-reshaped]")?.closest(".inline-related");
    if (!block) return;
    const look = () => {
      const editor = block.querySelector(EDITOR);
      if (!editor) return setTimeout(look, 50);
      block.classList.remove("collapsed");
      editor.focus({ preventScroll: true });
      block.scrollIntoView({ block: "center" });
    };
    look();
  }

  document.addEventListener("selectionchange", heed);
  document.addEventListener("content-editor:activate", (event) => attend(event.detail.inline));
  for (const happened of ["formset:added", "formset:removed", "drop", "change"]) {
    document.addEventListener(happened, () => setTimeout(() => blocks().forEach(refresh)));
  }
  // Where the page stood before, and what was folded in it, is of no use for a body of other blocks.
  document.addEventListener("submit", (event) => {
    if (event.submitter?.name === "_reshape") event.target.action = event.target.action.split("#")[0];
  });
  document.addEventListener("content-editor:ready", () => {
    blocks().forEach(attend);
    blocks().forEach(refresh);
    goBack();
  });
})();
