"""Public contacts of authors: an e-mail address, a web address, or a handle of the Fediverse (@name@server)."""

from __future__ import annotations

import re
from typing import Final

_HOST: Final = r"(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_][\w-]*[^\W_]"
_EMAIL: Final = re.compile(rf"[\w.!#$%&*+/=?^{{|}}~'-]+@{_HOST}")
_HANDLE: Final = re.compile(rf"@([\w.-]+)@({_HOST})")
_WEB: Final = re.compile(rf"https?://{_HOST}(?::\d{{1,5}})?(?:[/?#][^\s<>\"\\]*)?", re.IGNORECASE)


def contact_address(contact: str) -> str:
    """Return the address that a contact links to, "" if it is not a contact."""
    if _EMAIL.fullmatch(contact):
        return f"mailto:{contact}"
    if handle := _HANDLE.fullmatch(contact):
        return f"https://{handle[2]}/@{handle[1]}"
    return contact if _WEB.fullmatch(contact) else ""


def contact_label(contact: str) -> str:
    """Return what a link to a contact says: of a web address, no more than people read."""
    return re.sub(r"^https?://(?:www\.)?|/$", "", contact, flags=re.IGNORECASE)
