from __future__ import annotations

from urllib.parse import unquote

import pytest
from django.test import Client

from stories.actions.archive.import_story import import_story
from stories.actions.takedown.withdrawals import withdraw
from stories.domain.archive.stories import load
from stories.models import Article, User
from tests.archives import line
from tests.factories import begin, change, go_live, make_section, minutes, wanted
from tests.public.stories import make_answer, stood_at
from tests.public.test_story import read

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


@pytest.mark.parametrize("below", ["", "versions/", "versions/1/", "compare/1...2/"])
def test_a_slug_that_the_story_had_leads_to_the_one_it_has(client: Client, maya: User, below: str) -> None:
    article = make_answer(maya)
    change(article, user=maya, at=minutes(50), slug="corvid-speaks", dek="A first answer")
    go_live(article, user=maya, at=minutes(50), publication_class="minor", reason="a better address")
    moved = client.get(f"/stories/corvid-answers/{below}")
    assert (moved.status_code, moved["Location"]) == (301, f"/stories/corvid-speaks/{below}")
    read(client, f"/stories/corvid-speaks/{below}")


def test_a_redirect_is_let_go_of_in_time_since_a_slug_may_come_back(client: Client, maya: User) -> None:
    article = make_answer(maya)
    change(article, user=maya, at=minutes(50), slug="corvid-speaks", dek="A first answer")
    go_live(article, user=maya, at=minutes(50), publication_class="minor", reason="a better address")
    assert client.get("/stories/corvid-answers/")["Cache-Control"] == "public, max-age=300"


@pytest.mark.parametrize("path", ["/blog/2016/hello.html", "/stories/hello/", "/hello", "/old/name/"])
def test_where_an_imported_story_once_stood_leads_to_it(client: Client, maya: User, path: str) -> None:
    article = make_answer(maya)
    stood_at(path, article)
    moved = client.get(path)
    assert (moved.status_code, moved["Location"]) == (301, "/stories/corvid-answers/")


@pytest.mark.parametrize(
    "address",
    [
        "/stories/corvid-answers",
        "/corrections",
        "/stories/corvid-answers/versions/1",
        "/section/technology",
        "/admin",
    ],
)
def test_an_address_without_its_closing_slash_leads_to_the_one_with_it(
    client: Client, maya: User, address: str
) -> None:
    make_answer(maya)
    moved = client.get(f"{address}?a=1")
    assert (moved.status_code, moved["Location"]) == (301, f"{address}/?a=1")


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("/Stories/corvid-answers/", "/stories/corvid-answers/"),
        ("/stories/Corvid-Answers/", "/stories/corvid-answers/"),
        ("/stories/Corvid-Answers/compare/1...2/", "/stories/corvid-answers/compare/1...2/"),
        ("/section/Technology/?before=x", "/section/technology/?before=x"),
        ("/Corrections/?kind=typo", "/corrections/?kind=typo"),
        ("//Example.org/x", "/%2Fexample.org/x"),
        ("/Nope/%25/", "/nope/%25/"),
    ],
)
def test_an_address_with_capitals_leads_to_the_one_without(
    client: Client, maya: User, written: str, canonical: str
) -> None:
    make_answer(maya)
    moved = client.get(
        "/", PATH_INFO=unquote(written.partition("?")[0]), QUERY_STRING=written.partition("?")[2]
    )
    assert (moved.status_code, moved["Location"]) == (301, canonical)


def test_a_slug_in_any_script_is_an_address(client: Client, maya: User) -> None:
    section = make_section("météo", "Météo")
    go_live(
        begin(wanted("Schöne Überschrift", slug="schöne-überschrift", section=section.pk), user=maya),
        user=maya,
    )
    assert "Schöne Überschrift" in read(client, "/stories/schöne-überschrift/")
    assert "Schöne Überschrift" in read(client, "/section/météo/")
    read(client, "/stories/schöne-überschrift/versions/")


