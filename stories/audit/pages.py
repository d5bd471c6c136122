"""What the pages of the audit desk share: their permission check and their frame."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from stories.domain.text.whole_number import whole_number

View = Callable[..., HttpResponse]


def for_auditors(view: View) -> View:
    """Return the view restricted to those who may read the ledger. Others are asked to sign in, or refused."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm("stories.view_ledgerentry"):
            raise PermissionDenied(_("The audit desk is for auditors and managing editors."))
        return view(request, *args, **kwargs)

    return admin.site.admin_view(checked)


def page(request: HttpRequest, template: str, title: str, **context: object) -> TemplateResponse:
    """Render a page of the audit desk by its template's name in stories/audit/."""
    return TemplateResponse(
        request,
        f"stories/audit/{template}",
        {**admin.site.each_context(request), "title": title, **context},
    )


def number_param(request: HttpRequest, name: str) -> int | None:
    """Return a number from the query string, None if it holds none that a database can store."""
    return whole_number(request.GET.get(name, ""), digits=18)
