"""Stories in the admin: who may do what, the pages of one, the list of all."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _, gettext_lazy

from stories.actions.people import may_edit, may_see, may_start
from stories.admin.comment_requests import go_to_desk_record
from stories.admin.forms import ArticleForm
from stories.admin.history import changes_view, history_view, revision_view
from stories.admin.inlines import (
    BylineInline,
    CommentRequestInline,
    EmbedBlockInline,
    ImageBlockInline,
    QuoteBlockInline,
    TextBlockInline,
    UpdateNoteInline,
)
from stories.admin.pictures import picture_view
from stories.admin.publishing import publish_view
from stories.admin.status import with_status
from stories.admin.story_form import StoryFormAdmin
from stories.models import Article


class StatusList(ChangeList):
    """The list of stories, with where each stands in the same query."""

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Any]:
        return with_status(super().get_queryset(request, exclude_parameters), at=timezone.now())


@admin.register(Article)
class ArticleAdmin(StoryFormAdmin):
    form = ArticleForm
    fieldsets = [
        (None, {"fields": ["headline", "dek", "base", "opened"]}),
        (
            gettext_lazy("About the story"),
            {
                "fields": [
                    "slug",
                    ("section", "language"),
                    ("dateline", "kind"),
                    "disclosure",
                ]
            },
        ),
        (gettext_lazy("This edit"), {"fields": ["why"]}),
    ]
    inlines = [
        TextBlockInline,
        QuoteBlockInline,
        ImageBlockInline,
        EmbedBlockInline,
        BylineInline,
        CommentRequestInline,
        UpdateNoteInline,
    ]
    list_display = ["headline", "slug", "filed_under", "state", "edited"]
    list_filter = ["kind", "section", "language"]
    search_fields = ["headline", "slug"]
    search_help_text = gettext_lazy("Words of the headline or the slug")
    ordering = ["-pk"]
    list_per_page = 50
    show_full_result_count = False
    actions = None

    class Media:
        css = {"all": ["stories/admin.css"]}
        js = ["stories/admin.js"]

    # ------------------------------------------------------------------------------------- who may do what

    def has_view_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        if obj is None:
            return super().has_view_permission(request)
        return may_see(request.user, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return may_start(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        if obj is not None and obj.pk is not None:
            return may_edit(request.user, obj)
        return request.user.has_perm("stories.change_article") or request.user.has_perm(
            "stories.change_own_draft"
        )

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return False

    # -------------------------------------------------------------------------------------------- the pages

    def get_urls(self) -> list[URLPattern]:
        def page(route: str, view: Any, name: str) -> URLPattern:
            def bound(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
                return view(self, request, *args, **kwargs)

            return path(route, self.admin_site.admin_view(bound), name=f"stories_article_{name}")

        return [
            page("pictures/<slug:digest>/", picture_view, "picture"),
            page("<int:article_id>/publish/", publish_view, "publish"),
            page("<int:article_id>/history/<int:number>/", revision_view, "revision"),
            page("<int:article_id>/history/<int:number>/changes/", changes_view, "changes"),
            page("<int:article_id>/requests/<uuid:key>/", go_to_desk_record, "desk"),
            *super().get_urls(),
        ]

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Our history of the story, in the place of Django's own."""
        article = self.get_object(request, unquote(object_id))
        if article is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        return history_view(self, request, article)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """A sentence: stories are not deleted."""
        messages.error(
            request,
            _("Stories are never deleted: what was published stays on the record. Nothing was changed."),
        )
        return HttpResponseRedirect(reverse("admin:stories_article_change", args=[object_id]))

    def get_prepopulated_fields(self, request: HttpRequest, obj: Article | None = None) -> dict[str, Any]:
        # The slug of a story that is there stays, whatever becomes of its headline.
        return {"slug": ["headline"]} if obj is None else {}

    def get_fieldsets(self, request: HttpRequest, obj: Article | None = None) -> Any:
        return self.fieldsets

    # --------------------------------------------------------------------------------------------- the list

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return StatusList

    @admin.display(description=gettext_lazy("section"), ordering="section_name")
    def filed_under(self, article: Any) -> str:
        return str(article.section_name)

    @admin.display(description=gettext_lazy("state"))
    def state(self, article: Any) -> str:
        parts = []
        if article.version:
            parts.append(_("live, version %(number)s") % {"number": article.version})
            if article.newest > article.live_revision:
                parts.append(_("edits waiting"))
        else:
            parts.append(_("draft"))
        if article.pending_from:
            parts.append(_("scheduled for %(time)s") % {"time": _short(article.pending_from)})
        return " · ".join(parts)

    @admin.display(description=gettext_lazy("last edit"))
    def edited(self, article: Any) -> str:
        return _short(article.edited_at) if article.edited_at else ""


def _short(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")
