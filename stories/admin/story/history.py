"""A story's history for its editors: every revision, what it changed, and how the story read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from stories.actions.permissions import NEWSROOM_ONLY
from stories.admin.page.frame import article_or_404, comparison_of, number_param, page_context
from stories.admin.page.status import status_of
from stories.domain.blame.moves import TextLocation
from stories.domain.diff.change_size import changes_from_json
from stories.domain.snapshot import (
    EMPTY,
    Block,
    ImageBlock,
    ProseBlock,
    StorySnapshot,
)
from stories.models import Article, Revision
from stories.models.comment_requests import STATUS_LABELS
from stories.models.update_notes import KIND_LABELS
from stories.queries.blame.blame import place_address
from stories.queries.publishing.versions import live_publication, version_number
from stories.queries.story.history import HistoryLine, history_page
from stories.queries.story.snapshots import latest_revision, snapshot_at
from stories.rendering.compare.change_line import change_line
from stories.rendering.story.blocks import render_block


@dataclass(frozen=True, slots=True, kw_only=True)
class DisplayedRevision:
    """A line of the history, with a description of what the revision changed."""

    line: HistoryLine
    changed: str

    @property
    def revision(self) -> Revision:
        return self.line.revision


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftBlock:
    """A block of a draft: its HTML, or the address of a picture that readers may not see yet.

    `place` is how addresses name the block's running text, "" if it has none.
    """

    block: Block
    html: SafeString | None
    picture: str
    place: str


def history_view(model_admin: ModelAdmin[Article], request: HttpRequest, article: Article) -> HttpResponse:
    """List the revisions, newest first, in pages. The number of queries does not grow with the history."""
    if not model_admin.has_view_permission(request, article):
        raise PermissionDenied(NEWSROOM_ONLY)
    at = timezone.now()
    before = number_param(request, "before")
    page = history_page(article.pk, at=at, before=before)
    live = live_publication(article, at=at)
    return TemplateResponse(
        request,
        "admin/stories/story/history.html",
        {
            **page_context(model_admin, request, article, _("History")),
            "lines": [DisplayedRevision(line=line, changed=change_line(line.changes)) for line in page.lines],
            "older_before": page.older_before,
            "is_first_page": before is None,
            "newest": latest_revision(article.pk),
            "live_revision": live.revision.number if live else 0,
            "live_version": version_number(live, at=at) if live else 0,
            "at": at,
        },
    )


def revision_view(
    model_admin: ModelAdmin[Article],
    request: HttpRequest,
    article_id: int,
    number: int,
    read_only: str = "",
) -> HttpResponse:
    """Show the whole story as it read at one revision; `read_only` says why somebody finds it in place of its form."""
    article = article_or_404(model_admin, request, article_id)
    revision = get_object_or_404(Revision, article=article, number=number)
    story = snapshot_at(article.pk, number)
    return TemplateResponse(
        request,
        "admin/stories/story/revision.html",
        {
            **page_context(model_admin, request, article, _("Revision %(number)s") % {"number": number}),
            **about_revision(article, revision),
            "read_only": read_only,
            "story": story,
            "byline_places": [
                (place_address(TextLocation(each.key, "credited_as")), each) for each in story.bylines
            ],
            "blocks": list(draft_blocks(story)),
            "requests": [(each, STATUS_LABELS[each.status]) for each in story.comment_requests],
            "notes": [(each, KIND_LABELS[each.kind]) for each in story.update_notes],
            "status": status_of(article, at=timezone.now()),
        },
    )


def changes_view(
    model_admin: ModelAdmin[Article], request: HttpRequest, article_id: int, number: int
) -> HttpResponse:
    """Show what one revision changed, word by word."""
    article = article_or_404(model_admin, request, article_id)
    revision = get_object_or_404(Revision, article=article, number=number)
    before = snapshot_at(article.pk, number - 1) if number > 1 else EMPTY
    after = snapshot_at(article.pk, number)
    return TemplateResponse(
        request,
        "admin/stories/story/changes.html",
        {
            **page_context(
                model_admin, request, article, _("What revision %(number)s changed") % {"number": number}
            ),
            **about_revision(article, revision),
            "comparison": comparison_of(before, after),
        },
    )


def about_revision(article: Article, revision: Revision) -> dict[str, Any]:
    """Return the context that the pages of one revision share. Two queries."""
    live = live_publication(article, at=timezone.now())
    return {
        "revision": revision,
        "changed": change_line(changes_from_json(revision.changes)),
        "newest": latest_revision(article.pk),
        "live_revision": live.revision.number if live else 0,
    }


def draft_blocks(story: StorySnapshot) -> Iterator[DraftBlock]:
    """Yield a draft's blocks. Its pictures have the admin's address, since readers' pages may not serve them yet."""
    for block in story.blocks:
        if isinstance(block, ImageBlock) and block.picture:
            address = reverse("admin:stories_article_picture", args=[block.picture])
            yield DraftBlock(block=block, html=None, picture=address, place="")
        else:
            place = place_address(TextLocation(block.key, "text")) if isinstance(block, ProseBlock) else ""
            yield DraftBlock(block=block, html=render_block(block), picture="", place=place)
