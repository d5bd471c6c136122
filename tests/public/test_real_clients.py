"""The programs that others read us with find what they look for, over the network."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.request import urlopen

import extruct
import feedparser
import pytest
from memento_client import MementoClient
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from stories.models import User
from tests.factories import minutes
from tests.public.stories import make_answer, make_corrected

pytestmark = pytest.mark.django_db(transaction=True)

STORY = "/stories/corvid-answers/"
# Which version was in force so many minutes after the fixed morning.
IN_FORCE = {-600: 1, 0: 1, 10: 1, 15: 1, 19: 1, 20: 2, 25: 2, 30: 3, 300: 3, 599: 3}


@pytest.fixture
def site(live_server: LiveServer, settings: Settings, maya: User) -> str:
    """Return the address of a newsroom with two stories."""
    settings.SITE_URL = live_server.url
    make_answer(maya)
    make_corrected(maya)
    return str(live_server.url)


def naive(minute: int) -> datetime:
    """Return a time as the client has it: without a zone, meant as UTC."""
    return minutes(minute).replace(tzinfo=None)


@pytest.mark.parametrize("native", [True, False])
def test_memento_client_finds_the_first_the_last_and_the_one_in_force_at_ten_times(
    site: str, native: bool
) -> None:
    """By the TimeGate that the story names, and by ours as one that takes whole addresses."""
    client = MementoClient(timegate_uri=f"{site}/timegate/", check_native_timegate=native)
    for minute, version in IN_FORCE.items():
        found = client.get_memento_info(f"{site}{STORY}", naive(minute))
        assert found["original_uri"] == f"{site}{STORY}"
        assert found["timegate_uri"] == (
            f"{site}{STORY}timegate/" if native else f"{site}/timegate/{site}{STORY}"
        )
        mementos: dict[str, Any] = found["mementos"]
        for name, number in (("first", 1), ("last", 3), ("closest", version)):
            assert mementos[name]["uri"] == [f"{site}{STORY}versions/{number}/"], minute
            assert mementos[name]["datetime"] == naive(10 * number), minute
        assert mementos["closest"]["http_status_code"] == 200


def test_feedparser_reads_every_feed(site: str) -> None:
    for address in ("/feed/", "/section/technology/feed/", f"{STORY}feed/", "/corrections/feed/"):
        found = feedparser.parse(f"{site}{address}")
        assert not found.bozo, found.get("bozo_exception")
        assert (found.status, found.version) == (200, "atom10")
        assert found.feed.title
        assert found.entries
        assert all(entry.link.startswith(site) for entry in found.entries)
        # The feed's validators suffice for a 304.
        assert feedparser.parse(f"{site}{address}", etag=found.etag).status == 304


def test_extruct_reads_the_metadata_of_a_story(site: str, maya: User) -> None:
    with urlopen(f"{site}/stories/ferry-budget-approved/") as page:  # noqa: S310 - on this machine
        html = page.read().decode()
    found = extruct.extract(html, syntaxes=["json-ld", "opengraph"], uniform=True)
    (article,) = found["json-ld"]
    address = f"{site}/stories/ferry-budget-approved/"
    expected = {
        "@type": "NewsArticle",
        "headline": "Ferry budget approved",
        "url": address,
        "datePublished": "2026-03-02T09:50:00+00:00",
        "dateModified": "2026-03-02T10:00:00+00:00",
        "version": 2,
        "inLanguage": "en",
        "articleSection": "City",
    }
    assert {name: article[name] for name in expected} == expected
    (correction,) = article["correction"]
    assert correction == {
        "@type": "CorrectionComment",
        "text": "The budget was given wrongly.",
        "datePublished": "2026-03-02T10:00:00+00:00",
    }
    assert article["publisher"]["@type"] == "NewsMediaOrganization"
    with urlopen(article["publisher"]["correctionsPolicy"]) as policy:  # noqa: S310 - on this machine
        assert policy.status == 200
    (preview,) = found["opengraph"]
    assert (preview["@type"], preview["og:title"], preview["og:url"]) == (
        "article",
        "Ferry budget approved",
        address,
    )


def test_extruct_reads_who_said_what(site: str) -> None:
    with urlopen(f"{site}{STORY}") as page:  # noqa: S310 - on this machine
        (article,) = extruct.extract(page.read().decode(), syntaxes=["json-ld"])["json-ld"]
    assert [person["name"] for person in article["author"]] == ["Ines Calder"]
    for person in article["author"]:
        with urlopen(person["url"]) as page:  # noqa: S310 - on this machine
            assert person["name"] in page.read().decode()
    speakers = {part["text"]: part.get("spokenByCharacter", {}).get("name") for part in article["hasPart"]}
    assert speakers["We believe in the service."] == "Dana Whitlock"
    assert "No one should be a suspect." in speakers
