"""Search finds what is live, by any of its words, and nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from stories.actions.takedown.withdrawals import withdraw
from stories.domain.snapshot import StoryKind
from stories.models import User
from stories.queries.site import search as queries
from tests.factories import begin, change, go_live, minutes, text, wanted
from tests.public.stories import make_answer, make_corrected
from tests.rendering.markup import visible

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


def found(client: Client, words: str) -> list[str]:
    response = client.get("/search/", {"q": words})
    assert response.status_code == 200
    return [
        unescape(each) for each in re.findall(r"<h2[^>]*><a[^>]*>(.*?)</a></h2>", response.content.decode())
    ]


@pytest.fixture(autouse=True)
def stories(maya: User) -> None:
    make_answer(maya)
    make_corrected(maya)


def test_a_story_is_found_by_its_words_in_any_form(client: Client) -> None:
    for words in (
        "corvid",
        "CORVID staff",
        "suspect",
        "believing",
        '"believe in the service"',
        "first answer",
    ):
        assert found(client, words) == ["Corvid answers its staff"], words


def test_all_the_words_must_stand_in_it(client: Client) -> None:
    assert found(client, "corvid ferries") == []


def test_a_word_of_the_headline_weighs_more_than_one_of_the_text(client: Client, maya: User) -> None:
    other = wanted("Ships", text("<p>The ferries came in late, and a ferry left.</p>"), slug="ships")
    go_live(begin(other, user=maya), user=maya, at=minutes(90))
    assert found(client, "ferry") == ["Ferry budget approved", "Ships"]


def test_it_says_how_many_were_found_and_in_which_order(
    client: Client, maya: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = wanted("Ships", text("<p>The ferries came in late, and a ferry left.</p>"), slug="ships")
    go_live(begin(other, user=maya), user=maya, at=minutes(90))

    def said(query: str) -> str:
        return visible(client.get(f"/search/?{query}").content.decode())

    assert "One story was found." in said("q=corvid")
    assert "2 stories were found." in said("q=ferry")
    newest = said("q=ferry&order=newest")
    assert "The newest come first." in newest
    assert newest.index("Ships") < newest.index("Ferry budget approved")
    assert 'href="/search/?q=ferry&amp;order=newest"' in client.get("/search/?q=ferry").content.decode()
    monkeypatch.setattr(queries, "MOST_COUNTED", 1)
    monkeypatch.setattr("stories.public.views.search.MOST_COUNTED", 1)
    assert "More than 1 stories were found." in said("q=ferry")


def test_what_is_no_longer_or_not_yet_live_is_not_found(client: Client) -> None:
    for words in ("beleive", "nobody published"):
        assert "Corvid answers its staff" not in found(client, words)
    for words in ("$40", "40"):
        assert found(client, words) == []


def test_a_withdrawn_story_is_not_found(client: Client, maya: User) -> None:
    article = begin(wanted("A gone story", text("<p>Unmistakable.</p>"), slug="gone"), user=maya)
    go_live(article, user=maya, at=minutes(80))
    assert found(client, "unmistakable") == ["A gone story"]
    withdraw(article=article, user=maya, notice="Gone.", reason="As agreed", at=minutes(90))
    assert found(client, "unmistakable") == []


def test_a_pending_version_is_not_found_before_its_time(
    client: Client, maya: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = begin(wanted("Later", text("<p>Unmistakable.</p>")), user=maya)
    go_live(article, user=maya, at=minutes(80), live_from=minutes(700))
    assert found(client, "unmistakable") == []
    monkeypatch.setattr("django.utils.timezone.now", lambda: minutes(701))
    assert found(client, "unmistakable") == ["Later"]


def test_a_page_of_the_site_is_found_too(client: Client, maya: User) -> None:
    policy = wanted("How we correct", text("<p>Promptly.</p>"), kind=StoryKind.PAGE)
    go_live(begin(policy, user=maya), user=maya, at=minutes(80))
    assert found(client, "promptly") == ["How we correct"]


def test_the_words_are_marked_in_a_passage(client: Client) -> None:
    page_html = client.get("/search/", {"q": "suspect"}).content.decode()
    assert "<mark>suspect</mark>" in page_html


def test_a_passage_is_of_what_stands_below_the_headline(client: Client) -> None:
    page_html = client.get("/search/", {"q": "corvid"}).content.decode()
    passage = visible(page_html[page_html.index('<p class="passage"') : page_html.index('<p class="times"')])
    assert "Corvid Systems answered its staff" in passage
    assert "Corvid answers its staff" not in passage


def test_whatever_is_typed_is_words_and_no_language(client: Client) -> None:
    typed = [
        '"',
        "' OR 1=1 --",
        "headline:x",
        "a AND",
        "NEAR(",
        "*",
        "(",
        "^",
        "-",
        "!!",
        "\x00",
        "💥",
        "<b>",
    ]
    for words in (*typed, "x" * 5_000):
        response = client.get("/search/", {"q": words})
        assert response.status_code == 200, words
        assert "<b>" not in response.content.decode()


def test_markup_in_a_story_is_text_in_a_passage(client: Client, maya: User) -> None:
    story = wanted("Tags", text("<p>Write &lt;script&gt; unmistakably.</p>"))
    go_live(begin(story, user=maya), user=maya, at=minutes(80))
    page_html = client.get("/search/", {"q": "unmistakably"}).content.decode()
    assert "<script>" not in page_html.partition("</head>")[2]
    assert "<mark>unmistakably</mark>" in page_html


def test_pages_of_results_follow_each_other(
    client: Client, maya: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE_LENGTH", 2)
    for number in range(3):
        story = wanted(f"Number {number}", text("<p>Unmistakable.</p>"))
        go_live(begin(story, user=maya), user=maya, at=minutes(80 + number))
    first = client.get("/search/", {"q": "unmistakable"}).content.decode()
    assert "page=2" in first
    second = client.get("/search/", {"q": "unmistakable", "page": "2"}).content.decode()
    assert "Number 0" in second
    assert "page=3" not in second


def test_a_new_version_takes_the_place_of_the_old(client: Client, maya: User) -> None:
    article = begin(wanted("Moving", text("<p>An unmistakable word.</p>")), user=maya)
    go_live(article, user=maya, at=minutes(80))
    change(article, user=maya, blocks=(text("<p>Another word entirely.</p>"),))
    go_live(
        article, user=maya, at=minutes(90), publication_class="override", reason="As agreed", cause="moved-on"
    )
    assert found(client, "unmistakable") == []
    assert found(client, "entirely") == ["Moving"]


def test_a_search_costs_two_queries_and_three_for_the_frame(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.get("/search/", {"q": "corvid"})
    # On PostgreSQL a setting too, in a savepoint.
    with django_assert_num_queries(2 if connection.vendor == "sqlite" else 6):
        client.get("/search/", {"q": "corvid"})


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the steps of a plan of PostgreSQL."""
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes(part)


