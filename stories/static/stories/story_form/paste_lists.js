/* Turns lists that word processors write as paragraphs with a bullet or number before each, or as many lists of one
   item, into lists. Called by paste.js with the body of what is pasted. */
globalThis.pastedLists = (() => {
  const BULLET = /^[·•●○◦▪■□◆➢➤✓✔§o–—*-]$/u;
  // 1. (1) a) iv. 2.3. ١. 一、
  const NUMBER = /^[([（]?(?:[\p{Nd}]+\.)*([\p{Nd}]{1,4}|[a-z]|[ivxlcdm]{1,8}|\p{L}|[一二三四五六七八九十百]{1,4})[.)\]）、．:]\)?$/iu;
  // A marker that is recognisable by its look alone.
  const TYPED = /^[\s\u00a0]*(\S{1,8})(?:[\s\u00a0]{2,}|\t|\u00a0)/u;
  const ROMAN = { i: 1, v: 5, x: 10, l: 50, c: 100, d: 500, m: 1000 };
  const HAN = "一二三四五六七八九";
  const POINTS_A_LEVEL = 36;

  /** Joins Word's paragraphs, and the lists of one item of Word on the web, into whole lists. */
  function join(body) {
    for (const first of body.querySelectorAll("p[style*='mso-list'], p[class*='MsoListParagraph']")) gather(first, ofParagraph);
    for (const first of body.querySelectorAll(".ListContainerWrapper")) gather(first, ofContainer);
  }

  /* Makes one list of an element and the items that directly follow it. */
  function gather(first, read) {
    if (!first.isConnected) return;
    const found = [];
    for (let element = first; element; element = element.nextElementSibling) {
      const items = read(element);
      if (!items) break;
      found.push([element, items]);
    }
    if (!found.length) return;
    first.before(listOf(found.flatMap(([, items]) => items)));
    for (const [element] of found) element.remove();
  }

  function ofContainer(element) {
    const lists = element.matches(".ListContainerWrapper") ? element.querySelectorAll(":scope > ul, :scope > ol") : [];
    if (!lists.length) return null;
    return [...lists].flatMap((list) =>
      [...list.children].map((item, index) => ({
        level: Number(item.dataset.ariaLevel ?? 1) || 1,
        kind: list.localName,
        number: (Number(list.getAttribute("start")) || 1) + index,
        type: list.getAttribute("type") ?? "",
        nodes: [...item.childNodes],
      })),
    );
  }

  function ofParagraph(paragraph) {
    if (paragraph.localName !== "p") return null;
    const style = paragraph.getAttribute("style") ?? "";
    const level = Number(/mso-list:[^;]*\blevel([1-9])/.exec(style)?.[1] ?? 0);
    if (!level && !/\bMsoListParagraph/.test(paragraph.className)) return null;
    const marker = paragraph.querySelector("[style*='mso-list:Ignore'], [style*='mso-list: Ignore']");
    const typed = marker ? marker.textContent.replaceAll("\u00a0", " ").trim() : typedBefore(paragraph);
    if (!level && !typed) return null;
    if (marker) marker.remove();
    else takeOut(paragraph, typed);
    const indented = Math.round((parseFloat(paragraph.style.marginLeft) || 0) / POINTS_A_LEVEL);
    return [{ level: level || Math.max(indented, 1), ...numbering(typed), nodes: [...paragraph.childNodes] }];
  }

  /* The marker that a paragraph begins with, "" if it begins with words. */
  function typedBefore(paragraph) {
    const typed = TYPED.exec(paragraph.textContent)?.[1] ?? "";
    return BULLET.test(typed) || NUMBER.test(typed) ? typed : "";
  }

  function takeOut(paragraph, typed) {
    let rest = paragraph.textContent.indexOf(typed) + typed.length;
    if (!typed) return;
    const texts = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node && rest > 0; node = texts.nextNode()) {
      const taken = Math.min(rest, node.data.length);
      node.data = node.data.slice(taken);
      rest -= taken;
    }
  }

  /** The kind of list that a marker means: bullets, or numbers of which type, and which number this is. */
  function numbering(typed) {
    const match = BULLET.test(typed) ? null : NUMBER.exec(typed);
    if (!match) return { kind: "ul", number: 0, type: "" };
    const mark = match[1];
    const small = mark.toLowerCase();
    const cased = (letter) => (mark === small ? letter : letter.toUpperCase());
    if (/^\p{Nd}/u.test(mark)) return { kind: "ol", number: digits(mark), type: "" };
    if (/^[ivxlcdm]+$/.test(small) && (small.length > 1 || small === "i")) {
      return { kind: "ol", number: roman(small), type: cased("i") };
    }
    if (/^[a-z]$/.test(small)) return { kind: "ol", number: small.charCodeAt(0) - 96, type: cased("a") };
    return { kind: "ol", number: han(mark) || 1, type: "" };
  }

  function digits(text) {
    let value = 0;
    for (const digit of text) {
      let zero = digit.codePointAt(0);
      while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1)) && digit.codePointAt(0) - zero < 9) zero -= 1;
      value = 10 * value + digit.codePointAt(0) - zero;
    }
    return value;
  }

  function roman(text) {
    const values = [...text].map((letter) => ROMAN[letter]);
    return values.reduce((sum, value, index) => sum + (value < (values[index + 1] ?? 0) ? -value : value), 0);
  }

  function han(text) {
    const [tens, ones] = text.includes("十") ? text.split("十") : ["0", text];
    return (tens === "" ? 1 : HAN.indexOf(tens) + 1) * 10 + HAN.indexOf(ones || "零") + 1;
  }

  function listOf(items) {
    const made = document.createDocumentFragment();
    const open = [];
    for (const item of items) {
      const goesOn = (list) => list.localName === item.kind && (item.kind === "ul" || !item.number || next(list) === item.number);
      while (open.length > item.level || (open.length === item.level && !goesOn(open.at(-1)))) open.pop();
      while (open.length < item.level) {
        const list = document.createElement(item.kind);
        if (item.kind === "ol" && open.length + 1 === item.level) {
          if (item.number > 1) list.setAttribute("start", item.number);
          if (item.type) list.setAttribute("type", item.type);
        }
        const around = open.at(-1);
        if (around) (around.lastElementChild ?? around.appendChild(document.createElement("li"))).append(list);
        else made.append(list);
        open.push(list);
      }
      const row = document.createElement("li");
      row.append(...item.nodes);
      open.at(-1).append(row);
    }
    return made;
  }

  function next(list) {
    return (Number(list.getAttribute("start")) || 1) + list.children.length;
  }

  /** Begins a list anew at every item whose number does not follow from the one before: it has its own, or the one
      before is empty (of a picture, say), and so has its number but no words. */
  function splitAtNumbers(body, isEmpty) {
    for (const list of body.querySelectorAll("ol")) {
      const items = [...list.children].filter((child) => child.localName === "li");
      const step = list.hasAttribute("reversed") ? -1 : 1;
      let number = integer(list.getAttribute("start")) ?? (step < 0 ? items.length : 1);
      let current = list;
      let following = step < 0 ? null : number;
      let isFirst = true;
      for (const item of items) {
        number = integer(item.getAttribute("value")) ?? number;
        if (!isEmpty(item)) {
          if (number !== following && !isFirst) {
            const rest = current.cloneNode();
            current.after(rest);
            current = rest;
          }
          if (number !== following) current.setAttribute("start", number);
          if (current !== list) current.append(item);
          following = number + step;
          isFirst = false;
        }
        number += step;
      }
    }
  }

  function integer(text) {
    return /^\s*[+-]?\d{1,6}(?!\d)/.test(text ?? "") ? parseInt(text, 10) : null;
  }

  return { join, splitAtNumbers };
})();
