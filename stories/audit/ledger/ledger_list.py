"""The ledger's list: every event of every story, newest first."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from stories.audit.ledger.filters import LedgerForm, read_filters
from stories.audit.pages import number_param, page
from stories.queries.ledger.lines import lines_of
from stories.queries.ledger.page import ledger_page, people_of_ledger


def ledger_list(request: HttpRequest) -> HttpResponse:
    """Show a page of the ledger, filtered by the address. At most fifteen queries, whatever is asked."""
    form = LedgerForm(_filter_values(request))
    people = people_of_ledger()
    filters = read_filters(form, people)
    found = ledger_page(filters.query, before=number_param(request, "before"))
    return page(
        request,
        "ledger.html",
        _("Ledger"),
        form=form,
        names=list(dict.fromkeys(name for _number, name in people if name)),
        is_narrowed=filters.is_narrowed,
        remarks=filters.remarks,
        lines=lines_of(found.sequences),
        found=found,
        is_first_page="before" not in request.GET,
        first_page=_address(request, None),
        next_page=_address(request, found.older_before),
    )


def _filter_values(request: HttpRequest) -> dict[str, Any]:
    """Return the filters of an address, without NULs, which no database stores."""
    return {
        name: str(value).replace("\x00", "").strip()
        for name, value in request.GET.items()
        if name in LedgerForm.base_fields
    }


def _address(request: HttpRequest, before: int | None) -> str:
    """Return a citable address of the list with its present filters, from an entry on."""
    query = request.GET.copy()
    query.pop("before", None)
    for name in [name for name, value in query.items() if not value]:
        del query[name]
    if before is not None:
        query["before"] = str(before)
    return f"{reverse('audit:ledger')}?{query.urlencode()}" if query else reverse("audit:ledger")
