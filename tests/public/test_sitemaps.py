"""Crawlers find every live story, and nothing else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from lxml import etree
from pytest_django import DjangoAssertNumQueries

from stories.actions.takedown.withdrawals import withdraw
from stories.models import User
from stories.queries.site import sitemaps
from tests.factories import begin, go_live, minutes, wanted
from tests.public.stories import make_answer, make_corrected

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

NAMES = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "news": "http://www.google.com/schemas/sitemap-news/0.9",
}


def read(client: Client, address: str) -> Any:
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/xml; charset=utf-8"
    return etree.fromstring(response.content)


def addresses(document: Any) -> list[str]:
    return [str(each) for each in document.xpath("//s:loc/text()", namespaces=NAMES)]


def test_the_sitemap_lists_live_stories_with_when_they_were_last_updated(client: Client, maya: User) -> None:
    make_answer(maya)
    down = make_corrected(maya)
    begin(wanted("A draft", slug="draft"), user=maya)
    withdraw(article=down, user=maya, notice="Gone.", reason="As agreed", at=minutes(90))
    (page,) = addresses(read(client, "/sitemap.xml"))
    found = read(client, page.removeprefix("http://testserver"))
    assert addresses(found) == ["http://testserver/stories/corvid-answers/"]
    assert found.xpath("//s:lastmod/text()", namespaces=NAMES) == ["2026-03-02T09:30:00+00:00"]


def test_its_pages_do_not_shift_when_stories_come(
    client: Client, maya: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitemaps, "PAGE_LENGTH", 2)
    for number in range(5):
        go_live(begin(wanted(f"Story {number}"), user=maya), user=maya, at=minutes(number))
    assert len(addresses(read(client, "/sitemap.xml"))) == 3
    assert addresses(read(client, "/sitemap-1.xml")) == [
        f"http://testserver/stories/story-{number}/" for number in (0, 1)
    ]
    assert client.get("/sitemap-4.xml").status_code == client.get("/sitemap-0.xml").status_code == 404


def test_the_news_sitemap_lists_what_appeared_in_two_days(
    client: Client, maya: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_answer(maya)
    make_corrected(maya)
    # When the first of them is just over two days old.
    monkeypatch.setattr("django.utils.timezone.now", lambda: minutes(11) + timedelta(days=2))
    found = read(client, "/news-sitemap.xml")
    assert found.xpath("//news:title/text()", namespaces=NAMES) == ["Ferry budget approved"]
    assert found.xpath("//news:publication_date/text()", namespaces=NAMES) == ["2026-03-02T09:50:00+00:00"]
    assert found.xpath("//news:name/text()", namespaces=NAMES) == ["The Example Courier"]


def test_empty_sitemaps_are_sitemaps(client: Client) -> None:
    assert len(addresses(read(client, "/sitemap.xml"))) == 1
    assert addresses(read(client, "/sitemap-1.xml")) == []
    assert addresses(read(client, "/news-sitemap.xml")) == []


def test_robots_are_shown_the_sitemaps_and_not_the_desk(client: Client) -> None:
    robots = client.get("/robots.txt").content.decode()
    assert "Disallow: /admin/" in robots
    assert "Sitemap: http://testserver/sitemap.xml" in robots
    assert "Sitemap: http://testserver/news-sitemap.xml" in robots


def test_queries_do_not_grow_with_the_stories(
    client: Client, maya: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(7):
        go_live(begin(wanted(f"Story {number}"), user=maya), user=maya, at=minutes(number))
    for address, count in (("/sitemap.xml", 6), ("/sitemap-1.xml", 5), ("/news-sitemap.xml", 1)):
        with django_assert_num_queries(count):
            client.get(address)
