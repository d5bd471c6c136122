"""Which offers for review stand, and which publications meet them."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from stories.models import Article, Publication, ReviewRequest, Revision
from stories.models.record.revisions import RevisionSource


def publications_covering(revision: Any) -> QuerySet[Publication]:
    """The publications, of any story, that bring a revision by its number (or an expression for it), or a later one.

    One that was made of an earlier revision, as a fix of what is live is, has a greater number and brings none of what
    waits: it counts as what it was made of.
    """
    made_of = Q(revision__source_kind=RevisionSource.MADE_OF)
    # Made of a revision that was itself made: a fix of a fix, which reaches back behind both.
    again = Revision.objects.filter(
        article=OuterRef("article"),
        number=OuterRef("revision__source_revision"),
        source_kind=RevisionSource.MADE_OF,
    )
    return Publication.objects.standing().filter(
        ~made_of | (Q(revision__source_revision__gte=revision) & ~Exists(again)),
        revision__number__gte=revision,
    )


def unmet_request(article: Article) -> ReviewRequest | None:
    """A story's newest review request: an offer that stands, or one that was taken back or declined.

    None where its revision or a later one is published, or is to be. Two queries, one where there is no request.
    """
    rows = ReviewRequest.objects.filter(article=article).select_related("revision")
    newest: ReviewRequest | None = rows.order_by("-pk").first()
    if newest is None or publications_covering(newest.revision.number).filter(article=article).exists():
        return None
    return newest


def standing_offer(article: Article) -> ReviewRequest | None:
    """The offer of a story that an editor has still to answer, None where there is none. One query or two."""
    newest = unmet_request(article)
    return newest if newest is not None and newest.offered else None
