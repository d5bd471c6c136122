"""Who wrote these words: for words that an editor selected, or typed into a search."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib.admin import ModelAdmin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from stories.admin.page.frame import article_or_404, page_context
from stories.admin.story.history import about_revision
from stories.domain.snapshot import NoteKind
from stories.domain.text.whole_number import whole_number
from stories.models import Article, Revision
from stories.models.update_notes import KIND_LABELS
from stories.queries.blame.blame import History, Selection, find_words, parse_place, place_address, who_wrote
from stories.queries.story.snapshots import snapshot_at

MOST_SELECTIONS = 50


def blame_view(
    model_admin: ModelAdmin[Article], request: HttpRequest, article_id: int, number: int
) -> HttpResponse:
    """Show who brought words of a revision in, when and why, and what became of them.

    The words are given by place ("at"), or searched for ("words"): a single result is shown at once, several are
    listed for a choice.
    """
    article = article_or_404(model_admin, request, article_id)
    revision = get_object_or_404(Revision, article=article, number=number)
    story = snapshot_at(article.pk, number)
    sought = request.GET.get("words", "").strip()[:2000]
    selections = list(_selections(request))
    found = find_words(story, sought) if sought and not selections else []
    if len(found) == 1:
        selections, found = [found[0].selection], []
    histories = who_wrote(article.pk, number, selections, story=story, at=timezone.now())
    return TemplateResponse(
        request,
        "admin/stories/story/blame.html",
        {
            **page_context(model_admin, request, article, _("Who wrote this?")),
            **about_revision(article, revision),
            "sought": sought,
            "found": [(each, address_of(each.selection)) for each in found],
            "histories": [(each, _notes(each)) for each in histories],
            "is_asked": bool(sought or selections),
        },
    )


def address_of(selection: Selection) -> str:
    """Return a selection as addresses write it: "headline:0-7"."""
    return f"{place_address(selection.place)}:{selection.first}-{selection.last}"


def _selections(request: HttpRequest) -> Iterator[Selection]:
    for value in request.GET.getlist("at")[:MOST_SELECTIONS]:
        name, _colon, ends = value.rpartition(":")
        first, _dash, last = ends.partition("-")
        place = parse_place(name)
        start, end = whole_number(first), whole_number(last)
        if place is None or start is None or end is None:
            raise Http404(_("“%(given)s” is no place in a story.") % {"given": value})
        yield Selection(place, start, end)


def _notes(history: History) -> list[tuple[str, str]]:
    """Return the notes that were published with the words, each with the label of its kind."""
    first = history.first_published_in
    return [(str(KIND_LABELS[NoteKind(note.kind)]), note.text) for note in first.notes] if first else []
