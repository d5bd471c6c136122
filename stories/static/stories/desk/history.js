/* A button that looks up who wrote the selected words of a revision. Without scripts, the search does the same. */
(() => {
  const story = document.querySelector("[data-blame]");
  if (!story) return;

  const button = document.createElement("button");
  button.type = "button";
  button.className = "button ask-who-wrote";
  button.textContent = story.dataset.ask;
  button.hidden = true;
  document.body.append(button);

  /* The number of visibleLength characters, as the server counts them: white space depends on templates. */
  const visibleLength = (text) => [...text.replace(/\s+/g, "")].length;

  function partOf(element, chosen) {
    const words = element.dataset.words ? element.querySelector(element.dataset.words) : element;
    if (!words || !chosen.intersectsNode(words)) return null;
    const part = document.createRange();
    part.selectNodeContents(words);
    const whole = part.cloneRange();
    if (chosen.compareBoundaryPoints(Range.START_TO_START, part) > 0) part.setStart(chosen.startContainer, chosen.startOffset);
    if (chosen.compareBoundaryPoints(Range.END_TO_END, part) < 0) part.setEnd(chosen.endContainer, chosen.endOffset);
    const length = visibleLength(part.toString());
    if (!length) return null;
    whole.setEnd(part.startContainer, part.startOffset);
    const first = visibleLength(whole.toString());
    return `${element.dataset.place}:${first}-${first + length}`;
  }

  function address(chosen) {
    const places = [...story.querySelectorAll("[data-place]")].map((element) => partOf(element, chosen)).filter(Boolean);
    const query = new URLSearchParams(
      places.length ? places.map((place) => ["at", place]) : [["words", chosen.toString().trim()]],
    );
    return `${story.dataset.blame}?${query}`;
  }

  function onSelectionChange() {
    const selection = document.getSelection();
    const chosen = selection.rangeCount ? selection.getRangeAt(0) : null;
    const isOurs = chosen && !chosen.collapsed && chosen.intersectsNode(story) && chosen.toString().trim();
    button.hidden = !isOurs;
    if (!isOurs) return;
    const rects = chosen.getClientRects();
    const last = rects[rects.length - 1];
    const left = Math.min(last.right, document.documentElement.clientWidth - button.offsetWidth - 12);
    button.style.left = `${Math.max(8, left) + window.scrollX}px`;
    button.style.top = `${last.bottom + 6 + window.scrollY}px`;
    /* For keyboard users, the words are put into the search field. */
    const search = document.querySelector("[data-look-up]");
    if (search) search.value = chosen.toString().replace(/\s+/g, " ").trim().slice(0, 2000);
  }

  document.addEventListener("selectionchange", onSelectionChange);
  /* Pressing the button must not clear the selection. */
  button.addEventListener("pointerdown", (event) => event.preventDefault());
  button.addEventListener("click", () => {
    const selection = document.getSelection();
    if (selection.rangeCount) window.location.assign(address(selection.getRangeAt(0)));
  });
})();
