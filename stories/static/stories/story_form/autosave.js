/* What is typed into a story's form is kept until it is saved, and offered back. Who leaves a form of the desk behind
   with something typed into it is warned. */
(() => {
  const SOON = 400;
  const MOST_OFFERED = 3;
  const OF_THE_PAGE = new Set(["csrfmiddlewaretoken"]);
  // What a form carries besides the story.
  const CARRIED = new Set(["base", "erasure", "opened", "shown", "why"]);

  /* A form as it would be sent, without its files; the forms of blocks that may yet be added are left out. */
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

  /* Whether somebody has changed a form: it differs from what it was when they began. The editors of the page set their
     own fields while it loads, on a slow machine long after that. One that came back from the server was typed in
     already: it is not saved. */
  function watch(form, { isTyped }) {
    let settled = null;
    let touched = false;
    const now = () => JSON.stringify(typedIn(form));
    const settle = () => (settled ??= now());
    window.addEventListener("load", () => setTimeout(settle, 200));
    window.addEventListener("focusin", settle, { capture: true, once: true });
    // These come before what they change.
    for (const name of ["keydown", "pointerdown", "beforeinput", "drop", "paste"]) {
      const begin = (event) => {
        if (touched || !form.contains(event.target)) return;
        settled = now();
        touched = true;
      };
      window.addEventListener(name, begin, { capture: true });
    }
    // Scripts of the page send these too, of fields that nobody is in.
    const heed = (event) => (touched ||= event.isTrusted || event.target === document.activeElement);
    for (const name of ["input", "change"]) form.addEventListener(name, heed, { capture: true });
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
      // An answer that never comes leaves the page where it is.
      setTimeout(() => (leaves = false), 30_000);
    });
    window.addEventListener("pageshow", () => (leaves = false));
    window.addEventListener("beforeunload", (event) => {
      if (!leaves && !kept.isClosed() && isChanged()) event.preventDefault();
    });
  }

  function keepTyped(form, place) {
    const isFresh = place.hasAttribute("data-fresh");
    const path = new URL(form.getAttribute("action") || "", location.href).pathname;
    const page = `${kept.user}:${path}`;
    const token = form.elements.opened.value;
    const key = `${page}#${token}`;
    const before = beforeOf(page, place.dataset.before, token);
    const { isChanged, settled } = watch(form, { isTyped: !isFresh });
    let waits = 0;
    let last = "";

    function keep() {
      clearTimeout(waits);
      waits = 0;
      const typed = typedIn(form);
      const told = JSON.stringify(typed);
      if (told === last) return;
      if (isChanged()) {
        place.querySelector("[data-cannot-keep]").hidden = kept.write(key, { ...typed, before });
      } else if (last) {
        // Taken back.
        kept.forget(key);
      }
      last = isChanged() ? told : "";
    }

    const soon = () => (waits ||= setTimeout(keep, SOON));
    for (const name of ["input", "change", "click", "keyup", "drop"]) window.addEventListener(name, soon);
    for (const name of ["pagehide", "blur"]) window.addEventListener(name, keep);
    form.addEventListener("submit", keep);
    document.addEventListener("visibilitychange", keep);
    document.addEventListener("formset:added", soon);
    document.addEventListener("formset:removed", soon);
    warnOnLeaving(form, isChanged);
    hold(key);
    if (isFresh) offerAll(form, place, { page, path, token, settled });
  }

  /* The forms whose typing went into this one: a conflict's, say, comes with a number of its own. */
  function beforeOf(page, sent, token) {
    if (!sent || sent === token) return kept.read(`${page}#${token}`)?.before ?? [];
    return [...(kept.read(`${page}#${sent}`)?.before ?? []), sent];
  }

  function offerAll(form, place, { page, path, token, settled }) {
    for (const key of kept.keys(`${page}#`)) {
      // What was typed before words of the story were erased may hold them.
      if (kept.isOlderThanErasure(key, form.elements.erasure?.value)) kept.forget(key);
    }
    const review = kept.read(page)?.at ?? 0;
    const found = kept
      .keys(`${page}#`)
      .filter((key) => kept.tokenOf(key) !== token)
      .map((key) => ({ key, ...kept.read(key) }))
      // A review that began with it is gone on with itself.
      .filter((each) => each.fields && each.at > review)
      .sort((one, other) => other.at - one.at);
    const taken = new Set(found.flatMap((each) => each.before ?? []));
    const offered = found.filter((each) => !taken.has(kept.tokenOf(each.key)));
    for (const each of offered.slice(0, MOST_OFFERED)) offer(form, place, path, each);
    window.addEventListener("load", () => {
      setTimeout(() => {
        for (const each of offered) if (isSame(each, JSON.parse(settled()))) withdraw(place, each.key);
      }, 400);
    });
  }

  /* Whether the story reads so already: it was saved, and the answer never came. */
  function isSame(each, shown) {
    const told = ({ fields }) => JSON.stringify(fields.filter(([name]) => !CARRIED.has(name)));
    return !each.files.length && told(each) === told(shown);
  }

  function withdraw(place, key) {
    kept.forget(key);
    [...place.querySelectorAll("[data-offered]")].find((each) => each.dataset.offered === key)?.remove();
  }

  function offer(form, place, path, each) {
    const shown = place.querySelector("template").content.firstElementChild.cloneNode(true);
    const fields = Object.fromEntries(each.fields);
    const when = shown.querySelector("[data-when]");
    when.textContent = when.textContent.replace("%(time)s", shownTime(each.at, place.dataset.zone));
    if (Number(fields.base) < Number(form.elements.base.value)) shown.querySelector("[data-older]").hidden = false;
    if (fields.headline && fields.headline !== form.elements.headline.value) {
      shown.querySelector("[data-headline]").textContent = fields.headline;
    } else {
      shown.querySelector("[data-headline]").remove();
    }
    if (each.files.length) shown.querySelector("[data-files]").hidden = false;
    shown.dataset.offered = each.key;
    shown.querySelector("[data-put-back]").addEventListener("click", () => putBack(form, path, each));
    shown.querySelector("[data-forget]").addEventListener("click", () => {
      shown.remove();
      kept.forget(each.key);
      place.tabIndex = -1;
      place.focus();
    });
    place.append(shown);
    isOpenElsewhere(each.key).then((isOpen) => (shown.querySelector("[data-elsewhere]").hidden = !isOpen));
  }

  /* The server shows it again, unsaved: it alone knows how a form is made. */
  function putBack(form, path, each) {
    const sends = document.createElement("form");
    Object.assign(sends, { method: "post", action: path, enctype: "multipart/form-data", hidden: true });
    const csrf = form.elements.csrfmiddlewaretoken.value;
    const more = each.files.map((name) => ["_file", name]);
    for (const [name, value] of [["csrfmiddlewaretoken", csrf], ["_put_back", each.at], ...each.fields, ...more]) {
      const field = document.createElement("textarea");
      Object.assign(field, { name, value });
      sends.append(field);
    }
    document.body.append(sends);
    // A field may be called “submit”.
    HTMLFormElement.prototype.submit.call(sends);
  }

  function shownTime(at, timeZone) {
    const language = document.documentElement.lang;
    const time = new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "short", timeZone });
    const zone = new Intl.DateTimeFormat(language, { timeZone, timeZoneName: "short" });
    const name = zone.formatToParts(at).find((part) => part.type === "timeZoneName").value;
    return `${time.format(at)} ${name}`;
  }

  /* Each window holds a lock on what it keeps, where the browser has locks. */
  async function isOpenElsewhere(key) {
    const locks = await navigator.locks?.query();
    return Boolean(locks?.held.some((lock) => lock.name === key));
  }

  function hold(key) {
    navigator.locks?.request(key, { mode: "shared" }, () => new Promise(() => {}));
  }

  document.addEventListener("DOMContentLoaded", () => {
    for (const place of document.querySelectorAll("[data-typed]")) {
      const form = document.getElementById(place.dataset.typed);
      if (form?.elements.opened) keepTyped(form, place);
    }
    for (const form of document.querySelectorAll('#content form[method="post"]')) {
      const isSeenTo = form.matches("#changelist-form, [data-keep-typed]") || form.elements.opened;
      // One that was refused was typed in already.
      const isTyped = form.querySelector(".errorlist") !== null;
      if (!isSeenTo) warnOnLeaving(form, watch(form, { isTyped }).isChanged);
    }
  });
})();
