/* Reduces what is pasted from a word processor, a mail or a web page to what a story can hold: paragraphs, headings,
   lists, tables, links, bold and italic. No words are lost; pictures and the like are counted, and reported as left
   out. The server's sanitiser remains the guard; this is a convenience. */
(() => {
  const HEADINGS = "h1, h2, h3, h4, h5, h6";
  const LEAF_BLOCKS = `p, ${HEADINGS}, li`;
  const BLOCKS = `${LEAF_BLOCKS}, ul, ol, table, thead, tbody, tr, td, th, blockquote, pre, hr, div, section, article`;
  // Elements that are paragraphs, or contain some.
  const DIVISIONS = [
    "div, section, article, header, footer, main, form, address, aside, nav, hgroup, figure, figcaption, center, dl, dt, dd",
    "details, summary, fieldset, legend, dialog, search, menu, option",
  ].join(", ");
  // Programs' metadata, and comments in the margin.
  const JUNK = [
    "style, script, meta, link, title, xml, template, colgroup, noscript, wbr, rp, annotation, annotation-xml, noembed, noframes",
    "datalist, map, dialog:not([open]), input[type='hidden' i]",
    ".MsoCommentReference, .MsoCommentText, .msoDel, [style*='mso-element:comment'], [style*='mso-hide:all']",
    "a[href^='#_msocom'], a[href^='#cmnt'], br.Apple-interchange-newline, [hidden]",
  ].join(", ");
  // Fields, which stand between words and are no words.
  const FIELDS = "input, select, textarea";
  // Media, which have blocks of their own or are not supported.
  const MEDIA = "img, svg, picture, video, audio, object, embed, iframe, canvas";
  // Pictures of emoji, as WordPress, Twitter and others write them; and what alone makes an emoji anywhere.
  const EMOJI_PICTURES = ".emoji, .wp-smiley, .Emoji, .twemoji";
  const EMOJI = /^(?=.*\p{Extended_Pictographic}|.*\p{Regional_Indicator}|.*\u20e3)[\p{Emoji}\p{Emoji_Component}]{1,16}$/u;
  const LONGEST_EMOJI = 16;
  const MEANINGLESS = "span, font, u, ins, label, small, big, abbr, acronym, mark, button, time, data, ruby, rt, bdi, bdo";
  const OFFICE = "meta[name='Generator' i][content*='Microsoft' i], meta[name='Generator' i][content*='Office' i]";
  // Single no-break spaces stay where they are set on purpose: in numbers, after abbreviations, and around French
  // punctuation.
  const SET_ON_PURPOSE = /(?<=[\p{N}«]|\p{L}\.)\u00a0(?=\S)|(?<=\S)\u00a0(?=[\p{N}»?!:;%€$£])/gu;
  // Without other spaces (narrow, thin, wide), which are always set on purpose.
  const WHITE_SPACE = /[ \t\n\r\f\v\u001c-\u001f\u0085\u2028\u2029\u00a0]+/g;
  const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;
  const LIST_TYPES = { "lower-alpha": "a", "lower-latin": "a", "upper-alpha": "A", "upper-latin": "A", "lower-roman": "i", "upper-roman": "I" };

  /** Returns the clipboard's HTML, cleaned, and how many pictures, films and frames were left out. */
  function clean(html) {
    const pasted = new DOMParser().parseFromString(html, "text/html");
    const { body } = pasted;
    const comments = document.createNodeIterator(body, NodeFilter.SHOW_COMMENT);
    const found = [];
    for (let node = comments.nextNode(); node; node = comments.nextNode()) found.push(node);
    for (const node of found) node.remove();
    globalThis.pastedMarks.inline(pasted);
    dropTrackedChanges(pasted);
    globalThis.pastedLists.join(body);
    for (const element of body.querySelectorAll(JUNK)) element.remove();
    for (const element of body.querySelectorAll("[style]")) if (isHidden(element)) element.remove();
    const leftOut = dropMedia(body);
    writeOut(body);
    for (const element of body.querySelectorAll("p.MsoTitle, p.MsoSubtitle")) rename(element, "h2");
    for (const element of body.querySelectorAll("kbd, samp, tt")) rename(element, "code");
    globalThis.pastedMarks.set(body);
    cleanLinks(body);
    keepHeadingsInRange(body);
    keepDirections(body);
    for (const element of body.querySelectorAll("*")) {
      const hasLanguage = element.hasAttribute("dir") || element.hasAttribute("lang");
      if (element.localName.includes(":") || (element.matches(MEANINGLESS) && !hasLanguage)) unwrap(element);
      else if (element.matches(MEANINGLESS) && element.localName !== "span") rename(element, "span");
    }
    nestLists(body);
    tablePartsInOrder(body);
    divsToParagraphs(body);
    cleanText(body);
    splitAtDoubleBreaks(body);
    for (const mark of body.querySelectorAll("strong, em, s, sup, sub, a, span")) {
      if (!mark.textContent.trim()) unwrap(mark);
    }
    trimBlocks(body);
    globalThis.pastedLists.splitAtNumbers(body, isEmpty);
    dropEmptyBlocks(body);
    for (const element of body.querySelectorAll("*")) dropAttributes(element);
    return { html: body.innerHTML.trim(), leftOut };
  }

  /* Deleted words of a word processor's tracked changes are removed; on a web page they are struck out. */
  function dropTrackedChanges(pasted) {
    if (!pasted.querySelector(`[class*='Mso'], [class*='mso'], del[cite], ${OFFICE}`)) return;
    for (const element of pasted.body.querySelectorAll("del")) element.remove();
  }

  function isHidden({ style }) {
    return style.display === "none" || style.visibility === "hidden";
  }

  /* Removes media and fields, without joining the words on their two sides. */
  function dropMedia(body) {
    let leftOut = 0;
    for (const element of body.querySelectorAll(FIELDS)) element.replaceWith(" ");
    for (const element of body.querySelectorAll(MEDIA)) {
      if (element.parentElement?.closest(MEDIA)) continue;
      const isPixel = ["width", "height"].every((side) => Number(element.getAttribute(side) ?? 9) <= 1);
      if (isPixel) element.remove();
      else if (isEmoji(element)) element.replaceWith(element.getAttribute("alt"));
      else {
        leftOut += 1;
        element.replaceWith(" ");
      }
    }
    return leftOut;
  }

  function isEmoji(element) {
    const words = element.localName === "img" ? (element.getAttribute("alt") ?? "") : "";
    return EMOJI.test(words) || (element.matches(EMOJI_PICTURES) && words !== "" && [...words].length <= LONGEST_EMOJI);
  }

  /* Writes out what elements express by their look alone: quotation marks, readings, powers and fractions. */
  function writeOut(body) {
    for (const element of body.querySelectorAll("q")) {
      const inside = element.parentElement.closest("q");
      element.prepend(inside ? "‘" : "“");
      element.append(inside ? "’" : "”");
    }
    for (const element of body.querySelectorAll("q")) unwrap(element);
    for (const element of body.querySelectorAll("rt")) {
      element.prepend("(");
      element.append(")");
    }
    for (const element of body.querySelectorAll("mfrac > :nth-child(2)")) element.before("/");
    for (const element of body.querySelectorAll("msqrt")) element.prepend("√");
    for (const [name, mark] of [["msup", "sup"], ["msub", "sub"]]) {
      for (const element of body.querySelectorAll(`${name} > :nth-child(2)`)) rename(element, mark);
    }
    for (const element of body.querySelectorAll("math, math *:not(sup, sub)")) unwrap(element);
    // LibreOffice sets no space between a footnote's number and its words.
    for (const element of body.querySelectorAll("a.sdfootnotesym, a.sdendnotesym")) element.after(" ");
    for (const element of body.querySelectorAll(".Apple-converted-space")) element.replaceWith(" ");
  }

  function cleanLinks(body) {
    for (const link of body.querySelectorAll("a")) {
      const address = realAddress(link.getAttribute("href") ?? "");
      if (address) link.setAttribute("href", address);
      else unwrap(link);
    }
  }

  /* The target of a link without the redirects of Google and Outlook, "" if it has none. */
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

  /* The story's headline is the first level; pasted headings begin below it. */
  function keepHeadingsInRange(body) {
    const down = body.querySelector("h1") ? 1 : 0;
    for (const heading of body.querySelectorAll(HEADINGS)) {
      const level = Math.min(Number(heading.localName[1]) + down, 4);
      if (heading.localName !== `h${level}`) rename(heading, `h${level}`);
    }
  }

  /* Google Docs and Word put language and direction on every paragraph, which is redundant if all text has one
     direction. */
  function keepDirections(body) {
    const mixed = RIGHT_TO_LEFT.test(body.textContent);
    for (const element of body.querySelectorAll("[dir], [lang]")) {
      const dir = element.getAttribute("dir")?.toLowerCase();
      const allowed = dir === "rtl" || dir === "auto" || (dir === "ltr" && mixed);
      if (allowed) element.setAttribute("dir", dir);
      else element.removeAttribute("dir");
      if (!allowed) element.removeAttribute("lang");
    }
    for (const element of body.querySelectorAll("bdi:not([dir])")) element.setAttribute("dir", "auto");
    for (const element of body.querySelectorAll(":is(div, section, article, center, td, th, body)[dir]")) {
      for (const inner of element.querySelectorAll(`p, ${HEADINGS}, ul, ol, table`)) {
        if (!inner.hasAttribute("dir")) inner.setAttribute("dir", element.getAttribute("dir"));
      }
    }
  }

  /* Google Docs puts a nested list after its item, not into it. */
  function nestLists(body) {
    for (const list of body.querySelectorAll(":is(ul, ol) > :is(ul, ol)")) {
      const before = list.previousElementSibling;
      if (before?.localName === "li") before.append(list);
    }
  }

  /* A caption is a paragraph before its table, and the foot its last rows, wherever it stands in the HTML. */
  function tablePartsInOrder(body) {
    for (const caption of body.querySelectorAll("table > caption")) {
      const paragraph = rename(caption, "p");
      paragraph.closest("table").before(paragraph);
    }
    for (const foot of body.querySelectorAll("tfoot")) foot.closest("table").append(rename(foot, "tbody"));
  }

  function divsToParagraphs(body) {
    for (const element of [...body.querySelectorAll(DIVISIONS)].reverse()) {
      if (!element.querySelector(BLOCKS)) rename(element, "p");
      else {
        wrapLooseWords(element);
        unwrap(element);
      }
    }
  }

  /* Wraps words next to paragraphs into one, or they would join the text before the element that is removed. */
  function wrapLooseWords(element) {
    let paragraph = null;
    for (const node of [...element.childNodes]) {
      if (node.nodeType === Node.ELEMENT_NODE && (node.matches(BLOCKS) || node.querySelector(BLOCKS))) paragraph = null;
      else if (paragraph) paragraph.append(node);
      else if (node.textContent.trim()) {
        paragraph = document.createElement("p");
        node.replaceWith(paragraph);
        paragraph.append(node);
      }
    }
  }

  function cleanText(body) {
    const texts = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
      if (node.parentElement.closest("pre")) continue;
      node.data = node.data
        .replace(/[\u200b\u2060\ufeff\u00ad]/g, "")
        .replace(SET_ON_PURPOSE, "\u0001")
        .replace(WHITE_SPACE, " ")
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
        const next = nextNonBlank(br);
        if (next?.nodeName !== "BR") continue;
        const before = document.createElement("p");
        while (paragraph.firstChild !== br) before.append(paragraph.firstChild);
        br.remove();
        paragraph.before(before);
      }
    }
  }

  /* The next node that is not blank. */
  function nextNonBlank(node) {
    let next = node.nextSibling;
    while (next?.nodeType === Node.TEXT_NODE && !next.data.trim()) next = next.nextSibling;
    return next;
  }

  function trimBlocks(body) {
    // A line break between paragraphs, or at the end of one, means nothing.
    for (const br of body.querySelectorAll("br")) {
      const isBetweenBlocks = br.previousElementSibling?.matches(BLOCKS) || br.nextElementSibling?.matches(BLOCKS);
      if (isBetweenBlocks && !br.closest(LEAF_BLOCKS)) br.remove();
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

  /* The first or last node of a block if it is a line break or blank, else null. */
  function edge(block, side) {
    const node = block[side];
    const blank = node?.nodeName === "BR" || (node?.nodeType === Node.TEXT_NODE && !node.data.trim());
    return blank ? node : null;
  }

  function dropEmptyBlocks(body) {
    for (const block of [...body.querySelectorAll(`${LEAF_BLOCKS}, ul, ol, blockquote, table`)].reverse()) {
      if (isEmpty(block)) block.remove();
    }
  }

  function isEmpty(block) {
    return !block.textContent.trim() && !block.closest("pre") && !block.querySelector("hr");
  }

  function dropAttributes(element) {
    const type = element.localName === "ol" && LIST_TYPES[element.style.listStyleType || element.querySelector(":scope > li")?.style.listStyleType];
    if (type) element.setAttribute("type", type);
    const allowed = {
      a: ["href"],
      ol: ["start", "type", "reversed"],
      td: ["colspan", "rowspan"],
      th: ["colspan", "rowspan", "scope"],
    }[element.localName] ?? [];
    for (const { name } of [...element.attributes]) {
      if (![...allowed, "dir", "lang"].includes(name)) element.removeAttribute(name);
    }
  }

  function unwrap(element) {
    element.replaceWith(...element.childNodes);
  }

  function rename(element, name) {
    const renamed = document.createElement(name);
    for (const name of ["dir", "lang"]) {
      if (element.hasAttribute(name)) renamed.setAttribute(name, element.getAttribute(name));
    }
    renamed.append(...element.childNodes);
    element.replaceWith(renamed);
    return renamed;
  }

  /* Reports below the editor what was left out. */
  function reportLeftOut(view, leftOut) {
    const editor = view.dom.closest(".prose-editor") ?? view.dom;
    if (editor.nextElementSibling?.matches(".left-out")) editor.nextElementSibling.remove();
    if (!leftOut) return;
    const message = document.createElement("p");
    message.className = "help left-out";
    message.setAttribute("role", "status");
    editor.after(message);
    message.textContent = document.getElementById("form-words").dataset.leftOut.replace("%(count)s", leftOut);
  }

  function transformPastedHTML(html, view) {
    // What was copied from this editor is not changed.
    if (html.includes("data-pm-slice")) return html;
    const cleaned = clean(html);
    reportLeftOut(view, cleaned.leftOut);
    return cleaned.html;
  }

  document.addEventListener("prose-editor:ready", ({ detail: { editor } }) => {
    editor.setOptions({ editorProps: { ...editor.options.editorProps, transformPastedHTML } });
  });
})();
