/* Errors are links that lead to their field; the first field has the focus. */
window.storyProblems = (() => {
  const EDITOR = ".ProseMirror[contenteditable]";

  function reveal(target) {
    for (let each = target.closest("details"); each; each = each.parentElement.closest("details")) each.open = true;
    target.closest(".inline-related.collapsed")?.classList.remove("collapsed");
  }

  /* Leads to the field of an error. A text's own field is hidden behind its editor, which may still be made. */
  function goTo(link, tries = 40) {
    const target = document.getElementById(link.hash.slice(1));
    if (!target) return;
    reveal(target);
    const isText = target.matches("[data-django-prose-editor-configurable]");
    const editor = target.closest(".prose-editor")?.querySelector(EDITOR);
    if (isText && !editor && tries) {
      setTimeout(() => goTo(link, tries - 1), 50);
      return;
    }
    const field = target.matches("input, select, textarea, button")
      ? (editor ?? target)
      : target.querySelector(`input:not([type=hidden]), select, ${EDITOR}, textarea`) ?? target;
    const shown = field.matches("select.select2-hidden-accessible") ? field.nextElementSibling.querySelector("[tabindex]") : field;
    shown.focus({ preventScroll: true });
    (target.closest(".form-row, .cell") ?? target).scrollIntoView({ block: "center" });
  }

  const links = () => [...document.querySelectorAll("#article_form .form-problems a")];

  /* Puts each error at its field, as the server does in a page of its own. */
  function mark() {
    for (const link of links()) {
      const field = document.getElementById(link.hash.slice(1));
      const holder = field?.closest(".form-row, .cell") ?? field;
      if (!holder) continue;
      holder.classList.add("errors");
      const list = holder.querySelector(":scope > .errorlist") ?? document.createElement("ul");
      list.className = "errorlist";
      list.append(Object.assign(document.createElement("li"), { textContent: link.dataset.problem }));
      const heading = holder.querySelector(":scope > :is(h3, .part-head)");
      if (heading) heading.after(list);
      else holder.prepend(list);
    }
  }

  function clear() {
    for (const list of document.querySelectorAll("#article_form .errorlist")) list.remove();
    for (const each of document.querySelectorAll("#article_form .errors")) each.classList.remove("errors");
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.(".form-problems a");
    if (!link) return;
    event.preventDefault();
    goTo(link);
  });
  // After the block editor has put the blocks in place.
  document.addEventListener("content-editor:ready", () => setTimeout(() => links()[0] && goTo(links()[0])));

  return { mark, clear, first: () => links()[0], goTo };
})();
