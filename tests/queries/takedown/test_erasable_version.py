"""An erased version takes with it what it alone says, and its drafts."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from stories.actions.takedown.erase import erase
from stories.actions.takedown.erasure_orders import approve_erasure, order_erasure
from stories.models import (
    Article,
    Erasure,
    ErasureOrder,
    Publication,
    Revision,
    User,
)
from stories.models.roles import EDITOR, MANAGING_EDITOR
from stories.queries.story.snapshots import snapshot_at, working_snapshot
from tests import erasing
from tests.factories import make_user, minutes
from tests.public.stories import make_answer

pytestmark = pytest.mark.django_db


WHY: dict[str, Any] = {
    "ground": "court",
    "authority": "District Court, 4 O 12/26",
    "reason": "An order of the court.",
}


def person(name: str) -> User:
    found = User.objects.filter(username=name).first()
    return found or make_user(MANAGING_EDITOR, username=name)


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


def test_what_a_version_alone_says_goes_with_its_drafts_and_others_stay(client: Client) -> None:
    article = make_answer(make_user(EDITOR))
    others = {number: text_of(article, number) for number in (1, 2)}
    third = Publication.objects.filter(article=article).order_by("live_from").last()
    erased(article, scope="version", publication=third, notice="By order.")
    assert {number: text_of(article, number) for number in (1, 2)} == others
    for number in (3, 4):
        assert "No one should be a suspect" not in text_of(article, number)
        assert "Corvid Systems answered its staff" in text_of(article, number)
    assert "suspect" not in repr(working_snapshot(Article.objects.get(pk=article.pk)))
    assert erasing.unexplained() == []
    assert_cards_follow(article)
    for address in ("", "versions/3/", "data.json", "compare/2...3/"):
        page = client.get(f"/stories/corvid-answers/{address}")
        assert page.status_code == 410
        for words in ("By order.", "District Court, 4 O 12/26", "a court’s order"):
            assert words in page.content.decode()
    assert client.get("/stories/corvid-answers/versions/2/").status_code == 200


def test_a_version_between_others_goes_alone() -> None:
    article = erasing.make_phrase(make_user(EDITOR))
    others = {number: text_of(article, number) for number in (1, 2, 4, 5, 6)}
    third = Publication.objects.filter(article=article).order_by("live_from")[2]
    erased(article, scope="version", publication=third)
    assert {number: text_of(article, number) for number in (1, 2, 4, 5, 6)} == others
    story = snapshot_at(article.pk, 3)
    assert story.dek == "[words erased]"
    # Later versions contain its note too.
    assert "time 3" in story.update_notes[1].text
    assert Revision.objects.get(article=article, number=3).reason == "[words erased]"
    assert_cards_follow(article)
    assert erasing.unexplained() == []
