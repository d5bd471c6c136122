"""Text that people give to actions, and pieces of the sentences that actions say."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from stories.actions.errors import Refused
from stories.domain.text.controls import without_controls
from stories.domain.text.legible import has_words, is_legible, says_something

MOST_CHARACTERS: Final = 5_000


def strip_control_characters(text: str) -> str:
    """The text with line breaks of one kind, and without characters that no database keeps or no page shows."""
    return without_controls(text.replace("\r\n", "\n").replace("\r", "\n"))


def blank_if_invisible(text: str) -> str:
    """The text, or "" where it shows nothing: a note of zero-width spaces tells readers nothing."""
    return text if is_legible(text) else ""


def require_reason(reason: str, refusal: str) -> None:
    """Raise Refused with a sentence (`refusal`) unless a reason that is demanded says something: a word at least."""
    if not says_something(reason):
        raise Refused(refusal)


def require_words(text: str, refusal: str) -> None:
    """Raise Refused with a sentence (`refusal`) unless a text that is demanded says something in two words at least."""
    if not has_words(text):
        raise Refused(refusal)


def clean_text(text: str, name: str) -> str:
    """A text over several lines as it can be kept; `name` is what it is called.

    Raises Refused where it is longer than anybody's reason.
    """
    cleaned = blank_if_invisible(strip_control_characters(text)).strip()
    if len(cleaned) > MOST_CHARACTERS:
        raise Refused(
            _("The text “%(name)s” has %(found)s characters; it may have %(most)s. Shorten it.")
            % {"name": name, "found": f"{len(cleaned):,}", "most": f"{MOST_CHARACTERS:,}"}
        )
    return cleaned


def shown_time(moment: datetime) -> str:
    """A time as the newsroom's people read it: in its zone, which is named."""
    local = timezone.localtime(moment)
    return f"{date_format(local, 'DATETIME_FORMAT')} {local:%Z}"
