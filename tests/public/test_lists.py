from __future__ import annotations

from dataclasses import replace

import pytest
from django.contrib.auth.models import User
from django.test import Client

from stories.queries.snapshots import working_snapshot
from tests.factories import begin, byline, change, go_live, make_author, make_section, minutes, wanted
from tests.public.stories import make_answer, make_corrected
from tests.public.test_story import read
from tests.rendering.markup import visible

pytestmark = pytest.mark.django_db


def test_the_front_page_shows_the_newest_story_first(client: Client, maya: User) -> None:
    make_answer(maya)
    make_corrected(maya)
    page = visible(read(client, "/"))
    assert page.index("Ferry budget approved") < page.index("Corvid answers its staff")
    assert "By Ines Calder" in page
    assert "Updated March 2, 2026, 9:30 a.m. UTC" in page


def test_an_empty_site_says_so(client: Client, db: None) -> None:
    assert "No story has been published yet." in read(client, "/")
    assert "No story has needed one yet." in read(client, "/corrections/")


def test_a_section_holds_its_own_stories(client: Client, maya: User) -> None:
    make_answer(maya)
    make_corrected(maya)
    page = visible(read(client, "/section/city/"))
    assert "Ferry budget approved" in page
    assert "Corvid" not in page


def test_sections_are_offered_once_they_hold_a_live_story(client: Client, maya: User) -> None:
    make_corrected(maya)
    make_section("secret", "Secret section")
    begin(wanted("A draft", section="secret"), user=maya)
    assert '<a href="/section/city/">City</a>' in read(client, "/")
    assert "Secret section" not in read(client, "/")
    assert client.get("/section/secret/").status_code == 404


def test_an_author_is_found_by_the_stories_that_credit_them(client: Client, maya: User) -> None:
    make_answer(maya)
    make_corrected(maya)
    page = visible(read(client, "/author/ines-calder/"))
    assert "Corvid answers its staff" in page
    assert "Ferry" not in page


@pytest.mark.parametrize(
    ("slug", "name"),
    [("ines", "ines-calder"), ("inés", "Inés"), ("a_b", "A%B"), ("x", '", ["ines-calder", "')],
)
def test_an_author_is_found_by_their_slug_and_nothing_like_it(
    client: Client, maya: User, slug: str, name: str
) -> None:
    make_answer(maya)
    author = make_author(slug, name)
    go_live(begin(wanted("Another story", bylines=(byline(author),)), user=maya), user=maya)
    assert "Corvid" not in read(client, f"/author/{slug}/")
    assert "Another story" in read(client, f"/author/{slug}/")
    assert "Another story" not in read(client, "/author/ines-calder/")


def test_an_author_whom_no_live_story_credits_is_unknown(client: Client, maya: User) -> None:
    article = make_answer(maya)
    make_author("ada-lind", "Ada Lind")
    assert client.get("/author/ada-lind/").status_code == 404
    credited = tuple(
        replace(credit, author="ada-lind", credited_as="Ada Lind")
        for credit in working_snapshot(article).bylines
    )
    change(article, user=maya, at=minutes(50), bylines=credited, dek="A first answer")
    assert client.get("/author/ada-lind/").status_code == 404
    go_live(article, user=maya, at=minutes(50), publication_class="override", reason="a byline")
    assert "Corvid" in read(client, "/author/ada-lind/")
    assert client.get("/author/ines-calder/").status_code == 404


def test_corrections_are_listed_with_their_stories_and_updates_are_not(client: Client, maya: User) -> None:
    make_answer(maya)
    make_corrected(maya)
    page = visible(read(client, "/corrections/"))
    assert "Ferry budget approved Correction March 2, 2026, 10 a.m. UTC The budget was given wrongly." in page
    assert "Typographical" not in page
