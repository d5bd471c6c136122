"""The elements of HTML, and what each means to an import."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from typing import Any, Final
from urllib.parse import quote, urlsplit

from stories.domain.text.controls import one_line

LONGEST_ADDRESS: Final = 1000
# What a picture can be stored with: a longer one would refuse the whole story.
LONGEST_PICTURE_ADDRESS: Final = 2000
LONGEST_ALT_TEXT: Final = 2000
LONGEST_CAPTION: Final = 5000

# Inline elements, and what each becomes.
MARKS: Final = {
    **dict.fromkeys(("strong", "b"), "strong"),
    **dict.fromkeys(("em", "i", "cite", "dfn", "var"), "em"),
    **dict.fromkeys(("s", "strike", "del"), "s"),
    **dict.fromkeys(("code", "kbd", "samp", "tt"), "code"),
    **{name: name for name in ("sub", "sup", "a")},
}
# Inline elements that are unwrapped: only the effect of their style remains.
PLAIN: Final = frozenset("abbr acronym bdi bdo big font ins label mark q small span time u".split())
# Elements that become a paragraph.
LEAVES: Final = {
    **dict.fromkeys(("p", "dt", "dd", "caption", "summary", "legend"), "p"),
    **dict.fromkeys(("h1", "h2"), "h2"),
    "h3": "h3",
    **dict.fromkeys(("h4", "h5", "h6"), "h4"),
    **dict.fromkeys(("pre", "listing", "xmp", "plaintext"), "pre"),
}
# Elements that contain paragraphs, and the parents that each must have.
BOXES: Final = {
    "ul": (),
    "ol": (),
    "li": ("ul", "ol"),
    "table": (),
    "thead": ("table",),
    "tbody": ("table",),
    "tr": ("thead", "tbody", "table"),
    "th": ("tr",),
    "td": ("tr",),
    "blockquote": (),
}
# Those that declare their own direction; in the others, the paragraphs inside declare it.
DIRECTED: Final = frozenset(("ul", "ol", "li", "table"))
IN_QUOTES: Final = frozenset(("ul", "ol", "li"))
# Elements that end a paragraph, and have no other effect here.
DIVISIONS: Final = frozenset(
    "address article aside body center colgroup details dialog dir div dl fieldset figure figcaption footer form header"
    " hgroup html main menu nav noscript optgroup option search section tfoot".split()
)
# Elements that are removed with all their content.
DROPPED: Final = frozenset(
    "annotation annotation-xml applet canvas datalist frameset head map noembed noframes script select style svg"
    " template textarea title".split()
)
# Those of them that stand visibly between two words.
DISPLAYED: Final = frozenset("applet canvas select svg textarea".split())
# Elements that embed a page, a film or a sound.
FRAMES: Final = frozenset("audio embed iframe object video".split())
# Elements whose removal is not reported: only their content matters.
SILENT: Final = frozenset("body col colgroup figcaption figure html picture source tfoot wbr".split())
# Elements that have the same meaning under another name.
RENAMED: Final = frozenset(("b", "i", "strike", "del", "tt", "kbd", "samp", "h1", "h5", "h6"))
# Attributes with a picture's real address until a script has loaded it, and those with its sizes.
LAZY: Final = ("data-src", "data-lazy-src", "data-original", "data-lazy")
SETS: Final = ("srcset", "data-srcset", "data-lazy-srcset")
RETAINED_ATTRIBUTES: Final = {
    "a": ("href", "title"),
    "ol": ("start", "reversed", "type"),
    "li": ("value",),
    "td": ("colspan", "rowspan"),
    "th": ("colspan", "rowspan", "scope"),
    "img": ("src", "alt", "data-caption", *LAZY, *SETS),
    "iframe": ("src",),
    "audio": ("src",),
    "video": ("src",),
    "embed": ("src",),
    "object": ("data",),
    "blockquote": ("cite",),
}
_LIST_TYPES: Final = frozenset("1aAiI")
_LIST_STYLES: Final = {
    "decimal": "1",
    **dict.fromkeys(("lower-alpha", "lower-latin"), "a"),
    **dict.fromkeys(("upper-alpha", "upper-latin"), "A"),
    "lower-roman": "i",
    "upper-roman": "I",
}
# The sanitiser accepts numbers of lists up to six digits.
_INTEGER = re.compile(r"\s*([+-]?[0-9]{1,6})(?![0-9])")
_MOST_CELLS: Final = 1000
_SCOPES: Final = frozenset(("col", "row", "colgroup", "rowgroup"))
_SCHEMES: Final = frozenset(("", "http", "https", "mailto"))
# The letters of a host may be those of any script. Whatever matches must fit Django's URLField, which stores it.
_LETTER: Final = "a-z\u00a1-\uffff"
_WEB_ADDRESS = re.compile(
    rf"https?://(?=[^/?#]{{1,253}}(?:[/?#]|$))(?:[{_LETTER}0-9](?:[{_LETTER}0-9-]{{0,61}}[{_LETTER}0-9])?\.)+"
    rf"(?:xn--[a-z0-9]{{1,59}}|[{_LETTER}](?:[{_LETTER}-]{{0,61}}[{_LETTER}]))(?::\d{{1,5}})?(?:[/?#]\S*)?",
    re.IGNORECASE,
)
_BROKEN_OFF = re.compile(r"[\t\n\r]+")
_SPACE = re.compile(r"\s")

_DECLARATION = re.compile(r"(?:^|;)\s*([a-z-]+)\s*:\s*([^;]+)", re.IGNORECASE)
_IMPORTANT = re.compile(r"\s*!\s*important$")
_APART = re.compile(
    r"(?:block |inline )?(?:block|flex|grid|table|flow-root|list-item)|table-(?:row|cell|caption).*"
)
# Whether a style adds a mark to the words, or removes the one that their element adds.
_BOLD = re.compile(r"bold|bolder|[6-9]00|1000", re.IGNORECASE)
_LIGHT = re.compile(r"normal|lighter|[1-5]00", re.IGNORECASE)
_ITALIC = re.compile(r"italic|oblique\b.*", re.IGNORECASE)


def scheme(address: str) -> str | None:
    """Return the scheme of an address in lower case, "" if it has none, None if the text is not an address."""
    try:
        return urlsplit(address).scheme
    except ValueError:
        return None


def address_in(text: str | None) -> str:
    """Return an address as browsers resolve it: without line breaks, its spaces encoded (URL standard)."""
    return _SPACE.sub(lambda space: quote(space[0]), _BROKEN_OFF.sub("", (text or "").strip()))


def is_web_address(address: str) -> bool:
    # `urlsplit` refuses hosts with characters that are compatible with separators.
    return (
        len(address) <= LONGEST_ADDRESS
        and _WEB_ADDRESS.fullmatch(address) is not None
        and scheme(address) is not None
    )


def is_quotation(element: Any) -> bool:
    """Return whether an element is a block quotation, or a div whose class says so."""
    if element.tag == "blockquote":
        return True
    return element.tag == "div" and any(name.endswith("blockquote") for name in classes(element))


def classes(element: Any) -> list[str]:
    return list(element.get("class", "").split())


def styles(element: Any) -> Mapping[str, str]:
    """Return the declarations of an element's style, in lower case."""
    style = element.get("style")
    if not style:
        return {}
    return {
        name.lower(): _IMPORTANT.sub("", value.strip().lower()) for name, value in _DECLARATION.findall(style)
    }


