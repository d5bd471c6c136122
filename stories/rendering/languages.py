"""How a language is written: which way, its numbers, and which words of a story's page are not in it."""

from __future__ import annotations

import re
from typing import Final

from django.conf import settings
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

# What the site says in the middle of a story, by its element or class. What people write has no classes.
_OURS: Final = re.compile(
    r"<(?:dt|summary)(?=[ >])"
    r'|<\w+(?= (?:[^<>]* )?class="(?:[^"]* )?'
    r'(?:unseen|moved|markup-change|fate|kind|absent|unnamed|comment-line|byline|ours)[ "])'
)


def direction(language: str) -> str:
    """ "rtl" or "ltr", for the `dir` attribute of a text with this language tag."""
    return "rtl" if language.split("-")[0].lower() in settings.LANGUAGES_BIDI else "ltr"


def counted(number: int) -> str:
    """A number with its thousands set apart as the page's language has it."""
    return str(number_format(number, force_grouping=True))


def own_words_marked(html: SafeString, language: str) -> SafeString:
    """The HTML of a story in a language; where the site speaks another one, its own words in it say so."""
    ours = get_language() or settings.LANGUAGE_CODE
    if language.split("-")[0].lower() == ours.split("-")[0].lower():
        return html
    said = format_html(' lang="{}" dir="{}"', ours, direction(ours))
    return mark_safe(_OURS.sub(lambda match: match[0] + said, html))
