"""A wrong figure in the headline, the text and a caption is put right in one go, and looked for elsewhere."""

from __future__ import annotations

from io import BytesIO
from uuid import uuid4

import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from stories.actions.editing.pictures import store_picture
from stories.domain.snapshot import ImageBlock
from stories.models import Article, User
from tests.browser import sign_in
from tests.factories import begin, go_live, minutes, text, wanted
from tests.journeys.conftest import Clock
from tests.journeys.writing import editor_of, expect_live, publish, write_over

pytestmark = pytest.mark.django_db(transaction=True)

STORY = "/stories/harrow-letter/"
TOLD = "An earlier version of this story gave a wrong number of signatures, in the headline too."


def picture(user: User, caption: str) -> ImageBlock:
    drawn = BytesIO()
    Image.new("RGB", (640, 360), "steelblue").save(drawn, "PNG")
    stored = store_picture(content=drawn.getvalue(), user=user)
    return ImageBlock(
        key=uuid4(), picture=stored.pk, width=640, height=360, alt_text="A pile of paper", caption=caption
    )


@pytest.fixture
def article(clock: Clock, emil: User) -> Article:
    """Return a live story with the figure in three places; two other live stories, one of which has it too."""
    article = begin(
        wanted(
            "A letter with 412 names reaches Harrow",
            text("<p>It was signed by 412 employees. The company counts 9,000.</p>"),
            picture(emil, "The 412 signatures, printed out."),
            slug="harrow-letter",
        ),
        user=emil,
    )
    took_over = text("<p>After a letter from 412 employees the sheriff spoke.</p>")
    for number, story in enumerate(
        [wanted("The sheriff answers", took_over, slug="sheriff"), wanted("Ferry 4128 sails", slug="ferry")]
    ):
        go_live(begin(story, user=emil), user=emil, at=minutes(number))
    go_live(article, user=emil, at=minutes(10))
    clock.now = minutes(60)
    return article


def put_right_everywhere(page: Page) -> None:
    page.get_by_role("link", name="Fix what is live").click()
    page.get_by_label("Headline").fill("A letter with 214 names reaches Harrow")
    write_over(editor_of(page, "textblock_set-0"), "412", "214")
    page.locator("#id_imageblock_set-0-caption").fill("The 214 signatures, printed out.")
    page.get_by_role("button", name="Review this fix").click()


def say_it_in_one_correction(page: Page) -> None:
    expect(page.get_by_role("heading", name="Review this fix")).to_be_visible()
    expect(page.get_by_text("A change of substance.", exact=True)).to_be_visible()
    expect(page.locator(".comparison ins", has_text="214")).to_have_count(3)
    offers = page.locator(".was-now-fields")
    was, now = offers.get_by_label("It said (optional)"), offers.get_by_label("Corrected to")
    expect(was).to_be_hidden()
    page.get_by_label("An error of ours: readers get a correction").check()
    expect(page.get_by_label("Correction: what stood there was wrong")).to_be_checked()
    expect(was).to_have_value("letter with 412 names reaches Harrow")
    signed = offers.get_by_role("listitem").filter(has_text="signed by 412 employees")
    signed.get_by_role("button", name="Use these words").click()
    expect(was).to_have_value("signed by 412 employees")
    expect(now).to_have_value("signed by 214 employees")
    page.get_by_label("Note to readers").fill(TOLD)
    publish(page)


def look_elsewhere(page: Page) -> None:
    """Expect the story with the figure in the list, and not the one that only looks like it."""
    elsewhere = page.get_by_role("region", name="Other live stories that hold the corrected words")
    expect(elsewhere.get_by_label("Look for")).to_have_value("signed by 412 employees; 412")
    expect(elsewhere.get_by_role("listitem")).to_have_count(1)
    expect(elsewhere.get_by_role("link", name="The sheriff answers")).to_be_visible()
    expect(elsewhere.get_by_text("After a letter from 412 employees the sheriff spoke.")).to_be_visible()
    elsewhere.get_by_role("link", name="Fix what is live").click()
    expect(editor_of(page, "textblock_set-0")).to_contain_text("After a letter from 412 employees")


def read_it(reader: Page) -> None:
    reader.goto(STORY)
    expect(reader.get_by_role("heading", name="A letter with 214 names reaches Harrow")).to_be_visible()
    expect(reader.get_by_text("It was signed by 214 employees.")).to_be_visible()
    expect(reader.get_by_text("The 214 signatures, printed out.")).to_be_visible()
    corrections = reader.get_by_role("region", name="Corrections")
    expect(corrections.get_by_text(TOLD)).to_have_count(1)
    expect(corrections.get_by_text("signed by 412 employees")).to_be_visible()
    expect(corrections.get_by_text("signed by 214 employees")).to_be_visible()
    expect(reader.get_by_role("link", name="All 2 versions of this story")).to_be_visible()


def test_a_wrong_figure_in_three_places_is_corrected_by_one_fix_and_one_note(
    page: Page, reader: Page, live_server: LiveServer, emil: User, article: Article
) -> None:
    sign_in(page, live_server, emil)
    page.goto(f"/admin/stories/article/{article.pk}/change/")
    put_right_everywhere(page)
    say_it_in_one_correction(page)
    expect_live(page, 2)
    look_elsewhere(page)
    read_it(reader)
