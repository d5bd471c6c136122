"""Memento clients find a story as it stood at a time."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from stories.domain.memento import http_time
from stories.models import Article, User
from tests.factories import begin, go_live, minutes, wanted
from tests.public.stories import make_answer

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

STORY = "/stories/corvid-answers/"
SITE = "http://testserver"


@pytest.fixture
def article(maya: User) -> Article:
    return make_answer(maya)


@pytest.fixture(autouse=True)
def site(settings: object) -> None:
    settings.SITE_URL = SITE  # type: ignore[attr-defined]


@pytest.mark.parametrize("address", [f"{STORY}timegate/", f"/timegate/{SITE}{STORY}"])
def test_a_timegate_leads_to_the_version_in_force(client: Client, article: Article, address: str) -> None:
    for minute, version in ((0, 1), (10, 1), (19, 1), (20, 2), (29, 2), (30, 3), (500, 3), (9_000, 3)):
        answer = client.get(address, headers={"Accept-Datetime": http_time(minutes(minute))})
        assert (answer.status_code, answer["Location"]) == (302, f"{SITE}{STORY}versions/{version}/"), minute
        assert answer["Vary"] == "Accept-Datetime"
        assert "Memento-Datetime" not in answer
        found = client.get(answer["Location"])
        assert found["Memento-Datetime"] == http_time(minutes(10 * version))


def test_without_a_date_the_last_version_is_chosen(client: Client, article: Article) -> None:
    assert client.head(f"{STORY}timegate/")["Location"] == f"{SITE}{STORY}versions/3/"


def test_an_empty_date_is_none(client: Client, article: Article) -> None:
    for empty in ("", "  "):
        answer = client.get(f"{STORY}timegate/", headers={"Accept-Datetime": empty})
        assert answer["Location"] == f"{SITE}{STORY}versions/3/"


@pytest.mark.parametrize("asked", ["last Tuesday", "Fri, 31 Dec 9999 23:59:59 -1200"])
def test_a_date_that_nobody_can_read_is_refused_in_words(
    client: Client, article: Article, asked: str
) -> None:
    answer = client.get(f"{STORY}timegate/", headers={"Accept-Datetime": asked})
    assert answer.status_code == 400
    assert asked in answer.content.decode()
    assert answer["Vary"] == "Accept-Datetime"


def test_the_story_names_its_timegate_and_timemap_and_varies_by_nothing(
    client: Client, article: Article
) -> None:
    answer = client.get(STORY)
    assert f'<{SITE}{STORY}timegate/>; rel="timegate"' in answer["Link"]
    assert f'<{SITE}{STORY}timemap/>; rel="timemap"; type="application/link-format"' in answer["Link"]
    assert "Vary" not in answer


def test_a_version_names_its_original(client: Client, article: Article) -> None:
    answer = client.get(f"{STORY}versions/2/")
    assert f'<{SITE}{STORY}>; rel="original"' in answer["Link"]
    assert f'<{SITE}{STORY}versions/2/>; rel="memento"' in answer["Link"]


@pytest.mark.parametrize(
    "address", [f"{STORY}timemap/", f"/timemap/{SITE}{STORY}", f"/timemap/http:/testserver{STORY}"]
)
def test_a_timemap_lists_the_versions_and_no_draft(client: Client, article: Article, address: str) -> None:
    answer = client.get(address)
    assert answer["Content-Type"] == "application/link-format"
    assert re.findall(r"versions/(\d)/>", answer.content.decode()) == ["1", "2", "3"]


def test_a_pending_version_is_in_no_timemap(client: Client, article: Article, maya: User) -> None:
    go_live(
        article,
        user=maya,
        at=minutes(500),
        live_from=minutes(700),
        publication_class="override",
        reason="As agreed",
        cause="moved-on",
    )
    assert "versions/4/" not in client.get(f"{STORY}timemap/").content.decode()
    late = {"Accept-Datetime": http_time(minutes(700))}
    assert client.get(f"{STORY}timegate/", headers=late)["Location"].endswith("versions/3/")


@pytest.mark.parametrize("kind", ["timegate", "timemap"])
def test_what_is_not_public_has_none(client: Client, maya: User, kind: str) -> None:
    begin(wanted("A draft", slug="draft"), user=maya)
    for address in ("/stories/draft/", "/corrections/", "https://elsewhere.example/stories/draft/"):
        full_address = address if "//" in address else f"{SITE}{address}"
        assert client.get(f"/{kind}/{full_address}").status_code == 404
    assert client.get(f"/stories/draft/{kind}/").status_code == 404


def test_its_queries_do_not_grow_with_the_versions(
    client: Client, article: Article, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for address in (f"{STORY}timegate/", f"{STORY}timemap/"):
        with django_assert_num_queries(2):
            client.get(address)
