/* A picture that was just chosen shows at once, before it is saved. */
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

/* The rich text editor names itself by the label that its field would have. */
function nameEditors() {
  for (const editor of document.querySelectorAll(".ProseMirror[contenteditable]:not([aria-label])")) {
    const label = editor.closest(".form-row")?.querySelector("label")?.textContent;
    const block = editor.closest(".inline-related")?.querySelector("h3 b")?.textContent;
    editor.setAttribute("aria-label", (label ?? block ?? "").replace(/:\s*$/, "").trim());
  }
}
new MutationObserver(nameEditors).observe(document.documentElement, { childList: true, subtree: true });
