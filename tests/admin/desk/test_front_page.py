"""The desk's front page: what needs attention, for whom it concerns, in some dozen queries."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from stories.actions.comment_desk.desk_records import save_desk_record
from stories.actions.editing.assignments import assign
from stories.actions.editing.presence import touch_presence
from stories.actions.publishing.developing_mode import start_developing
from stories.actions.publishing.review_requests import offer, take_back
from stories.domain.snapshot import ImageBlock, NoteKind
from stories.models import Article, OutboxMessage, User
from stories.models.roles import AUDITOR, MANAGING_EDITOR
from tests.factories import (
    begin,
    change,
    go_live,
    make_user,
    minutes,
    note,
    request,
    reword,
    signed_in,
    text,
    wanted,
)

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

# Two in the afternoon of the fixed day.
NOON = minutes(5 * 60)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)


def front(client: Client) -> str:
    return client.get(reverse("admin:index")).content.decode()


def parts_of(page: str) -> dict[str, str]:
    """Return the sections of the page, by name."""
    found = page.split('<section class="desk-part')[1:]
    return {part.split('id="desk-')[1].split('"')[0]: part.split("</section>")[0] for part in found}


def asked(user: User, party: str, *, deadline: datetime | None, at: datetime = NOON) -> Article:
    """Create a draft with a request that was asked at a time."""
    wants = request(party, requested_at=at)
    article = begin(wanted(f"Story of {party}", comment_requests=(wants,)), user=user)
    save_desk_record(article=article, request_key=wants.key, user=user, deadline=deadline)
    return article


class TestRequests:
    def test_each_stands_in_the_most_pressing_group(self, desk: Client, editor: User) -> None:
        late = asked(editor, "Late Ltd", deadline=NOON - timedelta(days=1), at=NOON - timedelta(days=40))
        asked(editor, "Today Ltd", deadline=NOON + timedelta(hours=2))
        asked(editor, "Old Ltd", deadline=None, at=NOON - timedelta(days=31))
        asked(editor, "Fresh Ltd", deadline=NOON + timedelta(days=2))
        parts = parts_of(front(desk))
        assert "Late Ltd" in parts["overdue"]
        assert "due yesterday 14:00" in parts["overdue"]
        assert "Today Ltd" in parts["today"]
        assert "Old Ltd" in parts["long-open"]
        assert "Late Ltd" not in parts["long-open"]
        assert "Fresh Ltd" not in parts["today"]
        key = late.commentrequest_set.get().key
        assert reverse("admin:stories_article_desk", args=[late.pk, key]) in parts["overdue"]

    def test_each_group_leads_to_its_requests_on_the_comment_desk(self, desk: Client, editor: User) -> None:
        asked(editor, "Late Ltd", deadline=NOON - timedelta(days=1))
        asked(editor, "Today Ltd", deadline=NOON + timedelta(hours=2))
        asked(editor, "Old Ltd", deadline=None, at=NOON - timedelta(days=30))
        parts = parts_of(front(desk))
        for group, party in [("overdue", "Late Ltd"), ("today", "Today Ltd"), ("long-open", "Old Ltd")]:
            address = parts[group].split('<p class="all"><a href="')[1].split('"')[0]
            assert [line.party for line in desk.get(address).context["lines"]] == [party]

    def test_a_reporter_sees_those_of_their_own_stories(self, reporter: User, editor: User) -> None:
        asked(reporter, "Mine Ltd", deadline=NOON - timedelta(days=1))
        asked(editor, "Theirs Ltd", deadline=NOON - timedelta(days=1))
        overdue = parts_of(front(signed_in(reporter)))["overdue"]
        assert "Mine Ltd" in overdue
        assert "Theirs Ltd" not in overdue


class TestStories:
    @pytest.fixture
    def live(self, editor: User) -> Article:
        article = begin(wanted("Council meets"), user=editor)
        go_live(article, user=editor)
        return article

    def test_edits_waiting_lead_to_the_review(self, desk: Client, editor: User, live: Article) -> None:
        reword(live, user=editor, at=minutes(-1000))
        reword(live, user=editor, at=minutes(60), number=1)
        waiting = parts_of(front(desk))["waiting"]
        assert "since yesterday 16:20 (2 edits, the last by Emil Editor)" in waiting
        assert reverse("admin:stories_article_publish", args=[live.pk]) in waiting

    def test_an_auditor_is_led_to_the_story_instead(self, auditor: User, editor: User, live: Article) -> None:
        reword(live, user=editor)
        waiting = parts_of(front(signed_in(auditor)))["waiting"]
        assert reverse("admin:stories_article_change", args=[live.pk]) in waiting

    def test_what_is_scheduled_says_when(self, desk: Client, editor: User) -> None:
        go_live(begin(user=editor), user=editor, live_from=NOON + timedelta(days=1))
        assert "goes live tomorrow 14:00" in parts_of(front(desk))["pending"]

    def test_drafts_and_stories_given_stand_apart(self, desk: Client, editor: User, reporter: User) -> None:
        begin(wanted("My draft"), user=editor)
        given = begin(wanted("Given"), user=reporter)
        assign(article=given, to=editor, user=editor)
        parts = parts_of(front(desk))
        assert "My draft" in parts["drafts"]
        assert "Given" in parts["given"]
        assert "Given" not in parts["drafts"]

    def test_the_last_published_says_of_what_kind(self, desk: Client, live: Article) -> None:
        assert "first published, by Emil Editor, today 09:00" in parts_of(front(desk))["published"]


class TestOffers:
    def test_an_editor_sees_who_offers_what(self, desk: Client, reporter: User) -> None:
        article = begin(wanted("Tram opens"), user=reporter)
        offer(article=article, revision=1, user=reporter, at=minutes(60))
        offered = parts_of(front(desk))["offered"]
        assert "by Rosa Reporter, today 10:00" in offered
        assert reverse("admin:stories_article_offer", args=[article.pk]) in offered

    def test_a_reporter_sees_why_theirs_came_back(self, reporter: User, editor: User) -> None:
        article = begin(user=reporter)
        offer(article=article, revision=1, user=reporter, at=minutes(60))
        take_back(article=article, user=editor, reason="Ask the council.", at=minutes(90))
        assert "Ask the council." in parts_of(front(signed_in(reporter)))["returned"]
        offer(article=article, revision=1, user=reporter, at=minutes(100))
        parts = parts_of(front(signed_in(reporter)))
        assert "returned" not in parts
        assert "offered" in parts


class TestLacking:
    def test_a_bare_correction_of_a_live_story(self, desk: Client, editor: User) -> None:
        wrong = note("A figure was wrong.", NoteKind.CORRECTION, now="61 percent")
        article = begin(wanted("Reservoirs", update_notes=(wrong,)), user=editor)
        assert "lacking" not in parts_of(front(desk))
        go_live(article, user=editor)
        assert "a correction does not say what was wrong" in parts_of(front(desk))["lacking"]

    def test_a_picture_without_its_file(self, desk: Client, editor: User) -> None:
        image = ImageBlock(key=uuid4(), address="old/bridge.png", alt_text="A bridge.")
        begin(wanted("Imported", text(), image), user=editor)
        assert "a picture has no file" in parts_of(front(desk))["lacking"]

    def test_a_summary_that_readers_are_owed(self, desk: Client, editor: User) -> None:
        article = begin(user=editor)
        go_live(article, user=editor, at=minutes(-1000))
        start_developing(article=article, user=editor, at=minutes(-900))
        assert "the story needs a closing summary" in parts_of(front(desk))["lacking"]


def test_nothing_at_all_is_said_in_one_line(desk: Client) -> None:
    page = front(desk)
    assert parts_of(page) == {}
    assert "no request is overdue, no request is due today" in page


def test_a_long_section_ends_with_a_way_to_all(desk: Client, editor: User) -> None:
    for number in range(9):
        begin(wanted(f"Draft {number}"), user=editor)
    drafts = parts_of(front(desk))["drafts"]
    assert drafts.count("<li>") == 8
    assert "?standing=my-drafts" in drafts


@pytest.mark.parametrize("many", [1, 20])
def test_fourteen_queries_however_many_stories(many: int, editor: User, reporter: User) -> None:
    for number in range(many):
        asked(reporter, f"Party {number}", deadline=NOON - timedelta(days=1))
        go_live(article := begin(wanted(f"Live {number}"), user=editor), user=editor)
        change(article, user=editor, dek="Waits.")
    for user in (editor, reporter):
        client = signed_in(user)
        with CaptureQueriesContext(connection) as counted:
            front(client)
        assert len(counted) <= 14


def test_who_sees_no_stories_gets_the_plain_index(db: None) -> None:
    clerk = make_user(name="clerk", is_staff=True)
    clerk.user_permissions.add(Permission.objects.get(codename="view_user"))
    page = front(signed_in(clerk))
    assert "Recent actions" in page
    assert "desk-ways" not in page


def test_the_models_are_still_there(desk: Client) -> None:
    assert reverse("admin:stories_section_changelist") in front(desk)


class TestLateOutbox:
    """Mails and purges that nobody sends are told to who can have it mended."""

    def enqueue(self, minutes_ago: int, **values: Any) -> None:
        due = NOON - timedelta(minutes=minutes_ago)
        OutboxMessage.objects.create(kind="mail", payload={}, due_at=due, next_try_at=due, **values)

    @pytest.mark.parametrize("role", [MANAGING_EDITOR, AUDITOR])
    def test_a_managing_editor_and_an_auditor_read_that_no_worker_runs(self, role: str) -> None:
        self.enqueue(6)
        self.enqueue(1)
        page = front(signed_in(make_user(role)))
        assert "2 messages (mails, purges of caches) wait to be delivered." in page
        assert "is “manage.py deliver --watch” running?" in page

    def test_they_read_why_it_could_not_be_sent(self) -> None:
        self.enqueue(6, error="TimeoutError", attempts=3)
        page = front(signed_in(make_user(MANAGING_EDITOR)))
        assert "It could not be sent (TimeoutError) and is tried again by itself." in page
        assert "deliver --watch" not in page

    def test_a_worker_at_work_is_given_its_time(self) -> None:
        self.enqueue(4)
        assert "wait to be delivered" not in front(signed_in(make_user(MANAGING_EDITOR)))

    def test_others_are_not_bothered(self, desk: Client) -> None:
        self.enqueue(60)
        assert "delivered" not in front(desk)


def test_a_line_says_who_has_its_story_open(desk: Client, editor: User, reporter: User) -> None:
    article = begin(wanted("Mine"), user=editor)
    begin(wanted("Another"), user=editor)
    touch_presence(article=article, user=reporter, at=NOON)
    drafts = parts_of(front(desk))["drafts"]
    mine, another = sorted(drafts.split("<li>")[1:], key=lambda line: "Another" in line)
    assert "open: Rosa Reporter" in mine
    assert "open:" not in another
