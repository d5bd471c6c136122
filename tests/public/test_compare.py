from __future__ import annotations

import re
from dataclasses import replace

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from stories.domain.diff.compare import StoryTooLong
from stories.models import User
from stories.public.pages import fragments
from tests.factories import begin, change, go_live, minutes, text, wanted
from tests.public.stories import make_answer
from tests.public.test_story import read
from tests.rendering.compare.test_comparison import without_speech
from tests.rendering.markup import visible

pytestmark = pytest.mark.django_db


def plain_changes(html: str) -> str:
    """Return a comparison without what is for screen readers alone, and without the names of its changes."""
    return re.sub(
        r' id="change-\d+" tabindex="-1"|<span id="note-[-0-9a-f]+"></span>', "", without_speech(html)
    )


def test_the_first_and_the_third_version_compared(client: Client, maya: User) -> None:
    make_answer(maya)
    html = plain_changes(read(client, "/stories/corvid-answers/compare/1...3/"))
    assert "<del>beleive (sic)</del>" in html
    assert "<ins>believe</ins>" in html
    assert "<ins>No one should be a suspect.</ins>" in html
    page = visible(html)
    assert "1 quote added" in page
    assert "1 request closed" in page
    assert "We reached out to Corvid Systems and the Liberty Watch for comment" in page
    assert "Version 1 March 2, 2026, 9:10 a.m. UTC" in page
    assert "the Liberty Watch: asked for comment answered" in page


def test_an_answers_way_leads_through_every_change(client: Client, maya: User) -> None:
    make_answer(maya)
    html = read(client, "/stories/corvid-answers/compare/1...2/")
    assert 'href="/stories/corvid-answers/compare/2...3/" rel="next"' in html
    assert 'rel="prev"' not in html


def test_the_older_version_is_always_the_left_one(client: Client, maya: User) -> None:
    make_answer(maya)
    moved = client.get("/stories/corvid-answers/compare/3...1/")
    assert (moved.status_code, moved["Location"]) == (301, "/stories/corvid-answers/compare/1...3/")
    same = client.get("/stories/corvid-answers/compare/2...2/")
    assert (same.status_code, same["Location"]) == (301, "/stories/corvid-answers/versions/2/")


@pytest.mark.parametrize("pair", ["0...1", "1...4", "5...9"])
def test_versions_that_are_not_there_cannot_be_compared(client: Client, maya: User, pair: str) -> None:
    make_answer(maya)
    assert client.get(f"/stories/corvid-answers/compare/{pair}/").status_code == 404


@pytest.mark.parametrize(
    ("query", "address"),
    [
        ("from=1&to=3", "compare/1...3/"),
        ("from=3&to=1", "compare/1...3/"),
        ("from=2&to=2", "versions/"),
        ("from=1", "versions/"),
        ("from=1&to=9", "versions/"),
        ("from=x&to=²", "versions/"),
        ("", "versions/"),
    ],
)
def test_the_form_leads_to_the_pair_that_was_picked(
    client: Client, maya: User, query: str, address: str
) -> None:
    make_answer(maya)
    chosen = client.get(f"/stories/corvid-answers/compare/?{query}")
    assert (chosen.status_code, chosen["Location"]) == (302, f"/stories/corvid-answers/{address}")


def test_a_pair_is_compared_once(
    client: Client,
    maya: User,
    django_assert_num_queries: DjangoAssertNumQueries,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_answer(maya)
    first = read(client, "/stories/corvid-answers/compare/1...3/")
    monkeypatch.setattr(fragments, "diff", None)
    with django_assert_num_queries(1):
        assert read(client, "/stories/corvid-answers/compare/1...3/") == first


def test_versions_too_long_to_compare_are_said_to_be(
    client: Client, maya: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_answer(maya)

    def too_long(*stories: object) -> None:
        raise StoryTooLong("Too long.")

    monkeypatch.setattr(fragments, "diff", too_long)
    page = read(client, "/stories/corvid-answers/compare/1...3/")
    assert "too long to be compared word by word" in page
    assert 'href="/stories/corvid-answers/versions/1/"' in page


def test_every_change_can_be_gone_to_and_the_whole_head_is_there(client: Client, maya: User) -> None:
    make_answer(maya)
    html = read(client, "/stories/corvid-answers/compare/1...3/")
    names = re.findall(r'id="(change-\d+)"', html)
    assert names == [f"change-{number}" for number in range(1, len(names) + 1)]
    assert len(names) == len(set(names)) >= 5
    assert f'data-count="{len(names)} changes"' in html
    assert '<a class="first-change" href="#change-1">Go to the first change</a>' in html
    assert "<dd>Corvid answers its staff</dd>" in html, "a headline that stayed is shown too"
    assert "<dd>A first answer</dd>" in html


def test_what_did_not_change_is_folded_and_says_how_much_it_is(client: Client, maya: User) -> None:
    paragraphs = [f"<p>Paragraph {number} of the report stays.</p>" for number in range(14)]
    block = text("".join(paragraphs))
    article = begin(wanted("A long report", block), user=maya)
    go_live(article, user=maya, at=minutes(10))
    ended = "".join([*paragraphs, "<p>One word is new.</p>"])
    change(article, user=maya, at=minutes(20), blocks=(replace(block, text=ended),))
    go_live(article, user=maya, at=minutes(20), publication_class="override", reason="One paragraph is new.")
    html = read(client, "/stories/a-long-report/compare/1...2/")
    fold = html[html.index('<details class="unchanged">') : html.index("</details>")]
    assert "<span>Show 13 unchanged paragraphs</span>" in fold
    assert "Paragraph 0" in fold
    assert "One word is new." not in fold
