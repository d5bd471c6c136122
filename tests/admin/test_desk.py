"""Sections, authors and the desk's records in the admin."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from stories.actions.assign import assign
from stories.actions.keep_desk_record import keep_desk_record
from stories.admin import comment_requests
from stories.models import Article, Author, ContactAttempt, DeskRecord, Section
from stories.models.roles import REPORTER
from stories.queries.snapshots import working_snapshot
from tests.admin.conftest import signed_in
from tests.admin.typing import typed_in
from tests.factories import (
    begin,
    byline,
    change,
    go_live,
    make_author,
    make_section,
    make_user,
    request,
    wanted,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def root(db: None) -> Client:
    return signed_in(make_user(username="root", is_superuser=True, is_staff=True))


def desk_page(article: Article) -> str:
    key = working_snapshot(article).comment_requests[0].key
    return reverse("admin:stories_article_desk", args=[article.pk, key])


def attempt(**values: Any) -> dict[str, Any]:
    typed = {"at_0": "2026-03-02", "at_1": "10:00:00", "channel": "phone", "terms": "on-the-record"} | values
    return {"attempts-TOTAL_FORMS": "1"} | {f"attempts-0-{name}": value for name, value in typed.items()}


def with_request(headline: str, user: User) -> Article:
    return begin(wanted(headline, comment_requests=(request(),)), user=user)


def kept(article: Article, user: User, **values: Any) -> DeskRecord:
    key = working_snapshot(article).comment_requests[0].key
    return keep_desk_record(article=article, request_key=key, user=user, **values)


def test_a_section_that_a_revision_names_is_not_deleted(root: Client, editor: User) -> None:
    section = make_section()
    article = begin(wanted(section=section.pk), user=editor)
    change(article, user=editor, section="", section_name="")
    address = reverse("admin:stories_section_delete", args=[section.pk])
    page = root.post(address, {"post": "yes"}, follow=True).content.decode()
    assert "“Technology” is named in the history of 1 story" in page
    assert Section.objects.exists()


def test_an_author_with_a_byline_is_not_deleted_and_one_without_is(root: Client, editor: User) -> None:
    author, other = make_author(), make_author("new", "Nora New")
    begin(wanted(bylines=(byline(author),)), user=editor)
    for each in (author, other):
        root.post(reverse("admin:stories_author_delete", args=[each.pk]), {"post": "yes"}, follow=True)
    assert list(Author.objects.all()) == [author]


def test_a_slug_is_for_ever(desk: Client, editor: User) -> None:
    section = make_section()
    address = reverse("admin:stories_section_change", args=[section.pk])
    desk.post(address, {"name": "Tech", "slug": "tech"})
    assert list(Section.objects.values_list("slug", "name")) == [("technology", "Tech")]


def test_a_request_has_a_record_that_the_story_does_not_know(desk: Client, editor: User) -> None:
    article = begin(wanted(comment_requests=(request(),)), user=editor)
    form = desk.get(desk_page(article), follow=True)
    data = typed_in(form) | {
        "contact": "press@example.org",
        "deadline_0": "2026-03-03",
        "deadline_1": "12:00",
    }
    address = form.redirect_chain[-1][0]
    response = desk.post(address, data | attempt(summary="Will call back."), follow=True)
    assert response.status_code == 200
    record = DeskRecord.objects.get()
    assert (record.party, record.contact) == ("Corvid Systems", "press@example.org")
    assert ContactAttempt.objects.get().user_name == "Emil Editor"
    assert article.revisions.count() == 1
    assert desk.get(desk_page(article)).url == reverse("admin:stories_deskrecord_change", args=[record.pk])  # type: ignore[attr-defined]
    entry = LogEntry.objects.get()
    assert (entry.object_repr, entry.change_message) == (f"#{record.pk}", "")


def test_off_the_record_keeps_no_words(desk: Client, editor: User) -> None:
    article = begin(wanted(comment_requests=(request(),)), user=editor)
    form = desk.get(desk_page(article), follow=True)
    data = typed_in(form) | attempt(terms="off-the-record", summary="They admitted it.")
    response = desk.post(form.redirect_chain[-1][0], data)
    assert "Off the record keeps the time and the fact alone" in response.content.decode()
    assert not ContactAttempt.objects.exists()


def test_no_record_begins_without_a_request(desk: Client, auditor: User, editor: User) -> None:
    assert desk.get(reverse("admin:stories_deskrecord_add")).status_code == 403
    article = begin(wanted(comment_requests=(request(),)), user=editor)
    assert signed_in(auditor).get(desk_page(article), follow=True).status_code == 403


def test_nothing_of_the_record_is_registered_to_be_edited(root: Client) -> None:
    index = root.get(reverse("admin:index")).content.decode()
    for name in ("revision", "publication", "ledgerentry", "textblock", "commentrequest"):
        assert f"/admin/stories/{name}/" not in index


class TestTwoAtOneRecord:
    def test_a_second_form_that_begins_it_empties_nothing(self, desk: Client, editor: User) -> None:
        article = begin(wanted(comment_requests=(request(),)), user=editor)
        first, second = (desk.get(desk_page(article), follow=True) for _each in range(2))
        address = first.redirect_chain[-1][0]
        theirs = {"contact": "press@example.org", "statement": "We disagree."}
        assert desk.post(address, typed_in(first) | theirs).status_code == 302
        answer = desk.post(address, typed_in(second) | {"contact": "Mine"} | attempt(summary="I called."))
        assert answer.status_code == 200
        page = answer.content.decode()
        assert "Somebody else saved this record since you opened it." in page
        assert "Theirs, statement: We disagree." in page
        anew = typed_in(answer)
        assert (anew["contact"], anew["attempts-0-summary"]) == ("Mine", "I called.")
        record = DeskRecord.objects.get()
        assert (record.contact, record.statement) == ("press@example.org", "We disagree.")
        assert not ContactAttempt.objects.exists()
        assert desk.post(address, anew | {"statement": "We disagree."}).status_code == 302
        record.refresh_from_db()
        assert (record.contact, record.statement) == ("Mine", "We disagree.")
        assert ContactAttempt.objects.get().summary == "I called."

    def test_nor_does_one_that_changes_it(self, desk: Client, editor: User) -> None:
        article = begin(wanted(comment_requests=(request(),)), user=editor)
        record = kept(article, editor, contact="press@example.org")
        page = reverse("admin:stories_deskrecord_change", args=[record.pk])
        mine, theirs = typed_in(desk.get(page)), typed_in(desk.get(page))
        desk.post(page, theirs | {"statement": "We disagree."})
        answer = desk.post(page, mine | {"statement": "They called back."})
        assert "Theirs, statement: We disagree." in answer.content.decode()
        assert typed_in(answer)["statement"] == "They called back."
        record.refresh_from_db()
        assert record.statement == "We disagree."

    def test_a_record_whose_request_left_the_story_is_kept_on(self, desk: Client, editor: User) -> None:
        article = begin(wanted(comment_requests=(request(),)), user=editor)
        record = kept(article, editor, contact="press@example.org")
        page = reverse("admin:stories_deskrecord_change", args=[record.pk])
        data = typed_in(desk.get(page))
        change(article, user=editor, comment_requests=())
        assert desk.post(page, data | {"statement": "It came at last."}).status_code == 302
        record.refresh_from_db()
        assert (record.party, record.statement) == ("Corvid Systems", "It came at last.")

    def test_a_request_that_left_before_its_record_began_loses_no_word(
        self, desk: Client, editor: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        article = begin(wanted(comment_requests=(request(),)), user=editor)
        form = desk.get(desk_page(article), follow=True)

        def overtaken(**values: Any) -> DeskRecord:
            if working_snapshot(article).comment_requests:
                # In a moment that the page no longer sees.
                values["request_key"] = uuid4()
            return keep_desk_record(**values)

        monkeypatch.setattr(comment_requests, "keep_desk_record", overtaken)
        answer = desk.post(form.redirect_chain[-1][0], typed_in(form) | {"statement": "Typed for an hour."})
        assert answer.status_code == 200
        assert "has no such comment request" in answer.content.decode()
        assert typed_in(answer)["statement"] == "Typed for an hour."
        assert not DeskRecord.objects.exists()


class TestWhoReadsRecords:
    SECRET = "press@example.org, and what they said"

    def reads(self, user: User, record: DeskRecord) -> bool:
        client = signed_in(user)
        page = reverse("admin:stories_deskrecord_change", args=[record.pk])
        history = reverse("admin:stories_deskrecord_history", args=[record.pk])
        shown = client.get(page)
        listed = record.party in client.get(reverse("admin:stories_deskrecord_changelist")).content.decode()
        assert (shown.status_code == 200) == (self.SECRET in shown.content.decode()) == listed
        assert (client.get(history).status_code == 200) == listed
        return listed

    def test_a_reporter_reads_those_of_their_own_stories_alone(self, editor: User, reporter: User) -> None:
        other = kept(with_request("Other", editor), editor, contact=self.SECRET)
        assert not self.reads(reporter, other)
        own = kept(with_request("Own", reporter), editor, contact=self.SECRET)
        assert self.reads(reporter, own)

    def test_whoever_began_or_has_a_live_story_reads_them_and_changes_nothing(
        self, editor: User, reporter: User
    ) -> None:
        article = with_request("Own", reporter)
        record = kept(article, editor, contact=self.SECRET)
        go_live(article, user=editor)
        assert self.reads(reporter, record)
        page = reverse("admin:stories_deskrecord_change", args=[record.pk])
        assert signed_in(reporter).post(page, {"contact": ""}).status_code == 403
        second = make_user(REPORTER, username="second")
        assert not self.reads(second, record)
        assign(article=article, to=second, user=editor)
        assert self.reads(second, record)
        assign(article=article, to=None, user=editor)
        assert not self.reads(second, record)

    def test_editors_and_auditors_read_them_all(
        self, editor: User, managing_editor: User, auditor: User, reporter: User
    ) -> None:
        record = kept(with_request("Other", reporter), editor, contact=self.SECRET)
        for user in (editor, managing_editor, auditor):
            assert self.reads(user, record)
