"""The list of all stories: where each stands, whose it is, and the ways on from there."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _, gettext_lazy

from stories.admin.status import newest_of, with_status
from stories.models import Article, Assignment, DevelopingMode, Discard, Publication, Withdrawal


class StatusList(ChangeList):
    """The list of stories, with where each stands in the same query."""

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Any]:
        return with_status(super().get_queryset(request, exclude_parameters), at=timezone.now())


class StandingFilter(admin.SimpleListFilter):
    """Stories by where they stand. Drafts thrown away are shown only to who asks for them."""

    title = gettext_lazy("standing")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("mine", _("Given to me")),
            ("draft", _("Drafts")),
            ("live", _("Live")),
            ("developing", _("Developing")),
            ("withdrawn", _("Withdrawn")),
            ("discarded", _("Discarded drafts")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        at = timezone.now()
        live = Q(pk__in=Publication.objects.live(at=at).values("article"))
        known = queryset.alias(
            is_discarded=Coalesce(newest_of(Discard, "discarded"), False),
            is_withdrawn=Coalesce(newest_of(Withdrawal, "withdrawn"), False),
            develops_until=newest_of(DevelopingMode, "until"),
            given_to=newest_of(Assignment, "assignee_id"),
        )
        if self.value() == "discarded":
            return known.filter(is_discarded=True)
        kept = known.filter(is_discarded=False)
        if self.value() == "mine":
            return kept.filter(given_to=request.user.pk)
        if self.value() == "draft":
            return kept.exclude(live)
        if self.value() == "live":
            return kept.filter(live, is_withdrawn=False)
        if self.value() == "developing":
            return kept.filter(live, develops_until__gt=at)
        if self.value() == "withdrawn":
            return kept.filter(is_withdrawn=True)
        return kept

    def choices(self, changelist: Any) -> Any:
        all_of_them, *others = super().choices(changelist)
        yield {**all_of_them, "display": _("All but discarded drafts")}
        yield from others


class ArticleColumns(admin.ModelAdmin):
    """The columns of the list."""

    list_display = ["headline", "state", "ways", "filed_under", "given_to", "edited"]
    empty_value_display = ""
    list_filter = [StandingFilter, "kind", "section", "language"]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return StatusList

    @admin.display(description=gettext_lazy("section"), ordering="section_name")
    def filed_under(self, article: Any) -> str:
        return str(article.section_name)

    @admin.display(description=gettext_lazy("state"))
    def state(self, article: Any) -> str:
        parts = []
        if article.withdrawn:
            # What was live is down: which version it was is no state to be in.
            parts.append(_("withdrawn"))
        elif article.version:
            parts.append(_("live, version %(number)s") % {"number": article.version})
            if article.newest > article.live_revision:
                parts.append(_("edits waiting"))
            if article.developing_until and article.developing_until > timezone.now():
                parts.append(_("developing"))
        else:
            parts.append(_("discarded draft") if article.discarded else _("draft"))
        if article.pending_from:
            parts.append(_("scheduled for %(time)s") % {"time": _short(article.pending_from)})
        return " · ".join(parts)

    @admin.display(description=gettext_lazy("given to"))
    def given_to(self, article: Any) -> str:
        return article.assignee_name or ""

    @admin.display(description=gettext_lazy("last edit"))
    def edited(self, article: Any) -> str:
        return _short(article.edited_at) if article.edited_at else ""

    @admin.display(description=gettext_lazy("ways on"))
    def ways(self, article: Any) -> str:
        if not article.live_slug or article.withdrawn:
            return ""
        address = reverse("admin:stories_article_fix", args=[article.pk])
        return format_html('<a href="{}">{}</a>', address, _("Fix what is live"))


def _short(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")
