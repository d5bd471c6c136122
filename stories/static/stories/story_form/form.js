/* Conveniences of a story's form: a tab order that follows the body, toolbars with one tab stop each, buttons that move
   blocks and rows, the word count, and a preview of requests and notes. The form works without it. */
(() => {
  document.documentElement.classList.add("with-script");
  const message = (name) => document.getElementById("form-words").dataset[name];
  const WORDS = /[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\u0e00-\u0eff]|[$£€¥]?[\p{L}\p{N}]+(?:['’.@\-\u2010\u2011,:][\p{L}\p{N}]+)*/gu;
  const BLOCK = ".inline-related:not(.empty-form)";
  const COMMON = ["bold", "italic", "link", "unlink", "bulletList", "orderedList", "blockquote"];

  /* ------------------------------------------------------------------------------------------ toolbars */

  /* Makes a row of buttons one tab stop, in which the arrow keys move. */
  function makeToolbar(bar, label) {
    if (bar.dataset.toolbar) return;
    bar.dataset.toolbar = "1";
    bar.setAttribute("role", "toolbar");
    if (label) bar.setAttribute("aria-label", label);
    const all = () => [...bar.querySelectorAll("button, [role=button]")].filter((each) => !each.closest("[popover]"));
    const usable = () => all().filter((each) => each.checkVisibility?.() ?? each.offsetParent);
    const stopAt = (chosen) => {
      for (const each of all()) each.tabIndex = each === chosen ? 0 : -1;
    };
    const keepOneStop = () => {
      const now = usable();
      if (!now.some((each) => each.tabIndex === 0) || all().filter((each) => each.tabIndex === 0).length !== 1) stopAt(now[0]);
    };
    bar.addEventListener("keydown", (event) => {
      const now = usable();
      const at = now.indexOf(event.target);
      const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: now.length - 1 }[event.key];
      if (at < 0 || to === undefined) return;
      event.preventDefault();
      const next = now[(to + now.length) % now.length];
      stopAt(next);
      next.focus();
    });
    bar.addEventListener("focusin", (event) => all().includes(event.target) && stopAt(event.target));
    new MutationObserver(keepOneStop).observe(bar, { subtree: true, attributes: true, attributeFilter: ["class", "hidden"] });
    keepOneStop();
  }

  function addIconButton(tools, icon, label, onClick) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "material-icons";
    button.textContent = icon;
    button.title = label;
    button.setAttribute("aria-label", label);
    button.addEventListener("click", onClick);
    tools.append(button);
    return button;
  }

  function setUpEditor({ detail: { editor, textarea } }) {
    const setUp = () => {
      const bar = editor.view.dom.parentElement.querySelector(".prose-menubar");
      if (bar) {
        for (const chosen of bar.querySelectorAll(".prose-menubar__selected")) makeDropdown(chosen);
        arrange(bar);
        makeToolbar(bar, message("formatting"));
        announceStates(bar);
      }
      const block = textarea.closest(".inline-related");
      if (block?.dataset.added) {
        delete block.dataset.added;
        editor.commands.focus();
      }
      countSoon();
    };
    // The editor makes its toolbar when it is created, which may be later.
    if (editor.isInitialized) setUp();
    else editor.on("create", () => setTimeout(setUp));
  }

  /* What a newsroom needs comes first; the rest stands behind one button. */
  function arrange(bar) {
    const common = document.createElement("div");
    common.className = "prose-menubar__group";
    for (const name of COMMON) common.append(...bar.querySelectorAll(`.prose-menubar__group > [data-name="${name}"]`));
    const rare = [...bar.querySelectorAll(".prose-menubar__group")];
    const more = Object.assign(document.createElement("button"), { type: "button", textContent: "more_horiz", title: message("more") });
    more.className = "prose-menubar__button prose-menubar__more material-icons";
    more.setAttribute("aria-label", message("more"));
    more.setAttribute("aria-expanded", "false");
    more.addEventListener("click", () => more.setAttribute("aria-expanded", String(bar.classList.toggle("shows-all"))));
    bar.prepend(common, ...bar.querySelectorAll(".prose-menubar__dropdown"), more);
    for (const group of rare) {
      group.classList.add("is-rare");
      if (!group.childElementCount) group.remove();
    }
  }

  /* States that the editor shows by colour alone, for screen readers. */
  function announceStates(bar) {
    const buttons = [...bar.querySelectorAll(".prose-menubar__group button")];
    const announce = () => {
      for (const button of buttons) {
        button.setAttribute("aria-disabled", String(button.classList.contains("disabled")));
        button.setAttribute("aria-pressed", String(button.classList.contains("active")));
      }
    };
    new MutationObserver(announce).observe(bar, { subtree: true, attributes: true, attributeFilter: ["class"] });
    announce();
  }

  function makeDropdown(chosen) {
    chosen.setAttribute("role", "button");
    chosen.setAttribute("aria-haspopup", "true");
    chosen.setAttribute("aria-label", message("paragraph"));
    const picker = chosen.parentElement.querySelector("[popover]");
    const options = () => [...picker.querySelectorAll("button:not(.hidden)")];
    // The button inside only shows the choice, so it is replaced by a picture.
    const replaceButtons = () => {
      for (const inner of chosen.querySelectorAll("button")) {
        const picture = document.createElement("span");
        picture.className = inner.className;
        picture.append(...inner.childNodes);
        picture.setAttribute("aria-hidden", "true");
        inner.replaceWith(picture);
      }
    };
    new MutationObserver(replaceButtons).observe(chosen, { childList: true });
    replaceButtons();
    chosen.addEventListener("keydown", (event) => {
      if (!["Enter", " ", "ArrowDown"].includes(event.key)) return;
      event.preventDefault();
      chosen.click();
      options()[0]?.focus();
    });
    picker.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (event.key === "Escape") chosen.focus();
      if (!step) return;
      event.preventDefault();
      const all = options();
      all[(all.indexOf(document.activeElement) + step + all.length) % all.length]?.focus();
    });
  }

  /* Scrolls a caret out from under the bars above and below, which the editor does not know of. */
  function keepInSight() {
    const editor = document.activeElement?.closest(".ProseMirror[contenteditable]")?.editor;
    const bar = document.querySelector(".save-bar");
    if (!editor || !bar || getComputedStyle(bar).position !== "sticky") return;
    const { top, bottom } = editor.view.coordsAtPos(editor.state.selection.head);
    const lowest = bar.getBoundingClientRect().top - 12;
    const highest = Math.max(0, editor.view.dom.parentElement.querySelector(".prose-menubar")?.getBoundingClientRect().bottom ?? 0);
    if (bottom > lowest && bottom < window.innerHeight + 80) window.scrollBy(0, bottom - lowest);
    else if (top < highest && top > -80) window.scrollBy(0, top - highest - 4);
  }

  let watching = 0;
  const keepInSightSoon = () => {
    cancelAnimationFrame(watching);
    watching = requestAnimationFrame(keepInSight);
  };

  /* -------------------------------------------------------------------------------------------- blocks */

  const machine = () => document.querySelector(".order-machine");
  const blocksOf = (root) => [...root.querySelectorAll(`:scope > ${BLOCK}:not(.taken-away)`)];
  const placeIn = (block) => Number(block.style.order || 0);

  /* Sorts the blocks in the DOM as they are shown, for screen readers and the tab key. */
  function sortBlocks() {
    const root = machine();
    if (!root) return;
    const now = blocksOf(root);
    const sorted = [...now].sort((one, other) => placeIn(one) - placeIn(other));
    if (now.every((block, at) => block === sorted[at])) return;
    const focused = document.activeElement;
    const scroll = [window.scrollX, window.scrollY];
    const first = now[0].previousSibling;
    for (const block of [...sorted].reverse()) {
      if (first) first.after(block);
      else root.prepend(block);
    }
    if (focused !== document.activeElement && root.contains(focused)) focused.focus({ preventScroll: true });
    window.scrollTo(...scroll);
  }

  /* When an unsaved row is removed, Django renumbers the rows in their order on the page: saved rows keep their numbers
     if they come first at that moment. */
  function sortByNumber(prefix) {
    const rows = [...document.querySelectorAll(`.dynamic-${prefix}`)];
    const numberOf = (row) => Number(row.id.slice(prefix.length + 1));
    for (const row of rows.sort((one, other) => numberOf(one) - numberOf(other))) {
      const empty = document.getElementById(`${prefix}-empty`);
      empty.before(row);
    }
    setTimeout(() => {
      sortBlocks();
      sortRows(prefix);
      countSoon();
      previewSoon();
    });
  }

  function setUpBlock(block) {
    if (block.classList.contains("empty-form") || block.querySelector(":scope > .block-tools")) return;
    const tools = document.createElement("div");
    tools.className = "block-tools";
    const add = (icon, label, onClick) => addIconButton(tools, icon, label, onClick);
    const fold = add("unfold_less", message("fold"), () => block.querySelector(":scope > h3").click());
    add("arrow_upward", message("up"), (event) => move(block, -1, event.target));
    add("arrow_downward", message("down"), (event) => move(block, 1, event.target));
    add("add", message("above"), () => {}).dataset.above = "";
    const remove = add("delete", message("delete"), () => {
      block.querySelector(":scope > h3 :is(.delete input, .inline-deletelink)").click();
    });
    const showState = () => {
      const folded = block.classList.contains("collapsed");
      fold.textContent = folded ? "unfold_more" : "unfold_less";
      fold.setAttribute("aria-expanded", String(!folded));
      if (block.querySelector(":scope > h3 .delete")) {
        remove.setAttribute("aria-pressed", String(block.classList.contains("for-deletion")));
      }
    };
    new MutationObserver(showState).observe(block, { attributes: true, attributeFilter: ["class"] });
    block.querySelector(":scope > h3").after(tools);
    showState();
    makeToolbar(tools, block.querySelector("h3 b")?.textContent.replace(/:\s*$/, "").trim());
    const surgery = block.querySelector(".block-surgery");
    if (surgery) makeToolbar(surgery);
    openFilledDetails(block);
  }

  function move(block, step, button, isUndone = false) {
    const all = blocksOf(machine()).sort((one, other) => placeIn(one) - placeIn(other));
    const neighbour = all[all.indexOf(block) + step];
    if (!neighbour) return;
    if (!isUndone) window.storyReshape.moved(() => block.isConnected && move(block, -step, button, true));
    const mine = block.querySelector(".order-machine-ordering");
    const theirs = neighbour.querySelector(".order-machine-ordering");
    [mine.value, theirs.value] = [theirs.value, mine.value];
    block.style.order = mine.value;
    neighbour.style.order = theirs.value;
    mine.dispatchEvent(new Event("input", { bubbles: true }));
    sortBlocks();
    button.focus();
    block.scrollIntoView({ block: "nearest" });
  }

  function openFilledDetails(block) {
    for (const details of block.querySelectorAll("fieldset details")) {
      const filled = [...details.querySelectorAll("input, textarea")].some((field) => field.value);
      if (filled || details.querySelector(".errorlist")) details.open = true;
    }
  }

  /* Adds a button for each kind of block at the end of the body. */
  function addBlockButtons() {
    const wrapper = document.querySelector(".order-machine-wrapper");
    const editor = window.ContentEditor;
    if (!wrapper || !editor?.allowChange) return;
    const bar = document.createElement("div");
    bar.className = "add-blocks";
    bar.append(Object.assign(document.createElement("span"), { textContent: message("add") }));
    for (const menu of wrapper.querySelectorAll(".plugin-buttons .plugin-button")) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "add-block";
      button.append(...[...menu.childNodes].map((child) => child.cloneNode(true)));
      button.addEventListener("click", () => {
        editor._insertBefore = null;
        editor.addContent(menu.dataset.pluginPrefix);
      });
      bar.append(button);
      menu.tabIndex = -1;
    }
    wrapper.after(bar);
    // In the page by now: what is not shown is no stop.
    makeToolbar(bar, message("addTo"));
    setUpMenu(wrapper.querySelector(".plugin-buttons"));
  }

  /* Makes the menu of blocks to add above a block usable by keyboard. */
  function setUpMenu(menu) {
    const all = () => [...menu.querySelectorAll(".plugin-button:not(.content-editor-hide)")];
    let from = null;
    document.addEventListener("click", (event) => {
      if (!event.target.matches("[data-above]")) return;
      from = event.target;
      // After the content editor's own handler, which closes its menu at every click elsewhere.
      setTimeout(() => {
        from.closest(".inline-related").querySelector(":scope > .order-machine-insert-target").click();
        all()[0]?.focus();
      });
    });
    menu.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
      if (event.key === "Escape") from?.focus();
      else if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        event.target.closest(".plugin-button")?.click();
      } else if (step) {
        event.preventDefault();
        const now = all();
        now[(now.indexOf(document.activeElement) + step + now.length) % now.length].focus();
      }
    });
  }

  /* ------------------------------------------------------------- lists of bylines, requests and notes */

  const rowsOf = (group) => [...group.querySelectorAll(".part:not(.empty-form)")];
  const placeField = (row) => row.querySelector("[name$='-ordering']");

  function sortRows(prefix) {
    const group = document.getElementById(`${prefix}-group`);
    if (!group?.matches(".story-group")) return;
    const place = (row) => (placeField(row).value === "" ? Infinity : Number(placeField(row).value));
    const empty = document.getElementById(`${prefix}-empty`);
    for (const row of rowsOf(group).sort((one, other) => place(one) - place(other))) empty.before(row);
  }

  function setUpRow(row) {
    if (row.classList.contains("empty-form") || row.querySelector(".part-tools")) return;
    const tools = document.createElement("div");
    tools.className = "part-tools";
    addIconButton(tools, "arrow_upward", message("up"), (event) => moveRow(row, -1, event.target));
    addIconButton(tools, "arrow_downward", message("down"), (event) => moveRow(row, 1, event.target));
    row.querySelector(".part-head").append(tools);
    makeToolbar(tools, row.querySelector(".part-name").textContent);
    const amends = row.querySelector("[data-amend]");
    if (amends) {
      amends.hidden = false;
      amends.addEventListener("click", () => amend(row, amends.dataset));
    }
    warnOfStaleSentence(row);
  }

  function moveRow(row, step, button) {
    const group = row.closest(".story-group");
    const rows = rowsOf(group);
    const at = rows.indexOf(row);
    if (!rows[at + step]) return;
    rows.splice(at, 1);
    rows.splice(at + step, 0, row);
    rows.forEach((each, number) => (placeField(each).value = 10 * (number + 1)));
    if (step < 0) row.previousElementSibling.before(row);
    else row.nextElementSibling.after(row);
    placeField(row).dispatchEvent(new Event("input", { bubbles: true }));
    button.focus();
  }

  /* Adds a note that amends a published one. */
  function amend(row, { amend: key, kind }) {
    const group = row.closest(".story-group");
    group.querySelector(".add-row a").click();
    const added = rowsOf(group).at(-1);
    added.querySelector("[name$='-amended']").value = key;
    added.querySelector("[name$='-kind']").value = kind;
    added.querySelector("[name$='-text']").focus();
  }

  /* Warns if a request's state was changed and its own sentence was not. */
  function warnOfStaleSentence(row) {
    const stale = row.querySelector("[data-stale]");
    if (!stale) return;
    const state = row.querySelector("[name$='-status']");
    const sentence = row.querySelector("[name$='-sentence']");
    let [oldState, oldSentence] = [state.value, sentence.value];
    document.addEventListener("story:saved", ({ detail }) => {
      if (detail.isSaved) [oldState, oldSentence] = [state.value, sentence.value];
    });
    row.addEventListener("input", () => {
      const isStale = state.value !== oldState && oldSentence && sentence.value === oldSentence;
      stale.textContent = isStale ? stale.dataset.stale : "";
      if (isStale) stale.closest("details").open = true;
    });
  }

  /* -------------------------------------------------------------------------------------- live preview */

  let previewTimer = 0;
  let previewRequest = null;

  function previewSoon() {
    clearTimeout(previewTimer);
    previewTimer = setTimeout(updatePreview, 400);
  }

  async function updatePreview() {
    const form = document.getElementById("article_form");
    const address = form && message("sentences");
    if (!address) return;
    const body = new FormData();
    for (const [name, value] of new FormData(form)) {
      if (/^(csrfmiddlewaretoken$|opened$|commentrequest_set-|updatenote_set-)/.test(name)) body.append(name, value);
    }
    for (const { dataset } of form.querySelectorAll("[data-amend]")) body.append("published", dataset.amend);
    previewRequest?.abort();
    previewRequest = new AbortController();
    try {
      const response = await fetch(address, { method: "POST", body, signal: previewRequest.signal });
      if (!response.ok || response.redirected) return;
      for (const [prefix, { summary, preview }] of Object.entries(await response.json())) {
        const group = document.getElementById(`${prefix}-group`);
        group.querySelector("[data-reader-preview]").innerHTML = preview;
        if (summary) group.querySelector("[data-summary]").textContent = summary;
      }
    } catch {
      // The preview is rendered again when the form is saved.
    }
  }

  /* --------------------------------------------------------------------------------------------- words */

  let counting = 0;

  function countSoon() {
    clearTimeout(counting);
    counting = setTimeout(count, 300);
  }

  function count() {
    const place = document.querySelector("[data-words]");
    if (!place) return;
    let [words, characters] = [0, 0];
    for (const area of document.querySelectorAll(`.order-machine > ${BLOCK}:not(.for-deletion) textarea[name$='-text']`)) {
      const { body } = new DOMParser().parseFromString(area.value.replace(/<\/(p|h\d|li|td|th)>|<br>/g, "$& "), "text/html");
      const text = body.textContent.replace(/\s+/g, " ").trim();
      words += text.match(WORDS)?.length ?? 0;
      characters += text.length;
    }
    const numbers = new Intl.NumberFormat(document.documentElement.lang);
    const sentence = place.dataset.words.replace("%(words)s", numbers.format(words));
    place.textContent = sentence.replace("%(characters)s", numbers.format(characters));
  }

  /* -------------------------------------------------------------------------------------------- set-up */

  document.addEventListener("prose-editor:ready", setUpEditor);
  document.addEventListener("content-editor:ready", () => {
    const root = machine();
    if (!root) return;
    blocksOf(root).forEach(setUpBlock);
    addBlockButtons();
    sortBlocks();
    new MutationObserver((changes) => {
      if (changes.some(({ target }) => target === root || target.parentElement === root)) sortBlocks();
    }).observe(root, { subtree: true, attributes: true, attributeFilter: ["style"] });
    count();
  });
  document.addEventListener("formset:added", ({ target, detail }) => {
    // Not typed here, so it takes no focus.
    const isAdopted = "adopting" in document.documentElement.dataset;
    if (target.closest(".story-group")) {
      target.querySelectorAll("[data-toolbar]").forEach((bar) => bar.remove());
      target.closest("details").open = true;
      setUpRow(target);
      if (!isAdopted) target.querySelector("input:not([type=hidden]), select, textarea")?.focus();
      previewSoon();
      return;
    }
    target.dataset.added = detail.formsetName;
    for (const [number, heading] of target.querySelectorAll("fieldset summary [id$='-heading']").entries()) {
      // The copy has the id of the original.
      heading.id = `${target.id}-heading-${number}`;
      heading.closest("fieldset").setAttribute("aria-labelledby", heading.id);
    }
    setTimeout(() => {
      setUpBlock(target);
      sortBlocks();
      // Blocks without rich text focus their first field.
      if (!isAdopted && !target.querySelector("[data-django-prose-editor-configurable]")) {
        target.querySelector("input:not([type=hidden]), textarea")?.focus();
      }
    });
  });
  document.addEventListener("formset:removed", ({ detail }) => sortByNumber(detail.formsetName));
  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll(".story-group .part").forEach(setUpRow);
    const more = document.querySelector("[data-save-more]");
    more?.addEventListener("click", () => {
      more.setAttribute("aria-expanded", String(more.closest(".save-bar").classList.toggle("shows-all")));
    });
    const form = document.getElementById("article_form");
    form?.addEventListener("story:saved", keepInSightSoon);
    form?.addEventListener("keyup", keepInSightSoon);
    form?.addEventListener("input", (event) => {
      countSoon();
      keepInSightSoon();
      if (event.target.closest("#commentrequest_set-group, #updatenote_set-group")) previewSoon();
    });
    form?.addEventListener("change", (event) => {
      if (event.target.closest("#commentrequest_set-group, #updatenote_set-group")) previewSoon();
      if (event.target.matches("[name$='-DELETE']")) countSoon();
    });
  });

  // A shortcut to the review. Captured, since the editors would insert a line break.
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
      const button = document.querySelector("[data-goes-on]");
      if (!button) return;
      event.preventDefault();
      event.stopPropagation();
      button.click();
    },
    true,
  );
})();
