/* What is typed into a form of the desk is put back into it until it is saved; on a review page, until it is published. */
(() => {
  const LASTS = 24 * 60 * 60 * 1000;
  // What belongs to the page as it was shown, not to the person.
  const OF_THE_PAGE = new Set(["csrfmiddlewaretoken", "revision", "reviewed", "seen", "live", "step"]);

  const read = (key) => kept.read(key, LASTS)?.fields ?? null;

  const fieldsOf = (form) => [...new FormData(form)].filter(([name]) => !OF_THE_PAGE.has(name));

  /* Off the record, no word is kept: by nobody, and not by a browser. */
  const isOffRecord = (fields) =>
    fields.some(([name, value]) => name.endsWith("terms") && value === "off-the-record");

  function newNumber() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  /* A form that says no key is kept by its name, under a number that it is sent with: so its save is told. */
  function keyOf(form) {
    if (form.dataset.keepTyped) return form.dataset.keepTyped;
    const page = `${kept.user}:${location.pathname}`;
    const held = kept.keys(`${page}#`).find((key) => kept.read(key, LASTS)?.form === form.dataset.keptForm);
    const value = held ? kept.tokenOf(held) : newNumber();
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "opened", value }));
    return `${page}#${value}`;
  }

  function putBack(form, fields) {
    const typed = new Map();
    for (const [name, value] of fields) typed.set(name, [...(typed.get(name) ?? []), value]);
    const rows = Number(typed.get("note-TOTAL_FORMS")?.[0] ?? 0);
    const adds = form.querySelector("[data-add-note]");
    while (adds && Number(form.elements["note-TOTAL_FORMS"].value) < Math.min(rows, 20)) adds.click();
    for (const field of form.elements) {
      // What the person had seen of a record goes with what they typed: what others saved since is told at the save.
      const wasSeen = field.name?.endsWith("-seen");
      if (!field.name || (field.type === "hidden" && !wasSeen) || field.type === "submit") continue;
      if (field.type === "radio" || field.type === "checkbox") {
        field.checked = (typed.get(field.name) ?? []).includes(field.value);
      } else if (typed.has(field.name)) {
        field.value = typed.get(field.name)[0];
      }
    }
  }

  function attend(form) {
    const key = keyOf(form);
    const shown = JSON.stringify(fieldsOf(form));
    // A form that was refused comes back with what was typed.
    const isFresh = form.dataset.keptForm ? !form.querySelector(".errorlist") : form.hasAttribute("data-fresh");

    function keep() {
      const fields = fieldsOf(form);
      // A review that is sent as it was shown still holds the fix that it is about.
      const isUntouched = form.dataset.keptForm && isFresh && JSON.stringify(fields) === shown;
      if (isOffRecord(fields) || isUntouched) kept.forget(key);
      else kept.write(key, { fields, form: form.dataset.keptForm });
    }

    if (isFresh && kept.isOlderThanErasure(key, form.elements.erasure?.value)) kept.forget(key);
    const fields = isFresh ? read(key) : null;
    if (fields) {
      putBack(form, fields);
      if (form.dataset.keptForm) form.dispatchEvent(new Event("change", { bubbles: true }));
      const told = form.querySelector(".restored");
      told.hidden = false;
      told.querySelector("[data-start-afresh]").addEventListener("click", () => {
        kept.forget(key);
        form.reset();
        told.hidden = true;
      });
    }
    for (const event of ["input", "change", "submit"]) form.addEventListener(event, keep);
  }

  /* The fix itself is not in its address: who comes back goes on with the review as it was sent. */
  function offer(resume) {
    const key = resume.dataset.resumeTyped;
    if (kept.isOlderThanErasure(key, resume.dataset.erasure)) kept.forget(key);
    const fields = read(key);
    if (!fields?.some(([name]) => name === "wanted")) return;
    for (const [name, value] of fields) {
      const input = document.createElement("input");
      Object.assign(input, { type: "hidden", name, value });
      resume.append(input);
    }
    resume.hidden = false;
    resume.querySelector("[data-forget]").addEventListener("click", () => {
      kept.forget(key);
      resume.hidden = true;
    });
  }

  document.addEventListener("DOMContentLoaded", () => {
    for (const form of document.querySelectorAll("[data-keep-typed], [data-kept-form]")) attend(form);
    for (const resume of document.querySelectorAll("[data-resume-typed]")) offer(resume);
  });
})();
