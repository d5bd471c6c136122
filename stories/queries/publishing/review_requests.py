"""Which offers for review are open, and which publications include them."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from stories.models import Article, Publication, ReviewRequest, Revision
from stories.models.record.revisions import RevisionSource


def publications_covering(revision: Any) -> QuerySet[Publication]:
    """Return the publications, of any story, that include a revision or a later one.

    `revision` is a number, or an expression for it. A publication made of an earlier revision, such as a fix of the
    live version, has a greater number but contains no unpublished edits: it counts as what it was made of.
    """
    made_of = Q(revision__source_kind=RevisionSource.MADE_OF)
    # Made of a revision that was itself made of another: a fix of a fix, based on what precedes both.
    again = Revision.objects.filter(
        article=OuterRef("article"),
        number=OuterRef("revision__source_revision"),
        source_kind=RevisionSource.MADE_OF,
    )
    return Publication.objects.not_cancelled().filter(
        ~made_of | (Q(revision__source_revision__gte=revision) & ~Exists(again)),
        revision__number__gte=revision,
    )


def unmet_request(article: Article) -> ReviewRequest | None:
    """Return a story's newest review request: an open offer, or one that was taken back or declined.

    None if its revision or a later one is published, or scheduled. Two queries, one if there is no request.
    """
    rows = ReviewRequest.objects.filter(article=article).select_related("revision")
    newest: ReviewRequest | None = rows.order_by("-pk").first()
    if newest is None or publications_covering(newest.revision.number).filter(article=article).exists():
        return None
    return newest


def open_offer(article: Article) -> ReviewRequest | None:
    """Return a story's offer that an editor has still to answer, None if there is none. One query or two."""
    newest = unmet_request(article)
    return newest if newest is not None and newest.offered else None
