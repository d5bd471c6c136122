"""What is typed on a review page outlives a refusal, an expired sign-in, and a story that changed meanwhile."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from stories.domain.snapshot import TextBlock
from stories.models import Article, Publication, User
from stories.queries.story.snapshots import working_snapshot
from tests.browser import sign_in
from tests.factories import PASSWORD, begin, change, go_live, minutes, text, wanted
from tests.journeys.writing import choose_what_is_greyed, editor_of, expect_live, publish, write_over

pytestmark = pytest.mark.django_db(transaction=True)

WORDS = "The council counted 12 people in the old hall."
TYPED = "We gave a wrong count of the people in the hall."
FURTHER = "The clerk’s list was linked."
PUT_BACK = "What you had typed here before was put back."


@pytest.fixture
def article(emil: User) -> Article:
    """Return a live story in which a figure is about to change."""
    article = begin(wanted("Council hears objections", text(f"<p>{WORDS}</p>")), user=emil)
    go_live(article, user=emil, at=minutes(10))
    reword(article, emil, "12 people", "21 people")
    return article


def reword(article: Article, user: User, old: str, new: str) -> None:
    block = working_snapshot(article).blocks[0]
    assert isinstance(block, TextBlock)
    change(article, user=user, at=minutes(20), blocks=(replace(block, text=block.text.replace(old, new)),))


def review(page: Page, article: Article) -> None:
    page.goto(f"/admin/stories/article/{article.pk}/publish/")
    expect(page.get_by_role("heading", name="Review and publish")).to_be_visible()


def type_all(page: Page) -> None:
    """Type a correction, and a further note."""
    page.get_by_label("An error of ours: readers get a correction").check()
    page.get_by_label("Note to readers").fill(TYPED)
    page.get_by_label("It said (optional)").first.fill("12 people, say some")
    page.get_by_text("More notes in this publication").click()
    note = page.locator(".further-note").first
    note.get_by_label("Kind").select_option("update")
    note.get_by_label("Text").fill(FURTHER)


def expect_all_typed(page: Page) -> None:
    expect(page.get_by_label("An error of ours: readers get a correction")).to_be_checked()
    expect(page.get_by_label("Correction: what stood there was wrong")).to_be_checked()
    expect(page.get_by_label("Note to readers")).to_have_value(TYPED)
    expect(page.get_by_label("It said (optional)").first).to_have_value("12 people, say some")
    note = page.locator(".further-note").first
    expect(note.get_by_label("Kind")).to_have_value("update")
    expect(note.get_by_label("Text")).to_have_value(FURTHER)


def let_sign_ins_expire() -> None:
    Session.objects.all().delete()


def sign_in_by_hand(page: Page, user: User) -> None:
    """Sign in on the page that was shown instead of the requested one."""
    page.get_by_label("E-mail address").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_it_survives_a_refused_note(
    page: Page, live_server: LiveServer, emil: User, article: Article
) -> None:
    sign_in(page, live_server, emil)
    review(page, article)
    type_all(page)
    choose_what_is_greyed(page, "Minor (not possible here: a change of substance)")
    publish(page)
    expect(page.get_by_text("It is an error of ours, so readers are owed a correction.")).to_be_visible()
    page.get_by_label("Correction: what stood there was wrong").check()
    expect_all_typed(page)
    page.get_by_label("Note to readers").fill("")
    publish(page)
    expect(page.get_by_text("Tell readers what changed.")).to_be_visible()
    page.get_by_label("Note to readers").fill(TYPED)
    expect_all_typed(page)
    publish(page)
    expect_live(page, 3)
    for sentence in (TYPED, FURTHER):
        expect(page.locator(".story-notes").get_by_text(sentence)).to_be_visible()


def test_it_survives_an_expired_sign_in_and_is_gone_once_it_is_published(
    page: Page, live_server: LiveServer, emil: User, article: Article
) -> None:
    sign_in(page, live_server, emil)
    review(page, article)
    type_all(page)
    let_sign_ins_expire()
    publish(page)
    sign_in_by_hand(page, emil)
    expect(page.get_by_text(PUT_BACK)).to_be_visible()
    expect_all_typed(page)
    assert Publication.objects.count() == 1
    publish(page)
    expect_live(page, 3)

    reword(article, emil, "21 people", "22 people")
    review(page, article)
    expect(page.get_by_text(PUT_BACK)).to_be_hidden()
    expect(page.get_by_label("Note to readers")).to_have_value("")


def test_nobody_else_is_shown_what_was_typed_and_its_owner_still_is(
    page: Page, live_server: LiveServer, emil: User, maya: User, article: Article
) -> None:
    sign_in(page, live_server, emil)
    review(page, article)
    type_all(page)
    let_sign_ins_expire()
    publish(page)
    sign_in_by_hand(page, maya)
    expect(page.get_by_role("heading", name="Review and publish")).to_be_visible()
    expect(page.get_by_text(PUT_BACK)).to_be_hidden()
    expect(page.get_by_label("Note to readers")).to_have_value("")
    assert TYPED not in page.content()
    assert FURTHER not in page.content()

    let_sign_ins_expire()
    page.reload()
    sign_in_by_hand(page, emil)
    expect(page.get_by_text(PUT_BACK)).to_be_visible()
    expect_all_typed(page)


@pytest.mark.parametrize(
    ("chosen", "read"),
    [
        ("as it is shown here", "21 people in the new hall"),
        ("as you had reviewed it", "21 people in the old hall"),
    ],
)
def test_it_survives_what_somebody_else_saved_meanwhile(
    page: Page,
    reader: Page,
    live_server: LiveServer,
    emil: User,
    maya: User,
    article: Article,
    chosen: str,
    read: str,
) -> None:
    sign_in(page, live_server, emil)
    review(page, article)
    type_all(page)
    reword(article, maya, "old hall", "new hall")
    publish(page)
    sentence = page.get_by_role("alert").filter(
        has_text="Maya Managing saved revision 3 while you were reviewing."
    )
    expect(sentence).to_contain_text("Nothing was published, and what you typed is kept.")
    expect(page.locator(".comparison ins", has_text="new")).to_be_visible()
    expect_all_typed(page)
    assert Publication.objects.count() == 1
    page.get_by_label(chosen).check()
    publish(page)
    expect_live(page, 4)
    reader.goto("/stories/council-hears-objections/")
    expect(reader.get_by_text(read)).to_be_visible()
    expect(reader.get_by_text(TYPED)).to_be_visible()


def test_the_review_of_a_fix_survives_an_expired_sign_in(
    page: Page, live_server: LiveServer, emil: User, article: Article
) -> None:
    sign_in(page, live_server, emil)
    page.goto(f"/admin/stories/article/{article.pk}/fix/")
    write_over(editor_of(page, "textblock_set-0"), "12", "13")
    page.get_by_role("button", name="Review this fix").click()
    type_all(page)
    let_sign_ins_expire()
    publish(page)
    sign_in_by_hand(page, emil)
    page.get_by_role("button", name="Go on with that review").click()
    expect(page.locator(".comparison ins", has_text="13")).to_be_visible()
    expect_all_typed(page)
    publish(page)
    expect_live(page, 3)
