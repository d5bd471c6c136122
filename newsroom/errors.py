"""The error pages: forbidden, not found, bad request, and faults on our side.

The pages of faults use nothing that may be broken.
"""

from __future__ import annotations

import sys
from enum import Enum, auto
from typing import Final

from django.contrib import admin
from django.contrib.auth import get_permission_codename
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.template import loader
from django.urls import reverse
from django.utils.translation import gettext as _

from stories.public.views.site import unknown
from stories.queries.accounts.rights import groups_with

try:
    from newsroom.postgresql import was_waited_for as was_waited_for  # re-exported
except ImportError:  # SQLite needs no driver

    def was_waited_for(error: BaseException | None) -> bool:
        return False


# In how many seconds to try again while the database is away or busy.
RETRY_AFTER: Final = 5
SAFE: Final = ("GET", "HEAD", "OPTIONS", "TRACE")


class Loss(Enum):
    """How a request lost the database: its connection was dead, or it waited for an answer in vain."""

    AT_ONCE = auto()
    WAITED = auto()


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer for a view that failed: 503 if the database failed, 500 for any other fault."""
    error = sys.exc_info()[1]
    if isinstance(error, OperationalError | InterfaceError):
        loss = _loss(error)
        response = unavailable(
            request,
            is_uncertain=loss is not None and request.method not in SAFE,
            was_given_up=_was_given_up(error),
        )
        response.database_loss = loss  # type: ignore[attr-defined]
        response.is_worth_a_retry = not _was_given_up(error)  # type: ignore[attr-defined]
        return response if loss is None else without_log_line(response)
    return HttpResponse(_page("500.html", request), status=500)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that was refused: 403, with the sentence of the refusal."""
    sentence = str(exception) or _who_may(request)
    if _at_the_desk(request):
        return _desk_page(
            request, "admin/403.html", _("This page is not open to you"), 403, sentence=sentence
        )
    context: dict[str, object] = {"sentence": sentence}
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        # The desk would answer the same; what this person can do is sign out, or mend their account.
        context |= {"desk": "", "account": reverse("account_email")}
    return HttpResponse(_page("403.html", request, again=False, **context), status=403)


def not_saved(request: HttpRequest, sentence: str) -> HttpResponse:
    """Answer that nothing may be written: 409, with the reason. Whoever was writing gets a link back."""
    return HttpResponse(_page("409.html", request, sentence=sentence), status=409)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer that there is nothing at an address: 404, in the frame of the desk or of the public site."""
    if _at_the_desk(request):
        return _desk_page(request, "admin/404.html", _("There is nothing at this address"), 404)
    return unknown(request, exception)


def undecodable(request: HttpRequest) -> HttpResponse:
    """Raise Http404 for an address whose bytes are no UTF-8."""
    raise Http404


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer that a request could not be parsed: 400. Nothing of it is repeated."""
    return HttpResponse(_page("400.html", request), status=400)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that was opened under another sign-in: 403, with a link back to what was typed."""
    return HttpResponse(_page("403_csrf.html", request), status=403)


def unavailable(
    request: HttpRequest, *, is_uncertain: bool = False, was_given_up: bool = False
) -> HttpResponse:
    """Answer that the database can't be reached: 503. Whoever was writing gets a link back to what they typed.

    `is_uncertain` is for a request that was writing when its connection was lost: if that was during the commit, it is
    unknown whether the commit succeeded. `was_given_up` is for a request whose statement took longer than the site
    allows while the database is up.
    """
    page = _page("503.html", request, is_uncertain=is_uncertain, was_given_up=was_given_up)
    response = HttpResponse(page, status=503)
    response["Retry-After"] = str(RETRY_AFTER)
    response["Cache-Control"] = "no-store"
    return response


def without_log_line(response: HttpResponse) -> HttpResponse:
    """Return a response that Django does not log: newsroom.database_outage logs once that the database is away."""
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def database_loss(response: HttpResponseBase) -> Loss | None:
    """Return how a request lost its connection to the database, or could not make one; None if it did not."""
    loss: Loss | None = getattr(response, "database_loss", None)
    return loss


def is_worth_a_retry(response: HttpResponseBase) -> bool:
    """Return whether a request failed by its database, in a way that it may not by another: not by a slow statement.

    A replica also cancels statements that read what its primary has removed.
    """
    is_worth_it: bool = getattr(response, "is_worth_a_retry", False)
    return is_worth_it


def _who_may(request: HttpRequest) -> str:
    """Return the sentence for a page of Django's own admin that it refuses without a word."""
    match = request.resolver_match
    model_admin = getattr(match.func, "model_admin", None) if match else None
    groups: list[str] = []
    if match and model_admin:
        action = {"add": "add", "delete": "delete", "change": "change"}.get(
            (match.url_name or "").rpartition("_")[2], "view"
        )
        opts = model_admin.opts
        groups = groups_with(f"{opts.app_label}.{get_permission_codename(action, opts)}")
    if groups:
        return _("It is for these groups: %(groups)s. Ask a managing editor if you need it.") % {
            "groups": ", ".join(groups)
        }
    return _(
        "No group has the right to it: it is for superusers, who look after the whole site. Ask one of them."
    )


def _page(template: str, request: HttpRequest, *, again: bool = True, **context: object) -> str:
    desk = reverse("admin:index")
    at_the_desk = request.path.startswith(desk)
    links = {
        "again": request.get_full_path() if at_the_desk and again else "",
        "desk": desk if at_the_desk else "",
    }
    return loader.get_template(template).render({**links, **context})


def _at_the_desk(request: HttpRequest) -> bool:
    """Return whether a user of the admin requested one of its pages, so that its frame may be shown."""
    user = getattr(request, "user", None)
    return (
        request.path.startswith(reverse("admin:index"))
        and user is not None
        and admin.site.has_permission(request)
    )


def _desk_page(
    request: HttpRequest, template: str, title: str, status: int, **context: object
) -> HttpResponse:
    frame = {**admin.site.each_context(request), "title": title, "is_nav_sidebar_enabled": False}
    return HttpResponse(loader.get_template(template).render({**frame, **context}, request), status=status)


def _was_given_up(error: Exception) -> bool:
    """Return whether PostgreSQL cancelled a statement, which it does after STATEMENT_TIMEOUT."""
    return getattr(error.__cause__, "sqlstate", None) == "57014"


def _loss(error: Exception) -> Loss | None:
    """Return how an error says the connection was lost; None if it is about a lock or a statement that took too long.

    PostgreSQL's classes 08 and 57P are about connections; an error without a class did not come from a server.
    """
    # SQLite's errors have no classes, and its connection can't be lost.
    state: str | None = getattr(error.__cause__, "sqlstate", "")
    if state is not None and not state.startswith(("08", "57P")):
        return None
    return Loss.WAITED if was_waited_for(error.__cause__) else Loss.AT_ONCE
