/* Previews a picture that was just chosen, before it is saved. */
document.addEventListener("change", (event) => {
  const input = event.target;
  if (!(input instanceof HTMLInputElement) || input.type !== "file" || !input.name.endsWith("-upload")) return;
  const holder = input.closest("fieldset")?.querySelector(".field-preview .readonly");
  const file = input.files?.[0];
  if (!holder || !file) return;
  const picture = document.createElement("img");
  picture.className = "picture-preview";
  picture.alt = "";
  picture.src = URL.createObjectURL(file);
  picture.addEventListener("load", () => URL.revokeObjectURL(picture.src));
  holder.replaceChildren(picture);
});

/* Labels the rich text editors for screen readers. */
function nameEditors() {
  for (const editor of document.querySelectorAll(".ProseMirror[contenteditable]:not([aria-label])")) {
    const label = editor.closest(".form-row")?.querySelector("label")?.textContent;
    const block = editor.closest(".inline-related")?.querySelector("h3 b")?.textContent;
    editor.setAttribute("aria-label", (label ?? block ?? "").replace(/:\s*$/, "").trim());
  }
}
new MutationObserver(nameEditors).observe(document.documentElement, { childList: true, subtree: true });
