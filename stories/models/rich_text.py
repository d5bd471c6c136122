"""The rich text that people may write: one list configures the editor's toolbar and the sanitizer."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import nh3
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django_prose_editor.config import allowlist_from_extensions, expand_extensions
from django_prose_editor.fields import ProseEditorField

from stories.domain.text.anchors import is_anchor
from stories.domain.text.controls import without_controls
from stories.domain.text.tree import nests_deeper

MAX_CHARACTERS = 1_000_000
# A parser's work grows with length times depth; no real story nests deeper than a dozen.
MAX_DEPTH = 60

# The names are the editor's extensions; what is not listed is neither offered nor accepted.
QUOTE_EXTENSIONS: dict[str, Any] = {
    # The editor's own default. The browser's red line is the last copy editor of a small newsroom.
    "NoSpellCheck": False,
    "Bold": True,
    "Italic": True,
    "Strike": True,
    "Subscript": True,
    "Superscript": True,
    "Code": True,
    "HardBreak": True,
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Link": {"enableTarget": False, "protocols": ["http", "https", "mailto"]},
    "TextAttributes": True,
    "HTML": True,
}
TEXT_EXTENSIONS: dict[str, Any] = QUOTE_EXTENSIONS | {
    "Heading": {"levels": [2, 3, 4]},
    "Blockquote": True,
    "CodeBlock": True,
    "HorizontalRule": True,
    "Table": True,
    "TableRow": True,
    "TableHeader": True,
    "TableCell": True,
}

_NUMBER = re.compile(r"-?[0-9]{1,6}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,4}")
# The elements that may be targets of links on the same page.
_PLACES = frozenset("p h2 h3 h4 li pre blockquote td th".split())
_VALUES: dict[str, Callable[[str], bool]] = {
    "dir": frozenset(("ltr", "rtl", "auto")).__contains__,
    "lang": lambda value: _LANGUAGE.fullmatch(value) is not None,
    "id": is_anchor,
    "scope": frozenset(("col", "row", "colgroup", "rowgroup")).__contains__,
    "start": lambda value: _NUMBER.fullmatch(value) is not None,
    "reversed": lambda value: value in ("", "reversed"),
}
_SPAN = re.compile(r"<(/?)span(?= |>)[^>]*>")
_EMPTY = re.compile(r"^\s*(<(p|h2|h3|h4)>\s*</\2>\s*)*$")


def refuse_bombs(html: str) -> None:
    """Raise ValidationError for text too long or too deeply nested to be a real story."""
    if len(html) > MAX_CHARACTERS:
        raise ValidationError(
            _(
                "This text has %(found)s characters; one block may hold %(most)s. Split it into several blocks."
            )
            % {"found": f"{len(html):,}", "most": f"{MAX_CHARACTERS:,}"},
            code="too_long",
        )
    if nests_deeper(html, MAX_DEPTH):
        raise ValidationError(
            _("The tags of this text nest more than %(most)s deep. Paste it as plain text instead.")
            % {"most": MAX_DEPTH},
            code="too_deep",
        )


def _fitting(tag: str, name: str, value: str) -> str | None:
    """Return the value of an attribute, None if none of our pages uses it."""
    if name == "id" and tag not in _PLACES:
        return None
    fits = _VALUES.get(name)
    return value if fits is None or fits(value) else None


def _without_bare_spans(html: str) -> str:
    """Return sanitized HTML without spans that have no attributes."""
    if "<span>" not in html:
        return html
    bare: list[bool] = []

    def replacement(match: re.Match[str]) -> str:
        if not match[1]:
            bare.append(match[0] == "<span>")
            return "" if bare[-1] else match[0]
        return "" if bare and bare.pop() else match[0]

    return _SPAN.sub(replacement, html)


class Sanitizer:
    """Cleans HTML down to what a list of editor extensions can produce."""

    def __init__(self, extensions: dict[str, Any]) -> None:
        self.allowlist = allowlist_from_extensions(expand_extensions(extensions))
        self._cleaner = nh3.Cleaner(**self.allowlist, attribute_filter=_fitting)

    def __call__(self, html: str) -> str:
        """Return the sanitized text; sanitizing it again changes nothing. Raises ValidationError for a bomb."""
        refuse_bombs(html)
        cleaned = self._cleaner.clean(html.replace("\r\n", "\n").replace("\r", "\n"))
        # References such as &#1; have become control characters, which XML and PostgreSQL refuse.
        cleaned = without_controls(cleaned)
        # Cleaned text may parse differently; a second pass makes it stable.
        cleaned = _without_bare_spans(self._cleaner.clean(cleaned))
        return "" if _EMPTY.match(cleaned) else cleaned


sanitize_text = Sanitizer(TEXT_EXTENSIONS)
sanitize_quote = Sanitizer(QUOTE_EXTENSIONS)


class RichTextField(ProseEditorField):
    """Running text: headings, lists, tables, links."""

    extensions = TEXT_EXTENSIONS
    sanitizer = sanitize_text

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("extensions", self.extensions)
        kwargs.setdefault("sanitize", type(self).sanitizer)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("extensions", None)
        kwargs.pop("sanitize", None)
        return name, path, args, kwargs


class QuoteTextField(RichTextField):
    """Somebody's words: only paragraphs, emphasis, links and lists."""

    extensions = QUOTE_EXTENSIONS
    sanitizer = sanitize_quote
