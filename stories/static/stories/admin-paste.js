/* What is pasted from Word, Google Docs or a mail comes out as what a story can hold: paragraphs, headings, lists,
   tables, links, bold and italic. The server's sanitiser stays the guard; this is comfort. */
(() => {
  const HEADINGS = "h1, h2, h3, h4, h5, h6";
  const LEAF_BLOCKS = `p, ${HEADINGS}, li`;
  const BLOCKS = `${LEAF_BLOCKS}, ul, ol, table, thead, tbody, tr, td, th, blockquote, pre, hr, div, section, article`;
  // Neither words nor form: Word's notes to itself, comments in the margin, pictures (which have blocks of their own).
  const JUNK = [
    "style, script, meta, link, title, xml, template, colgroup, img, svg, picture, video, object, iframe, input, button",
    ".MsoCommentReference, .MsoCommentText, .msoDel, [style*='mso-element:comment'], [style*='mso-hide:all']",
    "a[href^='#_msocom'], a[href^='#cmnt'], br.Apple-interchange-newline, [style*='display:none']",
  ].join(", ");
  const SAYS_NOTHING = "span, font, u, ins, label, small, big, center, abbr, mark";
  // Of the lone hard spaces those stay that someone sets on purpose: in numbers, and around French punctuation.
  const SET_ON_PURPOSE = /(?<=[\p{N}«])\u00a0(?=\S)|(?<=\S)\u00a0(?=[\p{N}»?!:;%€$£])/gu;
  const LETTERED = /^\(?[a-z0-9]{1,4}[.)]/i;

  const MARKS = {
    strong: (style) => /^(bold|bolder|[6-9]00)$/.test(style.fontWeight),
    em: (style) => /^(italic|oblique)/.test(style.fontStyle),
    s: (style) => style.textDecoration.includes("line-through"),
    sup: (style) => style.verticalAlign === "super",
    sub: (style) => style.verticalAlign === "sub",
  };
  const SAME = { b: "strong", i: "em", del: "s", strike: "s" };
  const UNDONE = {
    b: (style) => /^(normal|lighter|[1-5]00)$/.test(style.fontWeight),
    i: (style) => style.fontStyle === "normal",
  };
  UNDONE.strong = UNDONE.b;
  UNDONE.em = UNDONE.i;

  /** The HTML of a clipboard, cleaned. What this editor itself copied stays as it is. */
  function clean(html) {
    if (html.includes("data-pm-slice")) return html;
    const { body } = new DOMParser().parseFromString(html, "text/html");
    const comments = document.createNodeIterator(body, NodeFilter.SHOW_COMMENT);
    const found = [];
    for (let node = comments.nextNode(); node; node = comments.nextNode()) found.push(node);
    for (const node of found) node.remove();
    dropTrackedChanges(body);
    listParagraphsToLists(body);
    for (const element of body.querySelectorAll(JUNK)) element.remove();
    for (const element of body.querySelectorAll("p.MsoTitle, p.MsoSubtitle")) rename(element, "h2");
    stylesToMarks(body);
    cleanLinks(body);
    keepHeadingsInRange(body);
    for (const element of body.querySelectorAll("*")) {
      if (element.localName.includes(":") || element.matches(SAYS_NOTHING)) unwrap(element);
    }
    nestLists(body);
    divsToParagraphs(body);
    cleanText(body);
    splitAtDoubleBreaks(body);
    for (const mark of body.querySelectorAll("strong, b, em, i, s, sup, sub, a")) {
      if (!mark.textContent.trim()) unwrap(mark);
    }
    trimBlocks(body);
    dropEmptyBlocks(body);
    for (const element of body.querySelectorAll("*")) dropAttributes(element);
    return body.innerHTML.trim();
  }

  function dropTrackedChanges(body) {
    if (!body.querySelector("[class*='Mso'], [class*='mso'], del[cite]")) return;
    for (const element of body.querySelectorAll("del")) element.remove();
  }

  /* Word writes its lists as paragraphs with a bullet typed before each. */
  function listParagraphsToLists(body) {
    for (const first of body.querySelectorAll("p[style*='mso-list']")) {
      if (!first.isConnected || !listLevel(first)) continue;
      const items = [];
      for (let item = first; item && listLevel(item); item = item.nextElementSibling) items.push(item);
      first.before(listOf(items));
      for (const item of items) item.remove();
    }
  }

  function listOf(items) {
    const whole = document.createDocumentFragment();
    const open = [];
    for (const item of items) {
      const level = listLevel(item);
      const kind = markerOf(item);
      while (open.length > level || (open.length === level && open.at(-1).localName !== kind)) open.pop();
      while (open.length < level) {
        const list = document.createElement(kind);
        const around = open.at(-1);
        if (around) (around.lastElementChild ?? around.appendChild(document.createElement("li"))).append(list);
        else whole.append(list);
        open.push(list);
      }
      const row = document.createElement("li");
      row.append(...item.childNodes);
      open.at(-1).append(row);
    }
    return whole;
  }

  function listLevel(paragraph) {
    if (paragraph.localName !== "p") return 0;
    return Number(/mso-list:[^;]*\blevel([1-9])/.exec(paragraph.getAttribute("style") ?? "")?.[1] ?? 0);
  }

  /* Takes the typed marker out of a list's paragraph; whether it is a number says which list it is. */
  function markerOf(paragraph) {
    const marker = paragraph.querySelector("[style*='mso-list:Ignore'], [style*='mso-list: Ignore']");
    const typed = marker?.textContent.replaceAll("\u00a0", " ").trim() ?? "";
    marker?.remove();
    return LETTERED.test(typed) && typed !== "o" ? "ol" : "ul";
  }

  /* Google Docs says bold and italic by styles alone, and wraps everything in a <b> that is not bold. */
  function stylesToMarks(body) {
    for (const element of body.querySelectorAll("[style]")) {
      const style = element.style;
      const undone = UNDONE[element.localName]?.(style);
      if (!element.matches(BLOCKS) && !element.closest(HEADINGS)) {
        for (const [mark, is] of Object.entries(MARKS)) {
          if (!is(style) || (SAME[element.localName] ?? element.localName) === mark) continue;
          const wrapper = document.createElement(mark);
          wrapper.append(...element.childNodes);
          element.append(wrapper);
        }
      }
      if (undone) unwrap(element);
    }
    // A heading is bold by itself.
    for (const mark of body.querySelectorAll(":is(h1, h2, h3, h4, h5, h6) :is(b, strong)")) unwrap(mark);
  }

  function cleanLinks(body) {
    for (const link of body.querySelectorAll("a")) {
      const address = realAddress(link.getAttribute("href") ?? "");
      if (address) link.setAttribute("href", address);
      else unwrap(link);
    }
  }

  /* Where a link leads without the ways round that Google and Outlook put before it; "" where it leads nowhere. */
  function realAddress(href) {
    if (!/^(https?:|mailto:)/i.test(href.trim())) return "";
    try {
      const url = new URL(href.trim());
      const google = /(^|\.)google\.[a-z.]+$/.test(url.hostname) && url.pathname === "/url";
      const outlook = url.hostname.endsWith(".safelinks.protection.outlook.com");
      const behind = google
        ? (url.searchParams.get("q") ?? url.searchParams.get("url"))
        : outlook
          ? url.searchParams.get("url")
          : null;
      return behind ? realAddress(behind) : href.trim();
    } catch {
      return "";
    }
  }

  /* A story's own headline is the first; what is pasted begins below it. */
  function keepHeadingsInRange(body) {
    const down = body.querySelector("h1") ? 1 : 0;
    for (const heading of body.querySelectorAll(HEADINGS)) {
      const level = Math.min(Number(heading.localName[1]) + down, 4);
      if (heading.localName !== `h${level}`) rename(heading, `h${level}`);
    }
  }

  /* Google Docs puts a list below its item, not into it. */
  function nestLists(body) {
    for (const list of body.querySelectorAll(":is(ul, ol) > :is(ul, ol)")) {
      const before = list.previousElementSibling;
      if (before?.localName === "li") before.append(list);
    }
  }

  function divsToParagraphs(body) {
    for (const element of [...body.querySelectorAll("div, section, article, header, footer, main, form, address")].reverse()) {
      if (element.querySelector(BLOCKS)) unwrap(element);
      else rename(element, "p");
    }
  }

  function cleanText(body) {
    const texts = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
      if (node.parentElement.closest("pre")) continue;
      node.data = node.data
        .replace(/[\u200b\u2060\ufeff\u00ad]/g, "")
        .replace(SET_ON_PURPOSE, "\u0001")
        .replace(/[\s\u00a0]+/g, " ")
        .replaceAll("\u0001", "\u00a0");
    }
  }

  /* Two line breaks are how mails end a paragraph. */
  function splitAtDoubleBreaks(body) {
    if (!body.querySelector(BLOCKS) && body.querySelector("br")) {
      const whole = document.createElement("p");
      whole.append(...body.childNodes);
      body.append(whole);
    }
    for (const paragraph of body.querySelectorAll("p")) {
      for (const br of paragraph.querySelectorAll(":scope > br")) {
        const next = nextSaying(br);
        if (next?.nodeName !== "BR") continue;
        const before = document.createElement("p");
        while (paragraph.firstChild !== br) before.append(paragraph.firstChild);
        br.remove();
        paragraph.before(before);
      }
    }
  }

  /* The node behind, past blanks. */
  function nextSaying(node) {
    let next = node.nextSibling;
    while (next?.nodeType === Node.TEXT_NODE && !next.data.trim()) next = next.nextSibling;
    return next;
  }

  function trimBlocks(body) {
    // A line break between paragraphs, or at the end of one, says nothing.
    for (const br of body.querySelectorAll("br")) {
      const beside = br.previousElementSibling?.matches(BLOCKS) || br.nextElementSibling?.matches(BLOCKS);
      if (beside && !br.closest(LEAF_BLOCKS)) br.remove();
    }
    for (const block of body.querySelectorAll(`${LEAF_BLOCKS}, td, th`)) {
      while (edge(block, "firstChild")) edge(block, "firstChild").remove();
      while (edge(block, "lastChild")) edge(block, "lastChild").remove();
      const texts = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
      const first = texts.nextNode();
      if (first && block.firstChild?.contains(first)) first.data = first.data.replace(/^ +/, "");
      let last = first;
      for (let node = first; node; node = texts.nextNode()) last = node;
      if (last && block.lastChild?.contains(last)) last.data = last.data.replace(/ +$/, "");
    }
  }

  /* The first or last node of a block where it is a line break or a blank, else null. */
  function edge(block, side) {
    const node = block[side];
    const blank = node?.nodeName === "BR" || (node?.nodeType === Node.TEXT_NODE && !node.data.trim());
    return blank ? node : null;
  }

  function dropEmptyBlocks(body) {
    for (const block of [...body.querySelectorAll(`${LEAF_BLOCKS}, ul, ol, blockquote, table`)].reverse()) {
      if (!block.textContent.trim() && !block.closest("pre") && !block.querySelector("hr")) block.remove();
    }
  }

  function dropAttributes(element) {
    const kept = { a: ["href"], ol: ["start"], td: ["colspan", "rowspan"], th: ["colspan", "rowspan"] }[element.localName] ?? [];
    for (const { name } of [...element.attributes]) if (!kept.includes(name)) element.removeAttribute(name);
  }

  function unwrap(element) {
    element.replaceWith(...element.childNodes);
  }

  function rename(element, name) {
    const renamed = document.createElement(name);
    renamed.append(...element.childNodes);
    element.replaceWith(renamed);
  }

  document.addEventListener("prose-editor:ready", ({ detail: { editor } }) => {
    editor.setOptions({ editorProps: { ...editor.options.editorProps, transformPastedHTML: clean } });
  });
})();
