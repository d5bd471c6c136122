/* Django’s own chooser of groups and permissions names its question marks for listeners, but not what they are. It is
   built at the same event, by a script that may come behind this one. */
addEventListener("load", () => setTimeout(() => {
  for (const mark of document.querySelectorAll(".selector .help-tooltip[aria-label]")) mark.setAttribute("role", "img");
}));
