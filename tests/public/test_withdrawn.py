"""A withdrawn story: a notice at each of its addresses, and no word of it anywhere."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image
from pytest_django import DjangoAssertNumQueries

from stories.actions.editing.pictures import store_picture
from stories.actions.takedown.withdrawals import reinstate, withdraw
from stories.actions.takedown.withholdings import withhold_words
from stories.domain.snapshot import ImageBlock, NoteKind, StoryKind
from stories.models import Article, Picture, User
from stories.public.http import chrome
from tests.factories import (
    begin,
    byline,
    change,
    go_live,
    make_author,
    make_section,
    minutes,
    note,
    quote,
    text,
    wanted,
)
from tests.public.stories import stood_at
from tests.public.test_story import read
from tests.rendering.markup import faults, visible

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

NOTICE = "We took this down on our lawyers’ advice.\n\nWe will say more <soon>."
ADDRESSES = [
    f"/stories/{slug}/{below}"
    for slug in ("harbour-deal", "port-deal")
    for below in (
        "",
        "versions/",
        "versions/1/",
        "versions/2/",
        "compare/1...2/",
        "compare/2...1/",
        "compare/?from=1&to=2",
    )
]
OLD = "/blog/2016/harbour.html"
WORDS = ("harbour", "Harbour", "port-deal", "Ines Calder", "misnamed", "sold out", "lawyer of the buyer")


@pytest.fixture
def fog(maya: User) -> Picture:
    drawn = BytesIO()
    Image.linear_gradient("L").resize((640, 320)).convert("RGB").save(drawn, "JPEG")
    return store_picture(content=drawn.getvalue(), user=maya)


@pytest.fixture
def deal(maya: User, fog: Picture) -> Article:
    """Return a story at version 2, corrected, under its second slug, with a picture and an old path."""
    blocks = (
        text("<p>The harbour was sold out.</p>"),
        ImageBlock(key=uuid4(), picture=fog.pk, alt_text="The harbour"),
    )
    article = begin(
        wanted(
            "Harbour deal",
            *blocks,
            section=make_section("city", "City").pk,
            bylines=(byline(make_author()),),
        ),
        user=maya,
    )
    go_live(article, user=maya, at=minutes(10))
    change(
        article,
        user=maya,
        at=minutes(20),
        slug="port-deal",
        update_notes=(note("The buyer was misnamed.", NoteKind.CORRECTION),),
    )
    go_live(article, user=maya, at=minutes(20))
    stood_at(OLD, article)
    return article


def take_down(article: Article, user: User) -> None:
    withdraw(
        article=article, user=user, notice=NOTICE, reason="the lawyer of the buyer called", at=minutes(100)
    )


@pytest.mark.parametrize("address", [*ADDRESSES, OLD, "/pages/port-deal/", "/stories/port-deal/versions/9/"])
def test_every_address_of_a_withdrawn_story_answers_410_with_the_notice(
    client: Client, maya: User, deal: Article, address: str
) -> None:
    take_down(deal, maya)
    answer = client.get(address)
    html = answer.content.decode()
    assert answer.status_code == 410
    assert answer["Cache-Control"] == "public, max-age=60"
    assert not faults(html)
    page = visible(html)
    assert "We took this down on our lawyers’ advice. We will say more <soon>." in page
    assert "Taken down March 2, 2026, 10:40 a.m. UTC" in page
    assert "<soon>" not in html
    for word in WORDS:
        assert word not in html, word


def test_a_head_request_gets_the_same_status(client: Client, maya: User, deal: Article) -> None:
    take_down(deal, maya)
    assert client.head("/stories/port-deal/").status_code == 410


def test_its_picture_answers_410_while_no_other_story_shows_it(
    client: Client, maya: User, deal: Article, fog: Picture
) -> None:
    address = f"/pictures/{fog.pk}/320"
    etag = client.get(address)["ETag"]
    take_down(deal, maya)
    for headers in ({}, {"if-none-match": etag}):
        answer = client.get(address, headers=headers)
        assert answer.status_code == 410
        assert "We took this down" in answer.content.decode()
    other = wanted("Fog", text(), ImageBlock(key=uuid4(), picture=fog.pk, alt_text="Fog"))
    go_live(begin(other, user=maya), user=maya, at=minutes(110))
    assert client.get(address).status_code == 200


def test_a_picture_that_another_story_shows_stays(
    client: Client, maya: User, deal: Article, fog: Picture
) -> None:
    other = wanted("Fog", text(), ImageBlock(key=uuid4(), picture=fog.pk, alt_text="Fog"))
    go_live(begin(other, user=maya), user=maya, at=minutes(30))
    take_down(deal, maya)
    assert client.get(f"/pictures/{fog.pk}/320").status_code == 200


def test_lists_leave_it_out(client: Client, maya: User, deal: Article) -> None:
    assert "Harbour deal" in read(client, "/")
    assert "misnamed" in read(client, "/corrections/")
    take_down(deal, maya)
    assert "Harbour deal" not in read(client, "/")
    assert "misnamed" not in read(client, "/corrections/")
    assert client.get("/section/city/").status_code == 404
    assert client.get("/author/ines-calder/").status_code == 404


def test_what_else_stands_in_its_section_stays(client: Client, maya: User, deal: Article) -> None:
    other = wanted("Another deal", section="city", bylines=(byline(make_author()),))
    go_live(begin(other, user=maya), user=maya, at=minutes(30))
    take_down(deal, maya)
    for address in ("/", "/section/city/", "/author/ines-calder/"):
        page = visible(read(client, address))
        assert "Another deal" in page
        assert "Harbour deal" not in page


@pytest.mark.parametrize("address", [address for address in ADDRESSES if "harbour" not in address])
def test_a_page_that_was_kept_answers_410_at_once(
    client: Client, maya: User, deal: Article, address: str
) -> None:
    client.get(address)
    response = client.get(address)
    take_down(deal, maya)
    known = {"if-none-match": response.get("ETag", "*"), "if-modified-since": "Sat, 01 Jan 2050 00:00:00 GMT"}
    for headers in ({}, known, {"if-none-match": "*"}, {"if-modified-since": known["if-modified-since"]}):
        answer = client.get(address, headers=headers)
        assert answer.status_code == 410
        assert "Harbour" not in answer.content.decode()


def test_a_withdrawn_page_leaves_the_footer_of_its_own_notice(client: Client, maya: User) -> None:
    policy = wanted("House policy", slug="policy", kind=StoryKind.PAGE)
    article = begin(policy, user=maya)
    go_live(article, user=maya, at=minutes(10))
    assert "House policy" in read(client, "/pages/policy/")
    take_down(article, maya)
    answer = client.get("/pages/policy/")
    assert answer.status_code == 410
    assert "House policy" not in answer.content.decode()
    assert "House policy" not in read(client, "/")


def test_brought_back_all_is_as_before(client: Client, maya: User, deal: Article, fog: Picture) -> None:
    told_of_it = ("/stories/port-deal/", "/stories/port-deal/versions/")
    addresses = [
        *(address for address in ADDRESSES if address not in told_of_it),
        OLD,
        "/",
        "/corrections/",
        "/section/city/",
        "/author/ines-calder/",
        f"/pictures/{fog.pk}/320",
    ]

    def answers() -> list[tuple[int, str, bytes]]:
        found = [client.get(address) for address in addresses]
        return [(each.status_code, each.get("Location", ""), each.getvalue()) for each in found]

    before = answers()
    take_down(deal, maya)
    assert answers() != before
    reinstate(article=deal, user=maya, reason="settled", at=minutes(200))
    # Headers and footers are cached for a minute.
    chrome.clear()
    assert answers() == before
    take_down(deal, maya)
    assert client.get("/stories/port-deal/").status_code == 410


def test_a_story_that_came_back_says_when_it_was_down_and_not_why(
    client: Client, maya: User, deal: Article
) -> None:
    trace = "could not be read, from March 2, 2026, 10:40 a.m. UTC to March 2, 2026, 12:20 p.m. UTC."
    before = client.get("/stories/port-deal/")
    assert trace not in visible(before.content.decode())
    take_down(deal, maya)
    reinstate(article=deal, user=maya, reason="settled out of court", at=minutes(200))
    for address in ("/stories/port-deal/", "/stories/port-deal/versions/"):
        html = read(client, address)
        assert trace in visible(html)
        for secret in ("settled", "lawyer", "We took this down"):
            assert secret not in html
    # Readers who cached the page get the notice too.
    known = {"if-none-match": before["ETag"]}
    assert client.get("/stories/port-deal/", headers=known).status_code == 200
    known = {"if-modified-since": before["Last-Modified"]}
    assert client.get("/stories/port-deal/", headers=known).status_code == 200


def test_the_notice_calls_a_page_a_page(client: Client, maya: User, deal: Article) -> None:
    article = begin(wanted("House policy", slug="policy", kind=StoryKind.PAGE), user=maya)
    go_live(article, user=maya, at=minutes(10))
    take_down(article, maya)
    take_down(deal, maya)
    assert "This page is no longer here" in client.get("/pages/policy/").content.decode()
    assert "This story is no longer here" in client.get("/stories/port-deal/").content.decode()


def test_a_story_that_was_only_scheduled_is_as_unknown_as_ever(
    client: Client, maya: User, deal: Article
) -> None:
    scheduled = begin(wanted("To come", slug="to-come"), user=maya)
    go_live(scheduled, user=maya, live_from=minutes(700))
    take_down(deal, maya)
    unknown, answer = client.get("/stories/unknown/"), client.get("/stories/to-come/")
    assert (answer.status_code, answer.content) == (404, unknown.content)


def test_what_other_stories_answer_does_not_change(client: Client, maya: User, deal: Article) -> None:
    go_live(begin(wanted("Calm", quote()), user=maya), user=maya)
    take_down(deal, maya)
    assert "We hear you." in read(client, "/stories/calm/")
    assert client.get("/stories/unknown/").status_code == 404
    assert client.get(f"/pictures/{'a' * 64}/320").status_code == 404


def test_a_path_that_was_a_withdrawn_storys_once_leads_to_the_story_that_is_live(
    client: Client, maya: User, deal: Article
) -> None:
    other = begin(wanted("Calm"), user=maya)
    go_live(other, user=maya)
    stood_at("/old/calm/", other)
    take_down(deal, maya)
    assert client.get("/old/calm/")["Location"] == "/stories/calm/"


def test_the_notice_takes_five_queries(
    client: Client, maya: User, deal: Article, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    take_down(deal, maya)
    with django_assert_num_queries(5):
        client.get("/stories/port-deal/")


def test_a_warm_story_beside_it_takes_one_query(
    client: Client, maya: User, deal: Article, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    go_live(begin(wanted("Calm"), user=maya), user=maya)
    take_down(deal, maya)
    reinstate(article=deal, user=maya, reason="settled", at=minutes(200))
    for slug in ("calm", "port-deal"):
        read(client, f"/stories/{slug}/")
        with django_assert_num_queries(1):
            read(client, f"/stories/{slug}/")


def test_words_withheld_of_a_pages_headline_leave_all_footers_within_a_second(
    client: Client,
    maya: User,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    now = [minutes(100)]
    monkeypatch.setattr(timezone, "now", lambda: now[0])
    monkeypatch.setattr(chrome, "LOOK_EVERY", 1.0)
    page = begin(wanted("About Zed Quill", slug="about", kind=StoryKind.PAGE), user=maya)
    go_live(page, user=maya)
    go_live(begin(wanted("The dam", slug="dam"), user=maya), user=maya)
    addresses = ("/", "/stories/dam/", "/corrections/")
    assert all("Zed Quill" in client.get(address).content.decode() for address in addresses)
    withhold_words(article=page, words="Zed Quill", ground="court", reason="An order.", user=maya, at=now[0])
    now[0] += timedelta(seconds=1)
    assert not any("Zed Quill" in client.get(address).content.decode() for address in addresses)
    # A look that finds nothing new is one small query, once a second.
    now[0] += timedelta(seconds=1)
    for count in (2, 1):
        with django_assert_num_queries(count):
            client.get("/stories/dam/")
