from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from stories.models import Article, Revision, User
from stories.queries.story.snapshots import snapshot_at, working_snapshot
from tests.factories import begin, change, embed, quote, text, wanted

pytestmark = pytest.mark.django_db


def address(article: Article, number: int) -> str:
    return reverse("admin:stories_article_restore", args=[article.pk, number])


@pytest.fixture
def article(editor: User) -> Article:
    """Return a story whose blocks were deleted, reordered and added to since it began."""
    blocks = (text("<p>One.</p>"), quote("<p>Two.</p>"), embed())
    article = begin(wanted("Council", *blocks, slug="council"), user=editor)
    change(article, user=editor, blocks=(blocks[2], text("<p>New.</p>"), blocks[0]))
    return article


def test_the_page_shows_what_would_change_and_writes_nothing(desk: Client, article: Article) -> None:
    page = desk.get(address(article, 1)).content.decode()
    assert "Two." in page.split("<ins>")[1]
    assert "What 1 revision changed since then is undone" in page
    assert Revision.objects.count() == 2


def test_a_restore_says_so_and_leads_to_what_it_changed(desk: Client, article: Article) -> None:
    response = desk.post(address(article, 1), {"seen": "2", "reason": "Too much was cut."}, follow=True)
    page = response.content.decode()
    assert "The story reads as at revision 1 again; that is revision 3." in page
    assert reverse("admin:stories_article_changes", args=[article.pk, 3]) in page
    assert working_snapshot(Article.objects.get()) == snapshot_at(article.pk, 1)
    history = desk.get(reverse("admin:stories_article_history", args=[article.pk])).content.decode()
    assert "Restored from revision 1." in history
    assert "Too much was cut." in history


def test_who_was_overtaken_gets_a_message_and_keeps_what_they_typed(
    desk: Client, editor: User, article: Article
) -> None:
    change(article, user=editor, dek="Saved meanwhile.")
    response = desk.post(address(article, 1), {"seen": "2", "reason": "Too much was cut."})
    page = response.content.decode()
    assert "Somebody saved this story since you looked" in page
    assert "Too much was cut." in page
    assert "Saved meanwhile." in page
    assert Revision.objects.count() == 3
    desk.post(address(article, 1), {"seen": response.context["form"]["seen"].value()})
    assert Revision.objects.count() == 4


def test_there_is_no_button_where_nothing_would_change(desk: Client, article: Article) -> None:
    page = desk.get(address(article, 2)).content.decode()
    assert "There is nothing to restore." in page
    assert "<textarea" not in page
    assert desk.get(address(article, 9)).status_code == 404
