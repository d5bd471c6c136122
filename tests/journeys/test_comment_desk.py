"""From the comment desk to a version in a few clicks; and what was off the record, which leaves no word anywhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client
from playwright.sync_api import Locator, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from stories.actions.comment_desk.desk_records import save_desk_record
from stories.actions.editing.assignments import assign
from stories.models import Article, ContactAttempt, DeskRecord, Revision, User
from stories.models.roles import REPORTER
from stories.queries.story.snapshots import working_snapshot
from tests.admin.typing import typed_in
from tests.browser import barriers, sign_in
from tests.erasing import bytes_of
from tests.factories import begin, change, go_live, make_user, minutes, request, text, wanted
from tests.journeys.conftest import Clock
from tests.journeys.writing import expect_live, publish
from tests.outbox import deliver_mails

pytestmark = pytest.mark.django_db(transaction=True)

DESK = "/admin/stories/deskrecord/"
STORY = "/stories/corvid-answers/"
WORDS = "No safeguard is worth the name when one machine tells both pairs of eyes where to look."
# Occurs nowhere else, not even in this file's name.
SECRET = "Quagmire-hippodrome"
MOST_CLICKS = 9


class Hand:
    """A hand on the mouse that counts its clicks; what it types is pasted into the field that it clicked."""

    def __init__(self, page: Page) -> None:
        self.page, self.clicks = page, 0

    def click(self, place: Locator) -> None:
        place.click()
        self.clicks += 1

    def paste(self, label: str, words: str) -> None:
        field = self.page.get_by_label(label, exact=True)
        self.click(field)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(words)


@pytest.fixture
def article(clock: Clock, emil: User) -> Article:
    """Return a live story whose one request is overdue."""
    asked = request("the Liberty Watch")
    story = wanted(
        "Corvid answers",
        text("<p>At a meeting Dana Whitlock spoke to the staff.</p>"),
        comment_requests=(asked,),
    )
    article = begin(story, user=emil)
    go_live(article, user=emil, at=minutes(10))
    save_desk_record(article=article, request_key=asked.key, user=emil, deadline=minutes(30))
    clock.now = minutes(60)
    return article


def open_request(page: Page, hand: Hand) -> None:
    page.goto(DESK)
    row = page.get_by_role("row", name="the Liberty Watch").first
    expect(row).to_contain_text("Overdue")
    hand.click(row.get_by_role("link", name="the Liberty Watch"))
    expect(page.get_by_role("heading", name="What came of it")).to_be_visible()


def type_the_answer(page: Page, hand: Hand) -> None:
    hand.click(page.get_by_label("They answered", exact=True))
    hand.paste("Their statement:", WORDS)
    hand.paste("Who says it, as readers know them:", "Miriam Okafor")
    hand.paste("Their title:", "director of the Liberty Watch")


def publish_the_note(page: Page, hand: Hand) -> None:
    expect(page.get_by_label("Note to readers")).to_have_value("A comment from the Liberty Watch was added.")
    publish(page)
    hand.clicks += 1


def read(reader: Page) -> None:
    reader.goto(STORY)
    expect(reader.get_by_text(WORDS)).to_be_visible()
    expect(reader.get_by_text("Miriam Okafor")).to_be_visible()
    expect(reader.get_by_text("A comment from the Liberty Watch was added.")).to_be_visible()
    expect(reader.get_by_text("reached out")).to_have_count(0)


def test_an_answer_becomes_a_version_in_under_ten_clicks(
    page: Page, reader: Page, live_server: LiveServer, emil: User, article: Article
) -> None:
    sign_in(page, live_server, emil)
    hand = Hand(page)
    open_request(page, hand)
    type_the_answer(page, hand)
    hand.click(page.get_by_role("button", name="Put it in and review"))
    publish_the_note(page, hand)
    expect_live(page, 3)
    assert hand.clicks <= MOST_CLICKS
    read(reader)
    page.goto(DESK)
    expect(page.get_by_text("0 requests")).to_be_visible()


def test_and_so_it_does_while_a_rewrite_waits(
    page: Page, reader: Page, live_server: LiveServer, emil: User, article: Article
) -> None:
    change(article, user=emil, headline="Half of a rewrite", at=minutes(20))
    sign_in(page, live_server, emil)
    hand = Hand(page)
    open_request(page, hand)
    type_the_answer(page, hand)
    hand.click(page.get_by_role("button", name="Fix what is live with it"))
    expect(page.get_by_role("heading", name="Review this fix")).to_be_visible()
    publish_the_note(page, hand)
    expect_live(page, 3)
    assert hand.clicks <= MOST_CLICKS
    read(reader)
    expect(reader.get_by_role("heading", name="Corvid answers")).to_be_visible()
    story = working_snapshot(Article.objects.get(pk=article.pk))
    assert (story.headline, len(story.blocks)) == ("Half of a rewrite", 2)
    assert DeskRecord.objects.get().statement == ""


def test_a_reporter_chases_comment_for_their_live_story_and_offers_the_answer(
    page: Page,
    live_server: LiveServer,
    emil: User,
    article: Article,
    settings: Settings,
    mailoutbox: list[EmailMessage],
) -> None:
    settings.DESK_EMAIL = ["desk@example.org"]
    rosa = make_user(REPORTER)
    assign(article=article, to=rosa, user=emil, at=minutes(40))
    sign_in(page, live_server, rosa)
    hand = Hand(page)
    open_request(page, hand)
    page.get_by_role("button", name="Log it").click()
    expect(page.get_by_text("Logged.")).to_be_visible()
    type_the_answer(page, hand)
    page.get_by_role("button", name="Put it in and send for review").click()
    expect(page.get_by_text("The answer is in the story, which is sent for review now.")).to_be_visible()
    assert Revision.objects.latest("pk").user_name == "Rosa Reporter"
    deliver_mails()
    addresses = sorted(address for mail in mailoutbox for address in mail.to)
    # The desk hears of the attempt, the answer and the offer, and of the offer whoever may publish; Rosa of her story.
    assert addresses == [*["desk@example.org"] * 3, "emil@example.org", "rosa@example.org"]
    assert not any("Corvid" in str(mail.message()) or "Liberty" in str(mail.message()) for mail in mailoutbox)


def test_all_of_it_works_by_the_keyboard_and_bars_nobody(
    page: Page, live_server: LiveServer, emil: User, article: Article
) -> None:
    sign_in(page, live_server, emil)
    page.goto(DESK)
    assert barriers(page) == []
    page.get_by_role("link", name="the Liberty Watch").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="What came of it")).to_be_visible()
    assert barriers(page) == []
    page.get_by_label("They answered", exact=True).focus()
    page.keyboard.press("Space")
    assert barriers(page) == []
    page.get_by_label("Their statement:").focus()
    page.keyboard.insert_text(WORDS)
    page.get_by_role("button", name="Put it in and review").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Review and publish")).to_be_visible()


def browser_storage(page: Page) -> str:
    return str(page.evaluate("JSON.stringify(localStorage)"))


def test_an_answer_that_was_typed_and_not_saved_is_offered_back_and_forgotten_once_saved(
    page: Page, live_server: LiveServer, emil: User, article: Article
) -> None:
    sign_in(page, live_server, emil)
    open_request(page, Hand(page))
    type_the_answer(page, Hand(page))
    # The state after a crash or an expired sign-in.
    page.goto(page.url)
    page.get_by_role("button", name="Put it back").click()
    expect(page.get_by_label("Their statement:")).to_have_value(WORDS)
    expect(page.get_by_label("Who says it, as readers know them:")).to_have_value("Miriam Okafor")
    page.get_by_role("button", name="Put it in and review").click()
    expect(page.get_by_role("heading", name="Review and publish")).to_be_visible()
    assert WORDS not in browser_storage(page)


def places_of(word: str) -> list[str]:
    """Return every table, and every file of the database, that holds a word."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - the database's own names
            if word in str(cursor.fetchall()):
                found.append(table)
    if connection.vendor == "sqlite":
        name = str(connection.settings_dict["NAME"])
        files = [Path(name + end) for end in ("", "-wal", "-journal")]
        found += [str(file) for file in files if file.exists() and word.encode() in bytes_of(file)]
    return found


