/* An open form polls who else has the story open, what was saved of it, and who is signed in. */
(() => {
  const EVERY = 20_000;
  const IDLE = 30 * 60_000;

  const cookie = () => /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1];

  function watchPlace(place) {
    const { user, page, form: formId } = place.dataset;
    const form = document.getElementById(formId);
    const [says, ended, other, back, silent] = ["says", "ended", "other", "back", "silent"].map((name) =>
      place.querySelector(`[data-${name}]`),
    );
    let asks = 0;
    let failed = 0;
    let touched = Date.now();
    let state = "mine";

    function formData(more = {}) {
      const known = place.dataset.known || form?.elements.base?.value || "0";
      const data = new FormData();
      const values = { csrfmiddlewaretoken: cookie(), known, page, ...more };
      for (const [name, value] of Object.entries(values)) data.append(name, value);
      return data;
    }

    async function ask() {
      clearTimeout(asks);
      asks = 0;
      if (document.hidden || Date.now() - touched > IDLE) return;
      if (cookie()) await poll();
      else show("ended");
      // With jitter, so that windows do not poll at the same moment.
      asks = setTimeout(ask, EVERY * (0.8 + 0.4 * Math.random()));
    }

    async function poll() {
      try {
        const body = formData();
        const response = await fetch(place.dataset.presence, { method: "POST", body, signal: AbortSignal.timeout(15_000) });
        if (!response.ok) throw new Error(response.statusText);
        const reply = await response.json();
        failed = 0;
        if (reply.user === null) show("ended");
        else if (String(reply.user) !== user) show("other");
        else {
          show(state === "mine" ? "mine" : "back");
          showMessages(reply.says);
        }
      } catch {
        failed += 1;
      }
      silent.hidden = failed < 2;
    }

    /* After signing in again as the same user, the form uses the token of the new sign-in. */
    function show(next) {
      if (next === "back") {
        for (const field of document.getElementsByName("csrfmiddlewaretoken")) field.value = cookie();
      }
      if (next === "ended" || next === "other") showMessages([]);
      state = next;
      ended.hidden = next !== "ended";
      other.hidden = next !== "other";
      back.hidden = next !== "back";
    }

    function showMessages(sentences) {
      if (says.dataset.messages === JSON.stringify(sentences)) return;
      says.dataset.messages = JSON.stringify(sentences);
      const lines = sentences.map((sentence) => {
        const line = document.createElement("p");
        line.textContent = sentence;
        return line;
      });
      says.replaceChildren(...lines);
    }

    function resume() {
      const slept = Date.now() - touched > IDLE;
      touched = Date.now();
      if (slept) ask();
    }

    for (const name of ["keydown", "pointerdown", "pointermove"]) window.addEventListener(name, resume, { passive: true });
    document.addEventListener("visibilitychange", () => document.hidden || ask());
    // Coming back from the window in which somebody signed in again.
    window.addEventListener("focus", () => state !== "mine" && ask());
    window.addEventListener("pagehide", () => {
      if (state !== "ended" && state !== "other" && cookie()) navigator.sendBeacon(place.dataset.presence, formData({ leaves: "1" }));
    });
    form?.addEventListener("submit", (event) => {
      // It would be saved under another user's name.
      if (state !== "other") return;
      event.preventDefault();
      other.scrollIntoView({ block: "center" });
      other.focus();
    });
    new IntersectionObserver(([seen]) => {
      const isAway = !seen.isIntersecting && seen.boundingClientRect.top < 0;
      // Its height is retained, or the page would jump.
      place.style.minHeight = isAway ? `${place.offsetHeight}px` : "";
      place.classList.toggle("away", isAway);
    }).observe(place);
    ask();
  }

  document.addEventListener("DOMContentLoaded", () => {
    for (const place of document.querySelectorAll("[data-presence]")) watchPlace(place);
  });
})();
