"""At a desk whose database is an older copy: nothing is saved, everybody is told why, and what was typed is kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from stories.models import Article, Publication, Revision, Section, User
from tests.admin.reviewing import review
from tests.admin.typing import address_of, opened
from tests.factories import begin, go_live, make_section, reword, signed_in
from tests.older_copies import make_older

pytestmark = pytest.mark.django_db

SENTENCE = "Nothing was saved: the database is an older copy."


@pytest.fixture
def article(heads: Path, editor: User) -> Article:
    article = begin(user=editor)
    go_live(article, user=editor)
    reword(article, user=editor)
    make_older()
    return article


@pytest.fixture
def desk(editor: User) -> Client:
    return signed_in(editor)


def test_a_storys_form_says_so_and_keeps_what_was_typed(desk: Client, article: Article) -> None:
    typed = opened(desk, article) | {"dek": "Typed at length"}
    answer = desk.post(address_of(article), typed)
    assert SENTENCE in answer.content.decode()
    assert "Typed at length" in answer.content.decode()
    assert Revision.objects.count() == 2


def test_the_review_page_says_so_and_keeps_the_note(desk: Client, article: Article) -> None:
    answer = review(desk, article, text="A note of some length")
    assert SENTENCE in answer.content.decode()
    assert "A note of some length" in answer.content.decode()
    assert Publication.objects.count() == 1


def test_a_page_without_refusals_of_its_own_says_so_and_leads_back(desk: Client, article: Article) -> None:
    make_section()
    address = reverse("admin:stories_section_change", args=["technology"])
    answer = desk.post(address, {"name": "Machines"})
    assert answer.status_code == 409
    assert SENTENCE in answer.content.decode()
    assert "Go back in your browser" in answer.content.decode()
    assert f'<a href="{address}">Open the page again</a>' in answer.content.decode()
    assert Section.objects.get().name == "Technology"


def test_readers_see_no_difference(client: Client, article: Article) -> None:
    assert client.get("/stories/council-hears-objections/").status_code == 200
