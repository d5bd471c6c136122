"""The elements of HTML, and what each means to an import."""

from __future__ import annotations

import re
from html import escape
from typing import Any, Final
from urllib.parse import urlsplit

from lxml import etree

LONGEST_ADDRESS: Final = 1000

# Elements of running text, and what each becomes.
MARKS: Final = {
    **dict.fromkeys(("strong", "b"), "strong"),
    **dict.fromkeys(("em", "i", "cite", "dfn", "var"), "em"),
    **dict.fromkeys(("s", "strike", "del"), "s"),
    **dict.fromkeys(("code", "kbd", "samp", "tt"), "code"),
    **{name: name for name in ("sub", "sup", "a")},
}
# Elements that are a paragraph.
LEAVES: Final = {
    **dict.fromkeys(("p", "dt", "dd", "caption", "summary", "legend"), "p"),
    **dict.fromkeys(("h1", "h2"), "h2"),
    "h3": "h3",
    **dict.fromkeys(("h4", "h5", "h6"), "h4"),
    "pre": "pre",
}
# Elements that hold paragraphs, and the elements that each stands directly in.
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
IN_QUOTES: Final = frozenset(("ul", "ol", "li"))
# Elements that end a paragraph, and mean nothing more here.
DIVISIONS: Final = frozenset(
    "address article aside body center colgroup details dialog dir div dl fieldset figure figcaption footer form header"
    " hgroup html main menu nav noscript optgroup option search section tfoot".split()
)
# Elements that go with all that they hold.
DROPPED: Final = frozenset(
    "applet audio canvas datalist embed frameset head map noframes object script select style svg template textarea"
    " title video".split()
)
# Elements whose going nobody needs to hear of: what they hold is all that they are.
SILENT: Final = frozenset("body col colgroup figcaption figure html picture source tfoot wbr".split())
# Elements that keep their meaning under another name.
RENAMED: Final = frozenset(("b", "i", "strike", "del", "tt", "kbd", "samp", "h1", "h5", "h6"))
KEPT_ATTRIBUTES: Final = {
    "a": ("href", "title"),
    "ol": ("start",),
    "td": ("colspan", "rowspan"),
    "th": ("colspan", "rowspan"),
    "img": ("src", "alt"),
    "iframe": ("src",),
    "blockquote": ("cite",),
}
_SCHEMES: Final = frozenset(("", "http", "https", "mailto"))
_WEB_ADDRESS = re.compile(
    r"https?://(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]*[a-z0-9])?(?::\d{1,5})?(?:[/?#]\S*)?",
    re.IGNORECASE,
)


def plain(element: Any) -> str:
    """The words of an element, on one line."""
    parts: list[str] = []
    for event, inner in etree.iterwalk(element, events=("start", "end")):
        if inner.tag not in MARKS and inner.tag != "span":
            parts.append(" ")
        if event == "start":
            parts.append(inner.text or "")
        elif inner is not element:
            parts.append(inner.tail or "")
    return " ".join("".join(parts).split())


def scheme(address: str) -> str | None:
    """The scheme of an address in lower case, "" for one without, None for what is no address."""
    try:
        return urlsplit(address).scheme
    except ValueError:
        return None


def is_web_address(address: str) -> bool:
    return len(address) <= LONGEST_ADDRESS and _WEB_ADDRESS.fullmatch(address) is not None


def is_quotation(element: Any) -> bool:
    """Whether an element is a block quotation, or one by the name of its class alone."""
    if element.tag == "blockquote":
        return True
    return element.tag == "div" and any(
        name.endswith("blockquote") for name in element.get("class", "").split()
    )


def link(element: Any) -> str:
    """The attributes of a link, "" for one that leads nowhere."""
    address = "".join(element.get("href", "").split())
    if not address or scheme(address) not in _SCHEMES:
        return ""
    title = " ".join(element.get("title", "").split())
    return f' href="{_attribute(address)}"' + (f' title="{_attribute(title)}"' if title else "")


def spans(element: Any) -> str:
    """How many columns and rows a cell goes over."""
    counts = {name: number(element.get(name), 1) for name in ("colspan", "rowspan")}
    return "".join(f' {name}="{count}"' for name, count in counts.items() if count > 1)


def number(text: str | None, default: int) -> int:
    return int(text) if text and re.fullmatch(r"[0-9]{1,4}", text) else default


def _attribute(text: str) -> str:
    return escape(text).replace("&#x27;", "'").replace("\xa0", "&nbsp;")
