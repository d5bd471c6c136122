/* Restores what was typed into a form of the desk until it is saved; on a review page, until it is published. */
(() => {
  const LASTS = 24 * 60 * 60 * 1000;
  // Fields of the page as it was initial, not of what was typed.
  const OF_THE_PAGE = new Set(["csrfmiddlewaretoken", "revision", "reviewed", "seen", "live", "step"]);

  const read = (key) => autosave.read(key, LASTS)?.fields ?? null;

  const fieldsOf = (form) => [...new FormData(form)].filter(([name]) => !OF_THE_PAGE.has(name));

  /* Off the record, no word is stored, not even by a browser. */
  const isOffRecord = (fields) =>
    fields.some(([name, value]) => name.endsWith("terms") && value === "off-the-record");

  function newNumber() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  /* A form without a key is stored by its name, under a number that is sent with it, by which its save is noticed. */
  function keyOf(form) {
    if (form.dataset.autosaveKey) return form.dataset.autosaveKey;
    const page = `${autosave.user}:${location.pathname}`;
    const found = autosave.keys(`${page}#`).find((key) => autosave.read(key, LASTS)?.form === form.dataset.autosaveForm);
    const value = found ? autosave.tokenOf(found) : newNumber();
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
      // Restored too, so that a save is refused if others saved the record since.
      const isSeenField = field.name?.endsWith("-seen");
      if (!field.name || (field.type === "hidden" && !isSeenField) || field.type === "submit") continue;
      if (field.type === "radio" || field.type === "checkbox") {
        field.checked = (typed.get(field.name) ?? []).includes(field.value);
      } else if (typed.has(field.name)) {
        field.value = typed.get(field.name)[0];
      }
    }
  }

  function watchForm(form) {
    const key = keyOf(form);
    const initial = JSON.stringify(fieldsOf(form));
    // A form with errors is initial with what was typed already.
    const isFresh = form.dataset.autosaveForm ? !form.querySelector(".errorlist") : form.hasAttribute("data-fresh");

    function store() {
      const fields = fieldsOf(form);
      // An unchanged review is stored all the same, for the fix in it.
      const isUntouched = form.dataset.autosaveForm && isFresh && JSON.stringify(fields) === initial;
      if (isOffRecord(fields) || isUntouched) autosave.forget(key);
      else autosave.write(key, { fields, form: form.dataset.autosaveForm });
    }

    if (isFresh && autosave.isOlderThanErasure(key, form.elements.erasure?.value)) autosave.forget(key);
    const fields = isFresh ? read(key) : null;
    if (fields) {
      putBack(form, fields);
      if (form.dataset.autosaveForm) form.dispatchEvent(new Event("change", { bubbles: true }));
      const restored = form.querySelector(".restored");
      restored.hidden = false;
      restored.querySelector("[data-start-afresh]").addEventListener("click", () => {
        autosave.forget(key);
        form.reset();
        restored.hidden = true;
      });
    }
    for (const event of ["input", "change", "submit"]) form.addEventListener(event, store);
  }

  /* Offers to resume a review. The address does not contain the fix, so the review is sent again as stored. */
  function offer(resume) {
    const key = resume.dataset.resumeTyped;
    if (autosave.isOlderThanErasure(key, resume.dataset.erasure)) autosave.forget(key);
    const fields = read(key);
    if (!fields?.some(([name]) => name === "wanted")) return;
    for (const [name, value] of fields) {
      const input = document.createElement("input");
      Object.assign(input, { type: "hidden", name, value });
      resume.append(input);
    }
    resume.hidden = false;
    resume.querySelector("[data-forget]").addEventListener("click", () => {
      autosave.forget(key);
      resume.hidden = true;
    });
  }

  document.addEventListener("DOMContentLoaded", () => {
    for (const form of document.querySelectorAll("[data-autosave-key], [data-autosave-form]")) watchForm(form);
    for (const resume of document.querySelectorAll("[data-resume-typed]")) offer(resume);
  });
})();
