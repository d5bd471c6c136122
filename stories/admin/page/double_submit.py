"""Protection against double submits of reviews and decisions, by a double click or after a lost response."""

from __future__ import annotations

from dataclasses import replace

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from stories.domain.snapshot import StorySnapshot
from stories.models import Article, Publication
from stories.queries.story.snapshots import snapshot_at


def published_already(
    request: HttpRequest,
    article: Article,
    *,
    live: int,
    revision: int = 0,
    story: StorySnapshot | None = None,
) -> Publication | None:
    """Return the publication that this very form of a review has made already, or None.

    `live` is the number of the live revision that the form showed. The form publishes `revision`, or a fix of the live
    revision that results in `story`. One query, another for each candidate.
    """
    typed = _squeezed(request.POST.get("text", ""))
    publications: QuerySet[Publication] = (
        Publication.objects.not_cancelled()
        .filter(article=article, user_id=request.user.pk, base__revision__number=live or None)
        .select_related("revision")
        .prefetch_related("notes")
        .order_by("-pk")
    )
    for publication in publications:
        texts = {
            publication.reason,
            publication.revision.reason,
            *(note.text for note in publication.notes.all()),
        }
        if typed and typed not in map(_squeezed, texts):
            continue
        if story is not None:
            if _without_notes(snapshot_at(article.pk, publication.revision.number)) == _without_notes(story):
                return publication
        elif revision in _named_revisions(publication):
            return publication
    return None


def redirect_to_publication(request: HttpRequest, publication: Publication) -> HttpResponse:
    """Redirect to what a form published when it was sent before."""
    messages.info(request, _("This form was sent twice. It was published once, and here it stands."))
    address = reverse("admin:stories_article_published", args=[publication.article_id, publication.pk])
    return HttpResponseRedirect(address)


def is_decided(request: HttpRequest, decides: str) -> bool:
    """Return whether the posted page asked for another decision than the one that is open now."""
    return request.POST.get("decides", decides) != decides


def refuse_decided(request: HttpRequest, article: Article) -> HttpResponse:
    """Redirect from a page whose decision is no longer open to the story."""
    messages.warning(
        request,
        _(
            "The story is not as it was when the page was opened: perhaps this was done already. Nothing more was "
            "done. Here the story stands as it is now."
        ),
    )
    return HttpResponseRedirect(reverse("admin:stories_article_change", args=[article.pk]))


def _named_revisions(publication: Publication) -> tuple[int, ...]:
    """Return the revisions that a form may have named, since its notes make a revision of their own."""
    revision = publication.revision
    return revision.number, revision.source_revision or revision.number - 1


def _without_notes(story: StorySnapshot) -> StorySnapshot:
    return replace(story, update_notes=())


def _squeezed(text: str) -> str:
    return " ".join(text.split())
