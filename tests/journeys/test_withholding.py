"""Words are hidden at once by one managing editor, confirmed by another, and in the end erased by order of both."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from stories.domain.snapshot import NoteKind
from stories.models import Article, ErasureOrder, User
from stories.models.roles import MANAGING_EDITOR
from tests.browser import sign_in
from tests.factories import begin, change, go_live, make_user, minutes, note, text, wanted
from tests.journeys.conftest import Clock

pytestmark = pytest.mark.django_db(transaction=True)

WORDS = "Jo Doe of Quay Street"
ADDRESSES = [
    "/stories/harbour-deal/",
    "/stories/harbour-deal/versions/",
    "/stories/harbour-deal/versions/1/",
    "/stories/harbour-deal/compare/1...2/",
    "/corrections/",
    "/search/?q=Quay",
]


@pytest.fixture
def article(clock: Clock, maya: User) -> Article:
    """Return a story at version 2 that names a source, as does its note; and a newer draft."""
    body = text(
        "<p>The harbour was sold, said Jo <em>Doe</em> of Quay&nbsp;Street.</p><p>Nobody else spoke.</p>"
    )
    article = begin(wanted("Harbour deal", body), user=maya)
    go_live(article, user=maya, at=minutes(10))
    correction = note(f"We misspelt {WORDS}.", NoteKind.CORRECTION, was="Joe Doe", now="Jo Doe")
    change(article, user=maya, at=minutes(20), update_notes=(correction,))
    go_live(article, user=maya, at=minutes(20))
    change(article, user=maya, at=minutes(30), dek=f"{WORDS} regrets it", reason=f"{WORDS} called.")
    clock.now = minutes(60)
    return article


def assert_nowhere(reader: Page) -> None:
    """Assert that no page shows the words, after the minute for which the browser may cache one."""
    for address in ADDRESSES:
        reader.goto(address)
        reader.reload()
        expect(reader.locator("main")).not_to_contain_text("Quay Street")
        assert "Quay" not in reader.content().replace("q=Quay", "").replace('value="Quay"', "").replace(
            "Search: Quay", ""
        ).replace("“Quay”", ""), address


def test_words_are_hidden_confirmed_and_erased(
    page: Page,
    reader: Page,
    browser: Browser,
    live_server: LiveServer,
    clock: Clock,
    maya: User,
    article: Article,
) -> None:
    mona = make_user(MANAGING_EDITOR, name="mona", display_name="Mona Mirth")
    sign_in(page, live_server, maya)
    page.goto(f"/admin/stories/article/{article.pk}/change/")
    page.get_by_role("link", name="Withhold").click()
    page.get_by_label("Words, wherever they stand").fill("No such words")
    page.get_by_role("button", name="Show the places").click()
    expect(page.get_by_role("alert")).to_contain_text("stand in no version and no draft")
    page.get_by_label("Words, wherever they stand").fill(WORDS.lower())
    page.get_by_role("button", name="Show the places").click()
    expect(page.get_by_role("heading", name="It stands in 3 places")).to_be_visible()
    page.get_by_label("Why?").fill("Her lawyer called at 10.")
    page.get_by_role("button", name="Hide it from readers now").click()
    expect(page.get_by_text("Choose the category.")).to_be_visible()
    expect(page.get_by_label("Why?")).to_have_value("Her lawyer called at 10.")
    page.get_by_label("Category").select_option("protection of a source")
    page.get_by_role("button", name="Hide it from readers now").click()
    expect(page.get_by_text("It is hidden from readers now.")).to_be_visible()
    expect(page.get_by_text("You withheld this yourself")).to_be_visible()

    reader.goto("/stories/harbour-deal/")
    expect(reader.get_by_text("The harbour was sold, said [words withheld].")).to_be_visible()
    expect(reader.get_by_text("We misspelt [words withheld].")).to_be_visible()
    assert_nowhere(reader)

    clock.now = minutes(60 + 25 * 60)
    other = browser.new_context(base_url=live_server.url, locale="en-US", timezone_id="UTC")
    second = other.new_page()
    sign_in(second, live_server, mona)
    second.goto("/admin/")
    part = second.locator(
        "section", has=second.get_by_role("heading", name="Withheld, to be confirmed or lifted")
    )
    expect(part).to_contain_text("overdue since")
    part.get_by_role("link", name="Harbour deal").click()
    expect(second.get_by_text("Overdue.")).to_be_visible()
    second.get_by_role("button", name="Confirm: it stays hidden").click()
    expect(second.get_by_text("Confirmed. It stays hidden until somebody lifts that.")).to_be_visible()

    page.reload()
    page.get_by_role("link", name="Erase it for good").click()
    expect(page.get_by_role("row", name="History of")).not_to_have_count(0)
    page.get_by_label("Category").select_option("protection of a source")
    page.get_by_label("By what authority").fill(f"{WORDS} herself")
    page.get_by_label("Why?").fill("She is in danger.")
    page.get_by_role("button", name="Order it erased").click()
    expect(page.get_by_text("would hold the words themselves")).to_be_visible()
    page.get_by_label("By what authority").fill("The source herself")
    page.get_by_role("button", name="Order it erased").click()
    expect(page.get_by_text("Nothing is erased yet")).to_be_visible()

    second.goto("/admin/")
    part = second.locator("section", has=second.get_by_role("heading", name="Ordered erased"))
    part.get_by_role("link", name="Harbour deal").click()
    second.get_by_role("button", name="Approve: erase it").click()
    order = ErasureOrder.objects.get()
    expect(second.get_by_text(f"manage.py erase {order.pk}").first).to_be_visible()
    call_command("erase", order.pk, stdout=StringIO())

    reader.goto("/stories/harbour-deal/")
    reader.reload()
    expect(reader.get_by_text("The harbour was sold, said [words erased].")).to_be_visible()
    assert_nowhere(reader)
    second.goto(f"/admin/stories/article/{article.pk}/history/")
    expect(second.get_by_text("[words erased] called.")).to_be_visible()
    assert "Quay" not in second.content()
    second.reload()
    second.goto(f"/admin/stories/article/{article.pk}/erase/{order.pk}/")
    expect(second.get_by_text("The source herself")).to_be_visible()
    expect(second.get_by_text("Carried out")).to_be_visible()
    other.close()
