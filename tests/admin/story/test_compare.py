from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from stories.models import Article, User
from tests.factories import begin, change, go_live, minutes, text, wanted

pytestmark = pytest.mark.django_db


@pytest.fixture
def article(editor: User) -> Article:
    article = begin(wanted("Council", text("<p>The vote was close.</p>")), user=editor)
    go_live(article, user=editor)
    change(article, user=editor, headline="Council votes", at=minutes(1))
    change(article, user=editor, headline="Council votes again", at=minutes(2))
    return article


def test_any_two_are_compared_whichever_was_chosen_first(desk: Client, article: Article) -> None:
    chosen = desk.get(reverse("admin:stories_article_choose", args=[article.pk]), {"a": "3", "b": "1"})
    assert chosen["Location"].endswith("/history/compare/1...3/")
    page = desk.get(chosen["Location"]).content.decode()
    assert "votes again" in page.split("<ins>")[1].split("</ins>")[0]
    assert "Revisions 1 and 3 compared" in page


def test_the_history_offers_each_beside_what_is_live(desk: Client, article: Article) -> None:
    choose = reverse("admin:stories_article_choose", args=[article.pk])
    page = desk.get(reverse("admin:stories_article_history", args=[article.pk])).content.decode()
    assert f"{choose}?a=1&amp;b=3" in page
    assert f"{choose}?a=1&amp;b=2" in page
    assert f"{choose}?a=1&amp;b=1" not in page


def test_what_is_not_there_is_not_compared(desk: Client, article: Article) -> None:
    assert desk.get(reverse("admin:stories_article_compare", args=[article.pk, 1, 9])).status_code == 404
    assert desk.get(reverse("admin:stories_article_compare", args=[article.pk, 0, 1])).status_code == 404
    nonsense = desk.get(
        reverse("admin:stories_article_choose", args=[article.pk]), {"a": "x", "b": "-1"}, follow=True
    )
    assert nonsense.status_code == 200
