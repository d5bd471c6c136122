/* Words marked in a story as it read at a revision: a button asks who wrote them. The search does it without. */
(() => {
  const story = document.querySelector("[data-blame]");
  if (!story) return;

  const button = document.createElement("button");
  button.type = "button";
  button.className = "button ask-who-wrote";
  button.textContent = story.dataset.ask;
  button.hidden = true;
  document.body.append(button);

  /* Visible characters, as the server counts them: white space comes and goes with templates. */
  const visible = (text) => [...text.replace(/\s+/g, "")].length;

  function partOf(element, chosen) {
    const words = element.dataset.words ? element.querySelector(element.dataset.words) : element;
    if (!words || !chosen.intersectsNode(words)) return null;
    const part = document.createRange();
    part.selectNodeContents(words);
    const whole = part.cloneRange();
    if (chosen.compareBoundaryPoints(Range.START_TO_START, part) > 0) part.setStart(chosen.startContainer, chosen.startOffset);
    if (chosen.compareBoundaryPoints(Range.END_TO_END, part) < 0) part.setEnd(chosen.endContainer, chosen.endOffset);
    const length = visible(part.toString());
    if (!length) return null;
    whole.setEnd(part.startContainer, part.startOffset);
    const first = visible(whole.toString());
    return `${element.dataset.place}:${first}-${first + length}`;
  }

  function address(chosen) {
    const places = [...story.querySelectorAll("[data-place]")].map((element) => partOf(element, chosen)).filter(Boolean);
    const asked = new URLSearchParams(
      places.length ? places.map((place) => ["at", place]) : [["words", chosen.toString().trim()]],
    );
    return `${story.dataset.blame}?${asked}`;
  }

  function heed() {
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
    /* For who goes on with the keyboard: the words stand in the search. */
    const search = document.querySelector("[data-look-up]");
    if (search) search.value = chosen.toString().replace(/\s+/g, " ").trim().slice(0, 2000);
  }

  document.addEventListener("selectionchange", heed);
  /* Pressing the button must not first take the marked words away. */
  button.addEventListener("pointerdown", (event) => event.preventDefault());
  button.addEventListener("click", () => {
    const selection = document.getSelection();
    if (selection.rangeCount) window.location.assign(address(selection.getRangeAt(0)));
  });
})();
