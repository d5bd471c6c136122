/* Splits, joins and converts blocks in the page, undoable right after. What this does not know how to do without loss
   (tables, lists cut in two, headings in a quote, two speakers) is left to the server, which says what it did or why not. */
window.storyReshape = (() => {
  const EDITOR = ".ProseMirror[contenteditable]";
  const OF_THE_ROW = new Set(["part_key", "ordering", "region", "id", "parent", "DELETE", "text"]);
  const ATTRIBUTION = ["anonymous", "speaker", "speaker_title", "description", "anonymity_reason", "source", "source_url", "said_on"];
  const MARKS = new Set(["“”", "„“", "„”", "«»", "»«"]);
  const PLAIN = new Set(["paragraph", "bulletList", "orderedList"]);
  // What was done, the newest last: each can be undone until its blocks change otherwise.
  const done = [];
  let typed = 0;
  let module = null;

  const load = async () => (module ??= await import("django-prose-editor/editor"));
  const setOf = (block) => block.id.replace(/-\d+$/, "");
  const editorOf = (block) => block.querySelector(EDITOR)?.editor;
  const areaOf = (block) => block.querySelector("textarea[name$='-text']");
  const fieldOf = (block, name) => block.querySelector(`[name="${block.id}-${name}"]`);
  const orderOf = (block) => Number(block.style.order);
  const blocks = () =>
    [...document.querySelectorAll(".order-machine > .inline-related:not(.empty-form, .for-deletion)")].sort((one, other) => orderOf(one) - orderOf(other));
  const nextOf = (block) => blocks()[blocks().indexOf(block) + 1] ?? null;
  const hasWords = (node) => node.textContent.trim() !== "";

  const htmlOf = (editor, nodes) => module.getHTMLFromFragment(editor.state.doc.type.create(null, nodes).content, editor.schema);
  const childrenOf = (doc) => Array.from({ length: doc.childCount }, (_, at) => doc.child(at));

  /* Changes a text so that its own undo does not bring back what stands in another block now. */
  const change = (editor, edit) => editor.view.dispatch(edit(editor.state.tr).setMeta("addToHistory", false));

  function setContent(editor, doc) {
    change(editor, (tr) => tr.replaceWith(0, tr.doc.content.size, doc.content));
  }

  /* Adds a block before another one, or at the end, with its words. */
  function add(prefix, before, html) {
    window.ContentEditor._insertBefore = before;
    window.ContentEditor.addContent(prefix);
    const total = document.getElementById(`id_${prefix}-TOTAL_FORMS`);
    const block = document.getElementById(`${prefix}-${Number(total.value) - 1}`);
    if (html !== undefined) areaOf(block).value = html;
    // Who asked for it says where the caret goes.
    if (areaOf(block)) delete block.dataset.added;
    return block;
  }

  /* Takes a block out of the story; returns what brings it back. */
  function takeAway(block) {
    const tick = fieldOf(block, "DELETE");
    if (tick) {
      tick.click();
      block.classList.add("taken-away");
      return () => {
        tick.click();
        block.classList.remove("taken-away");
        return block;
      };
    }
    const [prefix, html, values, before] = [setOf(block), areaOf(block).value, valuesOf(block), nextOf(block)];
    block.querySelector(".inline-deletelink").click();
    return () => {
      const again = add(prefix, before?.isConnected ? before : null, html);
      setValues(again, values);
      return again;
    };
  }

  function valuesOf(block) {
    const values = {};
    for (const field of block.querySelectorAll("[name]")) {
      const name = field.name.slice(block.id.length + 1);
      if (!OF_THE_ROW.has(name)) values[name] = field.type === "checkbox" ? field.checked : field.value;
    }
    return values;
  }

  function setValues(block, values) {
    for (const [name, value] of Object.entries(values)) {
      const field = fieldOf(block, name);
      if (field?.type === "checkbox") field.checked = value;
      else if (field && field.type !== "file") field.value = value;
    }
  }

  function focus(block, position, tries = 100) {
    const editor = editorOf(block);
    if (!editor) {
      if (tries) setTimeout(() => focus(block, position, tries - 1), 20);
      return;
    }
    delete block.dataset.added;
    editor.view.focus();
    editor.commands.focus(position, { scrollIntoView: false });
    const { top, bottom } = block.getBoundingClientRect();
    if (top < 0 || bottom > window.innerHeight - 100) block.scrollIntoView({ block: "center" });
  }

  /* Remembers how to undo it, while the blocks are as it left them. */
  function remember(changed, undo) {
    const after = changed.map((block) => [block, areaOf(block).value]);
    const isFresh = () => after.every(([block, html]) => block.isConnected && areaOf(block).value === html);
    done.push({ isFresh, undo });
  }

  const isWhite = (doc, at) => /^\s$/.test(doc.textBetween(at, at + 1, null, (leaf) => (leaf.type.name === "hardBreak" ? "\n" : "x")));

  /* Where the first half ends and the second begins: without the white space between, and no empty paragraph. */
  function cutAt({ doc, selection: { $from } }) {
    if ($from.depth !== 1 || !["paragraph", "heading"].includes($from.parent.type.name)) return null;
    let [end, begin] = [$from.pos, $from.pos];
    while (end > $from.start() && isWhite(doc, end - 1)) end -= 1;
    while (begin < $from.end() && isWhite(doc, begin)) begin += 1;
    if (end === $from.start()) end = $from.before();
    if (begin === $from.end()) begin = $from.after();
    return { end, begin };
  }

  function split(block) {
    const editor = editorOf(block);
    const cut = cutAt(editor.state);
    if (!cut) return false;
    const before = editor.state.doc;
    const [first, second] = [before.cut(0, cut.end), before.cut(cut.begin)];
    if (!hasWords(first) || !hasWords(second)) return false;
    const added = add(setOf(block), nextOf(block), htmlOf(editor, childrenOf(second)));
    setValues(added, valuesOf(block));
    setContent(editor, first);
    focus(added, "start");
    remember([block, added], () => {
      takeAway(added);
      setContent(editor, before);
      focus(block, cut.begin);
    });
    return true;
  }

  const attributionOf = (block) => JSON.stringify(ATTRIBUTION.map((name) => valuesOf(block)[name]));
  const isAttributed = (block) => ATTRIBUTION.some((name) => valuesOf(block)[name]);

  function join(block) {
    const next = nextOf(block);
    const [editor, following] = [editorOf(block), next && editorOf(next)];
    if (!editor || !following || setOf(next) !== setOf(block)) return false;
    if (isAttributed(next) && attributionOf(next) !== attributionOf(block)) return false;
    const before = editor.state.doc;
    const words = editor.schema.nodeFromJSON(following.getJSON()).content;
    const at = before.content.size;
    const bringBack = takeAway(next);
    change(editor, (tr) => (hasWords(before) ? tr.insert(at, words) : tr.replaceWith(0, at, words)));
    focus(block, hasWords(before) ? at + 1 : "start");
    remember([block], () => {
      setContent(editor, before);
      focus(bringBack(), "start");
    });
    return true;
  }

  /* Quotation marks around all of it go: a quote is shown with its own. */
  function withoutOuterMarks(html) {
    const words = new DOMParser().parseFromString(html, "text/html").body.textContent.trim();
    const [first, last] = [words.at(0), words.at(-1)];
    if (!MARKS.has(first + last) || [first, last].some((mark) => words.slice(1, -1).includes(mark))) return html;
    const [begin, end] = [html.indexOf(first), html.lastIndexOf(last)];
    return html.slice(0, begin) + html.slice(begin + 1, end) + html.slice(end + 1);
  }

  /* Makes a block, or some paragraphs of a text, the other kind. What stands first keeps the key. */
  function convert(block, to, some) {
    const editor = editorOf(block);
    const before = editor.state.doc;
    const all = childrenOf(before);
    const [from, until] = some ? [some[0], some[1] + 1] : [0, all.length];
    const parts = [all.slice(0, from), all.slice(from, until), all.slice(until)];
    const [head, middle, tail] = parts.map((nodes) => nodes.some(hasWords) && nodes);
    if (!middle || middle.some((node) => !PLAIN.has(node.type.name)) || (to === "textblock_set" && isAttributed(block))) return false;
    const key = fieldOf(block, "part_key").value;
    const html = parts.map((nodes) => htmlOf(editor, nodes));
    const next = nextOf(block);
    const converted = add(to, next, to === "quoteblock_set" ? withoutOuterMarks(html[1]) : html[1]);
    const added = [converted];
    if (tail) added.push(add(setOf(block), next, html[2]));
    let bringBack = null;
    if (head) setContent(editor, editor.schema.topNodeType.create(null, head));
    else {
      fieldOf(converted, "part_key").value = key;
      bringBack = takeAway(block);
    }
    focus(converted, "start");
    remember(head ? [block, ...added] : added, () => {
      for (const each of added.reverse()) takeAway(each);
      const back = bringBack ? bringBack() : block;
      if (head) setContent(editor, before);
      focus(back, "start");
    });
    return true;
  }

  /* Undoes the newest change of blocks, if nothing was typed into them since. */
  function undo() {
    const last = done.at(-1);
    if (!last?.isFresh()) return false;
    done.pop();
    last.undo();
    document.dispatchEvent(new CustomEvent("story:undone"));
    return true;
  }

  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key.toLowerCase() !== "z" || event.shiftKey || event.altKey || !(event.ctrlKey || event.metaKey)) return;
      if (event.target.closest?.(".order-machine") && undo()) {
        event.preventDefault();
        event.stopPropagation();
      }
    },
    true,
  );
  document.addEventListener("input", ({ target }) => (typed += Number(!target.name?.endsWith("-ordering"))));
  // What was saved is not undone in the page: its rows are others then.
  document.addEventListener("story:saved", () => done.splice(0));
  document.addEventListener("content-editor:ready", load);

  return {
    /* Adds an empty block for somebody to write into. */
    add(prefix, before) {
      const block = add(prefix, before);
      if (areaOf(block)) focus(block, "start");
    },
    /* Remembers how to undo a move, until somebody types. */
    moved(undo) {
      const before = typed;
      done.push({ isFresh: () => typed === before, undo });
    },
    /* Returns whether it was done. */
    apply(block, verb, some) {
      if (!module || !editorOf(block)) return false;
      if (verb === "split") return split(block);
      if (verb === "join") return join(block);
      return convert(block, verb === "quote" ? "quoteblock_set" : "textblock_set", some);
    },
  };
})();
