from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from stories.domain.diff import StoryTooLong
from stories.public import fragments
from tests.public.stories import make_answer
from tests.public.test_story import read
from tests.rendering.markup import visible
from tests.rendering.test_compare import without_speech

pytestmark = pytest.mark.django_db


def test_the_first_and_the_third_version_compared(client: Client, maya: User) -> None:
    make_answer(maya)
    html = without_speech(read(client, "/stories/corvid-answers/compare/1...3/"))
    assert "<del>beleive (sic)</del>" in html
    assert "<ins>believe</ins>" in html
    assert "<ins>No one should be a suspect.</ins>" in html
    page = visible(html)
    assert "1 quote added" in page
    assert "1 request closed" in page
    assert "We’ve reached out to Corvid Systems and the Liberty Watch for comment" in page
    assert "Version 1 March 2, 2026, 9:10 a.m. UTC" in page
    assert "the Liberty Watch: asked for comment answered" in page


def test_an_answers_way_leads_through_every_change(client: Client, maya: User) -> None:
    make_answer(maya)
    html = read(client, "/stories/corvid-answers/compare/1...2/")
    assert 'href="/stories/corvid-answers/compare/2...3/" rel="next"' in html
    assert 'rel="prev"' not in html


def test_the_older_version_is_always_the_left_one(client: Client, maya: User) -> None:
    make_answer(maya)
    moved = client.get("/stories/corvid-answers/compare/3...1/")
    assert (moved.status_code, moved["Location"]) == (301, "/stories/corvid-answers/compare/1...3/")
    same = client.get("/stories/corvid-answers/compare/2...2/")
    assert (same.status_code, same["Location"]) == (301, "/stories/corvid-answers/versions/2/")


@pytest.mark.parametrize("pair", ["0...1", "1...4", "5...9"])
def test_versions_that_are_not_there_cannot_be_compared(client: Client, maya: User, pair: str) -> None:
    make_answer(maya)
    assert client.get(f"/stories/corvid-answers/compare/{pair}/").status_code == 404


@pytest.mark.parametrize(
    ("query", "address"),
    [
        ("from=1&to=3", "compare/1...3/"),
        ("from=3&to=1", "compare/1...3/"),
        ("from=2&to=2", "versions/"),
        ("from=1", "versions/"),
        ("from=1&to=9", "versions/"),
        ("from=x&to=²", "versions/"),
        ("", "versions/"),
    ],
)
def test_the_form_leads_to_the_pair_that_was_picked(
    client: Client, maya: User, query: str, address: str
) -> None:
    make_answer(maya)
    chosen = client.get(f"/stories/corvid-answers/compare/?{query}")
    assert (chosen.status_code, chosen["Location"]) == (302, f"/stories/corvid-answers/{address}")


def test_a_pair_is_compared_once(
    client: Client,
    maya: User,
    django_assert_num_queries: DjangoAssertNumQueries,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_answer(maya)
    first = read(client, "/stories/corvid-answers/compare/1...3/")
    monkeypatch.setattr(fragments, "diff", None)
    with django_assert_num_queries(2):
        assert read(client, "/stories/corvid-answers/compare/1...3/") == first


def test_versions_too_long_to_compare_are_said_to_be(
    client: Client, maya: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_answer(maya)

    def too_long(*stories: object) -> None:
        raise StoryTooLong("Too long.")

    monkeypatch.setattr(fragments, "diff", too_long)
    page = read(client, "/stories/corvid-answers/compare/1...3/")
    assert "too long to be compared word by word" in page
    assert 'href="/stories/corvid-answers/versions/1/"' in page
