"""A story that is developing says so, where it is read and where it is listed, until it is not."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from stories.actions.publishing.developing_mode import end_developing, start_developing
from stories.domain.snapshot import NoteKind
from stories.models import Article, User
from stories.queries.story.snapshots import working_snapshot
from tests.factories import (
    begin,
    byline,
    change,
    go_live,
    make_author,
    make_section,
    minutes,
    note,
    text,
    wanted,
)
from tests.public.test_story import read
from tests.rendering.markup import visible

pytestmark = pytest.mark.django_db

STORY = "/stories/fire-at-the-mill/"
BANNER = "This story is developing. It changes as we learn more; every change is in its versions."


def make_fire(user: User) -> Article:
    """Create a story developing since 300 minutes after the fixed morning, at version 2 by a line."""
    article = begin(
        wanted(
            "Fire at the mill",
            text("<p>The mill burns.</p>"),
            section=make_section("city", "City").pk,
            bylines=(byline(make_author()),),
        ),
        user=user,
    )
    go_live(article, user=user, at=minutes(290))
    start_developing(article=article, user=user, at=minutes(300), reason="the fire goes on")
    develop(article, user, minutes(310), "Crews from Orland have arrived.")
    return article


def develop(article: Article, user: User, at: datetime, line: str) -> None:
    blocks = working_snapshot(article).blocks
    change(article, user=user, at=at, blocks=(*blocks, text(f"<p>{line}</p>")))
    go_live(
        article, user=user, at=at, publication_class="developing", reason=f"Line: {line}", cause="moved-on"
    )


def see_at(monkeypatch: pytest.MonkeyPatch, at: datetime) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: at)


def test_a_developing_story_says_so_above_its_headline(client: Client, maya: User) -> None:
    make_fire(maya)
    html = read(client, STORY)
    page = visible(html)
    assert page.index(BANNER) < page.index("Published March 2")
    assert f'<a href="{STORY}versions/">its versions</a>' in html
    assert "the fire goes on" not in page, "why it was switched on is the newsroom's own"


@pytest.mark.parametrize("address", ["/", "/section/city/", "/author/ines-calder/"])
def test_lists_say_so_on_its_card_alone(client: Client, maya: User, address: str) -> None:
    make_fire(maya)
    quiet = wanted("A quiet day", section="city", bylines=(byline(make_author()),))
    go_live(begin(quiet, user=maya), user=maya, at=minutes(5))
    cards = read(client, address).split('<article class="card">')[1:]
    assert ["Developing" in visible(card) for card in cards] == [True, False]


@pytest.mark.parametrize("below", ["versions/1/", "versions/2/", "compare/1...2/"])
def test_what_does_not_change_says_nothing_of_it(client: Client, maya: User, below: str) -> None:
    make_fire(maya)
    assert "developing" not in visible(read(client, f"{STORY}{below}")).lower()


def test_the_banner_goes_by_itself_when_its_time_is_over(
    client: Client, maya: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_fire(maya)
    see_at(monkeypatch, minutes(659))
    assert BANNER in visible(read(client, STORY))
    see_at(monkeypatch, minutes(660))
    assert BANNER not in visible(read(client, STORY))
    assert "Developing" not in visible(read(client, "/"))


def test_the_banner_stays_as_long_as_it_is_extended(
    client: Client, maya: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = make_fire(maya)
    start_developing(article=article, user=maya, at=minutes(600))
    see_at(monkeypatch, minutes(959))
    assert BANNER in visible(read(client, STORY))


def test_ending_it_takes_the_banner_away_and_leaves_one_note(client: Client, maya: User) -> None:
    article = make_fire(maya)
    summary = note("The fire was put out; nobody was hurt.", NoteKind.UPDATE)
    end_developing(article=article, note=summary, user=maya, at=minutes(400))
    page = visible(read(client, STORY))
    assert BANNER not in page
    updates = page[page.index("Updates") :]
    assert "The fire was put out; nobody was hurt." in updates
    assert "Line:" not in page
    listed = visible(read(client, f"{STORY}versions/"))
    assert "Line: Crews from Orland have arrived." in listed


def test_fifteen_lines_are_in_the_versions_and_a_correction_among_them_stays_on_top(
    client: Client, maya: User
) -> None:
    article = make_fire(maya)
    for number in range(14):
        develop(article, maya, minutes(320 + number * 10), f"Crew {number} has arrived.")
        if number == 6:
            wrong = note("The mill was misnamed.", NoteKind.CORRECTION)
            go_live_with(article, maya, minutes(385), wrong)
    page = visible(read(client, STORY))
    assert page.index(BANNER) < page.index("The mill was misnamed.") < page.index("The mill burns.")
    assert "Line:" not in page
    assert "Updates" not in page
    listed = visible(read(client, f"{STORY}versions/"))
    assert listed.count("Developing Line:") == 15
    assert "Correction The mill was misnamed." in listed
    assert "Line:" not in visible(read(client, "/corrections/"))


def go_live_with(article: Article, user: User, at: datetime, values: object) -> None:
    change(article, user=user, at=at, update_notes=(*working_snapshot(article).update_notes, values))
    go_live(article, user=user, at=at)


def test_a_warm_developing_story_takes_one_query(
    client: Client, maya: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_fire(maya)
    read(client, STORY)
    with django_assert_num_queries(1):
        assert BANNER in visible(read(client, STORY))


def test_the_banner_comes_and_goes_over_a_page_that_is_kept(
    client: Client, maya: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    article = begin(wanted("Fire at the mill"), user=maya)
    go_live(article, user=maya, at=minutes(290))
    see_at(monkeypatch, minutes(295))
    quiet = client.get(STORY)
    start_developing(article=article, user=maya, at=minutes(300))
    see_at(monkeypatch, minutes(301))
    for known in (
        {"if-none-match": quiet["ETag"]},
        {"if-modified-since": quiet["Last-Modified"]},
    ):
        response = client.get(STORY, headers=known)
        assert response.status_code == 200
        assert BANNER in visible(response.content.decode())
    assert client.get(STORY, headers={"if-none-match": response["ETag"]}).status_code == 304
    see_at(monkeypatch, minutes(660))
    over = client.get(STORY, headers={"if-none-match": response["ETag"]})
    assert over.status_code == 200
    assert over.content == quiet.content


def test_a_developing_page_is_kept_no_longer_than_another(client: Client, maya: User) -> None:
    make_fire(maya)
    assert client.get(STORY)["Cache-Control"].startswith("public, max-age=60")
