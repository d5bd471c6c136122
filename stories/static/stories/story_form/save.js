/* Saves without leaving the page: the form is sent as it would be, and the answer says what changes in the page.

   What is typed while a save is on its way belongs to the next one: no answer touches a field that was changed since it
   was sent. A save whose answer was lost is sent again exactly as it was, so that nobody is in conflict with themselves. */
(() => {
  const HEADER = "X-Save-In-Place";
  const LONGEST = 120_000;
  const WAITS = [3_000, 5_000, 10_000, 20_000, 30_000];
  const EDITOR = ".ProseMirror[contenteditable]";
  const ROW = /^(.+_set)-(\d+)-(.+)$/;
  let form = null;
  let place = null;
  // The save on its way or to be sent again: what was sent, and what the page was then.
  let sent = null;
  let isSending = false;
  // The button that was pressed meanwhile.
  let next = null;
  let retries = 0;
  let retryTimer = 0;
  let editorModule = null;

  // The fields as they are when an answer is taken over.
  let now = null;
  let isDirty = false;
  // What the page says once it is saved, and the fields as they were then.
  let saved = null;

  const fieldsOf = (data) => {
    const values = new Map();
    for (const [name, value] of data) values.set(name, [...(values.get(name) ?? []), value instanceof File ? value.name : value]);
    return new Map([...values].map(([name, all]) => [name, JSON.stringify(all)]));
  };
  const cookie = () => /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1];

  /* -------------------------------------------------------------------------------------------- what is shown */

  function show(state, { words = place.dataset[state], more = null, link = null } = {}) {
    place.dataset.state = state;
    const parts = [Object.assign(document.createElement("strong"), { textContent: words })];
    if (link) parts.push(link);
    if (more) parts.push(Object.assign(document.createElement("span"), { textContent: more }));
    place.replaceChildren(...parts.flatMap((part) => [part, " "]).slice(0, -1));
  }

  function linkTo(words, onClick) {
    const link = Object.assign(document.createElement("a"), { href: "#", textContent: words });
    link.addEventListener("click", (event) => {
      event.preventDefault();
      onClick();
    });
    return link;
  }

  function showSaved(more) {
    const { zone } = place.dataset;
    const format = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone });
    saved = { time: format.format(new Date()), more, fields: null };
    showAsOf("saved", more);
  }

  const showAsOf = (state, more) => show(state, { words: place.dataset[state].replace("%(time)s", saved.time), more });

  let looking = 0;

  function lookSoon() {
    clearTimeout(looking);
    looking = setTimeout(lookForChanges, 200);
  }

  /* “Saved” is said only of what the page holds: not of what was typed since, but again once that is undone. */
  function lookForChanges(states = ["saved", "changed"]) {
    if (isSending || sent || !states.includes(place.dataset.state)) return;
    if (!saved) place.replaceChildren();
    else if (!saved.fields || differ(saved.fields, fieldsOf(new FormData(form)))) {
      if (place.dataset.state !== "changed") showAsOf("changed", place.dataset.unsaved);
    } else if (place.dataset.state !== "saved") showAsOf("saved", saved.more);
  }

  /* Lists messages above the buttons, where they are seen and cover little. */
  function notify(items) {
    const notices = form.querySelector("[data-save-notices]");
    notices.querySelector("ul")?.remove();
    notices.hidden = !items.length;
    if (!items.length) return;
    const list = Object.assign(document.createElement("ul"), { className: "messagelist" });
    list.append(...items);
    notices.append(list);
    const merged = notices.querySelector(".merged-message");
    if (merged) merged.tabIndex = -1;
  }

  /* ------------------------------------------------------------------------------------------------- sending */

  const rows = () => [...form.querySelectorAll(".inline-related:not(.empty-form)")].filter((row) => /-\d+$/.test(row.id));

  function snapshot(button) {
    // Rows may be removed and renumbered before the answer comes.
    const sentRows = new Map(rows().map((row) => [row.id, row]));
    const documents = new Map();
    for (const dom of form.querySelectorAll(EDITOR)) {
      const { editor } = dom;
      if (!editor) continue;
      const record = { doc: editor.state.doc, maps: [] };
      record.listen = ({ transaction }) => transaction.docChanged && record.maps.push(transaction.mapping);
      editor.on("transaction", record.listen);
      documents.set(editor, record);
    }
    const data = new FormData(form, button);
    return { data, rows: sentRows, documents, fields: fieldsOf(data), names: new Map([...sentRows].map(([id, row]) => [row, id])) };
  }

  function forget() {
    for (const [editor, { listen }] of sent.documents) editor.off("transaction", listen);
    sent = null;
  }

  async function save(button) {
    if (isSending) {
      next = button;
      return;
    }
    clearTimeout(retryTimer);
    isSending = true;
    const isAgain = sent !== null;
    sent ??= snapshot(button);
    if (cookie()) sent.data.set("csrfmiddlewaretoken", cookie());
    show("saving");
    let answered = false;
    try {
      answered = await send();
    } catch (error) {
      // A script that fails must not look like a save.
      if (!(error instanceof TypeError || error instanceof DOMException)) console.error(error);
      failed(navigator.onLine ? "silent" : "offline");
    }
    isSending = false;
    if (!answered) return;
    retries = 0;
    const pressed = next ?? (isAgain ? button : null);
    next = null;
    if (pressed && ["saved", "changed"].includes(place.dataset.state)) press(pressed);
  }

  /* Saves what was typed since, or goes on with another button. */
  function press(button) {
    if (button.name !== "_continue" || isDirty) form.requestSubmit(button);
  }

  async function send() {
    const response = await fetch(form.getAttribute("action")?.split("#")[0] || location.pathname, {
      method: "POST",
      body: sent.data,
      headers: { [HEADER]: place.dataset.user },
      signal: AbortSignal.timeout(LONGEST),
    });
    const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
    if (isJson) return received(await response.json());
    if (response.status >= 500) return failed("silent");
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (response.redirected || !cookie()) return signedOut();
    if (!page.getElementById("article_form")) {
      // Who may not save it any more reads why.
      forget();
      show("refused", { more: page.querySelector("#content p, main p")?.textContent.trim() });
      return false;
    }
    await showAgain(page);
    return true;
  }

  /* Tries again, as it was sent: it is not known whether it was saved. */
  function failed(state) {
    show(state);
    const wait = WAITS[Math.min(retries, WAITS.length - 1)];
    retries += 1;
    retryTimer = setTimeout(() => save(null), wait);
    return false;
  }

  /* Refused before it was read: by an ended sign-in, a second step that is due, or a token from before. */
  function signedOut() {
    forget();
    const link = Object.assign(document.createElement("a"), { href: place.dataset.signIn, target: "_blank", rel: "noopener" });
    link.textContent = place.dataset.signInWords;
    show("ended", { link });
    return false;
  }

  async function received(answer) {
    if (answer.other) {
      forget();
      show("other");
      return false;
    }
    if (answer.leaves_for) {
      // Something of the story was erased: what was typed may not stay.
      form.dispatchEvent(new CustomEvent("story:erased", { bubbles: true }));
      location.assign(answer.leaves_for);
      return false;
    }
    const page = answer.fetches ? await pageAt(answer.address) : null;
    if (page) await loadEditor();
    const isChanged = changedSince();
    if (answer.address !== location.pathname) moveTo(answer.address, page);
    window.storyProblems.clear();
    swap("problems", null);
    swap("conflicts", null);
    applyKeys(answer.keys);
    for (const [prefix, digest] of Object.entries(answer.pictures)) keepPicture(sent.rows.get(prefix), digest);
    if (page) adopt(page);
    setFields(page ? valuesOf(page) : answer.fields);
    const messages = page
      ? [...page.querySelectorAll(".messagelist > li")].filter((item) => !item.querySelector(".merged-message"))
      : answer.messages.map(({ html }) => parsed(html));
    const more = messages.map((each) => each.textContent.trim()).join(" ");
    if (page) {
      notify([...page.querySelectorAll(".messagelist > li")].filter((item) => item.querySelector(".merged-message")));
      swap("status", page);
    } else {
      notify([]);
      swapHtml("status", answer.status);
    }
    showSaved(more);
    finish(isChanged);
    return true;
  }

  /* Shows what the server shows again: errors, a refusal, or a conflict with its form at the newest revision. */
  async function showAgain(page) {
    window.storyProblems.clear();
    const isMerged = valuesOf(page).base !== form.elements.base.value;
    if (isMerged) await loadEditor();
    const hasTyped = changedSince();
    if (isMerged) {
      applyKeys(JSON.parse(page.getElementById("posted-keys").textContent));
      moveTo(new URL(page.getElementById("article_form").getAttribute("action") || location.pathname, location.href).pathname, page);
      adopt(page);
      setFields(valuesOf(page));
    }
    swap("problems", page);
    swap("conflicts", page);
    if (page.querySelector("[data-swaps=status]")) swap("status", page);
    window.storyProblems.mark();
    const messages = [...page.querySelectorAll(".messagelist > li")];
    const conflicts = document.getElementById("conflicts");
    const problem = window.storyProblems.first();
    const isWriting = hasTyped || document.activeElement?.matches(EDITOR);
    // A conflict is explained where it stands.
    notify(messages.filter((item) => item.matches(".error") || !(conflicts || item.matches(".success"))));
    if (conflicts) {
      conflicts.tabIndex = -1;
      const go = () => {
        conflicts.focus({ preventScroll: true });
        conflicts.scrollIntoView({ block: "start" });
      };
      show("conflict", { words: place.dataset.refused, link: linkTo(conflicts.textContent.trim(), go) });
      if (!isWriting) go();
    } else if (problem) {
      show("problems", { words: place.dataset.refused, link: linkTo(problem.textContent, () => window.storyProblems.goTo(problem)) });
      if (!hasTyped) window.storyProblems.goTo(problem);
    } else {
      show("refused", { more: messages.map((item) => item.textContent.trim()).join(" ") });
    }
    if (isMerged) finish(true);
    else forget();
  }

  /* Tells the scripts that keep what is typed that the form begins anew, with what was typed meanwhile. */
  function finish(isChanged) {
    forget();
    isDirty = isChanged;
    const isSaved = place.dataset.state === "saved";
    if (isSaved && isChanged) showAsOf("changed", saved.more);
    else if (isSaved) saved.fields = fieldsOf(new FormData(form));
    form.dispatchEvent(new CustomEvent("story:saved", { bubbles: true, detail: { isChanged, isSaved } }));
  }

  // Fields that an answer sets.
  const SET = /^(csrfmiddlewaretoken|base|opened|shown|erasure|dispute|_continue|choose-.*|.*-(part_key|id|parent|TOTAL_FORMS|INITIAL_FORMS))$/;

  /* Whether somebody typed since the save was sent. */
  function changedSince() {
    now = fieldsOf(new FormData(form));
    return differ(sent.fields, now);
  }

  function differ(before, after) {
    const names = new Set([...before.keys(), ...after.keys()]);
    return [...names].some((name) => !SET.test(name) && before.get(name) !== after.get(name));
  }

  /* ------------------------------------------------------------------------------------------------- the page */

  const parsed = (html) => new DOMParser().parseFromString(html, "text/html").body;

  async function pageAt(address) {
    const response = await fetch(address, { signal: AbortSignal.timeout(LONGEST) });
    if (!response.ok || response.redirected) throw new TypeError(response.statusText);
    return new DOMParser().parseFromString(await response.text(), "text/html");
  }

  const valuesOf = (page) => {
    const { elements } = page.getElementById("article_form");
    return Object.fromEntries(["base", "opened", "shown", "erasure"].map((name) => [name, elements[name].value]));
  };

  function setFields(values) {
    for (const [name, value] of Object.entries(values)) form.elements[name].value = value;
  }

  function swap(name, page) {
    const now = document.querySelector(`[data-swaps="${name}"]`);
    const then = page?.querySelector(`[data-swaps="${name}"]`);
    swapHtml(name, then?.innerHTML ?? "", now);
  }

  /* What is written below must not move. */
  function swapHtml(name, html, now = document.querySelector(`[data-swaps="${name}"]`)) {
    if (!now || now.innerHTML.trim() === html.trim()) return;
    const focused = document.activeElement;
    const before = focused?.getBoundingClientRect().top;
    now.innerHTML = html;
    if (focused?.isConnected && focused !== document.body) window.scrollBy(0, focused.getBoundingClientRect().top - before);
  }

  /* A new story has become one with an address. */
  function moveTo(address, page) {
    if (address === location.pathname) return;
    document.title = page.title;
    for (const part of [".breadcrumbs", "#content > h1"]) {
      document.querySelector(part).innerHTML = page.querySelector(part).innerHTML;
    }
    history.replaceState(history.state, "", address);
    form.setAttribute("action", address);
    const presence = document.querySelector("[data-presence]");
    if (presence) presence.dataset.presence = `${address.replace(/change\/$/, "")}presence/`;
    // Its slug does not follow the headline any more.
    form.elements.slug?.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /* ------------------------------------------------------------------------------------------------- the rows */

  const field = (row, name) => row.querySelector(`[name="${row.id}-${name}"]`);
  const setOf = (id) => id.replace(/-\d+$/, "");
  const counter = (prefix, name) => form.elements[`${prefix}-${name}`];

  /* What was saved has its key from now on; what was deleted leaves an empty row, so that no number changes. */
  function applyKeys(keys) {
    for (const [id, row] of sent.rows) {
      const key = keys[id];
      if (key && row.isConnected) keepRow(row, key);
      else if (key) addDeleted(setOf(id), key);
      else if (row.isConnected && sent.fields.has(`${id}-DELETE`)) {
        if (field(row, "DELETE")?.checked) empty(row);
        else field(row, "part_key").value = "";
      }
    }
    for (const prefix of new Set([...sent.rows.keys()].map(setOf))) {
      const numbers = [...form.querySelectorAll(`[name^="${prefix}-"][name$="-part_key"]`)].filter((input) => input.value);
      const most = Math.max(0, ...numbers.map(({ name }) => Number(ROW.exec(name)?.[2] ?? -1) + 1));
      counter(prefix, "INITIAL_FORMS").value = Math.min(most, Number(counter(prefix, "TOTAL_FORMS").value));
    }
  }

  function keepRow(row, key) {
    field(row, "part_key").value = key;
    if (row.classList.contains("has_original")) return;
    row.classList.add("has_original");
    showWords(row);
    const link = row.querySelector(".inline-deletelink");
    if (!link) return;
    const holder = Object.assign(document.createElement("span"), { className: "delete" });
    const tick = Object.assign(document.createElement("input"), { type: "checkbox", name: `${row.id}-DELETE`, id: `id_${row.id}-DELETE` });
    const label = Object.assign(document.createElement("label"), { htmlFor: tick.id, textContent: link.textContent });
    tick.setAttribute("aria-label", link.textContent);
    holder.append(tick, " ", label);
    (link.parentElement.matches("span:not([class])") ? link.parentElement : link).replaceWith(holder);
  }

  /* A block is called by its first words, as the server will call it, and new no longer. */
  function showWords(row) {
    const label = row.querySelector(":scope > h3 .inline_label");
    const text = field(row, "text") ?? field(row, "alt_text") ?? field(row, "title");
    if (!label || !text) return;
    const words = parsed(text.value.replace(/<\/(p|li|h\d)>|<br>/g, "$& ")).textContent.trim().split(/\s+/);
    label.textContent = words.slice(0, 8).join(" ") + (words.length > 8 ? "…" : "");
  }

  /* A row was removed while it was being saved: the next save deletes it. */
  function addDeleted(prefix, key) {
    const total = counter(prefix, "TOTAL_FORMS");
    const row = Object.assign(document.createElement("div"), { id: `${prefix}-${total.value}`, className: `dynamic-${prefix}`, hidden: true });
    for (const [name, value] of [["part_key", key], ["DELETE", "on"]]) {
      row.append(Object.assign(document.createElement("input"), { type: "hidden", name: `${row.id}-${name}`, value }));
    }
    document.getElementById(`${prefix}-empty`).before(row);
    total.value = Number(total.value) + 1;
  }

  function empty(row) {
    const left = Object.assign(document.createElement("div"), { id: row.id, className: `dynamic-${setOf(row.id)}`, hidden: true });
    left.append(Object.assign(document.createElement("input"), { type: "hidden", name: `${row.id}-DELETE`, value: "on" }));
    row.replaceWith(left);
  }

  /* The picture is stored: it is not sent with each save. */
  function keepPicture(row, digest) {
    if (!row?.isConnected) return;
    const upload = field(row, "upload");
    if (JSON.stringify([upload.files[0]?.name]) !== sent.fields.get(`${sent.names.get(row)}-upload`)) return;
    upload.value = "";
    field(row, "digest").value = digest;
  }

  /* ----------------------------------------------------------------------------------- what others have changed */

  async function loadEditor() {
    editorModule ??= await import("django-prose-editor/editor");
  }

  /* Takes over what differs in a page at a newer revision, except where somebody typed since the save was sent. */
  function adopt(page) {
    const theirs = new Map();
    for (const input of page.querySelectorAll("[name$='-part_key']")) {
      const [, prefix, number] = ROW.exec(input.name) ?? [];
      if (input.value) theirs.set(`${prefix}:${input.value}`, page.getElementById(`${prefix}-${number}`));
    }
    const isMoved = [...sent.rows].some(([id, row]) => row.isConnected && field(row, "ordering") && isTyped(row, "ordering", id));
    const mine = new Set();
    for (const row of rows()) {
      const key = field(row, "part_key")?.value;
      if (!key) continue;
      const name = `${setOf(row.id)}:${key}`;
      mine.add(name);
      if (theirs.has(name)) adoptRow(row, theirs.get(name), { isMoved });
      else if (isTypedIn(row)) field(row, "part_key").value = "";
      else empty(row);
    }
    for (const [name, row] of theirs) if (!mine.has(name) && !isDeleted(name)) addRow(name.split(":")[0], row);
    for (const control of page.getElementById("article_form").elements) {
      if (!control.name || ROW.test(control.name) || control.type === "hidden" || control.type === "submit") continue;
      const own = form.elements[control.name];
      if (own && !isTypedField(control.name)) setValue(own, control);
    }
    for (const link of page.querySelectorAll(".conflicts a[href^='#']")) translate(link, theirs);
    const summaries = page.querySelectorAll(".story-group .group-summary");
    for (const [at, own] of document.querySelectorAll(".story-group .group-summary").entries()) {
      own.textContent = summaries[at]?.textContent ?? own.textContent;
    }
  }

  const isDeleted = (name) => [...form.querySelectorAll("[type=hidden][name$='-DELETE']")].some((tick) => tick.parentElement.querySelector("[name$='-part_key']")?.value === name.split(":")[1]);
  const isTypedField = (name, sentName = name) => now.get(name) !== sent.fields.get(sentName);
  const isTyped = (row, name, sentId = sent.names.get(row)) => isTypedField(`${row.id}-${name}`, `${sentId}-${name}`);

  function isTypedIn(row) {
    return [...row.querySelectorAll("[name]")].some(({ name }) => {
      const end = name.slice(row.id.length + 1);
      return !SET.test(name) && isTyped(row, end);
    });
  }

  function adoptRow(row, theirs, { isMoved }) {
    for (const control of theirs.querySelectorAll("[name]")) {
      const end = control.name.slice(theirs.id.length + 1);
      const own = field(row, end);
      if (!own || ["part_key", "id", "parent", "DELETE"].includes(end)) continue;
      if (end === "ordering") {
        if (!isMoved) setPlace(row, own, control.value);
      } else if (own.closest(".prose-editor")) {
        mergeText(own.closest(".prose-editor").querySelector(EDITOR).editor, own, control.value, isTyped(row, end));
      } else if (!isTyped(row, end)) setValue(own, control);
    }
    takeParts(row, theirs);
  }

  /* What is no field: a picture, and the link to a request's desk record. */
  function takeParts(row, theirs) {
    for (const part of [".field-preview .readonly", ".desk-link"]) {
      const [own, other] = [row.querySelector(part), theirs.querySelector(part)];
      if (own && other && own.innerHTML !== other.innerHTML) own.replaceWith(other.cloneNode(true));
    }
  }

  function setPlace(row, own, value) {
    if (own.value === value) return;
    own.value = value;
    if (row.closest(".order-machine")) row.style.order = value;
  }

  function setValue(own, theirs) {
    if (theirs.type === "checkbox" || theirs.type === "radio") own.checked = theirs.checked;
    else if (own.value !== theirs.value && own.type !== "file") {
      if (own.matches("select") && ![...own.options].some((option) => option.value === theirs.value)) {
        own.append(theirs.selectedOptions[0].cloneNode(true));
      }
      own.value = theirs.value;
      if (own.matches("select")) window.django.jQuery(own).trigger("change");
    }
  }

  /* Adds what somebody else added, without taking the focus. */
  function addRow(prefix, theirs) {
    const focused = document.activeElement;
    document.documentElement.dataset.adopting = "";
    document.querySelector(`#${prefix}-group .add-row a`).click();
    delete document.documentElement.dataset.adopting;
    const row = document.getElementById(`${prefix}-${Number(counter(prefix, "TOTAL_FORMS").value) - 1}`);
    delete row.dataset.added;
    for (const control of theirs.querySelectorAll("[name]")) {
      const end = control.name.slice(theirs.id.length + 1);
      const own = field(row, end);
      if (!own || ["id", "parent", "DELETE", "part_key"].includes(end)) continue;
      if (end === "ordering") setPlace(row, own, control.value);
      else setValue(own, control);
    }
    takeParts(row, theirs);
    keepRow(row, theirs.querySelector("[name$='-part_key']").value);
    counter(prefix, "INITIAL_FORMS").value = counter(prefix, "TOTAL_FORMS").value;
    if (focused?.editor) focused.editor.view.focus();
    else if (focused !== document.body) focused?.focus({ preventScroll: true });
  }

  /* Puts the changes of others into an editor: what differs from what was sent, where nobody typed since; beside what was
     typed there otherwise. The caret and what can be undone move along. */
  function mergeText(editor, textarea, html, isTypedSince) {
    const record = sent.documents.get(editor);
    if (!record) {
      if (!isTypedSince && textarea.value !== html) editor.commands.setContent(html);
      return;
    }
    const theirs = editorModule.createDocument(html, editor.schema);
    const from = record.doc.content.findDiffStart(theirs.content);
    if (from === null) return;
    let { a: to, b: until } = record.doc.content.findDiffEnd(theirs.content);
    const overlap = from - Math.min(to, until);
    if (overlap > 0) [to, until] = [to + overlap, until + overlap];
    const mapped = (position, side) => record.maps.reduce((at, mapping) => mapping.map(at, side), position);
    const { tr, doc } = editor.state;
    const [start, end] = [mapped(from, -1), mapped(to, 1)];
    const isUntouched = end - start === to - from && doc.slice(start, end).eq(record.doc.slice(from, to));
    if (isUntouched) tr.replace(start, end, theirs.slice(from, until));
    else {
      // Whole paragraphs of theirs behind what is being typed: nothing is lost, and both are seen.
      const [first, last] = [theirs.resolve(from), theirs.resolve(until)];
      const changed = theirs.slice(first.depth ? first.before(1) : from, last.depth ? last.after(1) : until);
      const at = doc.resolve(end);
      tr.insert(at.depth ? at.after(1) : end, changed.content);
    }
    editor.view.dispatch(tr.setMeta("addToHistory", false));
  }

  /* Links of conflicts name rows as the server numbers them. */
  function translate(link, theirs) {
    const id = link.getAttribute("href").slice(1);
    const [name] = [...theirs].find(([, row]) => row.id === id) ?? [];
    const own = name && rows().find((row) => `${setOf(row.id)}:${field(row, "part_key")?.value}` === name);
    if (own) link.setAttribute("href", `#${own.id}`);
  }

  /* --------------------------------------------------------------------------------------------------- set-up */

  document.addEventListener("DOMContentLoaded", () => {
    form = document.getElementById("article_form");
    place = form?.querySelector("[data-save-state]");
    if (!place) return;
    form.querySelector("[data-close]").addEventListener("click", () => notify([]));
    // After the form's own listeners, which may refuse.
    document.addEventListener("submit", (event) => {
      if (event.target !== form || event.defaultPrevented) return;
      const button = event.submitter;
      if (button?.name === "_continue") {
        event.preventDefault();
        save(button);
      } else if (sent) {
        // What is not answered yet comes first.
        event.preventDefault();
        next = button;
        if (!isSending) save(null);
      }
    });
    for (const name of ["input", "change", "keyup", "formset:added", "formset:removed"]) document.addEventListener(name, lookSoon);
    document.addEventListener("story:undone", () => lookForChanges(["saved", "changed", "says"]));
    document.addEventListener("story:says", ({ detail }) => !isSending && show("says", { words: "", more: detail }));
    window.addEventListener("online", () => sent && !isSending && save(null));
    // Coming back from the window in which somebody signed in again.
    window.addEventListener("focus", () => place.dataset.state === "ended" && save(form.querySelector("[name=_continue]")));
  });
})();
