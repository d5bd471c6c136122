/* Shows on the button how many places it replaces. */
document.addEventListener("DOMContentLoaded", () => {
  const button = document.querySelector(".find-places [data-many]");
  if (!button) return;
  const count = () => document.querySelectorAll('.find-places [name="place"]:checked').length;
  const showCount = () => {
    button.value = count() === 1 ? button.dataset.one : button.dataset.many.replace("%(count)s", count());
  };
  button.form.addEventListener("change", showCount);
  showCount();
});
