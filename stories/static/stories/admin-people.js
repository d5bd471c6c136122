/* Django’s own chooser of groups and permissions names its question marks for listeners, but not what they are. */
addEventListener("load", () => {
  for (const mark of document.querySelectorAll(".selector .help-tooltip[aria-label]")) mark.setAttribute("role", "img");
});
