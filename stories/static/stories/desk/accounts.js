/* Django’s widget for groups and permissions gives its question marks a label for screen readers, but no role. It is
   built at the same event, by a script that may run after this one. */
addEventListener("load", () => setTimeout(() => {
  for (const mark of document.querySelectorAll(".selector .help-tooltip[aria-label]")) mark.setAttribute("role", "img");
}));
