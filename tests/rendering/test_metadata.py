"""What machines are told of a story says what readers are told, and no more."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.test import override_settings

from stories.domain.snapshot import Byline, ImageBlock, NoteKind, StoryKind, StorySnapshot
from stories.domain.withholding import NOTHING
from stories.rendering.metadata import VersionFacts, news_article, render_metadata
from stories.rendering.notes import ShownNote
from tests.factories import minutes, quote, request, text, wanted

FACTS = VersionFacts(
    address="/stories/corvid-answers/", number=3, first_live_from=minutes(0), updated_at=minutes(30)
)
CORRECTION = ShownNote(
    key=uuid4(),
    kind=NoteKind.CORRECTION,
    text="It was 14.",
    slug="corvid-answers",
    version=2,
    live_from=minutes(20),
)
TYPO = replace(CORRECTION, kind=NoteKind.TYPO, text="A typo.")


def story(**values: Any) -> StorySnapshot:
    spoken = quote("<p>We <em>hear</em> you.</p>", source_url="https://example.org/transcript")
    return wanted(
        values.pop("headline", "Corvid answers"),
        text(),
        spoken,
        **{
            "slug": "corvid-answers",
            "dek": "A dek",
            "section_name": "Technology",
            "bylines": (Byline(key=uuid4(), author="ines-calder", credited_as="Ines Calder"),),
            "comment_requests": (request("A hidden party", shown=False),),
            **values,
        },
    )


@pytest.fixture(autouse=True)
def site() -> Any:
    with override_settings(SITE_URL="https://news.example", SITE_NAME="The Example"):
        yield


def test_a_story_is_a_news_article_with_its_version_times_and_people() -> None:
    found = news_article(story().public(withheld=NOTHING), FACTS, [])
    assert found["@type"] == "NewsArticle"
    assert found["url"] == "https://news.example/stories/corvid-answers/"
    assert found["version"] == 3
    assert found["datePublished"] == "2026-03-02T09:00:00+00:00"
    assert found["dateModified"] == "2026-03-02T09:30:00+00:00"
    assert found["author"] == [
        {"@type": "Person", "name": "Ines Calder", "url": "https://news.example/author/ines-calder/"}
    ]
    assert found["publisher"]["correctionsPolicy"] == "https://news.example/corrections/"
    assert found["isBasedOn"] == ["https://example.org/transcript"]


def test_its_quotes_are_quotations_and_name_who_is_named() -> None:
    (named,) = news_article(story().public(withheld=NOTHING), FACTS, [])["hasPart"]
    assert (named["text"], named["spokenByCharacter"]["name"]) == ("We hear you.", "Dana Whitlock")
    nameless = quote(speaker="", anonymous=True, description="an employee", anonymity_reason="for fear")
    (unnamed,) = news_article(wanted("X", nameless).public(withheld=NOTHING), FACTS, [])["hasPart"]
    assert "spokenByCharacter" not in unnamed


def test_its_corrections_are_told_and_its_typos_are_not() -> None:
    told = news_article(
        story().public(withheld=NOTHING), FACTS, [CORRECTION, replace(TYPO, amendments=(CORRECTION,))]
    )
    assert [each["text"] for each in told["correction"]] == ["It was 14.", "It was 14."]
    assert told["correction"][0]["datePublished"] == "2026-03-02T09:20:00+00:00"


def test_a_page_is_a_web_page() -> None:
    assert news_article(story(kind=StoryKind.PAGE).public(withheld=NOTHING), FACTS, [])["@type"] == "WebPage"


def test_nothing_that_is_empty_is_told() -> None:
    assert "" not in news_article(wanted("X", text()).public(withheld=NOTHING), FACTS, []).values()


def test_a_picture_is_told_at_the_width_that_previews_show() -> None:
    picture = ImageBlock(key=uuid4(), picture="ab" * 32, width=2560, height=1280, alt_text="A pier")
    html = render_metadata(wanted("X", picture).public(withheld=NOTHING), FACTS, [])
    assert f'content="https://news.example/pictures/{"ab" * 32}/1280"' in html
    assert 'property="og:image:height" content="640"' in html


@pytest.mark.parametrize(
    "wicked", ["</script><script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "a & b"]
)
def test_what_people_write_never_breaks_out(wicked: str) -> None:
    html = render_metadata(story(headline=wicked, dek=wicked).public(withheld=NOTHING), FACTS, [])
    assert html.count("<script") == html.count("</script>") == 1
    assert "<img" not in html
    data = re.search(r"<script[^>]*>(.*)</script>", html, re.DOTALL)
    assert data is not None
    assert json.loads(data[1])["headline"] == wicked
