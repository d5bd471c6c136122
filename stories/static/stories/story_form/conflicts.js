/* Scrolls to what others saved meanwhile. The block editor would scroll back to a position that it reads from the
   address once the page is parsed, so the position is removed from the address just before. */
const messageBox = () => document.querySelector("#conflicts, .merged-message");

document.addEventListener("readystatechange", () => {
  if (document.readyState !== "interactive" || !messageBox()) return;
  const state = new URLSearchParams(location.hash.slice(1));
  if (!state.has("scrollY")) return;
  state.delete("scrollY");
  history.replaceState(history.state, "", `#${state}`);
});

window.addEventListener("load", () => {
  const place = messageBox();
  if (!place) return;
  place.tabIndex = -1;
  place.focus({ preventScroll: true });
  place.scrollIntoView({ block: "start" });
});
