/* The page of a request: fields that are not shown are not sent. Off the record, no word leaves the page. */
(() => {
  const PARTS = "input, select, textarea";

  const forms = document.querySelectorAll(".outcome-form, .attempt-form, .held-form");
  for (const form of forms) {
    form.addEventListener("change", () => disableHidden(form));
    disableHidden(form);
  }
  // A page restored by the browser's back button has its former choices.
  addEventListener("pageshow", () => forms.forEach(disableHidden));

  const outcome = document.querySelector(".outcome-form");
  if (outcome) emptyNameOnBackground(outcome);

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
})();
