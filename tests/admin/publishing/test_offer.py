"""The page of an offer: a writer offers a story and takes it back, an editor publishes it or gives it back."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from stories.actions.publishing.review_requests import offer
from stories.models import Article, ReviewRequest, User
from stories.models.roles import REPORTER
from tests.factories import begin, change, go_live, make_user, reword, signed_in, wanted

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(reporter: User) -> Article:
    return begin(wanted("Tram opens"), user=reporter)


@pytest.fixture
def writer(reporter: User) -> Client:
    return signed_in(reporter)


def page_of(article: Article) -> str:
    return reverse("admin:stories_article_offer", args=[article.pk])


def post(client: Client, article: Article, step: str, **values: Any) -> str:
    return client.post(page_of(article), {"step": step, **values}, follow=True).content.decode()


def test_a_writer_offers_the_revision_that_they_saw(writer: Client, draft: Article, reporter: User) -> None:
    assert 'name="revision" value="1"' in writer.get(page_of(draft)).content.decode()
    reword(draft, user=reporter)
    page = post(writer, draft, "offer", revision="1", reason="Figures are checked.")
    assert "Revision 1 is sent for review. The story was saved again since" in page
    made = ReviewRequest.objects.get()
    assert (made.revision.number, made.reason) == (1, "Figures are checked.")


def test_the_story_says_that_it_is_offered_and_no_longer_asks_for_it(writer: Client, draft: Article) -> None:
    page = post(writer, draft, "offer", revision="1")
    assert "<strong>Sent for review</strong> by Rosa Reporter" in page


def test_a_writer_takes_it_back(writer: Client, draft: Article, reporter: User) -> None:
    offer(article=draft, revision=1, user=reporter)
    assert "Take it back from review" in writer.get(page_of(draft)).content.decode()
    assert "The story no longer waits for review" in post(writer, draft, "take-back")
    assert not ReviewRequest.objects.latest("pk").offered


def test_an_editor_sees_who_offered_it_and_the_message(desk: Client, draft: Article, reporter: User) -> None:
    offer(article=draft, revision=1, user=reporter, reason="Please today.")
    page = desk.get(page_of(draft)).content.decode()
    assert "Rosa Reporter" in page
    assert "Please today." in page
    assert reverse("admin:stories_article_publish", args=[draft.pk]) in page


def test_an_editor_gives_it_back_with_a_reason(desk: Client, draft: Article, reporter: User) -> None:
    offer(article=draft, revision=1, user=reporter)
    assert "This field is required" in post(desk, draft, "give-back", reason=" ")
    assert ReviewRequest.objects.count() == 1
    assert "The story is sent back" in post(desk, draft, "give-back", reason="Ask the council.")
    page = signed_in(reporter).get(reverse("admin:stories_article_change", args=[draft.pk])).content.decode()
    assert "Ask the council." in page


def test_another_reporter_has_no_such_page(draft: Article) -> None:
    other = signed_in(make_user(REPORTER, name="rolf"))
    assert other.get(page_of(draft)).status_code == 403
    assert other.post(page_of(draft), {"step": "offer", "revision": "1"}).status_code == 403
    assert not ReviewRequest.objects.exists()


def test_a_reporter_does_not_answer_an_offer(
    writer: Client, draft: Article, reporter: User, editor: User
) -> None:
    offer(article=draft, revision=1, user=editor)
    post(writer, draft, "give-back", reason="Not now")
    assert ReviewRequest.objects.count() == 1


def test_edits_of_a_live_story_are_shown_against_what_is_live(desk: Client, editor: User) -> None:
    article = begin(wanted("Live"), user=editor)
    go_live(article, user=editor)
    change(article, user=editor, dek="A dek of seven.")
    page = desk.get(page_of(article)).content.decode()
    assert "What readers will see change" in page
    assert "<ins>" in page


def test_where_nothing_waits_there_is_nothing_to_offer(desk: Client, editor: User) -> None:
    article = begin(wanted("Live"), user=editor)
    go_live(article, user=editor)
    assert "There is nothing to publish" in desk.get(page_of(article)).content.decode()
