"""Answer an open form's polls: who is signed in, who else has the story open, what was saved of it.

The response is JSON for signed-out users too: a poll that was redirected to the sign-in page would not notice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.contrib.admin import ModelAdmin
from django.http import Http404, HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST

from stories.actions.editing.presence import clear_presence, touch_presence
from stories.admin.page.frame import number_in
from stories.models import Article, Revision
from stories.queries.desk.presence import newest_save, others_present
from stories.time_labels import time_label

# The pages that an open form may be on.
EDIT, FIX, REVIEW = "edit", "fix", "review"


def presence_view(model_admin: ModelAdmin[Article]) -> Callable[..., JsonResponse]:
    """Return the view, for addresses with an `article_id` and for those of new stories without one."""

    @csrf_protect
    @never_cache
    @require_POST
    def view(request: HttpRequest, article_id: int | None = None) -> JsonResponse:
        if not model_admin.admin_site.has_permission(request):
            # Not 401, which browsers log as an error of the page.
            return JsonResponse({"user": None, "says": []})
        answer: dict[str, Any] = {"user": request.user.pk, "says": []}
        if article_id is None:
            return JsonResponse(answer)
        article = Article.objects.only("pk").filter(pk=article_id).first()
        if article is None:
            raise Http404
        if "leaves" in request.POST:
            clear_presence(article=article, user=request.user)
            return JsonResponse(answer)
        at = timezone.now()
        touch_presence(article=article, user=request.user, at=at)
        return JsonResponse(answer | {"says": list(_sentences(request, article, at))})

    return view


def _sentences(request: HttpRequest, article: Article, at: datetime) -> Iterator[str]:
    user_id = request.user.pk
    assert user_id is not None  # signed-out users were answered above
    others = others_present(article.pk, excluding=user_id, at=at)
    if others:
        yield ngettext(
            "%(names)s has this story open too.", "%(names)s have this story open too.", len(others)
        ) % {"names": ", ".join(others)}
    saved = newest_save(article.pk, after=number_in(request.POST, "known"))
    if saved is not None:
        yield " ".join((_who_saved(saved, user_id), _consequence(request.POST.get("page", "")))).strip()


def _who_saved(saved: Revision, user_id: int) -> str:
    params = {"name": saved.user_name, "number": saved.number, "time": time_label(saved.recorded_at)}
    if saved.user_id == user_id:
        return _("You saved revision %(number)s in another window (%(time)s).") % params
    return _("%(name)s saved revision %(number)s (%(time)s).") % params


def _consequence(page: str) -> str:
    return {
        EDIT: _("When you save, both are merged."),
        FIX: _("Your fix does not touch what waits."),
        REVIEW: _("Before you publish, you are shown what changed."),
    }.get(page, "")
