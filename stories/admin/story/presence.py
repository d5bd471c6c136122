"""What an open form asks now and then: who is signed in, who else has the story open, what was saved of it.

It answers in JSON, also to who is signed out: a form that was sent to the sign-in page would not learn of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST

from stories.actions.editing.presence import clear_presence, touch_presence
from stories.actions.texts import shown_time
from stories.admin.page.frame import number_in
from stories.models import Article, Revision
from stories.queries.desk.presence import newest_save, others_present

# What follows for the form that is open, by the page that it stands on.
EDIT, FIX, REVIEW = "edit", "fix", "review"


def presence_view(model_admin: Any) -> Any:
    """Return the view, for addresses with an `article_id` and for those of new stories without one."""

    @csrf_protect
    @never_cache
    @require_POST
    def view(request: HttpRequest, article_id: int | None = None) -> JsonResponse:
        if not model_admin.admin_site.has_permission(request):
            # Not 401: a browser logs that as an error of the page.
            return JsonResponse({"user": None, "says": []})
        said: dict[str, Any] = {"user": request.user.pk, "says": []}
        if article_id is None:
            return JsonResponse(said)
        article = Article.objects.only("pk").filter(pk=article_id).first()
        if article is None:
            raise Http404
        if "leaves" in request.POST:
            clear_presence(article=article, user=request.user)
            return JsonResponse(said)
        at = timezone.now()
        touch_presence(article=article, user=request.user, at=at)
        return JsonResponse(said | {"says": list(_sentences(request, article, at))})

    return view


def _sentences(request: HttpRequest, article: Article, at: datetime) -> Iterator[str]:
    me = request.user.pk
    assert me is not None  # who is not signed in has been answered
    others = others_present(article.pk, besides=me, at=at)
    if others:
        yield ngettext(
            "%(names)s has this story open too.", "%(names)s have this story open too.", len(others)
        ) % {"names": ", ".join(others)}
    saved = newest_save(article.pk, after=number_in(request.POST, "known"))
    if saved is not None:
        yield " ".join((_who_saved(saved, me), _what_follows(request.POST.get("page", "")))).strip()


def _who_saved(saved: Revision, me: int) -> str:
    told = {"name": saved.user_name, "number": saved.number, "time": shown_time(saved.recorded_at)}
    if saved.user_id == me:
        return _("You saved revision %(number)s in another window (%(time)s).") % told
    return _("%(name)s saved revision %(number)s (%(time)s).") % told


def _what_follows(page: str) -> str:
    return {
        EDIT: _("When you save, both are merged."),
        FIX: _("Your fix does not touch what waits."),
        REVIEW: _("Before you publish, you are shown what changed."),
    }.get(page, "")
