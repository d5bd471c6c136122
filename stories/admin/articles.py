"""Stories in the admin: permissions, the pages of a story, the list of stories."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import URLPattern, path, register_converter, reverse
from django.utils.translation import gettext as _, gettext_lazy

from stories.actions.permissions import may_edit, may_see, may_start
from stories.admin.comment_desk.request_page import request_view
from stories.admin.desk.article_list import ArticleColumns
from stories.admin.page.bad_input import NumberConverter
from stories.admin.page.erased_since import erasures_view, redirect_erased_forms
from stories.admin.pictures import picture_view
from stories.admin.publishing.cancel import cancel_view
from stories.admin.publishing.developing import developing_view
from stories.admin.publishing.embargo import embargo_view
from stories.admin.publishing.fix import fix_view
from stories.admin.publishing.offer import offer_view
from stories.admin.publishing.preview import preview_view
from stories.admin.publishing.published import published_view
from stories.admin.publishing.review import review_view
from stories.admin.story.assign import assign_view
from stories.admin.story.blame import blame_view
from stories.admin.story.compare import choose_view, compare_view
from stories.admin.story.discard import discard_view
from stories.admin.story.find_replace import find_view
from stories.admin.story.history import changes_view, history_view, revision_view
from stories.admin.story.presence import presence_view
from stories.admin.story.restore import restore_view
from stories.admin.story_form.forms import ArticleForm
from stories.admin.story_form.inlines import (
    BLOCK_INLINES,
    BylineInline,
    CommentRequestInline,
    UpdateNoteInline,
)
from stories.admin.story_form.live_preview import sentences_view
from stories.admin.story_form.story_form import StoryFormAdmin
from stories.admin.takedown.erase import erase_view, erasure_view
from stories.admin.takedown.take_back import take_back_view
from stories.admin.takedown.withdraw import withdraw_view
from stories.admin.takedown.withhold import withheld_view, withhold_view
from stories.models import Article

if TYPE_CHECKING:
    from django.contrib.admin.options import _FieldsetSpec  # a type of Django's stubs alone

register_converter(NumberConverter, "number")


@admin.register(Article)
class ArticleAdmin(ArticleColumns, StoryFormAdmin):
    form = ArticleForm
    fieldsets = [
        (None, {"fields": ["headline", "dek", "base", "erasure", "opened", "shown"]}),
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
        *BLOCK_INLINES,
        BylineInline,
        CommentRequestInline,
        UpdateNoteInline,
    ]

    class Media:
        css = {
            "all": [
                "stories/desk/desk.css",
                "stories/story_form/blocks.css",
                "stories/desk/find_replace.css",
                "stories/story_form/conflicts.css",
                "stories/desk/front_page.css",
            ]
        }
        js = [
            "stories/desk/slug.js",
            "stories/story_form/chosen_picture.js",
            "stories/story_form/blocks.js",
            "stories/story_form/conflicts.js",
        ]

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
        def page(route: str, view: Callable[..., HttpResponseBase], name: str) -> URLPattern:
            def bound(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
                return redirect_erased_forms(view)(self, request, *args, **kwargs)

            return path(route, self.admin_site.admin_view(bound), name=f"stories_article_{name}")

        presence = presence_view(self)
        return [
            path("presence/", presence, name="stories_article_signed_in"),
            path("<number:article_id>/presence/", presence, name="stories_article_presence"),
            page("pictures/<slug:digest>/", picture_view, "picture"),
            page("sentences/", sentences_view, "sentences"),
            page("erasures/", erasures_view, "erasures"),
            page("<number:article_id>/publish/", review_view, "publish"),
            page("<number:article_id>/published/<number:publication_id>/", published_view, "published"),
            page(
                "<number:article_id>/published/<number:publication_id>/take-back/",
                take_back_view,
                "take_back",
            ),
            page("<number:article_id>/preview/", preview_view, "preview"),
            page("<number:article_id>/fix/", fix_view, "fix"),
            page("<number:article_id>/find/", find_view, "find"),
            page("<number:article_id>/cancel/", cancel_view, "cancel"),
            page("<number:article_id>/embargo/", embargo_view, "embargo"),
            page("<number:article_id>/developing/", developing_view, "developing"),
            page("<number:article_id>/withdraw/", withdraw_view, "withdraw"),
            page("<number:article_id>/withhold/", withhold_view, "withhold"),
            page("<number:article_id>/withheld/<number:number>/", withheld_view, "withheld"),
            page("<number:article_id>/erase/", erase_view, "erase"),
            page("<number:article_id>/erase/<number:number>/", erasure_view, "erasure"),
            page("<number:article_id>/discard/", discard_view, "discard"),
            page("<number:article_id>/offer/", offer_view, "offer"),
            page("<number:article_id>/assign/", assign_view, "assign"),
            page("<number:article_id>/history/<number:number>/", revision_view, "revision"),
            page("<number:article_id>/history/<number:number>/changes/", changes_view, "changes"),
            page("<number:article_id>/history/<number:number>/restore/", restore_view, "restore"),
            page("<number:article_id>/history/<number:number>/blame/", blame_view, "blame"),
            page("<number:article_id>/history/compare/", choose_view, "choose"),
            page(
                "<number:article_id>/history/compare/<number:first>...<number:second>/",
                compare_view,
                "compare",
            ),
            page("<number:article_id>/requests/<uuid:key>/", request_view, "desk"),
            *super().get_urls(),
        ]

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show our history of the story in place of Django's own."""
        article = self.get_object(request, unquote(object_id))
        if article is None:
            redirect: HttpResponse = self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
            return redirect
        return history_view(self, request, article)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Refuse: stories are not deleted."""
        messages.error(
            request,
            _(
                "Stories are never deleted: what was published stays on the record. A draft can be discarded, a "
                "published story withdrawn. Nothing was changed."
            ),
        )
        return HttpResponseRedirect(reverse("admin:stories_article_change", args=[unquote(object_id)]))

    def get_prepopulated_fields(self, request: HttpRequest, obj: Article | None = None) -> dict[str, Any]:
        # An existing story's slug does not follow its headline.
        return {"slug": ["headline"]} if obj is None else {}

    def get_fieldsets(self, request: HttpRequest, obj: Article | None = None) -> _FieldsetSpec:
        return self.fieldsets
