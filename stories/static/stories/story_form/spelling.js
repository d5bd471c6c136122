/* Spelling is checked in the story's language, which may differ from the page's: every field of the story's words gets
   that language. */
(() => {
  const WORDS = "#article_form [spellcheck=true], #article_form .ProseMirror[contenteditable]";

  function setLanguage() {
    const language = document.getElementById("id_language")?.value.trim();
    for (const field of document.querySelectorAll(WORDS)) {
      field.spellcheck = true;
      if (language) field.lang = language;
      else field.removeAttribute("lang");
    }
  }

  document.addEventListener("DOMContentLoaded", setLanguage);
  document.addEventListener("change", ({ target }) => target.id === "id_language" && setLanguage());
  // After the scripts that fill in what was added.
  for (const event of ["prose-editor:ready", "formset:added"]) document.addEventListener(event, () => setTimeout(setLanguage));
})();
