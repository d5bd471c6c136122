"""What every page of one's own account has in common, and what every page of the desks demands of who is signed in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import add_never_cache_headers

from stories.actions.accounts.factors import lacks_factor
from stories.admin.sign_in.confirmation import demand_confirmation
from stories.admin.sign_in.menu import account_menu

# The namespaces of the desks. The pages of one's own account have none.
DESKS: Final = frozenset({"admin", "audit", "desk"})
# What signs people in and out, and a script of texts.
OPEN_PAGES: Final = frozenset({"admin:login", "admin:logout", "admin:jsi18n"})
# What open forms ask now and then. It is answered as if nobody were signed in, and the form says so.
POLLS: Final = frozenset({"admin:stories_article_presence", "admin:stories_article_signed_in"})
# Where a session has the page that was asked for before a second factor was set up.
WANTED: Final = "page_wanted_before_factor"


class AccountPagesMiddleware:
    """Gives django-allauth's pages what the frame of the admin's pages needs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_template_response(self, request: HttpRequest, response: TemplateResponse) -> TemplateResponse:
        if request.path.startswith(account_prefix()):
            response.context_data = {
                **admin.site.each_context(request),
                "account_menu": account_menu(request),
                **(response.context_data or {}),
            }
        return response


class ProtectedPagesMiddleware:
    """Demands a second factor of whose rights require one, and a recent confirmation before what is grave.

    It goes by what an address resolves to, so that no page of the desks can be forgotten.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponse],
        args: tuple[object, ...],
        kwargs: dict[str, object],
    ) -> HttpResponse | None:
        response = self._refusal(request)
        if response is not None:
            add_never_cache_headers(response)
        return response

    def _refusal(self, request: HttpRequest) -> HttpResponse | None:
        match = request.resolver_match
        assert match is not None  # a view was found
        if not DESKS.isdisjoint(match.namespaces) and match.view_name not in OPEN_PAGES:
            if lacks_factor(request.user):
                is_poll = match.view_name in POLLS
                return JsonResponse({"user": None, "says": []}) if is_poll else _lead_to_set_up(request)
            if WANTED in request.session:
                del request.session[WANTED]
        return demand_confirmation(request)

    def process_template_response(self, request: HttpRequest, response: TemplateResponse) -> TemplateResponse:
        match = request.resolver_match
        if match is not None and match.url_name and match.url_name.startswith("mfa_"):
            lacks = lacks_factor(request.user)
            wanted = "" if lacks else request.session.get(WANTED, "")
            response.context_data = {
                **(response.context_data or {}),
                "lacks_factor": lacks,
                "wanted_page": wanted,
            }
        return response


def _lead_to_set_up(request: HttpRequest) -> HttpResponse:
    """Redirect to the page on which a second factor is set up, as an expired sign-in redirects to the sign-in.

    What was typed into a form is in the browser, and is put back when its page is shown again.
    """
    if "text/html" in request.headers.get("Accept", ""):
        request.session[WANTED] = request.get_full_path() if request.method == "GET" else request.path
    return HttpResponseRedirect(reverse("mfa_index"))


def account_prefix() -> str:
    """Return what the addresses of all account pages begin with."""
    return reverse("account_login").removesuffix("login/")
