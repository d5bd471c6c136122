"""A story's history for its editors: every revision, what it changed, how the story read then."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from stories.actions.people import may_assign, may_edit, may_publish, may_withdraw
from stories.admin.status import status_of
from stories.domain.diff import StoryTooLong, diff
from stories.domain.snapshot import EMPTY, Block, ImageBlock, StoryContent, StorySnapshot
from stories.models import Article, Publication, Revision
from stories.models.comment_requests import STATUS_LABELS
from stories.models.update_notes import KIND_LABELS
from stories.queries.snapshots import snapshot_at
from stories.rendering.blocks import render_block
from stories.rendering.compare import RenderedComparison, render_comparison

PAGE_LENGTH = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryLine:
    """A revision, the publications of it in order, and the number of the version that it is (0: none)."""

    revision: Revision
    publications: list[Publication]
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownBlock:
    """A block as a draft shows it: its HTML, or the address of a picture that readers may not see yet."""

    block: Block
    html: SafeString | None
    picture: str


def history_view(model_admin: Any, request: HttpRequest, article: Article) -> HttpResponse:
    """The list of revisions, newest first, fifty a page. Its queries do not grow with the history."""
    if not model_admin.has_view_permission(request, article):
        raise PermissionDenied
    revisions = Revision.objects.filter(article=article).order_by("-number")
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 10:
        revisions = revisions.filter(number__lt=int(before))
    found = list(revisions[: PAGE_LENGTH + 1])
    shown = found[:PAGE_LENGTH]
    at = timezone.now()
    publications = list(
        Publication.objects.filter(article=article).select_related("cancellation").order_by("live_from", "pk")
    )
    live = [each for each in publications if each.live_from <= at and not hasattr(each, "cancellation")]
    versions = {each.pk: number for number, each in enumerate(live, start=1)}
    lines = []
    for revision in shown:
        own = [each for each in publications if each.revision_id == revision.pk]
        version = max((versions.get(each.pk, 0) for each in own), default=0)
        lines.append(HistoryLine(revision=revision, publications=own, version=version))
    return TemplateResponse(
        request,
        "admin/stories/article/history.html",
        {
            **page_context(model_admin, request, article, _("History")),
            "lines": lines,
            "older_before": shown[-1].number if len(found) > PAGE_LENGTH else None,
            "is_first_page": not before,
            "at": at,
        },
    )


def revision_view(model_admin: Any, request: HttpRequest, article_id: int, number: int) -> HttpResponse:
    """The whole story as it read at one revision."""
    article = opened_article(model_admin, request, article_id)
    revision = get_object_or_404(Revision, article=article, number=number)
    story = snapshot_at(article.pk, number)
    return TemplateResponse(
        request,
        "admin/stories/article/revision.html",
        {
            **page_context(model_admin, request, article, _("Revision %(number)s") % {"number": number}),
            "revision": revision,
            "story": story,
            "blocks": list(shown_blocks(story)),
            "requests": [(each, STATUS_LABELS[each.status]) for each in story.comment_requests],
            "notes": [(each, KIND_LABELS[each.kind]) for each in story.update_notes],
            "status": status_of(article, at=timezone.now()),
        },
    )


def changes_view(model_admin: Any, request: HttpRequest, article_id: int, number: int) -> HttpResponse:
    """What one revision changed, word by word."""
    article = opened_article(model_admin, request, article_id)
    revision = get_object_or_404(Revision, article=article, number=number)
    before = snapshot_at(article.pk, number - 1) if number > 1 else EMPTY
    after = snapshot_at(article.pk, number)
    return TemplateResponse(
        request,
        "admin/stories/article/changes.html",
        {
            **page_context(
                model_admin, request, article, _("What revision %(number)s changed") % {"number": number}
            ),
            "revision": revision,
            "comparison": compared(before, after),
            "newest": status_of(article, at=timezone.now()).revision,
        },
    )


def compared(before: StoryContent, after: StoryContent) -> RenderedComparison | None:
    """What differs, as HTML; None where the stories are too long to be compared."""
    try:
        return render_comparison(diff(before, after), picture_address=desk_picture)
    except StoryTooLong:
        return None


def desk_picture(digest: str, width: int) -> str:
    """Where the desk sees a picture, also one that no version has shown yet."""
    return reverse("admin:stories_article_picture", args=[digest])


def shown_blocks(story: StorySnapshot) -> Iterator[ShownBlock]:
    """A draft's blocks; its pictures stand under the admin's own address until a version shows them."""
    for block in story.blocks:
        if isinstance(block, ImageBlock) and block.picture:
            address = reverse("admin:stories_article_picture", args=[block.picture])
            yield ShownBlock(block=block, html=None, picture=address)
        else:
            yield ShownBlock(block=block, html=render_block(block), picture="")


def opened_article(model_admin: Any, request: HttpRequest, article_id: int) -> Article:
    """The article of a page, for who may see it; else 404 or PermissionDenied."""
    article = model_admin.get_object(request, str(article_id))
    if article is None:
        raise Http404
    if not model_admin.has_view_permission(request, article):
        raise PermissionDenied
    return article


def page_context(model_admin: Any, request: HttpRequest, article: Article, title: str) -> dict[str, Any]:
    """What every page beside the form needs for its frame."""
    return {
        **model_admin.admin_site.each_context(request),
        "title": title,
        "subtitle": article.headline,
        "opts": model_admin.opts,
        "article": article,
        "may_edit": may_edit(request.user, article),
        **what_they_may(request.user),
        "media": model_admin.media,
    }


def what_they_may(user: Any) -> dict[str, bool]:
    """What somebody may do to any story: which ways on a page offers."""
    return {
        "may_publish": may_publish(user),
        "may_withdraw": may_withdraw(user),
        "may_assign": may_assign(user),
    }
