"""What every page of a story needs: its article, its template context, and the numbers in its address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.core.validators import RegexValidator
from django.http import Http404, HttpRequest
from django.urls import reverse

from stories.actions.actors import Actor, site_locale
from stories.actions.permissions import (
    NEWSROOM_ONLY,
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
        return render_comparison(diff(before, after), picture_address=desk_picture, reader_locale=site_locale)
    except StoryTooLong:
        return None


class PictureField(forms.CharField):
    """The digest of a stored picture, which a form keeps while it is shown again. Nothing else has an address."""

    def __init__(self) -> None:
        super().__init__(
            required=False, widget=forms.HiddenInput, validators=[RegexValidator(r"^[0-9a-f]{64}\Z")]
        )


def desk_picture(digest: str, width: int) -> str:
    """Return the admin's address of a picture, which also serves pictures that no version has shown yet."""
    return reverse("admin:stories_article_picture", args=[digest])


def article_or_404(model_admin: ModelAdmin[Article], request: HttpRequest, article_id: int) -> Article:
    """Return a page's article. Raise Http404, PermissionDenied, or ErasedSince for a form older than an erasure."""
    article = model_admin.get_object(request, str(article_id))
    if article is None:
        raise Http404
    if not model_admin.has_view_permission(request, article):
        raise PermissionDenied(NEWSROOM_ONLY)
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
        **story_permissions(request.user, article),
        "media": model_admin.media,
    }


def story_permissions(user: Actor, article: Article | None) -> dict[str, bool]:
    """Return what a user may do to a story, which decides the links that its page offers; None for a new story."""
    if article is None:
        return {"may_publish": user.has_perm("stories.publish_article")}
    return {
        "may_publish": may_publish(user, article),
        "may_withdraw": may_withdraw(user, article),
        "may_withhold": may_withhold(user, article),
        "may_erase": may_erase(user, article),
        "may_assign": may_assign(user, article),
    }


def number_in(data: Mapping[str, Any], name: str) -> int:
    """Return a number from posted data, 0 if it is none."""
    return whole_number(str(data.get(name, ""))) or 0
