"""A fire, as it develops: fifteen updates by one line each, a correction among them, and one note to end it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from stories.domain.snapshot import NoteKind
from stories.models import Article, Publication, User
from stories.queries.story.snapshots import working_snapshot
from tests.browser import sign_in
from tests.factories import begin, change, go_live, minutes, note, text, wanted
from tests.journeys.conftest import Clock
from tests.journeys.writing import expect_live, publish

pytestmark = pytest.mark.django_db(transaction=True)

STORY = "/stories/fire-at-the-mill/"
FIRST_WORDS = "The mill on the river is burning."
BANNER = "This story is developing."
CORRECTION = "We misnamed the mill’s owner."
SUMMARY = "The fire was put out by noon. Nobody was hurt."
BY_HAND, IN_ALL, CORRECTED_AFTER = 3, 15, 7


@pytest.fixture
def article(clock: Clock, emil: User) -> Article:
    article = begin(wanted("Fire at the mill", text(f"<p>{FIRST_WORDS}</p>")), user=emil)
    go_live(article, user=emil, at=minutes(5))
    return article


def news(number: int) -> str:
    return f"Another engine has come, the crews say in report {number}."


def line(number: int) -> str:
    return f"Report {number} of the crews was added."


def add_news(article: Article, user: User, number: int) -> None:
    blocks = working_snapshot(article).blocks
    change(article, user=user, at=minutes(number * 10), blocks=(*blocks, text(f"<p>{news(number)}</p>")))


def publish_by_hand(page: Page, article: Article, number: int) -> None:
    """Publish an update from the review page, which proposes one line."""
    page.goto(f"/admin/stories/article/{article.pk}/publish/")
    expect(page.locator(".comparison ins", has_text=news(number))).to_be_visible()
    expect(
        page.get_by_label("Developing: the text below is one line in the list of versions")
    ).to_be_checked()
    page.get_by_label("Note to readers").fill(line(number))
    publish(page)
    expect_live(page, number + 1)


def correct(article: Article, user: User) -> None:
    notes = (*working_snapshot(article).update_notes, note(CORRECTION, NoteKind.CORRECTION))
    change(article, user=user, at=minutes(CORRECTED_AFTER * 10 + 1), update_notes=notes)
    go_live(article, user=user, at=minutes(CORRECTED_AFTER * 10 + 1))


def expect_correction_on_top(reader: Page) -> None:
    """Expect the correction above the story's first words, and in no update."""
    corrections = reader.get_by_role("region", name="Corrections to this story")
    expect(corrections.get_by_text(CORRECTION)).to_be_visible()
    expect(corrections.get_by_role("listitem")).to_have_count(1)
    told, begins = corrections.bounding_box(), reader.get_by_text(FIRST_WORDS).bounding_box()
    assert told is not None
    assert begins is not None
    assert told["y"] + told["height"] <= begins["y"]


def test_a_story_develops_by_lines_is_corrected_in_view_and_summed_up_by_one_note(
    page: Page, reader: Page, live_server: LiveServer, clock: Clock, emil: User, article: Article
) -> None:
    clock.now = minutes(8)
    sign_in(page, live_server, emil)
    page.goto(f"/admin/stories/article/{article.pk}/change/")
    page.get_by_role("link", name="Developing").click()
    page.get_by_label("Why?").fill("The fire goes on.")
    page.get_by_role("button", name="Switch developing mode on").click()
    expect(page.get_by_text("Readers are told that the story is developing")).to_be_visible()
    expect(page.get_by_text("Developing until 2 Mar 2026, 15:08")).to_be_visible()
    reader.goto(STORY)
    expect(reader.get_by_text(BANNER)).to_be_visible()

    for number in range(1, IN_ALL + 1):
        add_news(article, emil, number)
        clock.now = minutes(number * 10)
        if number <= BY_HAND:
            publish_by_hand(page, article, number)
        else:
            go_live(article, user=emil, at=clock.now, publication_class="developing", reason=line(number))
        if number == CORRECTED_AFTER:
            correct(article, emil)
    clock.now = minutes(160)

    reader.reload()
    expect(reader.get_by_text(BANNER)).to_be_visible()
    expect_correction_on_top(reader)
    expect(reader.get_by_text(news(IN_ALL))).to_be_visible()
    expect(reader.get_by_role("heading", name="Updates")).to_have_count(0)
    for number in range(1, IN_ALL + 1):
        expect(reader.get_by_text(line(number))).to_have_count(0)
    expect(reader.get_by_text("The fire goes on.")).to_have_count(0)

    reader.get_by_role("link", name="its versions").click()
    expect(reader.locator(".developing-line")).to_have_text(
        [f"Developing {line(number)}" for number in range(IN_ALL, 0, -1)]
    )
    expect(reader.get_by_text(CORRECTION)).to_have_count(1)

    page.goto(f"/admin/stories/article/{article.pk}/developing/")
    page.get_by_label("What developed, in one note").fill(SUMMARY)
    page.get_by_role("button", name="Publish the summary and end it").click()
    expect_live(page, 18)
    expect(page.get_by_text("Developing (until")).to_have_count(0)

    reader.goto(STORY)
    reader.reload()
    expect(reader.get_by_text(BANNER)).to_have_count(0)
    expect_correction_on_top(reader)
    updates = reader.get_by_role("region", name="Updates")
    expect(updates.get_by_role("listitem")).to_have_count(1)
    expect(updates.get_by_text(SUMMARY)).to_be_visible()
    expect(reader.get_by_role("link", name="All 18 versions of this story")).to_be_visible()

    classes = [each.publication_class for each in Publication.objects.order_by("pk")]
    assert classes == ["first", *["developing"] * 7, "noted", *["developing"] * 8, "noted"]
