"""Confirm that it is you, before what is grave: a window left open, or a stolen session, must not do it."""

from __future__ import annotations

import time
from typing import Final

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib import admin
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from stories.queries.accounts.factors import has_second_factor

# Pages by the names of their addresses. A new page that withholds, erases, gives out or changes rights goes in here.
GRAVE_PAGES: Final = frozenset(
    {
        "admin:stories_article_withdraw",
        "admin:stories_article_withhold",
        "admin:stories_article_withheld",
        "admin:stories_article_erase",
        "admin:stories_article_erasure",
        "desk:reset_factors",
        "audit:dossier_access",
        "account_email",
        "account_change_password",
        "account_set_password",
        "mfa_activate_totp",
        "mfa_replace_totp",
        "mfa_deactivate_totp",
        "mfa_add_webauthn",
        "mfa_edit_webauthn",
        "mfa_remove_webauthn",
        "mfa_generate_recovery_codes",
        "mfa_view_recovery_codes",
        "mfa_download_recovery_codes",
    }
)
# How the names of pages of accounts and groups begin: all are grave but their lists and histories.
GRAVE_BEGINNINGS: Final = ("admin:stories_user_", "admin:auth_user_", "admin:auth_group_")
LISTS: Final = ("_changelist", "_history")
# Pages that only show something until a form is sent: lists with actions, and the desks of dossiers.
GRAVE_FORMS: Final = frozenset(
    {
        "admin:stories_user_changelist",
        "admin:auth_group_changelist",
        "audit:dossier_order",
        "audit:dossier_decide",
        "audit:dossier_take",
    }
)
SAFE: Final = ("GET", "HEAD", "OPTIONS")


def is_confirmed(request: HttpRequest) -> bool:
    """Return whether who is signed in has proved it within the minutes that the settings name.

    Signing in counts. Whoever has a second factor has proved it with that factor; another step counts only if it set
    the factor up. One query, none if nobody is asked.
    """
    if not settings.CONFIRM_AFTER:
        return True
    if not request.user.is_authenticated:
        return False
    since = time.time() - 60 * settings.CONFIRM_AFTER
    recent = [
        record.get("method")
        for record in get_authentication_records(request, request.user)
        if since < record.get("at", 0) <= time.time()
    ]
    if not recent:
        return False
    return "mfa" in recent or not has_second_factor(request.user.pk)


def is_grave(page: str) -> bool:
    """Return whether a page, by its name, is shown after a confirmation alone."""
    if page.startswith(GRAVE_BEGINNINGS):
        return not page.endswith(LISTS)
    return page in GRAVE_PAGES


def demand_confirmation(request: HttpRequest) -> HttpResponse | None:
    """Answer a request for a grave page that comes without a recent confirmation, None if it may go on.

    What was posted is shown again, to be sent once more after the confirmation. It is not put into the session, as
    django-allauth would: a draft's words have no business there.
    """
    page = request.resolver_match.view_name if request.resolver_match else ""
    is_safe = request.method in SAFE
    if not is_grave(page) and (is_safe or page not in GRAVE_FORMS):
        return None
    if not request.user.is_authenticated or is_confirmed(request):
        return None
    if is_safe:
        return HttpResponseRedirect(_address(request, request.get_full_path()))
    if ":" not in page:
        # On pages of one's own account nothing is typed that would be missed.
        return HttpResponseRedirect(_address(request, request.path))
    return _send_again(request)


def _address(request: HttpRequest, then: str) -> str:
    methods = get_adapter().get_reauthentication_methods(request.user)
    page = methods[0]["url"] if methods else reverse("account_logout")
    return f"{page}?{urlencode({REDIRECT_FIELD_NAME: then})}"


def _send_again(request: HttpRequest) -> HttpResponse:
    typed = [
        (name, value)
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken" and "password" not in name
        for value in values
    ]
    return TemplateResponse(
        request,
        "admin/stories/sign_in/send_again.html",
        {
            **admin.site.each_context(request),
            "title": _("Confirm that it is you"),
            "typed": typed,
            "confirm_at": _address(request, reverse("account_confirmed")),
        },
    )


def confirmed_page(request: HttpRequest) -> HttpResponse:
    """Say that the confirmation is done, in the window that was opened for it."""
    context = {**admin.site.each_context(request), "title": _("Confirmed")}
    return TemplateResponse(request, "admin/stories/sign_in/confirmed.html", context)
