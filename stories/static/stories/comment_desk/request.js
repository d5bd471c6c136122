/* On the page of a request: what a form does not ask for is not sent either, and what is typed of an answer is kept by
   this browser until it is saved. Off the record, no word leaves the page, and none is kept. */
(() => {
  const PARTS = "input, select, textarea";
  const TYPED = ["statement", "speaker", "speaker_title", "unnamed_because", "status", "terms", "way"];

  const forms = document.querySelectorAll(".outcome-form, .attempt-form, .held-form");
  for (const form of forms) {
    form.addEventListener("change", () => leaveOutHidden(form));
    leaveOutHidden(form);
  }
  // A page that comes back by the browser's own way back holds what was chosen before.
  addEventListener("pageshow", () => forms.forEach(leaveOutHidden));

  const outcome = document.querySelector(".outcome-form");
  if (outcome) {
    emptyNameOnBackground(outcome);
    if (typeof kept !== "undefined") keepTyped(outcome);
  }

  function leaveOutHidden(form) {
    for (const part of form.querySelectorAll("[data-shown]")) {
      const isHidden =
        getComputedStyle(part).display === "none" || part.parentElement.closest("[data-left-out]") !== null;
      part.toggleAttribute("data-left-out", isHidden);
      for (const field of part.querySelectorAll(PARTS)) {
        if (field.closest("[data-shown]") === part) field.disabled = isHidden;
      }
    }
  }

  /* Who says it on background is not the party: its name must not go out by being left there. */
  function emptyNameOnBackground(form) {
    const { speaker } = form.elements;
    const party = speaker.defaultValue;
    form.addEventListener("change", (event) => {
      if (event.target.name !== "terms") return;
      if (event.target.value === "background" && speaker.value === party) speaker.value = "";
      else if (event.target.value === "on-the-record" && speaker.value === "") speaker.value = party;
    });
  }

  function keepTyped(form) {
    const page = `${kept.user}:${location.pathname}`;
    const { opened } = form.elements;
    // The page's other forms keep what is theirs.
    const ofAnswers = () => kept.keys(`${page}#`).filter((key) => kept.read(key)?.typed);
    const forgetAll = () => ofAnswers().forEach((key) => kept.forget(key));
    for (const event of ["input", "change"]) form.addEventListener(event, keep);
    if (opened.hasAttribute("data-fresh")) offer();

    function keep() {
      if (form.elements.terms.value === "off-the-record") forgetAll();
      else if (form.elements.statement.value.trim()) {
        kept.write(`${page}#${opened.value}`, {
          typed: Object.fromEntries(TYPED.map((name) => [name, form.elements[name].value])),
        });
      } else kept.forget(`${page}#${opened.value}`);
    }

    function offer() {
      const found = ofAnswers().map((key) => kept.read(key));
      const newest = found.sort((one, other) => other.at - one.at)[0];
      if (!newest) return;
      const template = form.querySelector("template");
      template.after(template.content.cloneNode(true));
      const told = form.querySelector(".typed-offer");
      told.querySelector("[data-put-back]").addEventListener("click", () => {
        forgetAll();
        for (const [name, value] of Object.entries(newest.typed)) form.elements[name].value = value;
        leaveOutHidden(form);
        keep();
        told.remove();
        form.elements.statement.focus();
      });
      told.querySelector("[data-forget]").addEventListener("click", () => {
        forgetAll();
        told.remove();
      });
    }
  }
})();
