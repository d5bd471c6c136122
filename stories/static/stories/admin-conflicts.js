/* What others saved meanwhile comes into sight: the editor of blocks scrolls back to where one was, shortly after loading. */
const SCROLLED_BACK = 300;

window.addEventListener("load", () => {
  const told = document.querySelector("#conflicts, .merged-message");
  if (!told) return;
  setTimeout(() => {
    told.tabIndex = -1;
    told.focus({ preventScroll: true });
    told.scrollIntoView({ block: "start" });
  }, SCROLLED_BACK);
});
