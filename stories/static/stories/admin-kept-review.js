/* What is typed on a review page is put back into it until it is published. */
(() => {
  const LASTS = 24 * 60 * 60 * 1000;
  // What belongs to the page as it was shown, not to the person.
  const OF_THE_PAGE = new Set(["csrfmiddlewaretoken", "revision", "reviewed", "seen", "live", "step"]);

  const read = (key) => kept.read(key, LASTS)?.fields ?? null;

  function keep(form) {
    const fields = [...new FormData(form)].filter(([name]) => !OF_THE_PAGE.has(name));
    kept.write(form.dataset.keepTyped, { fields });
  }

  function putBack(form, fields) {
    const typed = new Map();
    for (const [name, value] of fields) typed.set(name, [...(typed.get(name) ?? []), value]);
    const rows = Number(typed.get("note-TOTAL_FORMS")?.[0] ?? 0);
    const adds = form.querySelector("[data-add-note]");
    while (adds && Number(form.elements["note-TOTAL_FORMS"].value) < Math.min(rows, 20)) adds.click();
    for (const field of form.elements) {
      if (!field.name || field.type === "hidden" || field.type === "submit") continue;
      if (field.type === "radio" || field.type === "checkbox") {
        field.checked = (typed.get(field.name) ?? []).includes(field.value);
      } else if (typed.has(field.name)) {
        field.value = typed.get(field.name)[0];
      }
    }
  }

  function attend(form) {
    const fields = form.hasAttribute("data-fresh") ? read(form.dataset.keepTyped) : null;
    if (fields) {
      putBack(form, fields);
      const told = form.querySelector(".restored");
      told.hidden = false;
      told.querySelector("[data-start-afresh]").addEventListener("click", () => {
        kept.forget(form.dataset.keepTyped);
        form.reset();
        told.hidden = true;
      });
    }
    form.addEventListener("input", () => keep(form));
    form.addEventListener("change", () => keep(form));
    form.addEventListener("submit", () => keep(form));
  }

  /* The fix itself is not in its address: who comes back goes on with the review as it was sent. */
  function offer(resume) {
    const key = resume.dataset.resumeTyped;
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
    for (const form of document.querySelectorAll("[data-keep-typed]")) attend(form);
    for (const resume of document.querySelectorAll("[data-resume-typed]")) offer(resume);
  });
})();
