"""The audit desk's front page: where to look first."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from stories.audit.pages import page
from stories.queries.ledger import head


def front_page(request: HttpRequest) -> HttpResponse:
    """The ledger's head. One query."""
    sequence, digest = head()
    return page(request, "front.html", _("Audit desk"), sequence=sequence, digest=digest)
