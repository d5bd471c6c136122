/* The page of a request: fields that are not shown are not sent, and this browser stores a typed answer until it is
   saved. Off the record, no word leaves the page and none is stored. */
(() => {
  const PARTS = "input, select, textarea";
  const TYPED = ["statement", "speaker", "speaker_title", "unnamed_because", "status", "terms", "way"];

  const forms = document.querySelectorAll(".outcome-form, .attempt-form, .held-form");
  for (const form of forms) {
    form.addEventListener("change", () => disableHidden(form));
    disableHidden(form);
  }
  // A page restored by the browser's back button has its former choices.
  addEventListener("pageshow", () => forms.forEach(disableHidden));

  const outcome = document.querySelector(".outcome-form");
  if (outcome) {
    emptyNameOnBackground(outcome);
    if (typeof autosave !== "undefined") autosaveForm(outcome);
  }

  function disableHidden(form) {
    for (const part of form.querySelectorAll("[data-shown]")) {
      const isHidden =
        getComputedStyle(part).display === "none" || part.parentElement.closest("[data-left-out]") !== null;
      part.toggleAttribute("data-left-out", isHidden);
      for (const field of part.querySelectorAll(PARTS)) {
        if (field.closest("[data-shown]") === part) field.disabled = isHidden;
      }
    }
  }

  /* On background the speaker is not named: the prefilled name of the party must not be published. */
  function emptyNameOnBackground(form) {
    const { speaker } = form.elements;
    const party = speaker.defaultValue;
    form.addEventListener("change", (event) => {
      if (event.target.name !== "terms") return;
      if (event.target.value === "background" && speaker.value === party) speaker.value = "";
      else if (event.target.value === "on-the-record" && speaker.value === "") speaker.value = party;
    });
  }

  function autosaveForm(form) {
    const page = `${autosave.user}:${location.pathname}`;
    const { opened } = form.elements;
    // Without those of the page's other forms.
    const storedAnswers = () => autosave.keys(`${page}#`).filter((key) => autosave.read(key)?.typed);
    const forgetAll = () => storedAnswers().forEach((key) => autosave.forget(key));
    for (const event of ["input", "change"]) form.addEventListener(event, store);
    if (opened.hasAttribute("data-fresh")) offer();

    function store() {
      if (form.elements.terms.value === "off-the-record") forgetAll();
      else if (form.elements.statement.value.trim()) {
        autosave.write(`${page}#${opened.value}`, {
          typed: Object.fromEntries(TYPED.map((name) => [name, form.elements[name].value])),
        });
      } else autosave.forget(`${page}#${opened.value}`);
    }

    function offer() {
      const found = storedAnswers().map((key) => autosave.read(key));
      const newest = found.sort((one, other) => other.at - one.at)[0];
      if (!newest) return;
      const template = form.querySelector("template");
      template.after(template.content.cloneNode(true));
      const offered = form.querySelector(".typed-offer");
      offered.querySelector("[data-put-back]").addEventListener("click", () => {
        forgetAll();
        for (const [name, value] of Object.entries(newest.typed)) form.elements[name].value = value;
        disableHidden(form);
        store();
        offered.remove();
        form.elements.statement.focus();
      });
      offered.querySelector("[data-forget]").addEventListener("click", () => {
        forgetAll();
        offered.remove();
      });
    }
  }
})();