def is_hidden(element: Any) -> bool:
    """Return whether an element is hidden from readers."""
    style = styles(element)
    return (
        "hidden" in element.attrib
        or (element.tag == "dialog" and "open" not in element.attrib)
        or style.get("display") == "none"
        or style.get("visibility") == "hidden"
        or style.get("mso-hide") == "all"
    )


def is_set_apart(element: Any) -> bool:
    """Return whether a style places an inline element on a line of its own, or in a cell."""
    return _APART.fullmatch(styles(element).get("display", "")) is not None


def styled(element: Any) -> tuple[list[str], list[str]]:
    """Return the marks that an element's style adds to its words, and those that it removes."""
    style = styles(element)
    if not style:
        return [], []
    added, dropped = [], []
    weight = style.get("font-weight", "")
    slant = style.get("font-style", "")
    if _BOLD.fullmatch(weight):
        added.append("strong")
    elif _LIGHT.fullmatch(weight):
        dropped.append("strong")
    if _ITALIC.fullmatch(slant):
        added.append("em")
    elif slant == "normal":
        dropped.append("em")
    if "line-through" in f"{style.get('text-decoration', '')} {style.get('text-decoration-line', '')}":
        added.append("s")
    if style.get("vertical-align") in ("super", "sub"):
        added.append(style["vertical-align"].replace("super", "sup"))
    return added, dropped


def link_attributes(element: Any) -> str:
    """Return the attributes of a link, "" for one without a usable address."""
    address = address_in(element.get("href"))
    if not address or address == "#" or scheme(address) not in _SCHEMES:
        return ""
    title = one_line(element.get("title", ""))
    return f' href="{attribute_text(address)}"' + (f' title="{attribute_text(title)}"' if title else "")


def cell_attributes(element: Any) -> str:
    """Return the attributes for how many columns and rows a cell spans, and for the scope of a heading cell."""
    counts = {
        name: min(int_attribute(element.get(name)) or 1, _MOST_CELLS) for name in ("colspan", "rowspan")
    }
    spans = "".join(f' {name}="{count}"' for name, count in counts.items() if count > 1)
    scope = element.get("scope", "").strip().lower()
    return spans + (f' scope="{scope}"' if element.tag == "th" and scope in _SCOPES else "")


def list_type_attribute(element: Any) -> str:
    """Return the numbering of an ordered list as an attribute; "" for plain numbers.

    A style of the list, or else of its first item, takes precedence over its attribute.
    """
    if element.tag != "ol":
        return ""
    first = element.find("li")
    found = next(
        (
            _LIST_STYLES[style]
            for each in (element, first)
            if each is not None and (style := _list_style(each)) in _LIST_STYLES
        ),
        element.get("type", "").strip(),
    )
    return f' type="{found}"' if found in _LIST_TYPES - {"1"} else ""


def _list_style(element: Any) -> str:
    style = styles(element)
    return style.get("list-style-type") or style.get("list-style", "").partition(" ")[0]


def int_attribute(text: str | None) -> int | None:
    """Return the whole number at the beginning of an attribute, None if there is none (HTML standard, 2.3.4.1)."""
    found = _INTEGER.match(text or "")
    return int(found[1]) if found else None


def attribute_text(text: str) -> str:
    """Return a text escaped for an attribute in double quotes, exactly as the sanitiser escapes it."""
    return escape(text).replace("&#x27;", "'").replace("\xa0", "&nbsp;")


def drop(element: Any) -> None:
    """Remove an element from its page; the text after it remains."""
    parent, tail = element.getparent(), element.tail
    if tail:
        previous = element.getprevious()
        if previous is not None:
            previous.tail = (previous.tail or "") + tail
        else:
            parent.text = (parent.text or "") + tail
    parent.remove(element)
