"""What is typed into the short forms around a story outlives a sign-in that ran out, a server that fails, a crash."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from stories.actions.comment_desk.desk_records import save_desk_record
from stories.actions.publishing.review_requests import offer
from stories.models import Article, Assignment, ContactAttempt, DeskRecord, ReviewRequest, User, Withdrawal
from tests.browser import sign_in
from tests.factories import PASSWORD, begin, change, go_live, request, wanted
from tests.journeys.conftest import Clock

pytestmark = pytest.mark.django_db(transaction=True)

ASKED = request("Corvid Systems")
PUT_BACK = "What you had typed here before was put back."
TYPED = "Typed on deadline, with great care."


@pytest.fixture
def article(clock: Clock, emil: User, maya: User) -> Article:
    """Return a live story that asks for comment, with an edit that another editor offers."""
    article = begin(wanted("Council hears objections", comment_requests=(ASKED,)), user=maya)
    go_live(article, user=maya)
    change(article, user=maya, dek="One more line.")
    offer(article=article, revision=2, user=emil)
    return article


def page_of(name: str, article: Article) -> str:
    return f"/admin/stories/article/{article.pk}/{name}/"


def request_of(article: Article) -> str:
    return page_of(f"requests/{ASKED.key}", article)


def let_the_sign_in_expire(page: Page) -> None:
    Session.objects.all().delete()


def let_the_server_fail(page: Page) -> None:
    """Let the server fail for the next form that is sent."""
    page.route(
        "**/*",
        lambda route: (
            route.fulfill(status=200, content_type="text/html", body="<h1>Server error</h1>")
            if route.request.method == "POST" and "presence" not in route.request.url
            else route.fallback()
        ),
    )


def come_back(page: Page, address: str, user: User) -> None:
    """Go back to the page that was sent, signing in again if asked to."""
    page.unroute_all()
    if "/login/" in page.url:
        page.get_by_label("E-mail address").fill(user.email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
    else:
        page.goto(address)


SHORT_FORMS = [
    ("offer", "What is missing?", "Send back"),
    ("assign", "What is to be done?", "Assign"),
    ("withdraw", "Notice to readers", "Withdraw the story"),
    ("developing", "Why?", "Switch developing mode on"),
    ("embargo", "Promised to whom", "Save the embargo"),
    ("history/1/restore", "Why?", "Restore revision 1"),
    ("request", "What came of it:", "Log it"),
    ("request", "Contact:", "Save deadline and contact"),
]


@pytest.mark.parametrize("mishap", [let_the_sign_in_expire, let_the_server_fail])
def test_what_was_typed_is_put_back(
    page: Page, live_server: LiveServer, maya: User, article: Article, mishap: Callable[[Page], None]
) -> None:
    for name, label, button in SHORT_FORMS:
        sign_in(page, live_server, maya)
        address = request_of(article) if name == "request" else page_of(name, article)
        page.goto(address)
        page.get_by_label(label).fill(TYPED)
        mishap(page)
        page.get_by_role("button", name=button, exact=True).click()
        come_back(page, address, maya)
        expect(page.get_by_label(label)).to_have_value(TYPED)
        expect(page.locator(".restored:visible")).to_contain_text(PUT_BACK)
        page.get_by_role("button", name="Start over").click()
        expect(page.get_by_label(label)).to_have_value("")
        page.reload()
        expect(page.get_by_label(label)).to_have_value("")
        expect(page.locator(".restored:visible")).to_have_count(0)
    assert not Withdrawal.objects.exists()
    assert not Assignment.objects.exists()
    assert not ContactAttempt.objects.exists()
    assert ReviewRequest.objects.count() == 1


def test_once_it_is_saved_it_is_forgotten(
    page: Page, live_server: LiveServer, maya: User, article: Article
) -> None:
    sign_in(page, live_server, maya)
    page.goto(page_of("assign", article))
    page.get_by_label("What is to be done?").fill(TYPED)
    page.get_by_role("button", name="Assign", exact=True).click()
    expect(page.locator(".messagelist")).to_be_visible()
    assert Assignment.objects.get().reason == TYPED
    page.goto(page_of("assign", article))
    expect(page.get_by_label("What is to be done?")).to_have_value("")

    page.goto(request_of(article))
    page.get_by_label("What came of it:").fill(TYPED)
    page.get_by_label("Contact:").fill("The press office")
    page.get_by_role("button", name="Log it").click()
    expect(page.get_by_text("Logged.", exact=True)).to_be_visible()
    # Each form by itself: the other one's text is still there.
    expect(page.get_by_label("What came of it:")).to_have_value("")
    expect(page.get_by_label("Contact:")).to_have_value("The press office")


def test_a_form_that_is_refused_is_not_forgotten(
    page: Page, live_server: LiveServer, maya: User, article: Article
) -> None:
    sign_in(page, live_server, maya)
    page.goto(page_of("withdraw", article))
    page.get_by_label("Notice to readers").fill(TYPED)
    page.get_by_role("button", name="Withdraw the story").click()
    expect(page.locator(".errorlist")).to_be_visible()
    expect(page.get_by_label("Notice to readers")).to_have_value(TYPED)
    page.get_by_label("Why?").fill("A court’s order.")
    page.goto(page_of("history", article))
    page.goto(page_of("withdraw", article))
    expect(page.get_by_label("Notice to readers")).to_have_value(TYPED)
    expect(page.get_by_label("Why?")).to_have_value("A court’s order.")


def test_what_others_saved_since_is_reported_and_not_overwritten(
    page: Page, live_server: LiveServer, emil: User, maya: User, article: Article
) -> None:
    sign_in(page, live_server, maya)
    page.goto(request_of(article))
    page.get_by_label("Contact:").fill(TYPED)
    page.get_by_label("Contact:").blur()
    save_desk_record(article=article, request_key=ASKED.key, user=emil, contact="Theirs, the new number")
    page.goto(page_of("history", article))
    page.goto(request_of(article))
    expect(page.get_by_label("Contact:")).to_have_value(TYPED)
    page.get_by_role("button", name="Save deadline and contact").click()
    expect(page.get_by_text("Theirs, contact: Theirs, the new number")).to_be_visible()
    expect(page.get_by_label("Contact:")).to_have_value(TYPED)
    assert DeskRecord.objects.get().contact == "Theirs, the new number"


def test_of_what_was_off_the_record_this_browser_keeps_nothing(
    page: Page, live_server: LiveServer, maya: User, article: Article
) -> None:
    sign_in(page, live_server, maya)
    page.goto(request_of(article))
    page.get_by_label("They were in touch").check()
    outcome: Locator = page.get_by_label("What came of it:")
    outcome.fill(TYPED)
    assert TYPED in browser_storage(page)
    page.locator(".attempt-form").get_by_label("off the record").check()
    assert TYPED not in browser_storage(page)


def test_nobody_else_is_shown_it(
    page: Page, live_server: LiveServer, emil: User, maya: User, article: Article
) -> None:
    sign_in(page, live_server, maya)
    page.goto(page_of("assign", article))
    page.get_by_label("What is to be done?").fill(TYPED)
    sign_in(page, live_server, emil)
    page.goto(page_of("assign", article))
    expect(page.get_by_label("What is to be done?")).to_have_value("")


def browser_storage(page: Page) -> str:
    return str(page.evaluate("JSON.stringify(localStorage)"))
