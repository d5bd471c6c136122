"""An erased version takes with it what it alone says, and its drafts."""

from __future__ import annotations

import pytest
from django.test import Client

from stories.models import (
    Article,
    Publication,
    Revision,
)
from stories.models.roles import EDITOR
from stories.queries.story.snapshots import snapshot_at, working_snapshot
from tests import erasing
from tests.erasure_orders import assert_cards_follow, erased, text_of
from tests.factories import make_user
from tests.public.stories import make_answer

pytestmark = pytest.mark.django_db


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
