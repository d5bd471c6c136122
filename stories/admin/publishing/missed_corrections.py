"""Warn on a review of words that the change corrected in one place and left in another."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import QueryDict
from django.urls import reverse
from django.utils.text import capfirst

from stories.admin.page.labels import place_label
from stories.admin.publishing.review_context import ReviewedChange
from stories.domain.editing.missed_corrections import find_missed_corrections
from stories.models import Article


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedCorrectionWarning:
    """Old words, their places in what is to go live, and the address of the page that finds and replaces them."""

    words: str
    places: tuple[str, ...]
    address: str


def missed_corrections(
    reviewed_change: ReviewedChange, article: Article, *, typed: str = ""
) -> list[MissedCorrectionWarning]:
    """Return the old words that still stand in the reviewed story. `typed` is what the note calls wrong so far."""
    wrong = [typed, *(note.was for note in reviewed_change.notes if note.kind.weighty)]
    wrong += [offer.was for offer in reviewed_change.proposal.corrections]
    missed = find_missed_corrections(
        reviewed_change.before, reviewed_change.after, reviewed_change.measured.reasons, wrong
    )
    return [
        MissedCorrectionWarning(
            words=each.words,
            places=tuple(
                dict.fromkeys(
                    capfirst(place_label([reviewed_change.story], place.key, place.field))
                    for place in each.places
                )
            ),
            address=_find_address(article, each.words),
        )
        for each in missed
    ]


def _find_address(article: Article, words: str) -> str:
    query = QueryDict(mutable=True)
    query.update({"words": words, "whole_words": "on"})
    return f"{reverse('admin:stories_article_find', args=[article.pk])}?{query.urlencode()}"
