/* Stores what is typed into a story's form until it is saved, and offers it back. Warns users who leave a form of the
   desk with unsaved changes. */
(() => {
  const SOON = 400;
  const MOST_OFFERED = 3;
  const OF_THE_PAGE = new Set(["csrfmiddlewaretoken"]);
  // Fields of a form that are not the story's.
  const CARRIED = new Set(["base", "erasure", "opened", "shown", "why"]);

  /* A form as it would be sent, without its files and without the templates of blocks that can be added. */
  function typedIn(form) {
    const fields = [];
    const files = [];
    for (const [name, value] of new FormData(form)) {
      if (OF_THE_PAGE.has(name) || name.includes("__prefix__")) continue;
      if (!(value instanceof File)) fields.push([name, value]);
      else if (value.name) files.push(value.name);
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
    return { isChanged, settled: () => settle() };
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
      if (!leaves && !autosave.isClosed() && isChanged()) event.preventDefault();
    });
  }

  function autosaveForm(form, place) {
    const isFresh = place.hasAttribute("data-fresh");
    const path = new URL(form.getAttribute("action") || "", location.href).pathname;
    const page = `${autosave.user}:${path}`;
    const token = form.elements.opened.value;
    const key = `${page}#${token}`;
    const before = beforeOf(page, place.dataset.before, token);
    const { isChanged, settled } = watch(form, { isTyped: !isFresh });
    let timer = 0;
    let last = "";

    function store() {
      clearTimeout(timer);
      timer = 0;
      const typed = typedIn(form);
      const fieldsText = JSON.stringify(typed);
      if (fieldsText === last) return;
      if (isChanged()) {
        place.querySelector("[data-cannot-keep]").hidden = autosave.write(key, { ...typed, before });
      } else if (last) {
        // The change was undone.
        autosave.forget(key);
      }
      last = isChanged() ? fieldsText : "";
    }

    const soon = () => (timer ||= setTimeout(store, SOON));
    for (const name of ["input", "change", "click", "keyup", "drop"]) window.addEventListener(name, soon);
    for (const name of ["pagehide", "blur"]) window.addEventListener(name, store);
    form.addEventListener("submit", store);
    document.addEventListener("visibilitychange", store);
    document.addEventListener("formset:added", soon);
    document.addEventListener("formset:removed", soon);
    warnOnLeaving(form, isChanged);
    holdLock(key);
    if (isFresh) offerAll(form, place, { page, path, token, settled });
  }

  /* The forms whose typing went into this one: a form with a conflict, for one, has a new number. */
  function beforeOf(page, sent, token) {
    if (!sent || sent === token) return autosave.read(`${page}#${token}`)?.before ?? [];
    return [...(autosave.read(`${page}#${sent}`)?.before ?? []), sent];
  }

  function offerAll(form, place, { page, path, token, settled }) {
    for (const key of autosave.keys(`${page}#`)) {
      // What was typed before words were erased may holdLock them.
      if (autosave.isOlderThanErasure(key, form.elements.erasure?.value)) autosave.forget(key);
    }
    const review = autosave.read(page)?.at ?? 0;
    const found = autosave
      .keys(`${page}#`)
      .filter((key) => autosave.tokenOf(key) !== token)
      .map((key) => ({ key, ...autosave.read(key) }))
      // What a later review holds is resumed with that review.
      .filter((each) => each.fields && each.at > review)
      .sort((one, other) => other.at - one.at);
    const taken = new Set(found.flatMap((each) => each.before ?? []));
    const offered = found.filter((each) => !taken.has(autosave.tokenOf(each.key)));
    for (const each of offered.slice(0, MOST_OFFERED)) offer(form, place, path, each);
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
    autosave.forget(key);
    [...place.querySelectorAll("[data-offered]")].find((each) => each.dataset.offered === key)?.remove();
  }

  function offer(form, place, path, each) {
    const offerBox = place.querySelector("template").content.firstElementChild.cloneNode(true);
    const fields = Object.fromEntries(each.fields);
    const when = offerBox.querySelector("[data-when]");
    when.textContent = when.textContent.replace("%(time)s", shownTime(each.at, place.dataset.zone));
    if (Number(fields.base) < Number(form.elements.base.value)) offerBox.querySelector("[data-older]").hidden = false;
    if (fields.headline && fields.headline !== form.elements.headline.value) {
      offerBox.querySelector("[data-headline]").textContent = fields.headline;
    } else {
      offerBox.querySelector("[data-headline]").remove();
    }
    if (each.files.length) offerBox.querySelector("[data-files]").hidden = false;
    offerBox.dataset.offered = each.key;
    offerBox.querySelector("[data-put-back]").addEventListener("click", () => putBack(form, path, each));
    offerBox.querySelector("[data-forget]").addEventListener("click", () => {
      offerBox.remove();
      autosave.forget(each.key);
      place.tabIndex = -1;
      place.focus();
    });
    place.append(offerBox);
    isOpenElsewhere(each.key).then((isOpen) => (offerBox.querySelector("[data-elsewhere]").hidden = !isOpen));
  }

  /* Posts it for the server to show again, unsaved, since the server alone can render a form. */
  function putBack(form, path, each) {
    const putBackForm = document.createElement("form");
    Object.assign(putBackForm, { method: "post", action: path, enctype: "multipart/form-data", hidden: true });
    const csrf = form.elements.csrfmiddlewaretoken.value;
    const more = each.files.map((name) => ["_file", name]);
    for (const [name, value] of [["csrfmiddlewaretoken", csrf], ["_put_back", each.at], ...each.fields, ...more]) {
      const field = document.createElement("textarea");
      Object.assign(field, { name, value });
      putBackForm.append(field);
    }
    document.body.append(putBackForm);
    // A field may be named “submit”.
    HTMLFormElement.prototype.submit.call(putBackForm);
  }

  function shownTime(at, timeZone) {
    const language = document.documentElement.lang;
    const time = new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "short", timeZone });
    const zone = new Intl.DateTimeFormat(language, { timeZone, timeZoneName: "short" });
    const name = zone.formatToParts(at).find((part) => part.type === "timeZoneName").value;
    return `${time.format(at)} ${name}`;
  }

  /* Each window holds a lock on its form, if the browser has locks. */
  async function isOpenElsewhere(key) {
    const locks = await navigator.locks?.query();
    return Boolean(locks?.held.some((lock) => lock.name === key));
  }

  function holdLock(key) {
    navigator.locks?.request(key, { mode: "shared" }, () => new Promise(() => {}));
  }

  document.addEventListener("DOMContentLoaded", () => {
    for (const place of document.querySelectorAll("[data-typed]")) {
      const form = document.getElementById(place.dataset.typed);
      if (form?.elements.opened) autosaveForm(form, place);
    }
    for (const form of document.querySelectorAll('#content form[method="post"]')) {
      const isSeenTo = form.matches("#changelist-form, [data-autosave-key]") || form.elements.opened;
      // A form with errors was typed in already.
      const isTyped = form.querySelector(".errorlist") !== null;
      if (!isSeenTo) warnOnLeaving(form, watch(form, { isTyped }).isChanged);
    }
  });
})();
