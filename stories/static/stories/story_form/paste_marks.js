/* Bold, italic, struck-out, superscript and subscript words of what is pasted, whether by elements, by style attributes
   or by a style sheet. Called by paste.js with the pasted document. */
globalThis.pastedMarks = (() => {
  const HEADINGS = "h1, h2, h3, h4, h5, h6";
  const READ = ["fontWeight", "fontStyle", "textDecorationLine", "verticalAlign", "display", "visibility", "listStyleType"];
  const BOLD = /^(bold|bolder|[6-9]00|1000)$/;
  const LIGHT = /^(normal|lighter|[1-5]00)$/;
  const STRUCK = "s, strike, del";
  // What each element means for the words in it: true, false, or null. The innermost that is not null counts.
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
  const MARKUP = `b, strong, i, em, cite, dfn, var, ${STRUCK}, sup, sub`;

  /** Copies the rules of style sheets to the style attributes of their elements. */
  function inline(pasted) {
    for (const { textContent } of pasted.querySelectorAll("style")) {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(textContent.replaceAll(/<!--|-->/g, ""));
      // The last rule wins, and the element's own style wins over all.
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

  /** Wraps every word in the elements of its marks, and in no others. */
  function set(body) {
    const texts = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
    const found = [];
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
      if (node.data.trim() && !node.parentElement.closest("pre")) found.push([node, marksOf(node, body)]);
    }
    for (const element of body.querySelectorAll(MARKUP)) {
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

  /* Joins neighbouring elements of the same mark. */
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
