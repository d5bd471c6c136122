/* This browser stores what a user typed into a form of the desk and did not save, under the user's number: a crash or
   an expired sign-in loses nothing, and no other user is offered it. Users who leave unsaved changes are warned.

   `data-typed` marks the place for the offers of a story's form, `data-autosave-form` a short form by its name, and
   `data-autosave-key` a review. What was typed into short forms and reviews is restored at once, unless
   `data-autosave-offer` names the field without which it is not worth storing: then it is offered. */
(() => {
  const PREFIX = "newsroom.typed:";
  const SAVED = "typed_saved_";
  const DAY = 24 * 60 * 60 * 1000;
  const WEEK = 7 * DAY;
  const SOON = 400;
  const MOST_OFFERED = 3;
  // Fields of the page as the server made it, not of what was typed.
  const OF_THE_PAGE = new Set(["csrfmiddlewaretoken", "revision", "reviewed", "seen", "live", "step"]);
  // Fields of a story's form that are not the story's.
  const CARRIED = new Set(["base", "erasure", "opened", "shown", "why"]);
  const { user, admin, signOut: words } = document.currentScript.dataset;
  let isSignedOut = false;

  /* ------------------------------------------------------------------------------------------- storage */

  /* The keys that begin with `start`: a user's number, optionally with a page's path. */
  function keys(start) {
    try {
      const all = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX + start));
      return all.map((key) => key.slice(PREFIX.length));
    } catch {
      return [];
    }
  }

  function read(key, lasts = WEEK) {
    try {
      const { typed, ...found } = JSON.parse(localStorage.getItem(PREFIX + key));
      if (!(Date.now() - found.at < lasts)) return null;
      // Answers to requests for comment were once stored in another shape.
      return typed ? { ...found, form: "outcome", fields: Object.entries(typed) } : found;
    } catch {
      return null;
    }
  }

  /* Returns whether it could be stored. */
  function write(key, data) {
    if (isSignedOut) return true;
    try {
      localStorage.setItem(PREFIX + key, JSON.stringify({ at: Date.now(), ...data }));
      return true;
    } catch {
      return false;
    }
  }

  function forget(key) {
    try {
      localStorage.removeItem(PREFIX + key);
    } catch {
      // Then nothing was stored.
    }
  }

  const tokenOf = (key) => key.slice(key.lastIndexOf("#") + 1);

  /* Whether it was typed before the newest erasure of its story. Compares erasures, since erasing makes no revision. */
  function isOlderThanErasure(key, newest) {
    const carried = read(key)?.fields?.find(([name]) => name === "erasure")?.[1];
    return Number(carried ?? 0) !== Number(newest ?? 0);
  }

  /* Deletes those of the keys whose words may be erased, or old. Returns what the others hold, the newest first. */
  function readAll(keys, form, lasts) {
    for (const key of keys) if (isOlderThanErasure(key, form.elements.erasure?.value)) forget(key);
    const found = keys.map((key) => ({ key, ...read(key, lasts) })).filter((each) => each.fields);
    return found.sort((one, other) => other.at - one.at);
  }

  /* ---------------------------------------------------------------------------------------- forgetting */

  /* Deletes a form that was saved, and the forms whose typing it took over. */
  function forgetForm(token) {
    const mine = keys(`${user}:`);
    const saved = mine.find((key) => tokenOf(key) === token);
    const before = (saved && read(saved)?.before) ?? [];
    for (const key of mine) if (tokenOf(key) === token || before.includes(tokenOf(key))) forget(key);
  }

  function forgetSaved() {
    for (const [, name] of document.cookie.matchAll(/(?:^|; )(typed_saved_[^=;]+)=/g)) {
      forgetForm(name.slice(SAVED.length));
      document.cookie = `${name}=; path=${admin}; max-age=0`;
    }
  }

  /* Deletes all forms of a page, by its key: its review, and the forms that led to it. */
  function forgetPage(page) {
    forget(page);
    for (const key of keys(`${page}#`)) forget(key);
  }

  /* Deletes what is old, of all users. */
  function forgetOld() {
    for (const key of keys("")) if (!read(key)) forget(key);
  }

  const storyOf = (key) => key.match(/\/article\/(\d+)\//)?.[1];

  /* Checks the forms of all stories, since a form may never be opened again. */
  async function forgetErased() {
    const mine = keys(`${user}:`).filter(storyOf);
    if (!mine.length) return;
    const query = new URLSearchParams([...new Set(mine.map(storyOf))].map((story) => ["story", story]));
    try {
      const response = await fetch(`${admin}stories/article/erasures/?${query}`);
      if (!response.ok) return;
      const newest = await response.json();
      for (const key of mine) if (isOlderThanErasure(key, newest[storyOf(key)])) forget(key);
    } catch {
      // The next page tries again.
    }
  }

  /* Signing out deletes what is stored. */
  function signOut(event) {
    const mine = keys(`${user}:`);
    if (mine.length && !window.confirm(words)) {
      event.preventDefault();
      return;
    }
    isSignedOut = true;
    for (const key of mine) forget(key);
  }

  /* --------------------------------------------------------------------------------------- what is typed */

  /* A form as it would be sent, without its files and without the templates of blocks that can be added; and what was
     typed into fields that another choice hides since. */
  function typedIn(form) {
    const fields = [];
    const files = [];
    for (const [name, value] of new FormData(form)) {
      if (OF_THE_PAGE.has(name) || name.includes("__prefix__")) continue;
      if (!(value instanceof File)) fields.push([name, value]);
      else if (value.name) files.push(value.name);
    }
    for (const { name, value } of form.querySelectorAll("[data-left-out] :is(textarea, [type=text]):disabled")) {
      fields.push([name, value]);
    }
    return { fields, files };
  }

  /* Whether the user has changed a form: it differs from what it was when they began. The page's rich text editors set
     their fields while it loads, and on a slow machine long after that. A form that the server showed again was typed
     in already. */
  function watch(form, { isTyped }) {
    let settled = null;
    let touched = false;
    const now = () => JSON.stringify(typedIn(form));
    const settle = () => (settled ??= now());
    window.addEventListener("load", () => setTimeout(settle, 200));
    window.addEventListener("focusin", settle, { capture: true, once: true });
    // These events come before the change.
    for (const name of ["keydown", "pointerdown", "beforeinput", "drop", "paste"]) {
      const begin = (event) => {
        if (touched || !form.contains(event.target)) return;
        settled = now();
        touched = true;
      };
      window.addEventListener(name, begin, { capture: true });
    }
    // Scripts of the page dispatch these too, for fields without focus.
    const onInput = (event) => (touched ||= event.isTrusted || event.target === document.activeElement);
    for (const name of ["input", "change"]) form.addEventListener(name, onInput, { capture: true });
    const isChanged = () => isTyped || (touched && settled !== null && now() !== settled);
    /* Begins anew after a save that left the page in place. */
    const begin = (isTypedSince) => {
      settled = now();
      isTyped = isTypedSince;
    };
    return { isChanged, begin, settled: () => settle() };
  }

  function warnOnLeaving(form, isChanged) {
    let leaves = false;
    window.addEventListener("submit", (event) => {
      if (event.defaultPrevented || event.target !== form) return;
      const target = event.submitter?.formTarget || form.target;
      if (target && target !== "_self") return;
      leaves = true;
      // If the response never comes, the page stays.
      setTimeout(() => (leaves = false), 30_000);
    });
    window.addEventListener("pageshow", () => (leaves = false));
    window.addEventListener("beforeunload", (event) => {
      if (!leaves && !isSignedOut && isChanged()) event.preventDefault();
    });
  }

  /* Returns a new offer from its template. */
  function offerOf(template, { onPutBack, onForget }) {
    const offer = template.content.firstElementChild.cloneNode(true);
    offer.querySelector("[data-put-back]").addEventListener("click", () => onPutBack(offer));
    offer.querySelector("[data-forget]").addEventListener("click", () => {
      offer.remove();
      onForget();
    });
    return offer;
  }

  function hidden(name, value) {
    return Object.assign(document.createElement("input"), { type: "hidden", name, value });
  }

  /* -------------------------------------------------------------------------- short forms and reviews */

  function newNumber() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  /* Off the record, no word is stored, not even by a browser. */
  const isOffRecord = (form) => form.querySelector('[name$="terms"][value="off-the-record"]:checked');

  function autosaveShortForm(form) {
    const { autosaveKey, autosaveForm: name, autosaveOffer: needed } = form.dataset;
    const lasts = needed ? WEEK : DAY;
    const page = `${user}:${location.pathname}`;
    // Without those of the page's other forms.
    const isMine = (each) => read(each, lasts)?.form === name;
    const stored = () => (autosaveKey ? [autosaveKey] : keys(`${page}#`).filter(isMine));
    const key = autosaveKey ?? `${page}#${numberOf(form, stored()[0])}`;
    const initial = JSON.stringify(typedIn(form));
    // A form with errors has what was typed already.
    const isFresh = name && !needed ? !form.querySelector(".errorlist") : form.hasAttribute("data-fresh");
    const forgetAll = () => stored().forEach(forget);

    /* An unchanged review is stored all the same, for the fix in it. */
    function isUntouched(typed) {
      if (needed) return !form.elements[needed].value.trim();
      return name && isFresh && JSON.stringify(typed) === initial;
    }

    function store() {
      const typed = typedIn(form);
      if (isOffRecord(form)) forgetAll();
      else if (isUntouched(typed)) forget(key);
      else write(key, { fields: typed.fields, form: name });
    }

    function restore({ fields }) {
      fill(form, fields);
      if (name) form.dispatchEvent(new Event("change", { bubbles: true }));
    }

    const newest = isFresh && readAll(needed ? stored() : [key], form, lasts)[0];
    if (newest && needed) {
      const onPutBack = (offer) => {
        forgetAll();
        restore(newest);
        offer.remove();
        form.elements[needed].focus();
      };
      const template = form.querySelector("template");
      template.after(offerOf(template, { onPutBack, onForget: forgetAll }));
    } else if (newest) {
      restore(newest);
      const restored = form.querySelector(".restored");
      restored.hidden = false;
      restored.querySelector("[data-start-afresh]").addEventListener("click", () => {
        forget(key);
        form.reset();
        restored.hidden = true;
      });
    }
    // After restoring, which is no reason to store it again.
    for (const event of ["input", "change", "submit"]) form.addEventListener(event, store);
  }

  /* The number that is sent with a form, by which its save is noticed: the server's, or that of what is stored. */
  function numberOf(form, stored) {
    if (form.elements.opened) return form.elements.opened.value;
    const number = stored ? tokenOf(stored) : newNumber();
    form.append(hidden("opened", number));
    return number;
  }

  function fill(form, fields) {
    const typed = new Map();
    for (const [name, value] of fields) typed.set(name, [...(typed.get(name) ?? []), value]);
    const rows = Number(typed.get("note-TOTAL_FORMS")?.[0] ?? 0);
    const adds = form.querySelector("[data-add-note]");
    while (adds && Number(form.elements["note-TOTAL_FORMS"].value) < Math.min(rows, 20)) adds.click();
    for (const field of form.elements) {
      // Restored too, so that a save is refused if others saved the record since.
      const isSeenField = field.name?.endsWith("-seen");
      if (!field.name || (field.type === "hidden" && !isSeenField) || field.type === "submit") continue;
      if (field.type === "checkbox" || (field.type === "radio" && typed.has(field.name))) {
        field.checked = (typed.get(field.name) ?? []).includes(field.value);
      } else if (field.type !== "radio" && typed.has(field.name)) {
        field.value = typed.get(field.name)[0];
      }
    }
  }

  /* Offers to resume a review. The address does not contain the fix, so the review is sent again as stored. */
  function offerReview(resume) {
    const key = resume.dataset.resumeTyped;
    if (isOlderThanErasure(key, resume.dataset.erasure)) forget(key);
    const fields = read(key, DAY)?.fields;
    if (!fields?.some(([name]) => name === "wanted")) return;
    resume.append(...fields.map(([name, value]) => hidden(name, value)));
    resume.hidden = false;
    resume.querySelector("[data-forget]").addEventListener("click", () => {
      forget(key);
      resume.hidden = true;
    });
  }

  /* -------------------------------------------------------------------------------------- a story's form */

  function autosaveStory(form, place) {
    const isFresh = place.hasAttribute("data-fresh");
    const pathOf = () => new URL(form.getAttribute("action") || "", location.href).pathname;
    const path = pathOf();
    const page = `${user}:${path}`;
    let token = form.elements.opened.value;
    let key = `${page}#${token}`;
    let before = beforeOf(page, place.dataset.before, token);
    const { isChanged, begin, settled } = watch(form, { isTyped: !isFresh });
    let timer = 0;
    let last = "";

    function store() {
      clearTimeout(timer);
      timer = 0;
      const typed = typedIn(form);
      const fieldsText = JSON.stringify(typed);
      if (fieldsText === last) return;
      if (isChanged()) {
        place.querySelector("[data-cannot-keep]").hidden = write(key, { ...typed, before });
      } else if (last) {
        // The change was undone.
        forget(key);
      }
      last = isChanged() ? fieldsText : "";
    }

    const soon = () => (timer ||= setTimeout(store, SOON));
    for (const name of ["input", "change", "click", "keyup", "drop"]) window.addEventListener(name, soon);
    for (const name of ["pagehide", "blur"]) window.addEventListener(name, store);
    form.addEventListener("submit", store);
    document.addEventListener("visibilitychange", store);
    for (const name of ["formset:added", "formset:removed"]) document.addEventListener(name, soon);
    warnOnLeaving(form, isChanged);
    // Each window holds a lock on its form, if the browser has locks.
    const lock = () => navigator.locks?.request(key, { mode: "shared" }, () => new Promise(() => {}));
    lock();
    form.addEventListener("story:saved", ({ detail }) => {
      before = detail.isSaved ? [] : [...before, token];
      token = form.elements.opened.value;
      key = `${user}:${pathOf()}#${token}`;
      last = "";
      begin(detail.isChanged);
      store();
      lock();
      // After what was typed meanwhile is stored.
      if (detail.isSaved) forgetSaved();
    });
    form.addEventListener("story:erased", () => {
      begin(false);
      forgetForm(token);
    });
    if (isFresh) offerStories(form, place, { page, path, token, settled });
  }

  /* The forms whose typing went into this one: a form with a conflict, for one, has a new number. */
  function beforeOf(page, sent, token) {
    if (!sent || sent === token) return read(`${page}#${token}`)?.before ?? [];
    return [...(read(`${page}#${sent}`)?.before ?? []), sent];
  }

  function offerStories(form, place, { page, path, token, settled }) {
    const review = read(page)?.at ?? 0;
    const others = readAll(keys(`${page}#`), form).filter((each) => tokenOf(each.key) !== token);
    // What a later review holds is resumed with that review.
    const found = others.filter((each) => each.at > review);
    const taken = new Set(found.flatMap((each) => each.before ?? []));
    const offered = found.filter((each) => !taken.has(tokenOf(each.key)));
    for (const each of offered.slice(0, MOST_OFFERED)) place.append(offerStory(form, place, path, each));
    window.addEventListener("load", () => {
      setTimeout(() => {
        for (const each of offered) if (isSame(each, JSON.parse(settled()))) withdraw(place, each.key);
      }, 400);
    });
  }

  /* Whether the story reads so already: it was saved, and the response was lost. */
  function isSame(each, current) {
    const fieldsText = ({ fields }) => JSON.stringify(fields.filter(([name]) => !CARRIED.has(name)));
    return !each.files.length && fieldsText(each) === fieldsText(current);
  }

  function withdraw(place, key) {
    forget(key);
    [...place.querySelectorAll("[data-offered]")].find((each) => each.dataset.offered === key)?.remove();
  }

  function offerStory(form, place, path, each) {
    const onForget = () => {
      forget(each.key);
      place.tabIndex = -1;
      place.focus();
    };
    const offer = offerOf(place.querySelector("template"), { onPutBack: () => postBack(form, path, each), onForget });
    const fields = Object.fromEntries(each.fields);
    const when = offer.querySelector("[data-when]");
    when.textContent = when.textContent.replace("%(time)s", formatTime(each.at, place.dataset.zone));
    offer.querySelector("[data-older]").hidden = !(Number(fields.base) < Number(form.elements.base.value));
    offer.querySelector("[data-files]").hidden = !each.files.length;
    const headline = offer.querySelector("[data-headline]");
    headline.textContent = fields.headline;
    if (!fields.headline || fields.headline === form.elements.headline.value) headline.remove();
    offer.dataset.offered = each.key;
    isOpenElsewhere(each.key).then((isOpen) => (offer.querySelector("[data-elsewhere]").hidden = !isOpen));
    return offer;
  }

  /* Posts it for the server to show again, unsaved, since the server alone can render a form. */
  function postBack(form, path, each) {
    const post = document.createElement("form");
    Object.assign(post, { method: "post", action: path, enctype: "multipart/form-data", hidden: true });
    const csrf = form.elements.csrfmiddlewaretoken.value;
    const more = each.files.map((name) => ["_file", name]);
    for (const [name, value] of [["csrfmiddlewaretoken", csrf], ["_put_back", each.at], ...each.fields, ...more]) {
      post.append(hidden(name, value));
    }
    document.body.append(post);
    // A field may be named “submit”.
    HTMLFormElement.prototype.submit.call(post);
  }

  function formatTime(at, timeZone) {
    const language = document.documentElement.lang;
    const month = new Intl.DateTimeFormat(language, { month: "short", timeZone }).format(at);
    const numbers = { day: "numeric", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone };
    const parts = new Intl.DateTimeFormat("en", numbers).formatToParts(at);
    const { day, year, hour, minute } = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
    return `${day} ${month} ${year}, ${hour}:${minute}`;
  }

  async function isOpenElsewhere(key) {
    const locks = await navigator.locks?.query();
    return Boolean(locks?.held.some((lock) => lock.name === key));
  }

  /* -------------------------------------------------------------------------------------------- set-up */

  forgetSaved();
  forgetOld();
  if (user) forgetErased();
  document.addEventListener("DOMContentLoaded", () => {
    for (const done of document.querySelectorAll("[data-forget-typed]")) forgetPage(done.dataset.forgetTyped);
    // In the header of each page, and on the page that asks whether to sign out.
    for (const form of document.querySelectorAll("#logout-form, #sign-out")) form.addEventListener("submit", signOut);
    for (const place of document.querySelectorAll("[data-typed]")) {
      const form = document.getElementById(place.dataset.typed);
      if (form?.elements.opened) autosaveStory(form, place);
    }
    for (const form of document.querySelectorAll('#content form[method="post"]')) {
      const hasAutosave = form.matches("#changelist-form, [data-autosave-key]") || form.elements.opened;
      // A form with errors was typed in already.
      const isTyped = form.querySelector(".errorlist") !== null;
      if (!hasAutosave) warnOnLeaving(form, watch(form, { isTyped }).isChanged);
    }
    // After the loop, since these forms get a field `opened` too.
    document.querySelectorAll("[data-autosave-key], [data-autosave-form]").forEach(autosaveShortForm);
    document.querySelectorAll("[data-resume-typed]").forEach(offerReview);
  });
})();