@pytest.mark.postgres
def test_a_phrase_is_looked_for_in_the_texts_of_live_versions_alone(maya: User) -> None:
    """Reading a text takes far longer than all else, and a story has several versions."""
    article = begin(wanted("Grown", text("<p>An unmistakable word.</p>")), user=maya)
    go_live(article, user=maya, at=minutes(80))
    for number in range(4):
        change(article, user=maya, blocks=(text(f"<p>An unmistakable word. And {number}.</p>"),))
        go_live(
            article,
            user=maya,
            at=minutes(90 + number),
            publication_class="override",
            reason="As agreed",
            cause="moved-on",
        )
    with CaptureQueriesContext(connection) as asked:
        found = queries.search('"unmistakable word"', at=minutes(500)).results
    assert [each.version.headline for each in found] == ["Grown"]
    (question,) = (each["sql"] for each in asked if "candidate" in each["sql"])
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + question.replace("%", "%%"), [])
        explained = cursor.fetchone()[0]
    plan = (json.loads(explained) if isinstance(explained, str) else explained)[0]["Plan"]
    (reads,) = (node for node in nodes(plan) if "text_words" in node.get("Filter", ""))
    assert reads["Node Type"] == "Subquery Scan"
    assert reads["Actual Rows"] + reads.get("Rows Removed by Filter", 0) == 1


@pytest.mark.postgres
def test_a_search_that_takes_too_long_is_given_up_with_a_sentence(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(*_args: object, **_options: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 20")
            cursor.execute("SELECT pg_sleep(20)")

    monkeypatch.setattr("stories.public.views.search.find", slow)
    client.raise_request_exception = False
    response = client.get("/search/", {"q": "corvid"})
    assert response.status_code == 503
    assert response["Retry-After"] == "5"
    page_html = visible(response.content.decode())
    assert "This page took too long to make, so we gave it up." in page_html
    assert "ask for fewer words" in page_html
    assert "does not answer" not in page_html
