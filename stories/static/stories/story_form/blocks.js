/* Buttons that split a block, join it with the next, or make it a quote: in the page where that loses nothing; else the
   server does it, and shows the form again. */
(() => {
  const EDITOR = ".ProseMirror[contenteditable]";
  const KINDS = { textblock_set: ["split", "join", "quote"], quoteblock_set: ["split", "join", "text"] };
  // The last selection of each editor, since a button takes the focus away.
  const selections = new WeakMap();

  const blocks = () => [...document.querySelectorAll(".order-machine .inline-related:not(.empty-form)")];
  const inOrder = () => blocks().sort((one, other) => one.style.order - other.style.order);
  const setOf = (block) => block.id.replace(/-\d+$/, "");

  /* "text 2", as the server would call it. */
  function nameOf(block) {
    const alike = inOrder().filter((each) => setOf(each) === setOf(block) && !each.classList.contains("for-deletion"));
    const kind = block.querySelector("h3 b")?.textContent.replace(/:\s*$/, "").trim().toLowerCase() ?? "";
    return `${kind} ${alike.indexOf(block) + 1}`;
  }

  /* The paragraphs of an editor, without the elements that it shows besides the text. */
  function paragraphsOf(editor) {
    return [...editor.children].filter((child) => !child.pmViewDesc || child.pmViewDesc.node);
  }

  /* The position of a DOM place in the text: the paragraph, and the number of characters before it. White space is not
     counted, since it is stored differently from how it is shown. */
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

  function onSelectionChange() {
    const selection = document.getSelection();
    if (!selection?.rangeCount) return;
    const range = selection.getRangeAt(0);
    const around = range.commonAncestorContainer;
    const editor = (around instanceof Element ? around : around.parentElement)?.closest(EDITOR);
    if (!editor) return;
    const start = placeOf(editor, range.startContainer, range.startOffset);
    const end = placeOf(editor, range.endContainer, range.endOffset);
    if (!start || !end) return;
    selections.set(editor, { start, end, empty: range.collapsed });
    refresh(editor.closest(".inline-related"));
  }

  function selectionIn(block) {
    const editor = block.querySelector(EDITOR);
    return editor ? selections.get(editor) : undefined;
  }

  /* The first and last selected paragraph, null if all or none are selected. */
  function selectedParagraphs(block) {
    const mark = selectionIn(block);
    if (!mark || mark.empty) return null;
    const count = paragraphsOf(block.querySelector(EDITOR)).length;
    const { start, end } = mark;
    // A selection that ends before the first letter of a paragraph does not include it.
    const last = end.characters === 0 && end.paragraph > start.paragraph ? end.paragraph - 1 : end.paragraph;
    return start.paragraph === 0 && last >= count - 1 ? null : [start.paragraph, last];
  }

  function refresh(block) {
    const bar = block?.querySelector(".block-surgery");
    if (!bar) return;
    const name = nameOf(block);
    bar.setAttribute("aria-label", name);
    for (const button of bar.children) {
      const some = button.dataset.verb === "quote" && selectedParagraphs(block);
      const text = some ? button.dataset.some : button.dataset.all;
      if (button.textContent !== text) button.textContent = text;
      const label = some ? button.dataset.someLabel : button.dataset.label;
      button.setAttribute("aria-label", label.replace("%(block)s", name));
    }
    // Not `disabled`, so that keyboard and screen reader users find it.
    bar.querySelector('[data-verb="split"]')?.setAttribute("aria-disabled", String(!selectionIn(block)));
    const order = inOrder();
    const next = order[order.indexOf(block) + 1];
    bar.querySelector('[data-verb="join"]')?.toggleAttribute("hidden", !next || setOf(next) !== setOf(block));
  }

  function valueOf(block, verb) {
    if (verb === "split") {
      const mark = selectionIn(block);
      return mark ? `split:${block.id}:${mark.start.paragraph}:${mark.start.characters}` : null;
    }
    const some = verb === "quote" ? selectedParagraphs(block) : null;
    return [verb, block.id, ...(some ?? [])].join(":");
  }

  function send(block, verb) {
    const value = valueOf(block, verb);
    if (value === null) {
      // There is no cursor yet: focus the editor, so that it can be set.
      block.querySelector(EDITOR)?.focus();
      return;
    }
    const some = verb === "quote" ? selectedParagraphs(block) : null;
    if (window.storyReshape.apply(block, verb, some)) {
      const { dataset } = document.getElementById("block-surgery");
      document.dispatchEvent(new CustomEvent("story:says", { detail: `${dataset[`done${verb}`]} ${dataset.unsaved}` }));
      return;
    }
    const button = document.querySelector("[data-reshape]");
    button.value = value;
    button.form.requestSubmit(button);
  }

  function addButtons(block) {
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

  /* Scrolls to the block that was changed. The page may still be restoring its scroll position. */
  function showChangedBlock() {
    const block = document.querySelector("[data-reshaped]")?.closest(".inline-related");
    if (!block) return;
    const focusEditor = () => {
      const editor = block.querySelector(EDITOR);
      if (!editor) return setTimeout(focusEditor, 50);
      block.classList.remove("collapsed");
      editor.focus({ preventScroll: true });
      block.scrollIntoView({ block: "center" });
    };
    focusEditor();
  }

  document.addEventListener("selectionchange", onSelectionChange);
  document.addEventListener("content-editor:activate", (event) => addButtons(event.detail.inline));
  for (const happened of ["formset:added", "formset:removed", "drop", "change"]) {
    document.addEventListener(happened, () => setTimeout(() => blocks().forEach(refresh)));
  }
  // The scroll position and folds in the fragment do not fit the changed blocks.
  document.addEventListener("submit", (event) => {
    if (event.submitter?.name === "_reshape") event.target.action = event.target.action.split("#")[0];
  });
  document.addEventListener("content-editor:ready", () => {
    blocks().forEach(addButtons);
    blocks().forEach(refresh);
    showChangedBlock();
  });
})();
