"""The comment desk in the admin, in place of a change list of records."""

from __future__ import annotations

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse

from stories.actions.permissions import COMMENT_DESK_ONLY
from stories.admin.comment_desk.request_list import list_view
from stories.admin.model_admin import ModelAdmin
from stories.models import DeskRecord


@admin.register(DeskRecord)
class DeskRecordAdmin(ModelAdmin[DeskRecord]):
    """The list of all requests. Each has a page of its own, below its story; records have no other pages."""

    class Media:
        css = {"all": ["stories/desk/desk.css", "stories/comment_desk/request.css"]}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: DeskRecord | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: DeskRecord | None = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        list_page = self.admin_site.admin_view(self._list)
        return [
            path("", list_page, name="stories_comment_desk"),
            # The URL names that the admin's index and its list of recent actions use.
            path("", list_page, name="stories_deskrecord_changelist"),
            path(
                "<number:record_id>/change/",
                self.admin_site.admin_view(self._redirect_to_request),
                name="stories_deskrecord_change",
            ),
        ]

    def _list(self, request: HttpRequest) -> HttpResponse:
        return list_view(self, request)

    def _redirect_to_request(self, request: HttpRequest, record_id: int) -> HttpResponse:
        """Redirect to the page of a record's request. That page checks who may see it."""
        if not self.has_view_permission(request):
            raise PermissionDenied(COMMENT_DESK_ONLY)
        record = get_object_or_404(DeskRecord, pk=record_id)
        address = reverse("admin:stories_article_desk", args=[record.article_id, record.request_key])
        return HttpResponseRedirect(address)