def test_what_was_off_the_record_leaves_no_word_anywhere(
    page: Page,
    live_server: LiveServer,
    emil: User,
    article: Article,
    mailoutbox: list[EmailMessage],
    caplog: pytest.LogCaptureFixture,
) -> None:
    sign_in(page, live_server, emil)
    open_request(page, Hand(page))
    page.get_by_label("They answered", exact=True).check()
    page.get_by_label("Their statement:").fill(SECRET)
    assert SECRET in browser_storage(page)
    outcome = page.get_by_role("form", name="What came of it")
    outcome.get_by_label("off the record").check()
    expect(page.get_by_label("Their statement:")).to_be_hidden()
    assert SECRET not in browser_storage(page)
    expect(page.get_by_role("button", name="Put it in and review")).to_be_hidden()
    page.get_by_role("button", name="Save the outcome").click()
    expect(page.get_by_text("Saved as revision 2")).to_be_visible()

    # Nor by the other form, nor by a browser without scripts.
    attempt = page.get_by_role("form", name="Log an attempt")
    attempt.get_by_label("They were in touch").check()
    attempt.get_by_label("Channel").select_option("phone")
    attempt.get_by_label("What came of it").fill(SECRET)
    attempt.get_by_label("off the record").check()
    expect(attempt.get_by_label("What came of it")).to_be_hidden()
    page.get_by_role("button", name="Log it").click()
    expect(page.get_by_text("Logged.")).to_be_visible()
    client = Client()
    client.force_login(emil)
    address = page.url.removeprefix(live_server.url)
    values = {"terms": "off-the-record", "attempt-terms": "off-the-record"}
    for step in ("outcome", "place", "fix", "attempt"):
        typed = typed_in(client.get(address)) | values
        typed |= {"step": step, "status": "received", "statement": SECRET, "attempt-summary": SECRET}
        answer = client.post(address, typed)
        assert answer.status_code == 200
        assert SECRET not in answer.content.decode()

    assert ContactAttempt.objects.filter(terms="off-the-record", answered=True).count() == 2
    assert places_of(SECRET) == []
    assert SECRET not in caplog.text
    deliver_mails()
    assert not any(SECRET in str(mail.message()) for mail in mailoutbox)
    # Stored words are found: otherwise the search could pass by finding nothing.
    assert "stories_deskrecord" in places_of("the Liberty Watch")


def test_what_is_decided_to_be_off_the_record_is_erased_to_the_last_byte(
    emil: User, article: Article
) -> None:
    client = Client()
    client.force_login(emil)
    key = working_snapshot(article).comment_requests[0].key
    address = f"/admin/stories/article/{article.pk}/requests/{key}/"
    steps = [
        {"step": "outcome", "status": "received", "statement": SECRET},
        {"step": "attempt", "attempt-what": "answered", "attempt-summary": SECRET},
        {"step": "attempt", "attempt-terms": "disputed"},
    ]
    for typed in steps:
        assert client.post(address, typed_in(client.get(address)) | typed).status_code == 302
    assert "stories_deskrecord" in places_of(SECRET)
    decided = {"step": "decide", "decision-terms": "off-the-record", "decision-reason": "They had said so."}
    assert client.post(address, typed_in(client.get(address)) | decided).status_code == 302
    assert places_of(SECRET) == []
