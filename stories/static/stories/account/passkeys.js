/* Passkeys are offered only where the browser has them, and what fails is said in words. */
(() => {
  if (!window.PublicKeyCredential) return;
  for (const offer of document.querySelectorAll("[data-passkeys]")) offer.hidden = false;
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    for (const words of document.querySelectorAll("[data-passkey-failed]")) words.hidden = false;
  });
})();
