/* Attributes that the editor has to preserve: language and direction of paragraphs and words, ids that links on the
   page refer to, scopes of table headers, and reversed lists. */
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

/** An attribute that is rendered as it was parsed; `also` has further options. */
const as = (name, also = {}) => ({
  [name]: { default: null, parseHTML: (element) => element.getAttribute(name) || null, ...also },
});

/* Words in another language or direction. */
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
    // When a paragraph is split, only one half has the id.
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
