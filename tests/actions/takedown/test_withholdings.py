"""Withheld words and versions: who may, what readers find then, who decides, and that it can be lifted."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from pytest_django import Settings

from stories.actions.errors import Refused
from stories.actions.takedown.withdrawals import withdraw
from stories.actions.takedown.withholdings import (
    confirm_withholding,
    lift_withholding,
    withhold_version,
    withhold_words,
)
from stories.models import (
    Article,
    LedgerEntry,
    OutboxMessage,
    Publication,
    StoryMask,
    User,
    Withholding,
)
from stories.models.roles import AUDITOR, EDITOR, MANAGING_EDITOR, REPORTER
from stories.public.views import corrections
from stories.queries.publishing.withholdings import undecided
from stories.queries.verification import Verification
from tests.factories import begin, change, go_live, make_user, minutes, note, text, wanted
from tests.public.stories import make_answer, make_corrected

pytestmark = pytest.mark.django_db

WHY: dict[str, Any] = {"ground": "court", "reason": "An order."}


def second_editor() -> User:
    return make_user(MANAGING_EDITOR, name="mona", display_name="Mona Managing")


def by(held: Withholding) -> User:
    assert held.user_id is not None
    return User.objects.get(pk=held.user_id)


def hide(article: Article, words: str = "answered its staff", **values: Any) -> Withholding:
    maya = make_user(MANAGING_EDITOR)
    return withhold_words(article=article, words=words, user=maya, at=minutes(100), **{**WHY, **values})


@pytest.mark.parametrize("role", [None, REPORTER, EDITOR, AUDITOR])
def test_only_a_managing_editor_withholds_confirms_and_lifts(role: str | None) -> None:
    article = make_answer(make_user(EDITOR, name="eva"))
    held = hide(article)
    user = make_user(role, name="nobody")
    version = Publication.objects.filter(article=article)[0]
    with pytest.raises(PermissionDenied):
        withhold_words(article=article, words="a suspect", user=user, **WHY)
    with pytest.raises(PermissionDenied):
        withhold_version(publication=version, user=user, **WHY)
    with pytest.raises(PermissionDenied):
        confirm_withholding(withholding=held, user=user)
    with pytest.raises(PermissionDenied):
        lift_withholding(withholding=held, user=user, reason="why")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("a–", "fewer than two letters"),
        ("no such words", "in no version"),
        ("words", "in what would stand"),
        ("x" * 1001, "1,001"),
    ],
)
def test_words_that_can_not_be_withheld_are_refused_and_leave_no_trace(words: str, says: str) -> None:
    article = make_answer(make_user(EDITOR))
    before = LedgerEntry.objects.count()
    with pytest.raises(Refused, match=says):
        hide(article, words)
    assert LedgerEntry.objects.count() == before
    assert not StoryMask.objects.exists()


def test_a_notice_may_not_repeat_the_words() -> None:
    article = make_answer(make_user(EDITOR))
    with pytest.raises(Refused, match="holds the words themselves"):
        hide(article, notice="We hide “answered ITS staff”.")


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_notice_that_holds_them_is_masked_too(client: Client, when: str) -> None:
    article = make_answer(make_user(EDITOR))
    taken: dict[str, Any] = {
        "notice": "Who answered its staff is disputed.",
        "reason": "As agreed",
        "at": minutes(110),
    }
    if when == "before":
        withdraw(article=article, user=second_editor(), **taken)
        hide(article)
    else:
        hide(article)
        withdraw(article=article, user=second_editor(), **taken)
    page = client.get("/stories/corvid-answers/")
    assert page.status_code == 410
    assert "Who [words withheld] is disputed." in page.content.decode()


def test_the_notice_of_one_withholding_is_without_the_words_of_another(client: Client) -> None:
    article = make_answer(make_user(EDITOR))
    held = hide(article)
    withhold_version(
        publication=Publication.objects.filter(article=article).latest("live_from"),
        user=by(held),
        at=minutes(101),
        **WHY,
        notice="How it answered its staff is before a court.",
    )
    page = client.get("/stories/corvid-answers/")
    assert page.status_code == 403
    assert "How it [words withheld] is before a court." in page.content.decode()


def test_words_are_withheld_once() -> None:
    article = make_answer(make_user(EDITOR))
    held = hide(article)
    with pytest.raises(Refused, match="already"):
        withhold_words(article=article, words="Answered  its STAFF", user=second_editor(), **WHY)
    assert StoryMask.objects.get(pk=article.pk).words == [held.words]


def test_the_words_leave_the_page_that_was_kept_and_come_back_when_that_is_lifted(client: Client) -> None:
    article = make_answer(make_user(EDITOR))
    before = client.get("/stories/corvid-answers/")
    assert b"Corvid Systems answered its staff" in before.content
    held = hide(article)
    page = client.get("/stories/corvid-answers/", headers={"If-None-Match": before["ETag"]})
    assert page.status_code == 200
    assert b"answered its staff" not in page.content
    assert "Corvid Systems [words withheld] on Monday." in page.content.decode()
    assert "Last-Modified" not in page
    lift_withholding(withholding=held, user=second_editor(), reason="Rescinded.")
    assert client.get("/stories/corvid-answers/").content == before.content
    assert StoryMask.objects.get(pk=article.pk).digest == ""


def test_a_warm_page_with_words_withheld_costs_one_query(
    client: Client, django_assert_num_queries: Any
) -> None:
    hide(make_answer(make_user(EDITOR)))
    client.get("/stories/corvid-answers/")
    with django_assert_num_queries(1):
        client.get("/stories/corvid-answers/")


def test_a_withheld_version_is_a_tombstone_and_stays_in_lists_of_versions(client: Client) -> None:
    article = make_answer(make_user(EDITOR))
    second = Publication.objects.filter(article=article).order_by("live_from")[1]
    withhold_version(publication=second, user=make_user(MANAGING_EDITOR), notice="By order.", **WHY)
    at = "/stories/corvid-answers/"
    for address in (f"{at}versions/2/", f"{at}compare/1...2/", f"{at}compare/2...3/"):
        page = client.get(address)
        assert page.status_code == 403, address
        assert "By order." in page.content.decode()
        assert page["X-Robots-Tag"] == "noindex"
        assert page["Cache-Control"] == "public, max-age=60"
    assert client.get(f"{at}compare/1...3/").status_code == 200
    versions = client.get(f"{at}versions/").content.decode()
    assert "Version 2" in versions
    assert "compare/1...2" not in versions
    assert "versions/2/" in client.get(f"{at}timemap/").content.decode()
    assert "[version withheld]" in client.get(f"{at}feed/").content.decode()
    assert client.get(at).status_code == 200


def test_a_live_version_withheld_is_a_tombstone_and_never_the_version_before(client: Client) -> None:
    article = make_answer(make_user(EDITOR))
    make_corrected(make_user(EDITOR, name="eva"))
    newest = Publication.objects.filter(article=article).order_by("-live_from")[0]
    withhold_version(publication=newest, user=make_user(MANAGING_EDITOR), **WHY)
    for address in ("/stories/corvid-answers/", "/stories/corvid-answers/data.json"):
        page = client.get(address)
        assert page.status_code == 403
        assert "does not show it at present" in page.content.decode()
    assert client.get("/stories/corvid-answers/versions/1/").status_code == 200
    for address in (
        "/",
        "/section/technology/",
        "/feed/",
        "/feed.json",
        "/sitemap-1.xml",
        "/search/?q=Corvid",
    ):
        assert "corvid-answers" not in client.get(address).content.decode(), address


def test_who_withheld_does_not_decide() -> None:
    held = hide(make_answer(make_user(EDITOR)))
    maya = by(held)
    with pytest.raises(Refused, match="yourself"):
        confirm_withholding(withholding=held, user=maya)
    with pytest.raises(Refused, match="yourself"):
        lift_withholding(withholding=held, user=maya, reason="why")


def test_it_is_overdue_after_a_day_and_stays_hidden_until_somebody_decides(client: Client) -> None:
    held = hide(make_answer(make_user(EDITOR)))
    assert [each.pk for each in undecided(limit=9)] == [held.pk]
    assert not held.is_overdue(at=minutes(100 + 24 * 60 - 1))
    assert held.is_overdue(at=minutes(100 + 24 * 60))
    assert "[words withheld]" in client.get("/stories/corvid-answers/").content.decode()
    mona = second_editor()
    confirm_withholding(withholding=held, user=mona, at=minutes(5000))
    assert undecided(limit=9) == []
    with pytest.raises(Refused, match="confirmed already"):
        confirm_withholding(withholding=held, user=mona)
    lift_withholding(withholding=held, user=mona, reason="Rescinded.")
    with pytest.raises(Refused, match="shown again already"):
        lift_withholding(withholding=held, user=mona, reason="Rescinded.")


def test_each_step_is_in_the_ledger_and_orders_caches_to_let_go(settings: Settings) -> None:
    article = make_answer(make_user(EDITOR))
    settings.PURGE_URL = "https://cache.example.org"
    held = hide(article)
    mona = second_editor()
    confirm_withholding(withholding=held, user=mona)
    assert OutboxMessage.objects.count() == 1
    lift_withholding(withholding=held, user=mona, reason="Rescinded.")
    assert OutboxMessage.objects.count() == 2
    assert f"story-{article.pk}" in OutboxMessage.objects.order_by("-pk")[0].payload["keys"]
    kinds = list(LedgerEntry.objects.order_by("-sequence").values_list("kind", flat=True)[:3])
    assert kinds == ["withholding-decision", "withholding-decision", "withholding"]
    assert list(Verification()) == []


def test_a_draft_may_hold_them_alone() -> None:
    emil = make_user(EDITOR)
    article = begin(wanted("A draft", text("<p>The informant is <em>Jo</em> Doe.</p>")), user=emil)
    assert hide(article, "Jo Doe").words == "Jo Doe"


def test_lists_leave_out_notes_of_a_withheld_version_and_later_versions_carry_them(
    client: Client,
) -> None:
    article = make_answer(make_user(EDITOR))
    note_text = "Typographical errors in the quotation were fixed."
    lists = ("/corrections/?kind=typo", "/stories/corvid-answers/versions/", "/stories/corvid-answers/feed/")
    assert all(note_text in client.get(address).content.decode() for address in lists)
    second = Publication.objects.filter(article=article).order_by("live_from")[1]
    withhold_version(publication=second, user=make_user(MANAGING_EDITOR), **WHY)
    for address in (*lists, "/stories/corvid-answers/versions/1/"):
        assert note_text not in client.get(address).content.decode(), address
    assert note_text in client.get("/stories/corvid-answers/").content.decode()


def test_notes_of_a_story_that_is_not_shown_take_no_place_in_a_page_of_corrections(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = make_user(EDITOR)
    make_answer(user)
    make_corrected(user)
    hidden = begin(wanted("Hidden", slug="hidden"), user=user)
    go_live(hidden, user=user, at=minutes(70))
    for number, minute in ((1, 80), (2, 90)):
        notes = tuple(note(f"Mended {each}.", key=UUID(int=each)) for each in range(1, number + 1))
        change(hidden, user=user, at=minutes(minute), update_notes=notes)
        go_live(hidden, user=user, at=minutes(minute))
    live = Publication.objects.filter(article=hidden).latest("live_from")
    monkeypatch.setattr(corrections, "LISTED_LINES", 1)
    address = "/corrections/?kind=update&kind=correction&kind=comment-added"
    assert "Mended 2." in client.get(address).content.decode()
    withhold_version(publication=live, user=make_user(MANAGING_EDITOR), **WHY)
    page = client.get(address).content.decode()
    assert "Mended" not in page
    assert "The budget was given wrongly." in page
    assert "before=" in page
