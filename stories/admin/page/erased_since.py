"""Refuse forms that were opened before something of their story was erased, and let the browser delete them.

Each form of a story carries the number of its newest erasure. Erasing makes no revision, so nothing else would show
that what was typed, signed or stored by a browser may hold the erased words.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Final, ParamSpec, TypeVar
from uuid import UUID

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.urls import reverse

from stories.actions.errors import ErasedSince
from stories.actions.permissions import NEWSROOM_ONLY
from stories.admin.page.in_place import is_in_place
from stories.domain.text.whole_number import whole_number
from stories.models import Article
from stories.queries.takedown.erasures import newest_erasures

P = ParamSpec("P")
R = TypeVar("R", bound=HttpResponseBase)

# The field that carries the number.
FIELD: Final = "erasure"
_COOKIE: Final = "typed_saved_"
# More stories than any browser stores forms of.
_MOST_STORIES: Final = 200


def posted_erasure(request: HttpRequest) -> int:
    """Return the erasure number that a posted form carries, 0 if it carries none."""
    return whole_number(request.POST.get(FIELD, ""), digits=18) or 0


def refuse_erased_form(request: HttpRequest, newest: int) -> None:
    """Raise ErasedSince for a form that was opened before its story's newest erasure (0: there was none)."""
    if request.method == "POST" and posted_erasure(request) != newest:
        raise ErasedSince


def redirect_erased_forms(view: Callable[P, R]) -> Callable[P, R | HttpResponse]:
    """Answer a form that is older than an erasure with a redirect to its page, as it reads now."""

    @wraps(view)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R | HttpResponse:
        try:
            return view(*args, **kwargs)
        except ErasedSince as refusal:
            request = next(each for each in args if isinstance(each, HttpRequest))
            messages.error(request, str(refusal))
            address = request.get_full_path()
            if is_in_place(request):
                # The page has to go: what was typed may hold the erased words.
                return clear_autosave(request, JsonResponse({"leaves_for": address}))
            return clear_autosave(request, HttpResponseRedirect(address))

    return wrapper


def erasures_view(model_admin: ModelAdmin[Article], request: HttpRequest) -> HttpResponse:
    """Return the newest erasures of some stories, so that a browser can delete older forms' texts. One query."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied(NEWSROOM_ONLY)
    numbers = map(whole_number, request.GET.getlist("story")[:_MOST_STORIES])
    return JsonResponse(newest_erasures([number for number in numbers if number is not None]))


def clear_autosave(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Return the response with a cookie that makes the browser delete what it stored of the form."""
    try:
        opened = UUID(request.POST.get("opened", ""))
    except ValueError:
        return response
    response.set_cookie(
        f"{_COOKIE}{opened}",
        "1",
        max_age=24 * 60 * 60,
        path=reverse("admin:index"),
        secure=request.is_secure(),
        samesite="Lax",
    )
    return response
