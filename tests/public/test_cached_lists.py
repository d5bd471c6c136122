"""A list's page is cached, and never outlives what it lists."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from stories.actions.publishing.developing_mode import start_developing
from stories.actions.takedown.withdrawals import withdraw
from stories.actions.takedown.withholdings import withhold_version, withhold_words
from stories.models import Article, Publication, User
from stories.public.http import cached_lists
from stories.queries.site.site_state import site_state
from tests.factories import begin, change, go_live, make_section, minutes, wanted
from tests.public.stories import make_answer

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

LISTS = [
    "/",
    "/section/technology/",
    "/author/ines-calder/",
    "/corrections/",
    "/feed/",
    "/feed.json",
    "/section/technology/feed/",
    "/corrections/feed/",
    "/sitemap.xml",
    "/sitemap-1.xml",
]
WHY: dict[str, Any] = {"ground": "court", "reason": "An order.", "at": minutes(599)}


@pytest.fixture
def article(maya: User) -> Article:
    return make_answer(maya)


def read(client: Client, address: str) -> str:
    return client.get(address).content.decode()


@pytest.mark.usefixtures("article")
@pytest.mark.parametrize("address", LISTS)
def test_a_cached_list_costs_one_query(
    client: Client, address: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = client.get(address)
    assert first.status_code == 200
    with django_assert_num_queries(1):
        again = client.get(address)
    assert (again.content, dict(again.items())) == (first.content, dict(first.items()))
    with django_assert_num_queries(1):
        assert client.get(address, headers={"if-none-match": first["ETag"]}).status_code == 304


@pytest.mark.parametrize("address", LISTS)
def test_a_reader_who_has_it_does_not_spoil_it_for_others(
    client: Client, article: Article, address: str
) -> None:
    first = client.get(address)
    cache.clear()
    assert client.get(address, headers={"if-none-match": first["ETag"]}).status_code == 304
    assert client.get(address).content == first.content
    assert article.pk


@pytest.mark.usefixtures("article")
def test_addresses_with_a_query_and_those_that_list_nothing_are_not_cached(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.get("/robots.txt")
    keys: list[str] = []
    monkeypatch.setattr("stories.public.http.cache.cache.set", lambda key, *value, **how: keys.append(key))
    for address in ("/section/technology/?page=2", "/section/none/", "/author/nobody/"):
        client.get(address)
    assert keys == []
    client.get("/section/technology/")
    assert len(keys) == 1


def words(article: Article, maya: User) -> None:
    withhold_words(article=article, words="Corvid", user=maya, **WHY)


def version(article: Article, maya: User) -> None:
    withhold_version(publication=Publication.objects.filter(article=article).latest("pk"), user=maya, **WHY)


def whole(article: Article, maya: User) -> None:
    withdraw(article=article, notice="Gone.", reason="An order", user=maya, at=minutes(599))


@pytest.mark.parametrize("take_down", [words, version, whole])
@pytest.mark.parametrize("address", ["/", "/section/technology/", "/author/ines-calder/", "/feed/"])
def test_what_is_taken_down_leaves_every_list_at_once(
    client: Client, article: Article, maya: User, address: str, take_down: Callable[[Article, User], None]
) -> None:
    assert "Corvid" in read(client, address)
    take_down(article, maya)
    page = read(client, address).replace("corvid-answers", "")
    assert "Corvid answers" not in page


def test_what_is_published_is_listed_at_once_and_what_is_scheduled_at_its_time(
    client: Client, article: Article, maya: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, live_from in enumerate((None, minutes(610))):
        story = wanted(f"Next {number}", section=make_section().pk if number == 9 else "")
        read(client, "/")
        go_live(begin(story, user=maya), user=maya, at=minutes(600), live_from=live_from)
        assert ("Next 0" in read(client, "/"), "Next 1" in read(client, "/")) == (True, False)
    monkeypatch.setattr(timezone, "now", lambda: minutes(610))
    assert "Next 1" in read(client, "/")
    assert article.pk


def test_a_story_stops_developing_at_its_time(
    client: Client, article: Article, maya: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    start_developing(article=article, until=minutes(660), user=maya, at=minutes(599), reason="A storm")
    developing = read(client, "/")
    monkeypatch.setattr(timezone, "now", lambda: minutes(661))
    assert read(client, "/") != developing


def test_a_page_whose_site_changed_while_it_was_made_is_made_again(
    client: Client, article: Article, maya: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[datetime] = []

    def changed_meanwhile(at: datetime) -> str:
        asked.append(at)
        if len(asked) == 2:
            change(article, user=maya, dek="Later", at=minutes(599))
        return site_state(at)

    monkeypatch.setattr(cached_lists, "site_state", changed_meanwhile)
    assert client.get("/").status_code == 200
    assert len(asked) == 4
