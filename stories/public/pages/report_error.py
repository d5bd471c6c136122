"""The address at which readers report errors in a story."""

from __future__ import annotations

from urllib.parse import quote, urlencode, urlsplit, urlunsplit

from django.conf import settings
from django.utils.translation import gettext as _

from stories.public.http.responses import absolute, address_of
from stories.queries.publishing.versions import Version


def report_address(version: Version) -> str:
    """Return the address to report an error in a version at, with story and version filled in; "" if none is set."""
    to: str = settings.REPORT_ERRORS_TO
    if not to:
        return ""
    story = absolute(address_of(version))
    if not to.startswith("https://"):
        subject = _("An error in “%(headline)s”") % {"headline": version.headline}
        body = _("The story: %(address)s\nVersion %(number)s\n\nWhat is wrong, and how do you know?\n") % {
            "address": story,
            "number": version.number,
        }
        return f"mailto:{to}?{urlencode({'subject': subject, 'body': body}, quote_via=quote)}"
    parts = urlsplit(to)
    filled = urlencode({"story": story, "version": version.number})
    return urlunsplit(parts._replace(query=f"{parts.query}&{filled}" if parts.query else filled))
