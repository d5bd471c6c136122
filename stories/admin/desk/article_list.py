"""The list of all stories: each one's state, its assignee, and links to the next steps."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import get_text_list
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from stories.actions.actors import name_of
from stories.actions.permissions import may_publish
from stories.admin.model_admin import ModelAdmin
from stories.domain.text.whole_number import whole_number
from stories.models import Article, StoryStatus, User
from stories.queries.desk.front_page import (
    STATUS_FILTERS,
    filter_by_status,
    search_articles,
    with_story_status,
)
from stories.queries.desk.presence import present_in
from stories.time_labels import time_label

if TYPE_CHECKING:
    from django.contrib.admin.filters import _ListFilterChoices  # a type of Django's stubs alone


class StoryChangeList(ChangeList):
    """A change list that reads the stories' status rows with the same query."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = _("Stories")

    def get_queryset(
        self, request: HttpRequest, exclude_parameters: list[str | None] | None = None
    ) -> QuerySet[Any]:
        return super().get_queryset(request, exclude_parameters).select_related("story_status")

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        names = present_in((article.pk for article in self.result_list), at=timezone.now())
        for article in self.result_list:
            article.open_with = names.get(article.pk, [])


class StandingFilter(admin.SimpleListFilter):
    """Filter stories by state. Discarded drafts are listed only when asked for."""

    title = gettext_lazy("state")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Article]) -> list[tuple[str, Any]]:
        return list(STATUS_FILTERS.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        return filter_by_status(queryset, self.value() or "", at=timezone.now(), user_id=request.user.pk or 0)

    def choices(self, changelist: ChangeList) -> Iterator[_ListFilterChoices]:
        all_of_them, *others = super().choices(changelist)
        yield {**all_of_them, "display": _("All but discarded drafts")}
        yield from others


class EditorFilter(admin.SimpleListFilter):
    """Filter stories by their last editor: anybody with an account who is one."""

    title = gettext_lazy("last edited by")
    parameter_name = "editor"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Article]) -> list[tuple[str, str]]:
        edited = StoryStatus.objects.filter(edited_by_id=OuterRef("pk"))
        people = User.objects.filter(Exists(edited)).order_by("display_name", "email")
        return [(str(person.pk), name_of(person)) for person in people]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        chosen = whole_number(self.value() or "")
        return queryset if chosen is None else queryset.filter(story_status__edited_by_id=chosen)


class EditedFilter(admin.SimpleListFilter):
    """Filter stories by when they were last edited."""

    title = gettext_lazy("last edit")
    parameter_name = "edited"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Article]) -> list[tuple[str, str]]:
        return [("today", _("Today")), ("week", _("In the last 7 days")), ("month", _("In the last 30 days"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        days = {"today": 0, "week": 7, "month": 30}.get(self.value() or "")
        if days is None:
            return queryset
        midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
        return queryset.filter(story_status__edited_at__gte=midnight - timedelta(days=days))


class ArticleColumns(ModelAdmin[Article]):
    """The columns of the list."""

    empty_value_display = "–"
    list_filter = [StandingFilter, EditedFilter, EditorFilter, "section", "kind", "language"]
    search_fields = ["headline", "slug"]
    search_help_text = gettext_lazy("Words of the headline, the slug or an author’s name")
    ordering = ["-story_status__edited_at", "-pk"]
    list_per_page = 50
    show_full_result_count = False
    # Counts would cost a query per filter, each over all stories.
    show_facets = admin.ShowFacets.NEVER
    actions = None

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return StoryChangeList

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        @admin.display(description=gettext_lazy("state"))
        def state_with_links(article: Article) -> SafeString:
            links = self.links(article) if may_publish(request.user, article) else ""
            return format_html("{} {}", self.state(article), links) if links else self.state(article)

        return ["headline", state_with_links, "open_requests", "edited", "filed_under", "given_to"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        return with_story_status(super().get_queryset(request))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Article], search_term: str
    ) -> tuple[QuerySet[Article], bool]:
        return search_articles(queryset, search_term), False

    def state(self, article: Article) -> SafeString:
        states = states_of(article.story_status, at=timezone.now())
        if names := getattr(article, "open_with", None):
            states.append(("open", _("open: %(names)s") % {"names": get_text_list(names, _("and"))}))
        return format_html_join(" ", '<span class="desk-state {}">{}</span>', states)

    @admin.display(description=gettext_lazy("open requests"), ordering="story_status__open_requests")
    def open_requests(self, article: Article) -> str:
        count = article.story_status.open_requests
        return ngettext("%(count)s request", "%(count)s requests", count) % {"count": count} if count else ""

    @admin.display(description=gettext_lazy("last edit"), ordering="story_status__edited_at")
    def edited(self, article: Article) -> str:
        status = article.story_status
        if status.edited_at is None:
            return ""
        return _("%(time)s by %(name)s") % {"time": time_label(status.edited_at), "name": status.edited_by}

    @admin.display(description=gettext_lazy("section"), ordering="section_name")
    def filed_under(self, article: Article) -> str:
        return str(article.section_name)

    @admin.display(description=gettext_lazy("assigned to"), ordering="story_status__assignee")
    def given_to(self, article: Article) -> str:
        return str(article.story_status.assignee)

    def links(self, article: Article) -> SafeString | str:
        """Link to the pages where an editor goes on with a story in this state."""
        status = article.story_status
        if status.withdrawn or status.discarded:
            return ""
        links = []
        if status.waiting_since or status.offered_at:
            links.append(("publish", _("Review")))
        if status.is_live(timezone.now()):
            links.append(("fix", _("Fix what is live")))
        return format_html_join(
            " ",
            '<a class="way" href="{}">{}</a>',
            ((reverse(f"admin:stories_article_{name}", args=[article.pk]), words) for name, words in links),
        )


def states_of(status: StoryStatus, *, at: datetime) -> list[tuple[str, str]]:
    """Return the states of a story, each as the name of its mark and a label."""
    if status.withdrawn:
        # The version that was live is down, so its number is left out.
        return [("withdrawn", _("withdrawn"))]
    if status.discarded:
        return [("discarded", _("discarded draft"))]
    states = []
    version = status.version(at)
    if version:
        states.append(("live", _("live, version %(number)s") % {"number": version}))
    elif status.is_draft:
        states.append(("draft", _("draft")))
    if status.waiting_since:
        states.append(("waiting", _("edits waiting")))
    if status.offered_at:
        states.append(("offered", _("waiting for review")))
    if version and status.developing_until and status.developing_until > at:
        states.append(("developing", _("developing")))
    if pending_from := status.pending_from(at):
        states.append(
            ("scheduled", _("scheduled for %(time)s") % {"time": time_label(pending_from)}),
        )
    return states
