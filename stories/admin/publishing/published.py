"""The page after a publication: what went live, what is left to do, and other stories with the corrected words."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, pgettext

from stories.actions.permissions import is_within_limit, require_publish
from stories.admin.page.frame import article_or_404, page_context
from stories.admin.page.status import status_of
from stories.domain.diff.compare import StoryTooLong, diff
from stories.domain.significance.data import ReasonKind
from stories.domain.significance.measure import measure
from stories.domain.snapshot import NoteKind
from stories.domain.text.mask import NOTHING
from stories.models import Article, Publication, PublishedNote
from stories.queries.publishing.versions import version_number
from stories.queries.story.snapshots import snapshots_at
from stories.queries.takedown.elsewhere import stories_containing
from stories.rendering.story.notes import NOTE_LABELS

SEARCHED_REASONS = (ReasonKind.NAME, ReasonKind.FIGURE)
LEAST_DIGITS = 3


def published_view(
    model_admin: ModelAdmin[Article], request: HttpRequest, article_id: int, publication_id: int
) -> HttpResponse:
    """Show what was published, and other stories with the corrected words, or with those of `?words=`."""
    article = article_or_404(model_admin, request, article_id)
    require_publish(request.user, article)
    publication = get_object_or_404(
        Publication.objects.select_related("revision", "base__revision"), pk=publication_id, article=article
    )
    at = timezone.now()
    notes = list(publication.notes.all())
    corrects = any(NoteKind(note.kind).admits_error for note in notes)
    requested = [each.strip() for each in request.GET.get("words", "")[:500].split(";") if each.strip()]
    words = requested or (list(dict.fromkeys(_corrected_words(publication, notes))) if corrects else [])
    is_live = publication.live_from <= at
    title = pgettext("title of a page", "Published") if is_live else _("Scheduled")
    title = pgettext("title of a page", "Published") if is_live else _("Scheduled")
    return TemplateResponse(
        request,
        "admin/stories/publishing/published.html",
        {
            **page_context(model_admin, request, article, title),
            "publication": publication,
            "is_live": is_live,
            "version": version_number(publication, at=at),
            # Mostly a note is the reason too.
            "reason": "" if any(note.text == publication.reason for note in notes) else publication.reason,
            "notes": [(NOTE_LABELS[NoteKind(note.kind)], note) for note in notes],
            "status": status_of(article, at=at),
            "looks_elsewhere": corrects,
            "words": words,
            "elsewhere": [
                (found, is_within_limit(request.user, found.section))
                for found in (stories_containing(words, excluding=article.pk, at=at) if corrects else [])
            ],
            "autosaved_paths": [
                reverse(f"admin:stories_article_{name}", args=[article.pk]) for name in ("publish", "fix")
            ],
        },
    )


def _corrected_words(publication: Publication, notes: list[PublishedNote]) -> Iterator[str]:
    """Yield what corrections call wrong, and the names and figures that changed: a few words each."""
    yield from (note.was for note in notes if NoteKind(note.kind).admits_error and note.was)
    if publication.base is None:
        return
    versions = (publication.base.revision.number, publication.revision.number)
    before, after = snapshots_at(publication.article_id, versions).values()
    try:
        reasons = measure(diff(before.public(withheld=NOTHING), after.public(withheld=NOTHING))).reasons
    except StoryTooLong:
        return
    for reason in reasons:
        # A weekday or a small number is in half of all stories, so looking for it is of no use.
        is_specific = reason.kind is ReasonKind.NAME or sum(map(str.isdigit, reason.old)) >= LEAST_DIGITS
        if reason.kind in SEARCHED_REASONS and is_specific:
            yield reason.old
