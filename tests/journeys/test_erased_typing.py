"""A browser deletes what it stores of a story once words of that story are erased."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from stories.actions.takedown.erase import erase
from stories.actions.takedown.erasure_orders import approve_erasure, order_erasure
from stories.models import Article, User
from stories.models.roles import MANAGING_EDITOR
from tests.browser import sign_in
from tests.factories import begin, make_user, minutes, text, wanted

pytestmark = pytest.mark.django_db(transaction=True)

NAME = "Zebulon Quaxby"
_STORAGE = "() => Object.values(localStorage).join(' ')"


def erase_name(article: Article) -> None:
    order = order_erasure(
        article=article,
        scope="words",
        words=NAME,
        ground="court",
        authority="District Court, 4 O 12/26",
        reason="An order of the court.",
        user=make_user(MANAGING_EDITOR, name="ordering"),
    )
    approve_erasure(order=order, user=make_user(MANAGING_EDITOR, name="approving"))
    erase(order=order, at=minutes(30))


def test_typing_from_before_an_erasure_is_forgotten_and_offered_nowhere(
    page: Page, live_server: LiveServer, emil: User
) -> None:
    article = begin(wanted("A garden party", text(f"<p>The guests met {NAME}.</p>")), user=emil)
    address = f"/admin/stories/article/{article.pk}/change/"
    sign_in(page, live_server, emil)
    page.goto(address)
    page.get_by_label("Headline").fill(f"{NAME} pours tea")
    page.wait_for_function("() => Object.values(localStorage).join(' ').includes('pours tea')")
    erase_name(article)
    # On the next page of the desk, whichever it is.
    page.once("dialog", lambda dialog: dialog.accept())
    page.goto("/admin/")
    page.wait_for_function("() => !Object.values(localStorage).join(' ').includes('Quaxby')")
    page.goto(address)
    expect(page.get_by_label("Headline")).to_have_value("A garden party")
    expect(page.get_by_role("button", name="Put it back")).to_have_count(0)
    assert NAME not in page.evaluate(_STORAGE)


def test_a_form_that_was_open_all_the_while_is_refused_and_forgotten(
    page: Page, live_server: LiveServer, emil: User
) -> None:
    article = begin(wanted("A garden party", text(f"<p>The guests met {NAME}.</p>")), user=emil)
    sign_in(page, live_server, emil)
    page.goto(f"/admin/stories/article/{article.pk}/change/")
    page.get_by_label("Headline").fill("Another garden party")
    erase_name(article)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("was erased by order since you opened it")).to_be_visible()
    expect(page.get_by_label("Headline")).to_have_value("A garden party")
    assert NAME not in page.content()
    assert NAME not in page.evaluate(_STORAGE)
