"""The menu of one's own account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy


@dataclass(frozen=True)
class Entry:
    """A part of one's account: its page, and how the names of the addresses of its other pages begin."""

    page: str
    label: str | Promise
    begins: tuple[str, ...]


# In the order in which they are shown.
MENU: Final = (
    Entry("account_email", gettext_lazy("E-mail address"), ("account_email", "account_confirm_email")),
    Entry(
        "account_change_password",
        gettext_lazy("Password"),
        ("account_change_password", "account_set_password"),
    ),
    Entry("mfa_index", gettext_lazy("Second factor"), ("mfa_",)),
    Entry("usersessions_list", gettext_lazy("Where you are signed in"), ("usersessions_",)),
    Entry("account_logout", gettext_lazy("Sign out"), ("account_logout",)),
)


def account_menu(request: HttpRequest) -> list[dict[str, object]]:
    """Return the menu for whoever is signed in, nothing for others."""
    if not request.user.is_authenticated:
        return []
    here = (request.resolver_match.url_name if request.resolver_match else "") or ""
    return [
        {"address": reverse(entry.page), "label": entry.label, "is_current": here.startswith(entry.begins)}
        for entry in MENU
    ]
