from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Event
from typing import Any

import pytest
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve
from django.utils.cache import get_conditional_response
from pytest_django import DjangoAssertNumQueries

from stories.actions.takedown.withholdings import lift_withholding, withhold_words
from stories.models import User
from stories.models.roles import MANAGING_EDITOR
from stories.public.http import responses
from stories.public.http.budget import Budget
from stories.public.http.cache import get_or_render
from stories.public.views.stories import story
from tests.factories import change, go_live, make_user, minutes
from tests.public.stories import make_answer

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

STORY = "/stories/corvid-answers/"
PAGES = [
    "/",
    STORY,
    f"{STORY}versions/",
    f"{STORY}versions/1/",
    f"{STORY}compare/1...2/",
    "/corrections/",
    "/section/technology/",
    "/author/ines-calder/",
]
OF_A_STORY = [address for address in PAGES if address.startswith(STORY)]


@pytest.mark.parametrize("address", PAGES)
def test_a_page_that_a_reader_has_is_not_sent_again(client: Client, maya: User, address: str) -> None:
    make_answer(maya)
    first = client.get(address)
    again = client.get(address, headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304
    assert not again.content
    assert again["ETag"] == first["ETag"]
    assert again["Cache-Control"] == first["Cache-Control"]


@pytest.mark.parametrize("address", OF_A_STORY)
def test_a_page_of_a_story_takes_one_query_and_one_that_a_reader_has_is_not_rendered(
    client: Client,
    maya: User,
    address: str,
    django_assert_num_queries: DjangoAssertNumQueries,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_answer(maya)
    first = client.get(address)
    with django_assert_num_queries(1):
        assert client.get(address).content == first.content
    # Another process has the page's name, and not the page.
    cache.clear()
    monkeypatch.setattr("stories.public.http.responses.render_to_string", None)
    with django_assert_num_queries(2):
        for conditions in ({"if-none-match": first["ETag"]}, {"if-modified-since": first["Last-Modified"]}):
            assert client.get(address, headers=conditions).status_code == 304


@pytest.mark.parametrize("address", [f"{STORY}versions/9/", f"{STORY}compare/1...9/"])
def test_what_is_not_there_is_so_for_who_claims_to_have_it_too(
    client: Client, maya: User, address: str
) -> None:
    make_answer(maya)
    conditions = {"if-none-match": "*", "if-modified-since": "Sat, 01 Jan 2050 00:00:00 GMT"}
    assert client.get(address, headers=conditions).status_code == 404


@pytest.mark.parametrize("address", OF_A_STORY)
def test_a_page_that_changed_while_it_was_read_is_made_again_and_kept_under_no_other_name(
    client: Client, maya: User, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = make_answer(maya)
    mona = make_user(MANAGING_EDITOR, name="mona")
    hide = partial(
        withhold_words, article=article, words="believe", user=mona, ground="court", reason="An order"
    )
    withheld = hide(at=minutes(90))

    is_known = get_conditional_response

    def published_meanwhile(*arguments: Any, **named: Any) -> HttpResponse | None:
        monkeypatch.setattr(responses, "get_conditional_response", is_known)
        lift_withholding(withholding=withheld, user=maya, reason="Settled.", at=minutes(91))
        return is_known(*arguments, **named)

    monkeypatch.setattr(responses, "get_conditional_response", published_meanwhile)
    answer = client.get(address)
    assert answer.status_code == 200
    hide(at=minutes(92))
    assert b"believe" not in client.get(address).content


@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_the_same_for_everyone(client: Client, maya: User, address: str) -> None:
    make_answer(maya)
    reader = client.get(address)
    client.force_login(maya)
    editor = client.get(address)
    assert reader.content == editor.content
    for response in (reader, editor):
        assert not response.cookies
        assert "Cookie" not in response.get("Vary", "")
        assert response["Cache-Control"].startswith("public, max-age=")
        assert "immutable" not in response["Cache-Control"]


def test_the_live_story_is_kept_a_minute_and_longer_when_we_are_down(client: Client, maya: User) -> None:
    make_answer(maya)
    story = client.get(STORY)
    assert story["Cache-Control"] == "public, max-age=60, stale-while-revalidate=300, stale-if-error=86400"
    assert story["Last-Modified"] == "Mon, 02 Mar 2026 09:30:00 GMT"
    assert client.get(f"{STORY}versions/1/")["Cache-Control"] == "public, max-age=300"


def test_a_new_version_is_a_new_page(client: Client, maya: User) -> None:
    article = make_answer(maya)
    first = client.get(STORY)
    change(article, user=maya, at=minutes(50), dek="Another answer")
    go_live(article, user=maya, at=minutes(50), publication_class="override", reason="a dek")
    again = client.get(STORY, headers={"if-none-match": first["ETag"]})
    assert again.status_code == 200
    assert "Another answer" in again.content.decode()


def test_a_reader_who_only_knows_the_time_is_answered_too(client: Client, maya: User) -> None:
    make_answer(maya)
    modified = client.get(STORY)["Last-Modified"]
    assert client.get(STORY, headers={"if-modified-since": modified}).status_code == 304


def test_a_head_request_has_the_headers_of_a_get(client: Client, maya: User) -> None:
    make_answer(maya)
    get, head = client.get(STORY), client.head(STORY)
    assert head["ETag"] == get["ETag"]
    assert not head.content


@pytest.mark.parametrize(
    ("address", "lists"),
    [("/", True), ("/corrections/", True), ("/feed/", True), ("/sitemap.xml", True)]
    + [
        (f"{STORY}{below}", False)
        for below in ("", "versions/", "versions/1/", "compare/1...2/", "data.json", "feed/")
    ],
)
def test_caches_know_a_page_by_its_name(client: Client, maya: User, address: str, lists: bool) -> None:
    article = make_answer(maya)
    response = client.get(address)
    key = "lists" if lists else f"story-{article.pk}"
    assert response["Surrogate-Key"] == response["Cache-Tag"] == key


def test_a_page_is_kept_no_longer_than_until_the_next_version(
    client: Client, maya: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = make_answer(maya)
    change(article, user=maya, at=minutes(50), dek="Another answer")
    go_live(
        article,
        user=maya,
        at=minutes(50),
        live_from=minutes(700),
        publication_class="override",
        reason="a dek",
        cause="moved-on",
    )
    assert "max-age=60, stale-while-revalidate" in client.get(STORY)["Cache-Control"]
    monkeypatch.setattr("django.utils.timezone.now", lambda: minutes(700) - timedelta(seconds=20))
    cache.clear()
    for address in (STORY, "/"):
        assert client.get(address)["Cache-Control"] == "public, max-age=20, stale-if-error=86400"


def test_many_who_ask_for_one_page_at_once_have_it_rendered_once() -> None:
    made = []
    begun = Event()

    def make() -> str:
        made.append(1)
        begun.wait(5)
        return "words"

    with ThreadPoolExecutor(8) as pool:
        answers = [pool.submit(get_or_render, "page", make, seconds=60) for _ in range(8)]
        begun.set()
        assert {answer.result() for answer in answers} == {"words"}
    assert len(made) == 1


def test_what_fails_is_tried_by_the_next(client: Client) -> None:
    def fail() -> str:
        raise KeyError

    with pytest.raises(KeyError):
        get_or_render("page", fail, seconds=60)
    assert get_or_render("page", lambda: "words", seconds=60) == "words"


def test_too_many_comparisons_are_refused_with_a_retry_after(
    client: Client, maya: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_answer(maya)
    client.get(f"{STORY}compare/1...2/")
    monkeypatch.setattr("stories.public.pages.fragments.COMPARISONS", Budget(each_second=0.5, most=0.0))
    busy = client.get(f"{STORY}compare/1...3/")
    assert busy.status_code == 503
    assert int(busy["Retry-After"]) >= 1
    assert busy["Cache-Control"] == "no-store"
    # What is kept costs nothing, and is shown all the same.
    assert client.get(f"{STORY}compare/1...2/").status_code == 200


def test_a_story_is_answered_before_anybody_asks_who_reads_it(
    client: Client, maya: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_answer(maya)
    client.force_login(maya)

    def ask(*arguments: object) -> None:
        raise AssertionError("asked for the session")

    monkeypatch.setattr(SessionMiddleware, "process_request", ask)
    client.raise_request_exception = False
    response = client.get(STORY)
    assert response.status_code == 200
    assert response["X-Frame-Options"] == "DENY"
    assert int(response["Content-Length"]) == len(response.content)
    assert client.get("/").status_code == 200
    assert client.get("/search/").status_code == 500


def test_what_answers_first_is_what_stands_at_the_address() -> None:
    assert resolve(STORY).func is story
    assert resolve(STORY).kwargs == {"slug": "corvid-answers"}
