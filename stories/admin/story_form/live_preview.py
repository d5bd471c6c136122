"""Preview what readers would see of the requests and notes in a form while they are typed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers

from stories.actions.permissions import NEWSROOM_ONLY
from stories.admin.story_form.inlines import CommentRequestInline, StoryListInline, UpdateNoteInline
from stories.models import Article


def sentences_view(model_admin: ModelAdmin[Article], request: HttpRequest) -> HttpResponse:
    """Return, for each posted list by its prefix, its summary and what readers would see of it.

    `published` are the keys of the notes that readers know already. No story is read and nothing is saved: the response
    depends on the request alone.
    """
    if not model_admin.has_change_permission(request):
        raise PermissionDenied(NEWSROOM_ONLY)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    kinds: list[type[StoryListInline]] = [CommentRequestInline, UpdateNoteInline]
    data = request.POST.copy()
    # Which story it is, and which note is amended, does not change the preview.
    for name in [name for name in data if name.endswith(("-parent", "-amended"))]:
        del data[name]
    previews = {}
    for kind in kinds:
        inline = kind(Article, model_admin.admin_site)
        formset_class: Any = inline.get_formset(request)
        formset_class.known_published = _keys(request.POST.getlist("published"))
        prefix = formset_class.get_default_prefix()
        formset = formset_class(data=data, instance=Article(), prefix=prefix)
        if formset.is_complete():
            html = render_to_string(inline.preview_template, {"preview": formset.preview})
            previews[prefix] = {"summary": formset.summary, "preview": html}
    response = JsonResponse(previews)
    add_never_cache_headers(response)
    return response


def _keys(typed: Iterable[str]) -> frozenset[UUID]:
    found = set()
    for each in typed:
        try:
            found.add(UUID(each))
        except ValueError:
            continue
    return frozenset(found)
