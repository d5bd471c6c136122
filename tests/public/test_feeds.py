"""Feeds have what readers may know, as real feed readers parse it."""

from __future__ import annotations

import json
from typing import Any

import feedparser
import pytest
from django.test import Client
from lxml import etree
from pytest_django import DjangoAssertNumQueries

from stories.actions.takedown.withdrawals import withdraw
from stories.models import Article, User
from stories.queries.site import feeds
from tests.factories import begin, go_live, make_section, minutes, reword, text, wanted
from tests.public.stories import make_answer, make_corrected

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

NAMES = {
    "at": "http://purl.org/atompub/tombstones/1.0",
    "atom": "http://www.w3.org/2005/Atom",
    "fh": "http://purl.org/syndication/history/1.0",
}
ALL = (
    "/feed/",
    "/section/technology/feed/",
    "/stories/corvid-answers/feed/",
    "/corrections/feed/",
)


@pytest.fixture
def answer(maya: User) -> Article:
    return make_answer(maya)


def read(client: Client, address: str) -> Any:
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    found = feedparser.parse(response.content)
    assert not found.bozo, found.get("bozo_exception")
    return found


def xml(client: Client, address: str) -> Any:
    return etree.fromstring(client.get(address).content)


def begin_many(count: int, user: User) -> list[Article]:
    articles = []
    for number in range(count):
        story = wanted(f"Story {number}", slug=f"story-{number}", section=make_section().pk)
        articles.append(begin(story, user=user))
        go_live(articles[-1], user=user, at=minutes(number))
    return articles


@pytest.mark.parametrize("address", ALL)
def test_every_feed_is_one_that_readers_understand(
    client: Client, answer: Article, maya: User, address: str
) -> None:
    make_corrected(maya)
    found = read(client, address)
    assert found.version == "atom10"
    assert found.feed.links[1].rel == "self"
    assert found.feed.links[1].href.endswith(address)
    assert found.entries
    for entry in found.entries:
        assert entry.id
        assert entry.published_parsed
        assert entry.updated_parsed
        assert entry.content[0].value
    ids = [entry.id for entry in found.entries]
    assert len(set(ids)) == len(ids)


def test_an_entry_has_the_whole_story_with_when_it_appeared_and_was_updated(
    client: Client, answer: Article
) -> None:
    (entry,) = read(client, "/feed/").entries
    assert entry.title == "Corvid answers its staff"
    assert entry.published == "2026-03-02T09:10:00+00:00"
    assert entry.updated == "2026-03-02T09:30:00+00:00"
    assert entry.author == "Ines Calder"
    assert "No one should be a suspect." in entry.content[0].value


def test_what_readers_need_not_know_of_moves_no_time(client: Client, answer: Article, maya: User) -> None:
    begun = begin(wanted("Quiet", slug="quiet"), user=maya)
    go_live(begun, user=maya, at=minutes(40))
    before = {entry.id: entry.updated for entry in read(client, "/feed/").entries}
    reword(begun, user=maya, at=minutes(50))
    go_live(begun, user=maya, at=minutes(50), publication_class="minor", reason="style")
    after = read(client, "/feed/")
    assert {entry.id: entry.updated for entry in after.entries} == before
    assert "met briefly" in after.entries[0].content[0].value


def test_a_storys_updates_are_its_versions_and_what_they_say(client: Client, answer: Article) -> None:
    found = read(client, "/stories/corvid-answers/feed/")
    assert [entry.id.rpartition("/stories")[2] for entry in found.entries] == [
        f"/corvid-answers/versions/{number}/" for number in (3, 2, 1)
    ]
    assert "A comment of the Liberty Watch was added." in found.entries[0].content[0].value
    assert "compare/2...3/" in found.entries[0].content[0].value


def test_corrections_are_listed_with_what_was_wrong(client: Client, maya: User) -> None:
    make_corrected(maya)
    (entry,) = read(client, "/corrections/feed/").entries
    assert entry.title == "Correction: Ferry budget approved"
    for words in ("The budget was given wrongly.", "$40", "$14"):
        assert words in entry.content[0].value


def test_addresses_in_feeds_are_whole(client: Client, answer: Article) -> None:
    assert '="/' not in client.get("/feed/").content.decode().replace("&quot;", '"')


def test_json_feed_has_the_same_entries(client: Client, answer: Article) -> None:
    response = client.get("/feed.json")
    assert response["Content-Type"] == "application/feed+json; charset=utf-8"
    document = json.loads(response.content)
    assert document["version"] == "https://jsonfeed.org/version/1.1"
    (item,) = document["items"]
    (entry,) = read(client, "/feed/").entries
    assert (item["id"], item["title"]) == (entry.id, entry.title)
    assert "No one should be a suspect." in item["content_html"]
    assert item["date_modified"] == "2026-03-02T09:30:00+00:00"
    assert item["authors"][0]["name"] == "Ines Calder"


