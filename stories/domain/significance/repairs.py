"""Repairs that change no word of the story: markup displayed as text, quotation marks in code, tables dissolved."""

from __future__ import annotations

import re
from html import escape, unescape

from stories.domain.significance.text import Text

# An entity that was escaped twice, and is displayed literally.
_ESCAPED_ENTITY = re.compile(
    r"&amp;(?=(?:amp;)?(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,8}[0-9]{0,2});)"
)
# An escaped inline tag, which readers were not meant to see.
_ESCAPED_TAG = re.compile(
    r"&lt;/?(?:a|abbr|b|blockquote|br|cite|div|em|figcaption|figure|h[1-6]|i|li|ol|p|q|small|span|strong|sub|sup|u|ul)"
    r"(?:\s(?:(?!&lt;|&gt;)[^<>])*)?/?&gt;",
    re.IGNORECASE,
)
# A Markdown link that was not converted.
_WRITTEN_LINK = re.compile(r"\[([^\[\]<>]+)\] ?\((?:https?://|/)[^()\s<>]*\)")
_CELL = re.compile(r"(</?)t[dh]\b", re.IGNORECASE)
_CODE = re.compile(r"<(pre|code)\b[^<>]*>(?:(?!</\1>).)*</\1>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"(<[^<>]*>)")
_CODE_MARK = re.compile("&quot;|&#34;|&#x22;|&#39;|&#x27;|[\"“”'‘’]")
_DASH = re.compile(r"[-\u2010-\u2015\u2212~]\s*$")
_SIGNED = re.compile(
    r"[.!?…][\"”’]?\s*[-\u2010-\u2015]{1,2}\s*[A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){1,3}(?:,[^.!?]{1,60})?\s*$"
)
# More words than this after a quotation are not a name and title.
_NAME_AND_TITLE = 14


def same_spelling(old: str, new: str) -> tuple[str, str]:
    """Return two HTML texts as they would be if neither displayed markup as text."""
    old, new = (_ESCAPED_ENTITY.sub("&", text) if "&amp;" in text else text for text in (old, new))
    if len(_ESCAPED_TAG.findall(old)) != len(_ESCAPED_TAG.findall(new)):
        old, new = _ESCAPED_TAG.sub(" ", old), _ESCAPED_TAG.sub(" ", new)
    if len(_WRITTEN_LINK.findall(old)) != len(_WRITTEN_LINK.findall(new)):
        old, new = _WRITTEN_LINK.sub(r"\1", old), _WRITTEN_LINK.sub(r"\1", new)
    if bool(_CELL.search(old)) != bool(_CELL.search(new)):
        # A table that was made from paragraphs, or dissolved into them: treat its cells as paragraphs.
        old, new = _CELL.sub(r"\1p", old), _CELL.sub(r"\1p", new)
    return _without_code_marks(old), _without_code_marks(new)


def without_written_tags(text: str) -> str:
    """Return a plain text without tags that are displayed as text."""
    return unescape(_ESCAPED_TAG.sub(" ", escape(text, quote=False)))


def _without_code_marks(html: str) -> str:
    """Return an HTML text without the quotation marks in program code, which are not speech."""
    return _CODE.sub(_bare, html) if "<code" in html or "<pre" in html else html


def _bare(match: re.Match[str]) -> str:
    parts = _TAG.split(match[0])
    return "".join(part if number % 2 else _CODE_MARK.sub(" ", part) for number, part in enumerate(parts))


def is_quotation(text: Text) -> bool:
    """Return whether a text is a quotation whatever its markup: in quotation marks, or signed after a dash."""
    if _SIGNED.search(text.plain):
        return True
    quoted = [word.quoted for word in text.words]
    if not quoted or not quoted[0]:
        return False
    if all(quoted):
        return True
    first = quoted.index(False)
    rest = quoted[first:]
    before = text.plain[text.words[first - 1].end : text.words[first].start]
    return not any(rest) and len(rest) <= _NAME_AND_TITLE and _DASH.search(before) is not None
