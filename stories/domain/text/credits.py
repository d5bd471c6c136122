"""Interpret a line of credit: a person or a newsroom; a name, with or without a title."""

from __future__ import annotations

import re
from typing import Final

# The endings of credits that name no person; and the agencies.
_NEWSROOMS: Final = re.compile(
    r"(?:^|\s)(?:staff|staff (?:and|report|reports|reporter|reporters|writer|writers)\b.*|newsroom|editors|reporters|"
    r"correspondents|contributors|editorial board|team|news (?:desk|team|service|agency)|wire (?:services?|reports?)|"
    r"admin|administrator|redacción|redaccion|redaktion|rédaction|redaction|redazione|redação|redacao|redactie|"
    r"agencias|редакция|編集部|编辑部)$"
)
_AGENCIES: Final = frozenset(
    ("ap", "afp", "dpa", "efe", "reuters", "bloomberg", "associated press", "agence france-presse")
)
# Suffixes that belong to the name although they follow a comma.
_OF_THE_NAME: Final = re.compile(
    r"^(?:jr|sr|ii|iii|iv|ph\.?\s?d|m\.?d|esq|j\.?d|d\.?d\.?s|mba|r\.?n|cpa|obe|mbe|cbe|kc|qc|mp|inc|ltd|llc|gmbh)\.?$",
    re.IGNORECASE,
)
# Separators between a name and a title: a comma, a dash with space around it, an opening bracket.
_PARTS: Final = re.compile(r"\s*(?:[,،、，;]\s*|\s[-–—]+\s|[—|]|(?=\())")
_LEAD: Final = re.compile(r"^\s*(?:[-–—―~*•]+|by\b|by:)\s*", re.IGNORECASE)


def credits_agency(credit: str) -> bool:
    """Return whether a byline credits a news agency."""
    return _bare(credit) in _AGENCIES


def credits_newsroom(credit: str, *, site: str) -> bool:
    """Return whether a byline credits the newsroom and not a person: “Staff”, or the site’s own name."""
    return _bare(credit) == _bare(site) or _NEWSROOMS.search(_bare(credit)) is not None


def speaker_of(credit: str) -> tuple[str, str]:
    """Split a line of credit into the name and the rest: “— Dana Whitlock, chief executive”."""
    text = _LEAD.sub("", " ".join(credit.split())).strip()
    name, *others = [part for part in _PARTS.split(text) if part] or [text]
    while others and _OF_THE_NAME.match(others[0].strip()):
        name = f"{name}, {others.pop(0).strip()}"
    return name.strip(), text[len(name) :].strip(" ,،、，;-–—|") if others else ""


def _bare(credit: str) -> str:
    return " ".join(credit.casefold().split()).removeprefix("the ")
