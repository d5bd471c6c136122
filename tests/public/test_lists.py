from __future__ import annotations

import re
from dataclasses import replace
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from stories.actions.editing.pictures import store_picture
from stories.domain.snapshot import ImageBlock
from stories.models import User
from stories.public.views import lists
from stories.queries.story.snapshots import working_snapshot
from tests.factories import (
    begin,
    byline,
    change,
    go_live,
    make_author,
    make_section,
    minutes,
    png,
    text,
    wanted,
)
from tests.public.stories import make_answer, make_corrected
from tests.public.test_story import read
from tests.rendering.markup import visible

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


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


def make_many(user: User, count: int) -> None:
    """Create stories of one section and author, two for each moment."""
    section, author = make_section("city", "City").pk, make_author()
    for number in range(count):
        values = {"section": section, "bylines": (byline(author),)}
        story = wanted(f"Story {number:02}", slug=f"story-{number:02}", **values)
        go_live(begin(story, user=user), user=user, at=minutes(number // 2))


@pytest.mark.parametrize("address", ["/", "/section/city/", "/author/ines-calder/"])
def test_older_stories_follow_page_by_page_each_once(
    client: Client, maya: User, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "FRONT_STORIES", 4)
    monkeypatch.setattr(lists, "LISTED_STORIES", 4)
    make_many(maya, 11)
    seen: list[str] = []
    here, pages = address, 0
    while here:
        html = read(client, here)
        seen += re.findall(r'href="/stories/(story-\d\d)/"', html)
        found = re.search(r'rel="next" href="([^"]+)"', html)
        assert ("Newest stories" in html) == (pages > 0)
        if pages == 0 and found is not None:
            # New stories do not shift the pages.
            go_live(begin(wanted("Newer"), user=maya), user=maya, at=minutes(500))
        here, pages = found[1] if found else "", pages + 1
    assert pages == 3
    assert seen == [f"story-{number:02}" for number in reversed(range(11))]


@pytest.mark.parametrize(
    "key", ["x", "20260302T090000.000000Z", "20260302T090000.000000Z-1-2", "20269902T090000.000000Z-1", "%00"]
)
def test_a_page_that_was_never_offered_is_not_found(client: Client, maya: User, key: str) -> None:
    make_many(maya, 2)
    for address in ("/", "/section/city/", "/author/ines-calder/"):
        assert client.get(f"{address}?before={key}").status_code == 404
    assert client.get("/?before=20000101T000000.000000Z-1").status_code == 404


def test_the_front_page_has_one_story_large_and_the_others_by_section(client: Client, maya: User) -> None:
    make_section("city", "City")
    make_section("climate", "Climate")
    for number in range(8):
        section = "climate" if number % 2 else "city"
        story = wanted(f"Story {number}", slug=f"story-{number}", section=section)
        go_live(begin(story, user=maya), user=maya, at=minutes(number))
    html = read(client, "/")
    large = html[html.index('<div class="lead">') : html.index('<div class="front-secondary">')]
    assert "Story 7" in large
    assert html.count('<article class="card">') == 8
    groups = html.split('<section class="front-section">')[1:]
    assert [re.findall(r"Story \d", group) for group in groups] == [
        ["Story 3", "Story 1"],
        ["Story 2", "Story 0"],
    ]
    assert '<a href="/section/climate/">Climate</a></h2>' in groups[0]


def test_the_large_story_shows_its_picture(client: Client, maya: User) -> None:
    picture = store_picture(content=png(640, 320), user=maya)
    block = ImageBlock(key=uuid4(), picture=picture.pk, width=640, height=320, alt_text="A red field")
    go_live(begin(wanted("Red", text(), block), user=maya), user=maya)
    html = read(client, "/")
    assert f'src="/pictures/{picture.pk}/640"' in html
    assert 'alt="A red field"' in html


def test_no_list_asks_more_for_more_stories(
    client: Client, maya: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_many(maya, 3)
    addresses = ("/", "/section/city/", "/author/ines-calder/")
    for _round in range(2):
        for address in addresses:
            read(client, address)
            with django_assert_num_queries(1):
                read(client, address)
        more = wanted("More", slug=f"more-{_round}", section="city", bylines=(byline(make_author()),))
        go_live(begin(more, user=maya), user=maya, at=minutes(100 + _round))


def test_a_card_says_which_language_it_is_in_and_which_way_it_runs(client: Client, maya: User) -> None:
    go_live(begin(wanted("عنوان", slug="arabic", language="ar", dek="سطر"), user=maya), user=maya)
    html = read(client, "/")
    assert '<h2 lang="ar" dir="rtl">' in html
    assert '<p class="dek" lang="ar" dir="rtl">' in html