def test_what_is_unknown_and_what_is_not_public_yet_look_the_same(client: Client, maya: User) -> None:
    begin(wanted("A draft", slug="draft"), user=maya)
    later = begin(wanted("A scheduled story", slug="scheduled"), user=maya)
    go_live(later, user=maya, live_from=minutes(700))
    answers = [client.get(f"/stories/{slug}/") for slug in ("unknown", "draft", "scheduled")]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert len({tuple(sorted(answer.headers.items())) for answer in answers}) == 1
    assert "There is nothing at this address" in answers[0].content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/nope/",
        "/stories/",
        "/stories/a b/",
        "/stories/%00/",
        "/%00",
        "/x//example.org/",
        "/section/",
        "/pictures/x/1",
    ],
)
def test_nonsense_is_not_found(client: Client, db: None, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/%C3%28/",
        "/%C3%28",
        "/%ff",
        "/%ED%A0%80/",
        "/%25C3%2528/",
        "/Caps/%C3%28/?x=%ff",
        "/stories/%C3%28/",
        "/stories/%C3%28",
        "/STORIES/%ff/",
        "/stories/corvid-answers%ff/versions/",
        "/stories/corvid-answers/%ff",
        "/stories/corvid-answers/compare/1...%ff/",
        "/section/%ff/",
        "/author/%e9",
        "/pages/%ff/",
        "/pictures/%ff/12",
        "/static/%ff",
        "/timegate/%ff",
        "/timegate/http://testserver/stories/%C3%28/",
        "/timemap/%C3%28/",
        "/admin/%C3%28",
        "/admin/%C3%28/",
        "/admin/stories/article/%C3%28/change/",
        "/admin/stories/article/%0A%ff/",
        "/admin/audit/%ff/",
    ],
)
def test_an_address_whose_bytes_are_no_utf_8_is_not_found_at_once(
    client: Client, maya: User, path: str
) -> None:
    make_answer(maya)
    assert client.get(path).status_code == 404
    client.force_login(maya)
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/search/?q=%ff",
        "/search/?q=%C3%28&page=%ff",
        "/?page=%C3%28",
        "/?before=%ff",
        "/?%ff=1",
        "/?p=%ff",
        "/corrections/?kind=%ff",
        "/corrections/?before=%C3%28",
        "/ledger/?page=%ff",
        "/section/technology/?before=%ff",
        "/stories/corvid-answers/?at=%ff",
        "/stories/corvid-answers/compare/?from=%ff&to=%C3%28",
    ],
)
def test_a_query_whose_bytes_are_no_utf_8_is_answered_and_leads_to_no_other_encoding(
    client: Client, maya: User, address: str
) -> None:
    make_answer(maya)
    answer = client.get(address)
    assert answer.status_code in (200, 302, 400, 404)
    assert answer.get("Location", "/stories/corvid-answers/versions/") == "/stories/corvid-answers/versions/"


@pytest.mark.parametrize("path", ["/search", "/Search/", "/feed"])
@pytest.mark.parametrize(
    ("sent", "expected"),
    [(b"q=%ff", "q=%ff"), (b"q=%C3%28", "q=%C3%28"), (b"q=\xc3\xa9", "q=%C3%A9"), (b"q=\xff", "q=%FF")],
)
def test_a_redirect_keeps_the_bytes_of_a_query_as_they_were_sent(
    client: Client, db: None, path: str, sent: bytes, expected: str
) -> None:
    moved = client.get(path, QUERY_STRING=sent.decode("latin-1"))
    assert (moved.status_code, moved["Location"]) == (301, f"{path.lower().rstrip('/')}/?{expected}")


def test_readers_cannot_write(client: Client, maya: User) -> None:
    make_answer(maya)
    for address in ("/", "/stories/corvid-answers/", "/corrections/", "/nope/"):
        assert client.post(address).status_code == 405


OLD_ADDRESSES = [
    ("/2014/05/caf%C3%A9/", ["/2014/05/caf%C3%A9/", "/2014/05/caf%c3%a9", "/2014/05/cafe%CC%81/"]),
    ("/2014/05/%d8%a7%d9%84/", ["/2014/05/%D8%A7%D9%84/", "/2014/05/ال"]),
    ("/2014/05/niño/", ["/2014/05/ni%C3%B1o", "/2014/05/ni%F1o/"]),
    ("/?p=1234", ["/?p=1234", "/?utm_source=mail&p=1234", "/index.php?p=1234"]),
    ("/?page_id=7", ["/?page_id=7&preview=true"]),
    ("/story.aspx?id=77&lang=es", ["/story.aspx?id=77&lang=es", "/story.aspx?lang=es&id=77&print=1"]),
    ("/2014/05/noslash", ["/2014/05/noslash", "/2014/05/noslash/", "/2014/05/noslash?fbclid=1"]),
    ("/2014/05/withslash/", ["/2014/05/withslash/", "/2014/05/withslash"]),
    ("/News/Local/CAPS.html", ["/News/Local/CAPS.html"]),
    ("/2014/a b.html", ["/2014/a%20b.html"]),
    ("/stories/as-it-was/", ["/stories/as-it-was/", "/stories/as-it-was"]),
]


@pytest.mark.parametrize(("given", "asked"), OLD_ADDRESSES)
def test_an_old_address_leads_to_its_story_however_a_link_writes_it(
    client: Client, maya: User, given: str, asked: list[str]
) -> None:
    import_story(story=load(line(addresses=[given])), user=maya)
    for address in asked:
        response = client.get(address, follow=True)
        assert response.redirect_chain, address
        assert response.redirect_chain[-1] == ("/stories/council-hears-objections/", 301), address


def test_the_front_page_is_the_front_page_whatever_a_link_adds(client: Client, maya: User) -> None:
    import_story(story=load(line(addresses=["/?p=1234"])), user=maya)
    for address in ("/", "/?utm_source=mail", "/?p=12345", "/?p=%00", "/?p"):
        assert client.get(address).status_code == 200


def test_an_old_address_of_a_story_that_is_down_answers_with_its_notice(client: Client, maya: User) -> None:
    import_story(story=load(line(addresses=["/?p=1234", "/caf%C3%A9/"])), user=maya)
    withdraw(article=Article.objects.get(), notice="It was another matter.", reason="an order", user=maya)
    for address in ("/?p=1234", "/caf%C3%A9"):
        response = client.get(address)
        assert response.status_code == 410
        assert "It was another matter." in response.content.decode()
