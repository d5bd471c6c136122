"""Identify the e-mail addresses that reach one person."""

from __future__ import annotations

import unicodedata
from typing import Final

# Domains that ignore full stops in a name, and the domain that each is equivalent to.
_DOTLESS: Final = {"gmail.com": "gmail.com", "googlemail.com": "gmail.com"}


def mailbox(address: str) -> str:
    """Return the mailbox that an address reaches, "" if it is not an address; capitals and a "+tag" are ignored.

    Mail servers may distinguish capitals (RFC 5321, 2.4), but none that people use does.
    """
    name, _at, domain = unicodedata.normalize("NFKC", address).strip().casefold().rpartition("@")
    name, domain = name.partition("+")[0], domain.rstrip(".")
    if domain in _DOTLESS:
        name, domain = name.replace(".", ""), _DOTLESS[domain]
    return f"{name}@{domain}" if name and domain else ""
