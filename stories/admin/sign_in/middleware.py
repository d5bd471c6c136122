"""What every page of one's own account has in common."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse


class AccountPagesMiddleware:
    """Gives django-allauth's pages what the frame of the admin's pages needs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_template_response(self, request: HttpRequest, response: TemplateResponse) -> TemplateResponse:
        if request.path.startswith(account_prefix()):
            response.context_data = {**admin.site.each_context(request), **(response.context_data or {})}
        return response


def account_prefix() -> str:
    """Return what the addresses of all account pages begin with."""
    return reverse("account_login").removesuffix("login/")
