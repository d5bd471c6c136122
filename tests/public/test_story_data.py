"""A story as data says what its page says, in the shape that its schema documents."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import jsonschema
import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from stories.domain.snapshot import ImageBlock
from stories.models import Article, User
from stories.rendering.story.story_json import schema_text
from tests.factories import begin, go_live, wanted
from tests.public.stories import make_answer, make_corrected

pytestmark = pytest.mark.django_db

ADDRESS = "/stories/corvid-answers/data.json"


@pytest.fixture
def article(maya: User) -> Article:
    return make_answer(maya)


def read(client: Client, address: str = ADDRESS) -> dict[str, Any]:
    response = client.get(address)
    assert (response.status_code, response["Content-Type"]) == (200, "application/json")
    data: dict[str, Any] = json.loads(response.content)
    jsonschema.Draft202012Validator(
        json.loads(schema_text()), format_checker=jsonschema.FormatChecker()
    ).validate(data)
    return data


def test_it_has_the_live_version_its_notes_and_who_was_asked(client: Client, article: Article) -> None:
    data = read(client)
    assert data["headline"] == "Corvid answers its staff"
    assert data["version"]["number"] == 3
    assert data["version"]["changes"] == "http://testserver/stories/corvid-answers/compare/2...3/"
    assert [note["kind"] for note in data["notes"]] == ["typo", "comment-added"]
    assert [note["version"] for note in data["notes"]] == [2, 3]
    assert {each["party"]: each["status"] for each in data["comment"]["requests"]} == {
        "Corvid Systems": "pending",
        "the Liberty Watch": "received",
    }
    assert "Corvid Systems" in data["comment"]["line"]
    assert data["published"] == "2026-03-02T09:10:00+00:00"
    assert "A dek that nobody published" not in json.dumps(data)


def test_a_correction_keeps_what_was_wrong_and_what_is_right(client: Client, maya: User) -> None:
    make_corrected(maya)
    (note,) = read(client, "/stories/ferry-budget-approved/data.json")["notes"]
    assert (note["was"], note["now"]) == ("$40", "$14")


def test_a_pictures_caption_is_its_words_and_its_links_stand_apart(client: Client, maya: User) -> None:
    image = ImageBlock(
        key=uuid4(),
        address="https://example.org/pier.jpg",
        caption="The pier, from [the report](https://example.org/r).",
    )
    go_live(begin(wanted("The pier", image, slug="pier"), user=maya), user=maya)
    (block,) = read(client, "/stories/pier/data.json")["blocks"]
    assert block["caption"] == "The pier, from the report."
    assert (
        block["caption_html"]
        == 'The pier, from <a href="https://example.org/r" rel="noopener">the report</a>.'
    )


def test_the_schema_is_served_where_the_data_says(client: Client, article: Article) -> None:
    address = read(client)["schema"].removeprefix("http://testserver")
    response = client.get(address)
    assert response["Content-Type"] == "application/schema+json"
    jsonschema.Draft202012Validator.check_schema(json.loads(response.content))


def test_the_schema_refuses_what_it_does_not_know(client: Client, article: Article) -> None:
    data = read(client) | {"reason": "internal"}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data, json.loads(schema_text()))


def test_a_draft_has_no_data(client: Client, maya: User) -> None:
    begin(wanted("A draft", slug="draft"), user=maya)
    assert client.get("/stories/draft/data.json").status_code == 404


def test_it_costs_one_query_once_it_is_kept(
    client: Client, article: Article, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.get(ADDRESS)
    with django_assert_num_queries(1):
        client.get(ADDRESS)


def test_who_has_it_is_not_sent_it_again(client: Client, article: Article) -> None:
    etag = client.get(ADDRESS)["ETag"]
    assert client.get(ADDRESS, headers={"If-None-Match": etag}).status_code == 304
