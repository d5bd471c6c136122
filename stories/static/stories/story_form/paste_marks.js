/* Bold, italic, struck, raised and lowered words of what is pasted, whether elements, their style or a style sheet
   says so. Called by admin-paste.js with the document that is pasted. */
globalThis.pastedMarks = (() => {
  const HEADINGS = "h1, h2, h3, h4, h5, h6";
  const READ = ["fontWeight", "fontStyle", "textDecorationLine", "verticalAlign", "display", "visibility", "listStyleType"];
  const BOLD = /^(bold|bolder|[6-9]00|1000)$/;
  const LIGHT = /^(normal|lighter|[1-5]00)$/;
  const STRUCK = "s, strike, del";
  // What each element says of the words in it: yes, no, or nothing. The innermost that says anything is right.
  const SAYS = {
    strong: (element, style) =>
      BOLD.test(style.fontWeight) || (LIGHT.test(style.fontWeight) ? false : element.matches("b, strong") || null),
    em: (element, style) =>
      /^(italic|oblique)/.test(style.fontStyle) ||
      (style.fontStyle === "normal" ? false : element.matches("i, em, cite, dfn, var") || null),
    s: (element, style) => style.textDecorationLine.includes("line-through") || element.matches(STRUCK) || null,
    sup: (element, style) => style.verticalAlign === "super" || element.matches("sup") || null,
    sub: (element, style) => style.verticalAlign === "sub" || element.matches("sub") || null,
  };
  const SAID_BY = `b, strong, i, em, cite, dfn, var, ${STRUCK}, sup, sub`;

  /** What style sheets say, written on the elements that they say it of. */
  function inline(pasted) {
    for (const { textContent } of pasted.querySelectorAll("style")) {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(textContent.replaceAll(/<!--|-->/g, ""));
      // What stands last wins, and what the element says itself before all.
      for (const rule of [...sheet.cssRules].reverse()) {
        if (!rule.selectorText || !READ.some((name) => rule.style[name])) continue;
        for (const element of matching(pasted, rule.selectorText)) {
          for (const name of READ) if (rule.style[name] && !element.style[name]) element.style[name] = rule.style[name];
        }
      }
    }
  }

  function matching(pasted, selector) {
    try {
      return pasted.body.querySelectorAll(selector);
    } catch {
      return [];
    }
  }

  /** Every word in the elements that its marks are, and in no other. */
  function set(body) {
    const texts = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
    const found = [];
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
      if (node.data.trim() && !node.parentElement.closest("pre")) found.push([node, marksOf(node, body)]);
    }
    for (const element of body.querySelectorAll(SAID_BY)) {
      if (!element.closest("pre")) element.replaceWith(...element.childNodes);
    }
    for (const [node, marks] of found) {
      for (const mark of marks) {
        const wrapper = document.createElement(mark);
        node.replaceWith(wrapper);
        wrapper.append(node);
      }
    }
    join(body);
  }

  function marksOf(node, body) {
    const marks = [];
    for (const [mark, says] of Object.entries(SAYS)) {
      // A heading is bold by itself.
      if (mark === "strong" && node.parentElement.closest(HEADINGS)) continue;
      for (let element = node.parentElement; element && element !== body; element = element.parentElement) {
        const said = says(element, element.style);
        if (said === null) continue;
        if (said) marks.push(mark);
        break;
      }
    }
    return marks;
  }

  /* Words that were one are one again. */
  function join(body) {
    for (const mark of Object.keys(SAYS)) {
      for (const element of body.querySelectorAll(mark)) {
        while (element.nextSibling?.localName === mark) {
          const following = element.nextSibling;
          element.append(...following.childNodes);
          following.remove();
        }
      }
    }
  }

  return { inline, set };
})();
