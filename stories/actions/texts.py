"""Clean the texts that people give to actions."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _

from stories.actions.errors import Refused
from stories.domain.text.controls import without_controls
from stories.domain.text.legible import has_words, is_legible, says_something

MOST_CHARACTERS: Final = 5_000


def strip_control_characters(text: str) -> str:
    """Return the text with uniform line breaks, without characters that databases refuse or pages can't show."""
    return without_controls(text.replace("\r\n", "\n").replace("\r", "\n"))


def blank_if_invisible(text: str) -> str:
    """Return the text, or "" if nothing of it is visible, as of a note of zero-width spaces."""
    return text if is_legible(text) else ""


def require_reason(reason: str, refusal: str) -> None:
    """Raise Refused with a sentence (`refusal`) unless a required reason has at least one word."""
    if not says_something(reason):
        raise Refused(refusal)


def require_words(text: str, refusal: str) -> None:
    """Raise Refused with a sentence (`refusal`) unless a required text has at least two words."""
    if not has_words(text):
        raise Refused(refusal)


def clean_text(text: str, name: str) -> str:
    """Return a text of several lines as it can be stored; `name` is its label in messages.

    Raises Refused if it is too long.
    """
    cleaned = blank_if_invisible(strip_control_characters(text)).strip()
    if len(cleaned) > MOST_CHARACTERS:
        raise Refused(
            _("The text “%(name)s” has %(found)s characters; it may have %(most)s. Shorten it.")
            % {"name": name, "found": f"{len(cleaned):,}", "most": f"{MOST_CHARACTERS:,}"}
        )
    return cleaned
