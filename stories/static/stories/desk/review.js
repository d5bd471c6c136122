/* Keyboard shortcuts of reviews and fixes, and small helps on the review page. All of it is optional. */
(() => {
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
      const button = document.querySelector("[data-ctrl-enter]");
      if (!button) return;
      event.preventDefault();
      event.stopPropagation();
      button.click();
    },
    true,
  );

  const form = document.querySelector("#review-form");
  if (form) review(form);
  else if (document.querySelector(".fixing")) startInTheText();

  /* The rich text editors initialise by themselves and are moved, which takes the focus from them: the first one gets
     it once the page is still, unless the user has begun elsewhere. */
  function startInTheText() {
    let pause;
    const focus = () => {
      const editor = document.querySelector(".order-machine .ProseMirror[contenteditable]");
      if (document.activeElement === document.body) editor?.focus({ preventScroll: true });
    };
    const settle = () => {
      clearTimeout(pause);
      pause = setTimeout(focus, 100);
    };
    const watch = new MutationObserver(settle);
    watch.observe(document.documentElement, { childList: true, subtree: true });
    for (const begun of ["keydown", "pointerdown"]) {
      addEventListener(begun, () => watch.disconnect(), { capture: true, once: true });
    }
    settle();
  }

  function review(form) {
    const refused = form.querySelector(".errorlist")?.parentElement;
    const wrong = refused?.querySelector("input:checked") ?? refused?.querySelector("input, textarea, select");
    const first = wrong ?? form.elements.text;
    first?.focus({ preventScroll: !wrong });

    form.addEventListener("change", (event) => {
      if (event.target.name === "cause") choose(event.target.value === "wrong" ? "correction" : "update");
    });

    form.addEventListener("click", (event) => {
      const { was, now } = event.target.dataset;
      if (was === undefined) return;
      form.elements.was.value = was;
      form.elements.now.value = now;
    });

    const preview = document.querySelector("[data-preview]");
    preview.addEventListener("toggle", () => {
      if (preview.open) preview.querySelector("[data-show-preview]").click();
    });

    const adds = form.querySelector("[data-add-note]");
    adds.hidden = false;
    adds.addEventListener("click", () => {
      const total = form.elements["note-TOTAL_FORMS"];
      const row = form.querySelector("template").innerHTML.replaceAll("__prefix__", total.value);
      form.querySelector("[data-notes]").insertAdjacentHTML("beforeend", row);
      total.value = Number(total.value) + 1;
    });
  }

  /* The answer selects the kind of note, unless the selected one fits it too. */
  function choose(kind) {
    const chosen = form.querySelector('[name="kind"]:checked')?.value;
    const fits = kind === "correction" ? ["correction", "retraction"] : [undefined, "correction", "retraction"];
    if ((kind === "correction") === fits.includes(chosen)) return;
    const radio = form.querySelector(`[name="kind"][value="${kind}"]`);
    if (radio) radio.checked = true;
  }
})();
