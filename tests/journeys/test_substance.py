"""A change of substance can't pass for a minor one; a managing editor may override that, and says why."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from stories.models import Article, User
from tests.browser import sign_in
from tests.factories import begin, go_live, minutes, text, wanted
from tests.journeys.conftest import Clock
from tests.journeys.writing import (
    choose_what_is_greyed,
    editor_of,
    expect_live,
    publish,
    save_and_review,
    write_over,
)

pytestmark = pytest.mark.django_db(transaction=True)

STORY = "/stories/council-hears-objections/"
SAID = "The mayor knew of the plan in spring."
DENIED = "The mayor did not know of the plan in spring."
EXCUSE = "Only a small thing."
REASON = "The court forbids a note before Friday."


@pytest.fixture
def article(clock: Clock, emil: User) -> Article:
    article = begin(wanted("Council hears objections", text(f"<p>{SAID}</p>")), user=emil)
    go_live(article, user=emil, at=minutes(10))
    clock.now = minutes(20)
    return article


def turn_its_meaning(page: Page, article: Article) -> None:
    page.goto(f"/admin/stories/article/{article.pk}/change/")
    write_over(editor_of(page, "textblock_set-0"), "knew", "did not know")
    save_and_review(page)


def try_it_as_minor(page: Page) -> None:
    """Expect the refusal at the kind, and all that was typed."""
    choose_what_is_greyed(page, "Minor (not possible here: a change of substance)")
    page.get_by_label("Note to readers").fill(EXCUSE)
    publish(page)
    refused = page.locator(".field-kind .errorlist")
    expect(refused).to_contain_text("This is a change of substance, so it can’t be published as minor.")
    expect(refused).to_contain_text("Add an update note.")
    expect(refused).to_be_in_viewport()
    expect(page.get_by_label("Note to readers")).to_have_value(EXCUSE)


def override(page: Page, article: Article) -> None:
    page.goto(f"/admin/stories/article/{article.pk}/change/")
    page.get_by_role("link", name="Review and publish").click()
    expect(page.get_by_label("Note to readers")).to_have_value("")
    page.get_by_label("Override: a change of substance without a note").check()
    publish(page)
    expect(page.locator(".field-text .errorlist")).to_contain_text("Say what changed, and why.")
    page.get_by_label("Note to readers").fill(REASON)
    publish(page)
    expect_live(page, 2)
    expect(page.get_by_text(REASON)).to_be_visible()


def test_a_change_of_substance_is_refused_as_minor_until_a_managing_editor_says_why(
    page: Page,
    reader: Page,
    live_server: LiveServer,
    emil: User,
    maya: User,
    article: Article,
) -> None:
    sign_in(page, live_server, emil)
    turn_its_meaning(page, article)
    expect(page.get_by_text("A change of substance.", exact=True)).to_be_visible()
    expect(page.locator("ins", has_text="did not know").first).to_be_visible()
    expect(page.get_by_label("Override: a change of substance without a note")).to_have_count(0)
    try_it_as_minor(page)
    reader.goto(STORY)
    expect(reader.get_by_text(SAID)).to_be_visible()

    sign_in(page, live_server, maya)
    override(page, article)

    for address in (STORY, f"{STORY}versions/", f"{STORY}compare/1...2/", "/corrections/"):
        reader.goto(address)
        reader.reload()
        expect(reader.get_by_role("main")).not_to_contain_text(REASON)
        expect(reader.get_by_role("main")).not_to_contain_text(EXCUSE)
    reader.goto(STORY)
    expect(reader.get_by_text(DENIED)).to_be_visible()
    reader.get_by_role("link", name="Version 2: see what changed").click()
    expect(reader.locator("ins", has_text="did not know")).to_be_visible()
