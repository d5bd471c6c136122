"""An auditor's morning: from the front page to what nobody was told about, a question, its answer, a sign-off."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from stories.models import Answer, Article, Question, SignOff, User
from stories.models.roles import AUDITOR
from stories.queries.verification import Verification
from tests.browser import barriers, sign_in
from tests.factories import begin, change, go_live, make_user, minutes, text, wanted
from tests.journeys.conftest import Clock

pytestmark = pytest.mark.django_db(transaction=True)

QUESTION = "The headline says something else now. Why were readers not told?"
ANSWER = "The text said so from the start; the headline had been cut too short."


@pytest.fixture
def article(clock: Clock, emil: User, maya: User) -> Article:
    """Return a live story whose headline was changed by override, without a note."""
    story = wanted("Council hears staff", text("<p>The council met on Monday and heard the staff.</p>"))
    article = begin(story, user=emil)
    go_live(article, user=emil, at=minutes(10))
    change(article, user=emil, headline="Council refuses staff", at=minutes(20))
    go_live(article, user=maya, at=minutes(30), publication_class="override", reason="As the text has it")
    clock.now = minutes(120)
    return article


@pytest.fixture
def aldo(transactional_db: None) -> User:
    return make_user(AUDITOR)


def test_from_the_front_page_to_the_unannounced_change_a_question_its_answer_and_the_sign_off(
    page: Page, live_server: LiveServer, article: Article, aldo: User, maya: User
) -> None:
    sign_in(page, live_server, aldo)
    page.goto("/admin/")
    page.get_by_role("link", name="Audit desk").click()
    page.get_by_role("link", name="Unannounced changes").click()
    line = page.get_by_role("listitem").filter(has_text="by override")
    expect(line).to_contain_text("As the text has it")
    expect(line).to_contain_text("overridden by Maya Managing")
    line.get_by_role("link", name="Entry").click()
    expect(page.locator("del").filter(has_text="hears")).to_be_visible()
    expect(page.locator("ins").filter(has_text="refuses")).to_be_visible()
    page.get_by_label("Your question").fill(QUESTION)
    page.get_by_role("button", name="Ask").click()
    expect(page.get_by_text("Your question is put to Maya Managing.")).to_be_visible()
    entry = page.url

    page.context.clear_cookies()
    sign_in(page, live_server, maya)
    page.goto("/admin/")
    page.get_by_role("region", name="Auditors ask").get_by_role("link", name=QUESTION).click()
    expect(page.get_by_text("As the text has it")).to_be_visible()
    assert barriers(page) == []
    page.get_by_label("Your answer").fill(ANSWER)
    page.get_by_role("button", name="Answer").click()
    expect(page.get_by_text("Your answer is entered.")).to_be_visible()
    page.goto("/admin/")
    expect(page.get_by_role("region", name="Auditors ask")).to_have_count(0)

    page.context.clear_cookies()
    sign_in(page, live_server, aldo)
    page.goto(entry)
    expect(page.get_by_text(ANSWER)).to_be_visible()
    page.get_by_label("Remark").fill("Explained.")
    page.get_by_role("button", name="Sign off").click()
    expect(page.get_by_text("is signed off.")).to_be_visible()
    page.goto("/admin/audit/queues/unannounced/?unsigned=1")
    expect(page.get_by_text("Nothing here waits to be signed off.")).to_be_visible()

    assert (Question.objects.count(), Answer.objects.count(), SignOff.objects.count()) == (1, 1, 1)
    assert list(Verification()) == []


def test_all_of_it_works_by_the_keyboard_and_bars_nobody(
    page: Page, live_server: LiveServer, article: Article, aldo: User
) -> None:
    sign_in(page, live_server, aldo)
    for place in ("", "ledger/", "ledger/?kind=publication&person=emil", "queues/unannounced/", "figures/"):
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(f"/admin/audit/{place}")
            assert barriers(page) == []
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.goto("/admin/audit/ledger/")
    page.get_by_label("Who").focus()
    page.keyboard.type("maya")
    page.keyboard.press("Enter")
    expect(page.get_by_role("listitem").filter(has_text="by override")).to_be_visible()
    assert "person=maya" in page.url
    page.get_by_role("link", name="Entry 4").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Evidence")).to_be_visible()
    assert barriers(page) == []
    page.get_by_label("Your question").focus()
    page.keyboard.insert_text(QUESTION)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Your question is put to Maya Managing.")).to_be_visible()
    assert barriers(page) == []


def test_an_entry_can_be_printed(page: Page, live_server: LiveServer, article: Article, aldo: User) -> None:
    sign_in(page, live_server, aldo)
    page.goto("/admin/audit/ledger/4/")
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", name="Evidence")).to_be_visible()
    expect(page.get_by_role("button", name="Ask")).to_be_hidden()
    expect(page.get_by_role("link", name="Audit desk")).to_be_hidden()
