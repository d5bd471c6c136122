from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.factories import change, go_live, minutes
from tests.public.stories import make_answer

pytestmark = pytest.mark.django_db

STORY = "/stories/corvid-answers/"
PAGES = [
    "/",
    STORY,
    f"{STORY}versions/",
    f"{STORY}versions/1/",
    f"{STORY}compare/1...2/",
    "/corrections/",
    "/section/technology/",
    "/author/ines-calder/",
]


@pytest.mark.parametrize("address", PAGES)
def test_a_page_that_a_reader_has_is_not_sent_again(client: Client, maya: User, address: str) -> None:
    make_answer(maya)
    first = client.get(address)
    again = client.get(address, headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304
    assert not again.content
    assert again["ETag"] == first["ETag"]
    assert again["Cache-Control"] == first["Cache-Control"]


@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_the_same_for_everyone(client: Client, maya: User, address: str) -> None:
    make_answer(maya)
    reader = client.get(address)
    client.force_login(maya)
    editor = client.get(address)
    assert reader.content == editor.content
    for response in (reader, editor):
        assert not response.cookies
        assert "Cookie" not in response.get("Vary", "")
        assert response["Cache-Control"].startswith("public, max-age=")
        assert "immutable" not in response["Cache-Control"]


def test_the_live_story_is_kept_a_minute_and_longer_when_we_are_down(client: Client, maya: User) -> None:
    make_answer(maya)
    story = client.get(STORY)
    assert story["Cache-Control"] == "public, max-age=60, stale-while-revalidate=300, stale-if-error=86400"
    assert story["Last-Modified"] == "Mon, 02 Mar 2026 09:30:00 GMT"
    assert client.get(f"{STORY}versions/1/")["Cache-Control"] == "public, max-age=300"


def test_a_new_version_is_a_new_page(client: Client, maya: User) -> None:
    article = make_answer(maya)
    first = client.get(STORY)
    change(article, user=maya, at=minutes(50), dek="Another answer")
    go_live(article, user=maya, at=minutes(50), publication_class="override", reason="a dek")
    again = client.get(STORY, headers={"if-none-match": first["ETag"]})
    assert again.status_code == 200
    assert "Another answer" in again.content.decode()


def test_a_reader_who_only_knows_the_time_is_answered_too(client: Client, maya: User) -> None:
    make_answer(maya)
    modified = client.get(STORY)["Last-Modified"]
    assert client.get(STORY, headers={"if-modified-since": modified}).status_code == 304


def test_a_head_request_tells_what_a_get_would(client: Client, maya: User) -> None:
    make_answer(maya)
    get, head = client.get(STORY), client.head(STORY)
    assert head["ETag"] == get["ETag"]
    assert not head.content
