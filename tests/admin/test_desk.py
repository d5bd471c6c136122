"""Sections, authors and the desk's records in the admin."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from stories.models import Article, Author, ContactAttempt, DeskRecord, Section
from stories.queries.snapshots import working_snapshot
from tests.admin.conftest import signed_in
from tests.admin.typing import typed_in
from tests.factories import begin, byline, change, make_author, make_section, make_user, request, wanted

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
