/* What a text says besides its words, as the editor keeps it: the language and direction of paragraphs and words, the
   places that links of the same page lead to, what a table's heads stand above, and lists that count down. */
import { Extension, Mark } from "django-prose-editor/editor";

const BLOCKS = [
  "paragraph",
  "heading",
  "bulletList",
  "orderedList",
  "listItem",
  "blockquote",
  "codeBlock",
  "table",
  "tableCell",
  "tableHeader",
];

/** An attribute that is written as it is read; `also` says more about it. */
const as = (name, also = {}) => ({
  [name]: { default: null, parseHTML: (element) => element.getAttribute(name) || null, ...also },
});

/* Words in another language, or written the other way. */
const OtherWords = Mark.create({
  name: "otherWords",
  // Languages nest.
  excludes: "",
  addAttributes: () => ({ ...as("lang"), ...as("dir") }),
  parseHTML: () => [{ tag: "span[lang]" }, { tag: "span[dir]" }, { tag: "bdi", attrs: { dir: "auto" } }],
  renderHTML: ({ HTMLAttributes }) => ["span", HTMLAttributes, 0],
});

export const TextAttributes = Extension.create({
  name: "textAttributes",
  addExtensions: () => [OtherWords],
  addGlobalAttributes: () => [
    { types: BLOCKS, attributes: { ...as("lang"), ...as("dir") } },
    // A paragraph that is split stays one place, not two.
    { types: ["paragraph", "heading", "listItem", "blockquote", "codeBlock"], attributes: as("id", { keepOnSplit: false }) },
    { types: ["tableHeader"], attributes: as("scope") },
    {
      types: ["orderedList"],
      attributes: {
        reversed: {
          default: null,
          parseHTML: (element) => (element.hasAttribute("reversed") ? "" : null),
          renderHTML: ({ reversed }) => (reversed === null ? {} : { reversed }),
        },
      },
    },
  ],
});
