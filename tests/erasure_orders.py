"""Erasures as tests order, approve and carry them out, and what they look at afterwards."""

from __future__ import annotations

from typing import Any

from stories.actions.takedown.erase import erase
from stories.actions.takedown.erasure_orders import approve_erasure, order_erasure
from stories.models import Article, Erasure, ErasureOrder, Publication, User
from stories.models.roles import MANAGING_EDITOR
from stories.queries.story.snapshots import snapshot_at
from tests.factories import make_user, minutes

WHY: dict[str, Any] = {
    "ground": "court",
    "authority": "District Court, 4 O 12/26",
    "reason": "An order of the court.",
}


def person(name: str) -> User:
    found = User.objects.filter(email=f"{name}@example.org").first()
    return found or make_user(MANAGING_EDITOR, name=name)


def ordered(article: Article, **what: Any) -> ErasureOrder:
    return order_erasure(
        article=article, user=person("maya"), at=minutes(90), **{"scope": "words", **WHY, **what}
    )


def erased(article: Article, **what: Any) -> Erasure:
    order = ordered(article, **what)
    approve_erasure(order=order, user=person("mona"), at=minutes(91))
    return erase(order=order, at=minutes(92)).erasure


def assert_cards_follow(article: Article) -> None:
    """Check that what lists show of each version is what its rows say, erased or not."""
    for publication in Publication.objects.filter(article=article).select_related("card", "revision"):
        story, card = snapshot_at(article.pk, publication.revision.number), publication.card
        credited = [[byline.author, byline.credited_as] for byline in story.bylines]
        assert (card.headline, card.dek, card.bylines) == (story.headline, story.dek, credited)
        notes = {note.key: note for note in story.update_notes}
        for row in publication.notes.all():
            assert (row.text, row.was, row.now) == (
                notes[row.key].text,
                notes[row.key].was,
                notes[row.key].now,
            )


def text_of(article: Article, revision: int) -> str:
    return repr(snapshot_at(article.pk, revision))
