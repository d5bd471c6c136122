"""Where a sign-in leads: to a page of this site, whatever an address asks for."""

from __future__ import annotations

from django.utils.http import url_has_allowed_host_and_scheme


def is_page_of_this_site(address: str) -> bool:
    """Return whether an address is a path on this site, in each way in which a browser may read it."""
    return address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
