/* A slash in an empty paragraph offers the kinds of blocks that can be added there. Once more, it is a slash. */
(() => {
  const EDITOR = ".ProseMirror[contenteditable]";
  let menu = null;

  function close() {
    const closed = menu;
    // Removing it takes the focus out of it, which would close it again.
    menu = null;
    closed?.remove();
  }

  /* The last paragraph goes; one in the middle divides the text around the new block. */
  function choose(editor, block, prefix) {
    close();
    const { selection } = editor.state;
    const isLast = selection.$from.index(0) === editor.state.doc.childCount - 1;
    const hasMore = editor.state.doc.childCount > 1;
    const [start, end] = [selection.$from.before(), selection.$from.after()];
    const order = (each) => Number(each.style.order);
    const after = [...document.querySelectorAll(".order-machine > .inline-related:not(.empty-form, .for-deletion)")]
      .sort((one, other) => order(one) - order(other))
      .find((each) => order(each) > order(block));
    if (!isLast) {
      editor.commands.setTextSelection(selection.from);
      if (!window.storyReshape.apply(block, "split", null)) {
        window.storyReshape.add(prefix, order(block) && start === 0 ? block : (after ?? null));
        return;
      }
      const second = [...document.querySelectorAll(".order-machine > .inline-related:not(.empty-form)")]
        .sort((one, other) => order(one) - order(other))
        .find((each) => order(each) > order(block));
      window.storyReshape.add(prefix, second);
      return;
    }
    if (hasMore) editor.view.dispatch(editor.state.tr.delete(start, end));
    window.storyReshape.add(prefix, after ?? null);
  }

  function open(editor, block) {
    const buttons = [...document.querySelectorAll(".plugin-buttons .plugin-button[data-plugin-prefix]")];
    if (!buttons.length) return false;
    menu = document.createElement("div");
    menu.className = "slash-menu";
    menu.setAttribute("role", "menu");
    menu.setAttribute("aria-label", document.getElementById("form-words").dataset.addTo);
    for (const each of buttons) {
      const item = document.createElement("button");
      item.type = "button";
      item.setAttribute("role", "menuitem");
      item.tabIndex = -1;
      item.textContent = each.title;
      item.addEventListener("click", () => choose(editor, block, each.dataset.pluginPrefix));
      menu.append(item);
    }
    const { left, bottom } = editor.view.coordsAtPos(editor.state.selection.from);
    document.body.append(menu);
    menu.style.left = `${Math.max(8, Math.min(left, window.innerWidth - menu.offsetWidth - 8)) + window.scrollX}px`;
    menu.style.top = `${bottom + 4 + window.scrollY}px`;
    menu.addEventListener("keydown", (event) => {
      const items = [...menu.children];
      const step = { ArrowDown: 1, ArrowUp: -1, Tab: event.shiftKey ? -1 : 1 }[event.key];
      if (step) {
        event.preventDefault();
        items[(items.indexOf(document.activeElement) + step + items.length) % items.length].focus();
      } else if (event.key === "Escape" || event.key === "Backspace" || event.key === "/") {
        event.preventDefault();
        close();
        // At once: what is typed next must go into the text.
        editor.view.focus();
        if (event.key === "/") editor.view.dispatch(editor.state.tr.insertText("/"));
      } else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey) {
        // Somebody who types on wanted no block.
        event.preventDefault();
        close();
        editor.view.focus();
        editor.view.dispatch(editor.state.tr.insertText(`/${event.key}`));
      }
    });
    menu.addEventListener("focusout", ({ relatedTarget }) => menu && !menu.contains(relatedTarget) && close());
    menu.firstElementChild.focus();
    return true;
  }

  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      const editor = event.target.closest?.(EDITOR)?.editor;
      const block = event.target.closest?.(".order-machine > .inline-related");
      const { $from, empty } = editor?.state.selection ?? {};
      if (!block || !empty || $from.depth !== 1 || $from.parent.type.name !== "paragraph" || $from.parent.content.size) return;
      if (open(editor, block)) event.preventDefault();
    },
    true,
  );
})();
