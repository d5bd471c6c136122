"""What every page of a story needs: its article, its template context, and the numbers in its address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from stories.actions.actors import Actor
from stories.actions.permissions import (
    may_assign,
    may_edit,
    may_erase,
    may_publish,
    may_withdraw,
    may_withhold,
)
from stories.admin.page.erased_since import refuse_erased_form
from stories.domain.diff.compare import StoryTooLong, diff
from stories.domain.snapshot import (
    StoryContent,
)
from stories.domain.text.whole_number import whole_number
from stories.models import Article
from stories.queries.takedown.erasures import newest_erasure
from stories.rendering.compare.comparison import RenderedComparison, render_comparison


def number_param(request: HttpRequest, name: str) -> int | None:
    """Return a number from the query string, None if it holds none."""
    return whole_number(request.GET.get(name, ""))


def comparison_of(before: StoryContent, after: StoryContent) -> RenderedComparison | None:
    """Return the differences as HTML, None if the stories are too long to be compared."""
    try:
        return render_comparison(diff(before, after), picture_address=desk_picture)
    except StoryTooLong:
        return None


def desk_picture(digest: str, width: int) -> str:
    """Return the admin's address of a picture, which also serves pictures that no version has shown yet."""
    return reverse("admin:stories_article_picture", args=[digest])


def article_or_404(model_admin: ModelAdmin[Article], request: HttpRequest, article_id: int) -> Article:
    """Return a page's article. Raise Http404, PermissionDenied, or ErasedSince for a form older than an erasure."""
    article = model_admin.get_object(request, str(article_id))
    if article is None:
        raise Http404
    if not model_admin.has_view_permission(request, article):
        raise PermissionDenied
    # Before anything else of the page is read: its forms carry the number, and are refused if a newer one is there.
    article.newest_erasure = newest_erasure(article.pk)
    refuse_erased_form(request, article.newest_erasure)
    return article


def page_context(
    model_admin: ModelAdmin[Article], request: HttpRequest, article: Article, title: str
) -> dict[str, Any]:
    """Return the context that every page around the form needs."""
    return {
        **model_admin.admin_site.each_context(request),
        "title": title,
        "subtitle": article.headline,
        "opts": model_admin.opts,
        "article": article,
        "newest_erasure": getattr(article, "newest_erasure", 0),
        "may_edit": may_edit(request.user, article),
        **story_permissions(request.user),
        "media": model_admin.media,
    }


def story_permissions(user: Actor) -> dict[str, bool]:
    """Return what a user may do to any story, which decides the links that a page offers."""
    return {
        "may_publish": may_publish(user),
        "may_withdraw": may_withdraw(user),
        "may_withhold": may_withhold(user),
        "may_erase": may_erase(user),
        "may_assign": may_assign(user),
    }


def require_publisher(request: HttpRequest) -> None:
    """Raise PermissionDenied unless the user may publish."""
    if not may_publish(request.user):
        raise PermissionDenied(_("You may not publish. Ask an editor to publish this story."))


def number_in(data: Mapping[str, Any], name: str) -> int:
    """Return a number from posted data, 0 if it is none."""
    return whole_number(str(data.get(name, ""))) or 0
