/* What others saved meanwhile comes into sight. The editor of blocks would scroll back to where one was: it reads that
   from the address, and it starts once the page is read, so the place is taken out of the address just before. */
const told = () => document.querySelector("#conflicts, .merged-message");

document.addEventListener("readystatechange", () => {
  if (document.readyState !== "interactive" || !told()) return;
  const state = new URLSearchParams(location.hash.slice(1));
  if (!state.has("scrollY")) return;
  state.delete("scrollY");
  history.replaceState(history.state, "", `#${state}`);
});

window.addEventListener("load", () => {
  const place = told();
  if (!place) return;
  place.tabIndex = -1;
  place.focus({ preventScroll: true });
  place.scrollIntoView({ block: "start" });
});
