"""Every request for an unknown host gets 400, whatever would have answered it."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from newsroom.database_outage import OUTAGE
from stories.models.roles import EDITOR
from stories.public.http import stale_copies
from tests.factories import begin, go_live, make_user, wanted

STORY = "/stories/council-hears-objections/"
PATHS = [
    STORY,
    f"{STORY}feed/",
    f"{STORY}data.json",
    f"{STORY}versions/",
    "/",
    "/feed/",
    "/feed.json",
    "/robots.txt",
    "/sitemap.xml",
    "/ledger/heads.json",
    "/nothing/here",
    "/admin/",
    "/admin/login/",
    "/static/stories/site/site.css",
]
EVIL = ["evil.example", "testserver.evil.example", "evil.example:80", "127.0.0.2"]


@pytest.fixture(autouse=True)
def story(db: None, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    editor = make_user(EDITOR)
    go_live(begin(wanted("Council hears objections"), user=editor), user=editor)


@pytest.mark.parametrize("method", ["get", "head", "post", "options"])
@pytest.mark.parametrize("path", PATHS)
def test_every_path_is_refused_in_every_way_of_asking(client: Client, path: str, method: str) -> None:
    for host in EVIL:
        assert getattr(client, method)(path, headers={"host": host}).status_code == 400


def test_a_page_that_its_reader_has_already_is_refused_too(client: Client) -> None:
    etag = client.get(STORY)["ETag"]
    asked_again = {"if-none-match": etag}
    assert client.get(STORY, headers=asked_again).status_code == 304
    assert client.get(STORY, headers={**asked_again, "host": EVIL[0]}).status_code == 400


def test_a_copy_that_is_kept_for_an_outage_is_refused_too(
    client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SHARED_CACHE = True
    cache.clear()
    stale_copies.clear()
    assert client.get(STORY).status_code == 200
    monkeypatch.setattr(OUTAGE, "lasts", lambda: True)
    assert client.get(STORY).status_code == 200
    assert client.get(STORY, headers={"host": EVIL[0]}).status_code == 400


def test_the_answer_is_a_page_of_the_house_that_does_not_repeat_the_host(
    client: Client, settings: Settings
) -> None:
    settings.DEBUG = False
    answer = client.get(STORY, headers={"host": EVIL[0]})
    assert "What your browser sent could not be read" in answer.content.decode()
    assert "evil" not in answer.content.decode()


def test_the_sites_own_host_is_answered_with_any_port(client: Client) -> None:
    assert client.get(STORY, headers={"host": "testserver:8443"}).status_code == 200