def test_full_pages_of_older_stories_are_archives_that_never_shift(
    client: Client, maya: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "PAGE_LENGTH", 2)
    begin_many(5, maya)
    live = xml(client, "/feed/")
    assert live.xpath("//atom:entry/atom:title/text()", namespaces=NAMES) == ["Story 4", "Story 3"]
    (previous,) = live.xpath("atom:link[@rel='prev-archive']/@href", namespaces=NAMES)
    assert previous.endswith("/feed/archive/2/")
    page = xml(client, "/feed/archive/2/")
    assert page.xpath("//atom:entry/atom:title/text()", namespaces=NAMES) == ["Story 3", "Story 2"]
    assert page.xpath("fh:archive", namespaces=NAMES)
    assert page.xpath("atom:link[@rel='current']/@href", namespaces=NAMES)[0].endswith("/feed/")
    assert page.xpath("atom:link[@rel='prev-archive']/@href", namespaces=NAMES)[0].endswith(
        "/feed/archive/1/"
    )
    assert not xml(client, "/feed/archive/1/").xpath("atom:link[@rel='prev-archive']", namespaces=NAMES)
    for number in (0, 3):
        assert client.get(f"/feed/archive/{number}/").status_code == 404


def test_what_was_withdrawn_leaves_a_tombstone(
    client: Client, maya: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "PAGE_LENGTH", 2)
    articles = begin_many(5, maya)
    (document,) = [entry.id for entry in read(client, "/feed/").entries if entry.title == "Story 4"]
    withdraw(article=articles[4], user=maya, notice="Gone.", reason="lawyers", at=minutes(60))
    withdraw(article=articles[0], user=maya, notice="Gone.", reason="lawyers", at=minutes(61))
    live = xml(client, "/feed/")
    assert live.xpath("//at:deleted-entry/@ref", namespaces=NAMES) == [document]
    assert live.xpath("//at:deleted-entry/@when", namespaces=NAMES) == ["2026-03-02T10:00:00+00:00"]
    assert live.xpath("//atom:entry/atom:title/text()", namespaces=NAMES) == ["Story 3", "Story 2"]
    archive = xml(client, "/feed/archive/1/")
    assert archive.xpath("//atom:entry/atom:title/text()", namespaces=NAMES) == ["Story 1"]
    assert len(archive.xpath("//at:deleted-entry", namespaces=NAMES)) == 1
    assert "lawyers" not in client.get("/feed/").content.decode()


def test_a_feed_names_no_language_that_it_does_not_use(client: Client, maya: User) -> None:
    _first, article = begin_many(2, maya)
    assert not {"at", "fh"} & xml(client, "/feed/").nsmap.keys()
    withdraw(article=article, user=maya, notice="Gone.", reason="lawyers", at=minutes(60))
    assert "at" in xml(client, "/feed/").nsmap


def test_an_empty_feed_is_a_feed(client: Client) -> None:
    found = read(client, "/feed/")
    assert found.entries == []
    assert found.feed.updated == "2026-01-01T00:00:00+00:00"


def test_a_feed_that_a_reader_has_is_not_sent_again(client: Client, answer: Article) -> None:
    etag = client.get("/feed/")["ETag"]
    again = client.get("/feed/", headers={"If-None-Match": etag})
    assert (again.status_code, again["ETag"], again["Cache-Control"][:7]) == (304, etag, "public,")


@pytest.mark.parametrize("address", ["/section/none/feed/", "/stories/draft/feed/"])
def test_what_is_not_public_has_no_feed(client: Client, maya: User, address: str) -> None:
    begin(wanted("A draft", slug="draft", section=make_section("none", "None").pk), user=maya)
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(("count", "cold", "warm"), [(3, 10, 1), (9, 10, 1)])
def test_queries_do_not_grow_with_the_stories(
    client: Client,
    maya: User,
    count: int,
    cold: int,
    warm: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    begin_many(count, maya)
    with django_assert_num_queries(cold):
        client.get("/feed/")
    with django_assert_num_queries(warm):
        client.get("/feed/")


def test_words_that_look_like_markup_stay_words_and_addresses_are_whole(client: Client, maya: User) -> None:
    words = (
        '<p>Write <code>&lt;img src="/x.png" srcset="a.jpg 1x" sizes="100vw"&gt;</code>; set sizes="50vw" for half.</p>'
        '<p><a href="/about">a</a> <a href="page.html">b</a> <a href="../x/">c</a> <a href="#fn1">d</a> '
        '<a href="https://example.org/?a=1&amp;b=2" title="as in href=&quot;/about&quot;">e</a></p><p id="fn1">Note</p>'
    )
    begun = begin(wanted("Corvid answers", text(words), slug="corvid-answers"), user=maya)
    go_live(begun, user=maya)
    (entry,) = xml(client, "/feed/").xpath("//atom:entry/atom:content/text()", namespaces=NAMES)
    (item,) = json.loads(client.get("/feed.json").content)["items"]
    for html in (entry, item["content_html"]):
        assert words.partition("<p><a")[0] in html
        for address in (
            "http://testserver/about",
            "http://testserver/stories/corvid-answers/page.html",
            "http://testserver/stories/x/",
            "http://testserver/stories/corvid-answers/#fn1",
            "https://example.org/?a=1&amp;b=2",
        ):
            assert f'href="{address}"' in html
        assert 'title="as in href=&quot;/about&quot;"' in html
