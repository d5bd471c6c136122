// Conveniences of readers' pages. All of it is optional.
"use strict";

const language = document.documentElement.lang || undefined;
const DAY = 86_400_000;

/** Reads from storage, which may be full, switched off or missing: then nothing is remembered. */
const remembered = (storage, key) => {
  try {
    return JSON.parse(window[storage].getItem(key)) ?? {};
  } catch {
    return {};
  }
};

const remember = (storage, key, value) => {
  try {
    window[storage].setItem(key, JSON.stringify(value));
  } catch {
    // Readers who block storage get no message.
  }
};

/** How many days ago, by the calendar of where the reader is. */
const daysSince = (moment) => {
  const midnight = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate());
  return Math.round((midnight(new Date()) - midnight(moment)) / DAY);
};

// ------------------------------------------------------------------------------------------------ times

/** Adds to the times of a story and of cards how long ago they are and, as a tooltip, the time in the reader's zone. */
const addRelativeTimes = () => {
  const ago = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  const here = new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "short" });
  for (const time of document.querySelectorAll("time[datetime*='T']")) {
    const moment = new Date(time.dateTime);
    if (Number.isNaN(moment.getTime())) continue;
    time.title = here.format(moment);
    const minutes = Math.round((Date.now() - moment) / 60_000);
    if (!time.closest(".times") || minutes < 0 || minutes >= 7 * 24 * 60) continue;
    let relative = ago.format(-daysSince(moment), "day");
    if (minutes < 60) relative = ago.format(-minutes, "minute");
    else if (minutes < 24 * 60) relative = ago.format(-Math.round(minutes / 60), "hour");
    const suffix = document.createElement("span");
    suffix.className = "ago";
    suffix.textContent = ` (${relative})`;
    time.after(suffix);
  }
};

// ------------------------------------------------------------------------- what changed since it was read

const READ = "stories-read";
const MOST_READ = 500;

/** "2 updates since you read this on Tuesday: what changed", for readers of an earlier version, from local storage. */
const showUpdatesSince = (line) => {
  const { story, compare, one, many, on } = line.dataset;
  const version = Number(line.dataset.version);
  const read = remembered("localStorage", READ);
  const returned = remembered("sessionStorage", READ);
  const before = returned[story] ?? read[story];

  if (Array.isArray(before) && before[0] > 0 && before[0] < version) {
    const [seen, when] = before;
    const count = version - seen;
    const link = document.createElement("a");
    link.href = compare.replace("/0...", `/${seen}...`);
    link.textContent = (count === 1 ? one : many)
      .replace("{count}", count.toLocaleString(language))
      .replace("{when}", dayOf(new Date(when), on));
    line.replaceChildren(link);
    line.hidden = false;
    // A reload is no second reading: the tab stores what was read before.
    remember("sessionStorage", READ, { ...returned, [story]: before });
  }

  delete read[story];
  const newest = Object.entries({ ...read, [story]: [version, Date.now()] })
    .sort(([, a], [, b]) => b[1] - a[1])
    .slice(0, MOST_READ);
  remember("localStorage", READ, Object.fromEntries(newest));
};

const dayOf = (moment, on) => {
  const days = daysSince(moment);
  if (days < 2) return new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(-Math.max(days, 0), "day");
  const form = days < 7 ? { weekday: "long" } : { day: "numeric", month: "long" };
  if (moment.getFullYear() !== new Date().getFullYear()) form.year = "numeric";
  return on.replace("{day}", new Intl.DateTimeFormat(language, form).format(moment));
};

// --------------------------------------------------------------------------------- from change to change

const KEYS = "comparison-keys";

/** Buttons and keys that go from one change of a comparison to the next, and unfold what is folded. */
const stepThrough = (bar) => {
  const changes = [...document.querySelectorAll("[id^='change-']")];
  const folds = [...document.querySelectorAll("details.unchanged")];
  const place = bar.querySelector(".at");
  const unfold = bar.querySelector("[data-unfold]");
  const keys = bar.querySelector("[data-keys]");
  // The change that the reader is at, counted from 0; -1 before the first.
  let at = -1;

  const showPosition = () => {
    place.textContent =
      at < 0
        ? bar.dataset.count
        : bar.dataset.at.replace("{number}", at + 1).replace("{count}", changes.length);
  };

  const goTo = (number) => {
    at = number;
    const change = changes[at];
    // A change inside a link can't be focused, but the link can.
    (change.closest("a") ?? change).focus({ preventScroll: true });
    change.scrollIntoView({ block: "center" });
    history.replaceState(null, "", `#${change.id}`);
    showPosition();
  };

  const go = (step) => {
    goTo(at < 0 && step < 0 ? changes.length - 1 : (at + step + changes.length) % changes.length);
  };

  const comeFromAddress = () => {
    // A note links to a place inside its change.
    const asked = location.hash && document.getElementById(location.hash.slice(1));
    const named = changes.findIndex((change) => change.contains(asked || null));
    if (named >= 0) goTo(named);
  };

  const keysAreOn = () => keys.getAttribute("aria-pressed") === "true";

  for (const button of bar.querySelectorAll("[data-step]")) {
    button.addEventListener("click", () => go(Number(button.dataset.step)));
  }
  unfold.hidden = folds.length === 0;
  unfold.addEventListener("click", () => {
    const open = folds.some((fold) => !fold.open);
    for (const fold of folds) fold.open = open;
  });
  for (const fold of folds) {
    fold.addEventListener("toggle", () => unfold.setAttribute("aria-pressed", String(folds.every((each) => each.open))));
  }
  keys.setAttribute("aria-pressed", String(remembered("localStorage", KEYS).off !== true));
  keys.addEventListener("click", () => {
    keys.setAttribute("aria-pressed", String(!keysAreOn()));
    remember("localStorage", KEYS, { off: !keysAreOn() });
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, select, textarea, [contenteditable]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || !keysAreOn()) return;
    const step = { n: 1, j: 1, p: -1, k: -1 }[event.key];
    if (step) {
      event.preventDefault();
      go(step);
    }
  });
  window.addEventListener("hashchange", comeFromAddress);
  bar.hidden = false;
  document.querySelector(".first-change")?.remove();
  showPosition();
  comeFromAddress();
};

addRelativeTimes();
document.querySelectorAll(".since").forEach(showUpdatesSince);
document.querySelectorAll(".stepper").forEach(stepThrough);
