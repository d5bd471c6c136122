"""A story's metadata for machines says what readers read, and no more."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.test import override_settings

from stories.domain.snapshot import Byline, ImageBlock, NoteKind, StoryKind, StorySnapshot
from stories.domain.text.mask import NOTHING
from stories.rendering.story.metadata import VersionFacts, news_article, render_metadata
from stories.rendering.story.notes import ReaderNote
from tests.factories import minutes, quote, request, text, wanted

FACTS = VersionFacts(
    address="/stories/corvid-answers/", number=3, first_live_from=minutes(0), updated_at=minutes(30)
)
CORRECTION = ReaderNote(
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


def test_its_corrections_are_reported_and_its_typos_are_not() -> None:
    metadata = news_article(
        story().public(withheld=NOTHING), FACTS, [CORRECTION, replace(TYPO, amendments=(CORRECTION,))]
    )
    assert [each["text"] for each in metadata["correction"]] == ["It was 14.", "It was 14."]
    assert metadata["correction"][0]["datePublished"] == "2026-03-02T09:20:00+00:00"


def test_a_page_is_a_web_page() -> None:
    assert news_article(story(kind=StoryKind.PAGE).public(withheld=NOTHING), FACTS, [])["@type"] == "WebPage"


@pytest.mark.parametrize("credit", ["Staff", "The Example", "the example", "Courier staff", "Redacción"])
def test_a_byline_that_names_no_person_credits_the_newsroom(credit: str) -> None:
    byline = Byline(key=uuid4(), author="staff", credited_as=credit)
    (author,) = news_article(story(bylines=(byline,)).public(withheld=NOTHING), FACTS, [])["author"]
    assert author == {
        "@type": "NewsMediaOrganization",
        "name": "The Example",
        "url": "https://news.example/author/staff/",
    }


def test_an_agency_is_no_person() -> None:
    byline = Byline(key=uuid4(), author="ap", credited_as="The Associated Press")
    (author,) = news_article(story(bylines=(byline,)).public(withheld=NOTHING), FACTS, [])["author"]
    assert (author["@type"], author["name"]) == ("Organization", "The Associated Press")


@pytest.mark.parametrize(
    ("credit", "name", "title"),
    [
        ("Dana Whitlock", "Dana Whitlock", None),
        ("— Dana Whitlock, chief executive of Corvid", "Dana Whitlock", "chief executive of Corvid"),
        ("Martin Luther King, Jr., minister", "Martin Luther King, Jr.", "minister"),
        ("Jean-Luc Picard – captain", "Jean-Luc Picard", "captain"),
        ("王伟，总经理", "王伟", "总经理"),
        ("—", None, None),
    ],
)
def test_a_whole_line_of_credit_is_no_speakers_name(credit: str, name: str | None, title: str | None) -> None:
    spoken = quote(speaker=credit, speaker_title="")
    (metadata,) = news_article(wanted("X", spoken).public(withheld=NOTHING), FACTS, [])["hasPart"]
    who = metadata.get("spokenByCharacter", {})
    assert (who.get("name"), who.get("description")) == (name, title)


@pytest.mark.parametrize(
    ("speaker", "title"),
    [
        ("Corvid Systems", ""),
        ("Corvid Systems, Inc.", "maker of face recognition"),
        ("Transport Workers’ Union", "in a statement"),
        ("Ministerio del Interior", ""),
        ("王伟科技有限公司", ""),
        ("Dana Whitlock", "chief executive"),
    ],
)
def test_no_speaker_is_said_to_be_a_person_since_no_name_says_so(speaker: str, title: str) -> None:
    spoken = quote(speaker=speaker, speaker_title=title)
    (metadata,) = news_article(wanted("X", spoken).public(withheld=NOTHING), FACTS, [])["hasPart"]
    who = {"name": speaker, "description": title}
    assert metadata["spokenByCharacter"] == {name: value for name, value in who.items() if value}


def test_a_story_without_a_dek_is_described_by_how_it_begins() -> None:
    begins = text(f"<h2>Ferries</h2><p>The <b>council</b> met.</p><p>{'It heard objections. ' * 20}</p>")
    metadata = render_metadata(wanted("X", begins, dek="").public(withheld=NOTHING), FACTS, [])
    for name in ('name="description"', 'property="og:description"'):
        (described,) = re.findall(rf'<meta {name} content="([^"]*)">', metadata)
        assert described.startswith("Ferries The council met. It heard objections.")
        assert described.endswith("…")
        assert len(described) <= 163
    assert "description" not in render_metadata(wanted("X", quote()).public(withheld=NOTHING), FACTS, [])


@pytest.mark.parametrize(
    ("language", "locale"),
    [
        ("en", "en_US"),
        ("en-gb", "en_GB"),
        ("pt-BR", "pt_BR"),
        ("es", "es_ES"),
        ("ar", "ar_EG"),
        ("zh-Hant", "zh_TW"),
        ("zh-Hant-HK", "zh_HK"),
        ("sr-Latn", "sr_RS"),
        ("es-419", "es_ES"),
        ("eo", None),
    ],
)
def test_open_graph_gets_a_language_and_a_territory(language: str, locale: str | None) -> None:
    metadata = render_metadata(story(language=language).public(withheld=NOTHING), FACTS, [])
    assert re.findall(r'property="og:locale" content="([^"]*)"', metadata) == ([locale] if locale else [])


def test_nothing_that_is_empty_is_reported() -> None:
    assert "" not in news_article(wanted("X", text()).public(withheld=NOTHING), FACTS, []).values()


def test_a_picture_is_reported_at_the_width_that_previews_show() -> None:
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
