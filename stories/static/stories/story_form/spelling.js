/* Spelling is checked in the story's language, which need not be the page's: every field of words that readers will read
   says which it is. */
(() => {
  const WORDS = "#article_form [spellcheck=true], #article_form .ProseMirror[contenteditable]";

  function say() {
    const language = document.getElementById("id_language")?.value.trim();
    for (const field of document.querySelectorAll(WORDS)) {
      field.spellcheck = true;
      if (language) field.lang = language;
      else field.removeAttribute("lang");
    }
  }

  document.addEventListener("DOMContentLoaded", say);
  document.addEventListener("change", ({ target }) => target.id === "id_language" && say());
  // What is added is filled in by others first.
  for (const event of ["prose-editor:ready", "formset:added"]) document.addEventListener(event, () => setTimeout(say));
})();
