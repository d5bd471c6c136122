"""What an open form polls: who else has the story open, what was saved of it, and who is signed in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from stories.models import Article, Presence, User
from tests.factories import begin, change, make_user, minutes, signed_in, wanted

pytestmark = pytest.mark.django_db


@pytest.fixture
def article(editor: User) -> Article:
    return begin(wanted("Council"), user=editor)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Any:
    def set_clock(moment: datetime) -> None:
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)

    set_clock(minutes(0))
    return set_clock


def ask(client: Client, article: Article, **data: Any) -> Any:
    address = reverse("admin:stories_article_presence", args=[article.pk])
    return client.post(address, {"known": "1", "page": "edit", **data}).json()


def test_two_who_have_a_story_open_see_each_others_names(
    at: Any, desk: Client, managing_editor: User, article: Article
) -> None:
    maya = signed_in(managing_editor)
    assert ask(desk, article)["says"] == []
    assert ask(maya, article)["says"] == ["Emil Editor has this story open too."]
    assert ask(desk, article)["says"] == ["Maya Managing has this story open too."]


def test_three_are_named_in_one_sentence(
    at: Any, desk: Client, managing_editor: User, reporter: User, article: Article
) -> None:
    ask(signed_in(managing_editor), article)
    ask(signed_in(reporter), article)
    assert ask(desk, article)["says"] == ["Maya Managing, Rosa Reporter have this story open too."]


def test_who_left_or_fell_silent_for_a_minute_is_not_named(
    at: Any, desk: Client, managing_editor: User, article: Article
) -> None:
    maya = signed_in(managing_editor)
    ask(maya, article)
    at(minutes(1))
    assert ask(desk, article)["says"] == []
    ask(maya, article)
    assert ask(desk, article)["says"] != []
    assert ask(maya, article, leaves="1")["says"] == []
    assert ask(desk, article)["says"] == []


def test_who_is_gone_for_an_hour_leaves_no_row(
    at: Any, desk: Client, managing_editor: User, article: Article
) -> None:
    ask(signed_in(managing_editor), article)
    at(minutes(61))
    ask(desk, article)
    assert list(Presence.objects.values_list("user_name", flat=True)) == ["Emil Editor"]


@pytest.mark.parametrize(
    ("page", "follows"),
    [
        ("edit", " When you save, both are merged."),
        ("fix", " Your fix does not touch what waits."),
        ("review", " Before you publish, you are shown what changed."),
        ("nothing known", ""),
    ],
)
def test_what_was_saved_since_is_reported_with_what_follows(
    at: Any, desk: Client, managing_editor: User, article: Article, page: str, follows: str
) -> None:
    change(article, user=managing_editor, dek="x", at=minutes(2))
    messages = ask(desk, article, page=page)["says"]
    assert messages == [f"Maya Managing saved revision 2 (2 Mar 2026, 09:02).{follows}"]
    assert ask(desk, article, known="2")["says"] == []


def test_a_save_of_ones_own_is_reported_as_that(
    at: Any, desk: Client, editor: User, article: Article
) -> None:
    change(article, user=editor, dek="x", at=minutes(2))
    [messages] = ask(desk, article)["says"]
    assert messages.startswith("You saved revision 2 in another window")


@pytest.mark.parametrize("known", ["", "-1", "x", "9" * 30])
def test_a_number_that_is_none_is_borne(desk: Client, article: Article, known: str) -> None:
    assert len(ask(desk, article, known=known)["says"]) == 1


def test_who_is_signed_out_learns_that_and_nothing_else(desk: Client, article: Article) -> None:
    ask(desk, article)
    desk.logout()
    assert ask(desk, article) == {"user": None, "says": []}
    assert desk.post(reverse("admin:stories_article_signed_in")).json() == {"user": None, "says": []}


def test_who_may_not_read_the_story_does_not_learn_who_has_it_open(desk: Client, article: Article) -> None:
    ask(desk, article)
    outsider = make_user()
    assert ask(signed_in(outsider), article) == {"user": None, "says": []}
    outsider.is_staff = True
    outsider.save()
    address = reverse("admin:stories_article_presence", args=[article.pk])
    assert signed_in(outsider).post(address).status_code == 403
    assert Presence.objects.count() == 1


def test_a_story_that_begins_asks_who_is_signed_in(desk: Client, editor: User) -> None:
    assert desk.post(reverse("admin:stories_article_signed_in")).json() == {"user": editor.pk, "says": []}


def test_a_story_that_is_not_there_and_a_page_that_is_opened_are_refused(
    desk: Client, article: Article
) -> None:
    address = reverse("admin:stories_article_presence", args=[article.pk])
    assert desk.get(address).status_code == 405
    assert desk.post(reverse("admin:stories_article_presence", args=[article.pk + 1])).status_code == 404
    assert Client(enforce_csrf_checks=True).post(address).status_code == 403


def test_it_asks_the_database_four_times_beside_the_sign_in(
    desk: Client, managing_editor: User, article: Article, django_assert_num_queries: Any
) -> None:
    ask(desk, article)
    ask(signed_in(managing_editor), article)
    # The session, the user, and two for permissions.
    with django_assert_num_queries(4 + 4):
        ask(desk, article)
