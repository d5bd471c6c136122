"""The page on which who published something takes it back, and the places that lead there."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from stories.models import Article, OutboxMessage, Publication, User, Withdrawal
from stories.models.roles import EDITOR
from tests.admin.typing import typed_in
from tests.factories import begin, change, go_live, make_user, note, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def article(editor: User) -> Article:
    article = begin(user=editor)
    go_live(article, user=editor, at=timezone.now())
    return article


def page_of(publication: Publication) -> str:
    return reverse("admin:stories_article_take_back", args=[publication.article_id, publication.pk])


def pages_that_lead_to(publication: Publication) -> list[str]:
    article = publication.article_id
    return [
        reverse("admin:stories_article_change", args=[article]),
        reverse("admin:stories_article_published", args=[article, publication.pk]),
    ]


def second_version(article: Article, editor: User) -> Publication:
    change(article, user=editor, dek="A dek", at=timezone.now())
    return go_live(article, user=editor, at=timezone.now(), notes=(note(),))


def test_a_first_version_is_taken_back_from_its_page(
    desk: Client, client: Client, article: Article, maya: User
) -> None:
    first = Publication.objects.get()
    for address in pages_that_lead_to(first):
        page = desk.get(address).content.decode()
        assert "You published this story." in page
        assert f'href="{page_of(first)}"' in page
    form = desk.get(page_of(first))
    assert "every managing editor is notified" in form.content.decode()
    posted = typed_in(form) | {"reason": "The wrong story"}
    assert desk.post(page_of(first), posted | {"reason": ""}).context["form"].errors
    assert desk.post(page_of(first), posted).status_code == 302
    answer = client.get(f"/stories/{article.slug}/")
    assert answer.status_code == 410
    assert "was taken back shortly after it was published" in answer.content.decode()
    assert OutboxMessage.objects.get(kind="mail").payload["to"] == maya.email
    # Sent twice: the second finds that it is done.
    again = desk.post(page_of(first), posted, follow=True)
    assert "perhaps this was done already" in again.content.decode()
    assert Withdrawal.objects.count() == 1


def test_a_later_version_is_taken_back_with_a_note(desk: Client, client: Client, article: Article) -> None:
    second = second_version(article, User.objects.get(email="emil@example.org"))
    page = desk.get(pages_that_lead_to(second)[0]).content.decode()
    assert "readers then find the text from before it, with a note" in page
    posted = typed_in(desk.get(page_of(second))) | {"reason": "Not checked"}
    answer = desk.post(page_of(second), posted, follow=True)
    assert "The version is taken back." in answer.content.decode()
    read = client.get(f"/stories/{article.slug}/").content.decode()
    assert "A dek" not in read
    assert "was taken back. The story reads again as it did before." in read
    assert client.get(f"/stories/{article.slug}/versions/2/").status_code == 200


def test_others_are_not_offered_it_and_neither_is_who_comes_late(
    desk: Client, article: Article, settings: Settings
) -> None:
    first = Publication.objects.get()
    edda = signed_in(make_user(EDITOR, name="edda"))
    for address in pages_that_lead_to(first):
        assert "take it back" not in edda.get(address).content.decode()
    answer = edda.get(page_of(first), follow=True)
    assert "Who published a version may take it back within a few minutes." in answer.content.decode()
    refused = edda.post(
        page_of(first), {"note": "It is gone.", "reason": "No", "decides": f"take-back-{first.pk}"}
    )
    assert refused.status_code == 403
    assert "Only Emil Editor, who published this version" in refused.content.decode()
    settings.TAKE_BACK_MINUTES = 0
    for address in pages_that_lead_to(first):
        assert "take it back" not in desk.get(address).content.decode()
    assert not Withdrawal.objects.exists()


def test_a_version_that_readers_do_not_see_any_more_leads_back_to_the_story(
    desk: Client, article: Article, editor: User
) -> None:
    first = Publication.objects.get()
    second_version(article, editor)
    answer = desk.get(page_of(first), follow=True)
    assert answer.redirect_chain[-1][0] == reverse("admin:stories_article_change", args=[article.pk])
