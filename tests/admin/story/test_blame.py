from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from stories.models import Article, User
from stories.queries.story.snapshots import snapshot_at
from tests.factories import begin, change, go_live, minutes, text, wanted

pytestmark = pytest.mark.django_db

MET = "<p>The council met on Monday. The council left.</p>"


@pytest.fixture
def article(editor: User, managing_editor: User) -> Article:
    article = begin(wanted("Harbour", text(MET), slug="harbour"), user=editor)
    go_live(article, user=editor)
    later = text(MET.replace("Monday", "Tuesday"), key=snapshot_at(article.pk, 1).blocks[0].key)
    change(article, user=managing_editor, blocks=(later,), reason="The clerk called.", at=minutes(5))
    return article


def asked(desk: Client, article: Article, number: int, **data: str | list[str]) -> str:
    return desk.get(reverse("admin:stories_article_blame", args=[article.pk, number]), data).content.decode()


def test_words_that_occur_once_are_traced_at_once(desk: Client, article: Article) -> None:
    page = asked(desk, article, 2, words="Tuesday")
    assert "The council met on <mark>Tuesday</mark>" in page
    assert "Maya Managing" in page
    assert "The clerk called." in page
    assert "Never: no publication has them." in page
    page = asked(desk, article, 1, words="Monday")
    assert "version 1" in page
    assert "Readers see them now." in page


def test_words_that_stand_often_are_listed_for_a_choice(desk: Client, article: Article) -> None:
    page = asked(desk, article, 1, words="the council")
    assert "They stand there 2 times." in page
    place = f"{snapshot_at(article.pk, 1).blocks[0].key}.text"
    assert f"?at={place}%3A0-10" in page
    assert f"?at={place}%3A22-32" in page


def test_marked_words_are_traced_by_their_place_though_they_occur_elsewhere_too(
    desk: Client, article: Article
) -> None:
    place = f"{snapshot_at(article.pk, 2).blocks[0].key}.text"
    page = asked(desk, article, 2, at=["headline:0-7", f"{place}:15-22"])
    assert "<mark>Harbour</mark>" in page
    assert "<mark>Tuesday</mark>" in page


def test_words_that_are_not_there_are_said_not_to_be(desk: Client, article: Article) -> None:
    assert "does not hold these words in a row" in asked(desk, article, 2, words="zeppelin")
    assert "Type some words of the story" in asked(desk, article, 2)
    assert "does not hold these words in a row" in asked(desk, article, 2, at="headline:90-99")


@pytest.mark.parametrize(
    "place", ["nonsense", "headline:a-b", "headline:1", "x.text:0-1", "headline:0-99999999999"]
)
def test_what_is_no_place_is_not_found(desk: Client, article: Article, place: str) -> None:
    address = reverse("admin:stories_article_blame", args=[article.pk, 2])
    assert desk.get(address, {"at": place}).status_code == 404
    assert desk.get(reverse("admin:stories_article_blame", args=[article.pk, 9])).status_code == 404


def test_a_revision_marks_where_its_words_stand(desk: Client, article: Article) -> None:
    page = desk.get(reverse("admin:stories_article_revision", args=[article.pk, 1])).content.decode()
    assert 'data-place="headline"' in page
    assert f'data-place="{snapshot_at(article.pk, 1).blocks[0].key}.text"' in page
