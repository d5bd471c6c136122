/* This browser stores what a user typed and did not save, under the user's number: a crash or an expired sign-in loses
   nothing, and no other user is offered it. Here it is stored and deleted; `data-…` attributes mark the forms. */
const autosave = (() => {
  const PREFIX = "newsroom.typed:";
  const LASTS = 7 * 24 * 60 * 60 * 1000;
  const SAVED = "typed_saved_";
  const { user, admin, signOut: words } = document.currentScript.dataset;
  let closed = false;

  /* The keys that begin with `start`: a user's number, optionally with a page's path. */
  function keys(start) {
    try {
      const all = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX + start));
      return all.map((key) => key.slice(PREFIX.length));
    } catch {
      return [];
    }
  }

  function read(key, lasts = LASTS) {
    try {
      const found = JSON.parse(localStorage.getItem(PREFIX + key));
      return found && Date.now() - found.at < lasts ? found : null;
    } catch {
      return null;
    }
  }

  /* Returns whether it could be stored. */
  function write(key, data) {
    if (closed) return true;
    try {
      localStorage.setItem(PREFIX + key, JSON.stringify({ at: Date.now(), ...data }));
      return true;
    } catch {
      return false;
    }
  }

  function forget(key) {
    try {
      localStorage.removeItem(PREFIX + key);
    } catch {
      // Then nothing was stored.
    }
  }

  const tokenOf = (key) => key.slice(key.lastIndexOf("#") + 1);

  /* Deletes a form that was saved, and the forms whose typing it took over. */
  function forgetForm(token) {
    const mine = keys(`${user}:`);
    const saved = mine.find((key) => tokenOf(key) === token);
    const before = (saved && read(saved)?.before) ?? [];
    for (const key of mine) if (tokenOf(key) === token || before.includes(tokenOf(key))) forget(key);
  }

  /* Deletes all forms of a page, by its key: its review, and the forms that led to it. */
  function forgetPage(page) {
    forget(page);
    for (const key of keys(`${page}#`)) forget(key);
  }

  /* Whether it was typed before the newest erasure of its story. Compares erasures, since erasing makes no revision. */
  function isOlderThanErasure(key, newest) {
    const carried = read(key)?.fields?.find(([name]) => name === "erasure")?.[1];
    return Number(carried ?? 0) !== Number(newest ?? 0);
  }

  const storyOf = (key) => key.match(/\/article\/(\d+)\//)?.[1];

  /* Checks the forms of all stories, since a form may never be opened again. */
  async function forgetErased() {
    const mine = keys(`${user}:`).filter(storyOf);
    if (!mine.length) return;
    const asked = new URLSearchParams([...new Set(mine.map(storyOf))].map((story) => ["story", story]));
    try {
      const answer = await fetch(`${admin}stories/article/erasures/?${asked}`);
      if (!answer.ok) return;
      const newest = await answer.json();
      for (const key of mine) if (isOlderThanErasure(key, newest[storyOf(key)])) forget(key);
    } catch {
      // The next page tries again.
    }
  }

  function forgetSaved() {
    for (const [, name] of document.cookie.matchAll(/(?:^|; )(typed_saved_[^=;]+)=/g)) {
      forgetForm(name.slice(SAVED.length));
      document.cookie = `${name}=; path=${admin}; max-age=0`;
    }
  }

  /* Deletes what is old, of all users. */
  function forgetOld() {
    for (const key of keys("")) if (!read(key)) forget(key);
  }

  /* Signing out deletes what is stored. */
  function signOut(event) {
    const mine = keys(`${user}:`);
    if (mine.length && !window.confirm(words)) {
      event.preventDefault();
      return;
    }
    closed = true;
    for (const key of mine) forget(key);
  }

  forgetSaved();
  forgetOld();
  if (user) forgetErased();
  document.addEventListener("DOMContentLoaded", () => {
    for (const done of document.querySelectorAll("[data-forget-typed]")) forgetPage(done.dataset.forgetTyped);
    document.getElementById("logout-form")?.addEventListener("submit", signOut);
  });

  return { keys, read, write, forget, isOlderThanErasure, tokenOf, user, isClosed: () => closed };
})();
