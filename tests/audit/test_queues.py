"""The queues: each finds what an auditor should look at, and leaves out the rest."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from stories.actions.archive.import_story import import_story
from stories.actions.audit.questions import sign_off
from stories.actions.comment_desk.desk_records import log_attempt, save_desk_record
from stories.actions.publishing.developing_mode import start_developing
from stories.actions.record.ledger import record
from stories.actions.takedown.withdrawals import withdraw
from stories.audit.queues import QUEUES
from stories.domain import snapshot as domain
from stories.domain.archive.stories import load
from stories.models import Article, LedgerEntry, SecondPersonCheck, User, Withholding, WithholdingDecision
from stories.queries.audit.figures import monthly_figures
from stories.queries.story.snapshots import working_snapshot
from tests.archives import line, version
from tests.audit.conftest import entry_of, last_publication, page_html
from tests.factories import begin, change, go_live, minutes, note, quote, request, reword, text, wanted

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

NOW = minutes(60 * 24 * 3)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def queue(client: Client, name: str, **query: Any) -> list[int]:
    """Return the sequences of the entries in a queue."""
    answer = client.get(reverse("audit:queue", args=[name]), query)
    assert answer.status_code == 200
    return [each.line.entry.sequence for each in answer.context["lines"]]


class TestUnannounced:
    def test_the_weightiest_class_first_and_of_each_the_largest(
        self, desk: Client, article: Article, managing_editor: User
    ) -> None:
        minor = last_publication(article)
        start_developing(article=article, user=managing_editor, until=minutes(300), at=minutes(31))
        change(article, user=managing_editor, headline="Council votes", at=minutes(40))
        go_live(
            article, user=managing_editor, at=minutes(50), publication_class="override", reason="No matter"
        )
        override = last_publication(article)
        reword(article, user=managing_editor, number=1, at=minutes(60))
        go_live(
            article,
            user=managing_editor,
            at=minutes(70),
            publication_class="developing",
            reason="More to come",
        )
        developing = last_publication(article)
        assert queue(desk, "unannounced") == [override.pk, developing.pk, minor.pk]
        page = page_html(desk, "queue", "unannounced")
        assert "overridden by Maya Managing" in page
        assert "No matter" in page
        assert "a change of substance" in page

    def test_what_was_announced_is_left_out_and_so_is_what_readers_never_saw(
        self, desk: Client, article: Article, editor: User
    ) -> None:
        known = queue(desk, "unannounced")
        change(article, user=editor, update_notes=(note(),), at=minutes(40))
        go_live(article, user=editor, at=minutes(50))
        reword(article, user=editor, number=2, at=minutes(60))
        go_live(
            article,
            user=editor,
            at=minutes(70),
            live_from=NOW + timedelta(days=1),
            publication_class="minor",
            reason="Later",
        )
        assert queue(desk, "unannounced") == known

    def test_page_after_page_each_stands_once(
        self, desk: Client, editor: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for number in range(5):
            article = begin(wanted(f"Story {number}"), user=editor)
            go_live(article, user=editor, at=minutes(10))
            reword(article, user=editor, at=minutes(20))
            go_live(article, user=editor, at=minutes(30), publication_class="minor", reason="An adverb")
        full = queue(desk, "unannounced")
        assert len(full) == 5
        monkeypatch.setattr("stories.queries.audit.unannounced.PAGE_LENGTH", 2)
        assert pages(desk, "unannounced") == full


class TestCorrections:
    def _corrected(self, editor: User, *, was: str, fix_at: int, note_at: int) -> LedgerEntry:
        """Return a story whose version 2 brings in an error, which a later version corrects and one notes."""
        first = text("<p>The council met on Monday and heard two of its members.</p>")
        article = begin(wanted("Council meets", first), user=editor)
        go_live(article, user=editor, at=minutes(0))
        version_values: dict[str, Any] = {
            "update_notes": (note("Details were added.", domain.NoteKind.UPDATE),)
        }
        wrong = replace(first, text=first.text.replace("two of", "ninety-nine of"))
        change(article, user=editor, blocks=(wrong,), at=minutes(50), **version_values)
        go_live(article, user=editor, at=minutes(60), cause="moved-on")
        steps: dict[int, dict[str, Any]] = {fix_at: {"blocks": (first,)}}
        correction = note("A number was wrong.", domain.NoteKind.CORRECTION, was=was, now="two")
        steps.setdefault(note_at, {})["update_notes"] = (*version_values["update_notes"], correction)
        for at, values in sorted(steps.items()):
            change(article, user=editor, at=minutes(at - 1), **values)
            quick = {"publication_class": "override", "reason": "Put right quickly", "cause": "moved-on"}
            told_how = {"cause": "wrong"} if "update_notes" in values else quick
            go_live(article, user=editor, at=minutes(at), **told_how)
        return last_publication(article)

    def test_hours_from_the_version_with_the_error_to_the_fix_and_to_the_note(
        self, desk: Client, managing_editor: User
    ) -> None:
        entry = self._corrected(managing_editor, was="ninety-nine of", fix_at=180, note_at=240)
        assert queue(desk, "corrections") == [entry.pk]
        page = page_html(desk, "queue", "corrections")
        assert "the note came after 3.0 hours" in page
        assert "the words were put right after 2.0 hours" in page
        assert "counted from the first version with “ninety-nine of”, which the note calls wrong" in page

    def test_where_the_note_paraphrases_what_its_version_took_out_tells(
        self, desk: Client, managing_editor: User
    ) -> None:
        self._corrected(managing_editor, was="we said almost a hundred", fix_at=120, note_at=120)
        page = page_html(desk, "queue", "corrections")
        assert "the note came after 60 minutes" in page or "the note came after 1.0 hours" in page
        assert "and heard ninety-nine of its" in page
        assert "which the version with the note took out" in page

    def test_what_is_not_known_is_not_guessed(self, desk: Client, managing_editor: User) -> None:
        self._corrected(managing_editor, was="we said almost a hundred", fix_at=120, note_at=180)
        page = page_html(desk, "queue", "corrections")
        assert "can’t be told: what the note calls wrong stands so in no version" in page
        assert "the note came after" not in page

    def test_figures_count_what_could_be_timed(self, desk: Client, managing_editor: User) -> None:
        self._corrected(managing_editor, was="ninety-nine of", fix_at=180, note_at=240)
        (figure,) = monthly_figures(since=minutes(-10), at=NOW)
        assert (figure.stories, figure.versions, figure.unannounced, figure.corrections) == (1, 4, 1, 1)
        assert (figure.timed, figure.hours) == (1, 3.0)
        page = page_html(desk, "figures")
        assert "March 2026" in page
        assert "4.0" in page


class TestOwnAuthor:
    def test_what_nobody_else_ever_touched(self, desk: Client, editor: User, article: Article) -> None:
        own = begin(wanted("All mine"), user=editor)
        go_live(own, user=editor, at=minutes(50))
        assert queue(desk, "own-author") == [last_publication(own).pk]

    def test_a_window_that_finds_nothing_leads_on(
        self, desk: Client, editor: User, reporter: User, article: Article, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        own = begin(wanted("All mine"), user=editor)
        go_live(own, user=editor, at=minutes(50))
        for number in range(4):
            other = begin(wanted(f"Hers {number}"), user=reporter)
            go_live(other, user=editor, at=minutes(60))
        for module in ("queues", "own_author"):
            monkeypatch.setattr(f"stories.queries.audit.{module}.WINDOW", 2)
        assert queue(desk, "own-author") == []
        assert "Not everything was looked through yet." in page_html(desk, "queue", "own-author")
        assert pages(desk, "own-author") == [last_publication(own).pk]


class TestComment:
    def _asked(self, editor: User, party: str, *, tried: datetime | None) -> Article:
        asked = request(party)
        article = begin(wanted(f"Story of {party}", comment_requests=(asked,)), user=editor)
        record_ = save_desk_record(article=article, request_key=asked.key, user=editor)
        if tried is not None:
            log_attempt(record=record_, user=editor, at=tried, channel="email", terms="on-the-record")
        go_live(article, user=editor, at=minutes(60))
        return article

    def test_never_tried_before_the_first_version(self, desk: Client, editor: User) -> None:
        never = self._asked(editor, "Never Ltd", tried=None)
        late = self._asked(editor, "Late Ltd", tried=minutes(90))
        self._asked(editor, "Early Ltd", tried=minutes(30))
        assert queue(desk, "comment") == [last_publication(late).pk, last_publication(never).pk]
        page = page_html(desk, "queue", "comment")
        assert "no attempt was logged by then to reach Never Ltd" in page
        assert "Early Ltd" not in page

    def test_what_was_taken_out_before_is_no_longer_asked_for(self, desk: Client, editor: User) -> None:
        asked = request("Gone Ltd")
        article = begin(wanted("Story", comment_requests=(asked,)), user=editor)
        change(article, user=editor, comment_requests=(), at=minutes(10))
        go_live(article, user=editor, at=minutes(60))
        assert queue(desk, "comment") == []

    def test_closed_without_an_outcome(self, desk: Client, editor: User) -> None:
        dropped = self._asked(editor, "Dropped Ltd", tried=minutes(30))
        change(dropped, user=editor, comment_requests=(), at=minutes(70))
        silent = self._asked(editor, "Silent Ltd", tried=None)
        (asked,) = working_snapshot(Article.objects.get(pk=silent.pk)).comment_requests
        answered = replace(asked, status=domain.RequestStatus.NO_RESPONSE)
        change(silent, user=editor, comment_requests=(answered,), at=minutes(80))
        tried = self._asked(editor, "Tried Ltd", tried=minutes(30))
        (asked,) = working_snapshot(Article.objects.get(pk=tried.pk)).comment_requests
        answered = replace(asked, status=domain.RequestStatus.NO_RESPONSE)
        change(tried, user=editor, comment_requests=(answered,), at=minutes(80))
        page = page_html(desk, "queue", "comment-closed")
        assert "the request to Dropped Ltd left the story while it was pending" in page
        assert "Silent Ltd is said not to have responded, and no attempt was logged" in page
        assert "Tried Ltd" not in page
        assert len(queue(desk, "comment-closed")) == 2


class TestWithheld:
    def _withheld(self, article: Article, user: User, at: datetime) -> Withholding:
        row = Withholding(article=article, words="x", ground="court", reason="Order", **_signed(user, at))
        record(row)
        return row

    def test_overdue_first_and_what_was_lifted_not_at_all(
        self, desk: Client, article: Article, editor: User, managing_editor: User
    ) -> None:
        lifted, confirmed, overdue, fresh = (
            self._withheld(article, managing_editor, at)
            for at in (minutes(40), minutes(41), minutes(42), NOW - timedelta(hours=1))
        )
        for row, lift in ((lifted, True), (confirmed, False)):
            record(
                WithholdingDecision(
                    article=article, withholding=row, lifted=lift, **_signed(editor, minutes(50))
                )
            )
        assert queue(desk, "withheld") == [entry_of(each).pk for each in (overdue, fresh, confirmed)]
        page = page_html(desk, "queue", "withheld")
        assert page.count("OVERDUE") == 1
        assert "confirmed by a second person" in page
        assert "1 overdue" in page_html(desk, "front")

    def test_page_after_page_each_stands_once(
        self, desk: Client, article: Article, managing_editor: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        rows = [self._withheld(article, managing_editor, minutes(40 + n)) for n in range(5)]
        record(
            WithholdingDecision(
                article=article, withholding=rows[0], lifted=False, **_signed(managing_editor, minutes(50))
            )
        )
        full = queue(desk, "withheld")
        monkeypatch.setattr("stories.queries.audit.queues.PAGE_LENGTH", 2)
        assert pages(desk, "withheld") == full
        assert len(full) == 5

    def test_stories_that_are_down(self, desk: Client, article: Article, managing_editor: User) -> None:
        down = withdraw(
            article=article, user=managing_editor, notice="Gone.", reason="Untrue", at=minutes(60)
        )
        assert queue(desk, "withdrawn") == [entry_of(down).pk]


def test_anonymous_quotes_with_next_to_no_reason(desk: Client, editor: User) -> None:
    def unnamed(reason: str) -> domain.QuoteBlock:
        return quote(speaker="", anonymous=True, description="an employee", anonymity_reason=reason)

    article = begin(
        wanted("Staff speak", text(), unnamed("none"), unnamed("for fear of reprisal"), quote()), user=editor
    )
    assert queue(desk, "anonymous") == []  # readers see none of it yet
    go_live(article, user=editor, at=minutes(10))
    assert queue(desk, "anonymous") == [1]
    page = page_html(desk, "queue", "anonymous")
    assert "an employee is quoted; the reason given is “none”" in page
    assert "reprisal" not in page


@pytest.mark.parametrize("name", list(QUEUES))
def test_what_is_signed_off_can_be_left_out(
    desk: Client, auditor: User, editor: User, managing_editor: User, name: str
) -> None:
    everything_at_once(editor, managing_editor)
    found = queue(desk, name)
    assert found, f"Let everything_at_once put a story into the queue {name}."
    assert queue(desk, name, unsigned="1") == found
    sign_off(entry=LedgerEntry.objects.get(pk=found[0]), user=auditor)
    assert queue(desk, name, unsigned="1") == found[1:]
    assert queue(desk, name) == found
    assert "signed off by Aldo Auditor" in page_html(desk, "queue", name)


@pytest.mark.parametrize("name", list(QUEUES))
def test_as_many_queries_however_much_is_found(
    desk: Client, editor: User, managing_editor: User, name: str
) -> None:
    counts = []
    for _ in range(2):
        everything_at_once(editor, managing_editor)
        with CaptureQueriesContext(connection) as counted:
            queue(desk, name, unsigned="1")
        counts.append(len(counted))
    assert counts[0] == counts[1] <= 14


def test_there_is_no_other_queue(desk: Client) -> None:
    assert desk.get(reverse("audit:queue", args=["nonsense"])).status_code == 404


def test_the_front_page_counts_what_waits(desk: Client, editor: User, managing_editor: User) -> None:
    everything_at_once(editor, managing_editor)
    waiting = desk.get(reverse("audit:front")).context["waiting"]
    empty = [each for each in waiting if each.is_empty]
    assert not empty, f"Let everything_at_once put a story into these queues: {empty}."
    assert len(waiting) == len(QUEUES)


def everything_at_once(editor: User, managing_editor: User) -> None:
    """Create a story that gets into every queue, and is withdrawn in the end."""
    count = Article.objects.count()
    asked, dropped = request("Silent Ltd"), request("Dropped Ltd")
    unnamed = quote(speaker="", anonymous=True, description="an aide", anonymity_reason="none")
    body = text("<p>The council met on Monday and heard two of its members.</p>")
    article = begin(
        wanted(f"Story {count}", body, unnamed, comment_requests=(asked, dropped)), user=managing_editor
    )

    def publish(at: int, values: dict[str, Any], **how: Any) -> None:
        change(article, user=managing_editor, at=minutes(at), **values)
        go_live(article, user=managing_editor, at=minutes(at), **how)

    go_live(article, user=managing_editor, at=minutes(1))
    publish(2, {"headline": f"Another {count}"}, publication_class="override", reason="No matter")
    correction = note("A number was wrong.", domain.NoteKind.CORRECTION, was="two of", now="three of")
    mended = replace(body, text=body.text.replace("two of", "three of"))
    publish(3, {"blocks": (mended, unnamed), "update_notes": (correction,)}, cause="wrong")
    change(article, user=managing_editor, comment_requests=(asked,), at=minutes(4))
    record(
        Withholding(
            article=article,
            words="three",
            ground="court",
            reason="Order",
            **_signed(managing_editor, minutes(5)),
        )
    )
    withdraw(article=article, user=managing_editor, notice="Gone.", reason="Untrue", at=minutes(6))
    record(
        SecondPersonCheck(
            article=article,
            decision_on="erasure-order",
            decided_id=1,
            asker_id=editor.pk,
            asker_name=editor.get_full_name(),
            refused=True,
            reason="One made the other.",
            **_signed(managing_editor, minutes(7)),
        )
    )
    call_more_a_typo(editor, number=count, at=8)


def call_more_a_typo(user: User, *, number: int, at: int) -> None:
    """Import a story whose readers were told of a typo though more had changed."""
    typo = {"kind": "typo", "text": "Fixed a typo."}
    versions = (
        version(5, body="<p>The council met in the old hall on Monday.</p>"),
        version(6, body="<p>The council met in secret on Sunday.</p>", notes=[typo]),
    )
    import_story(story=load(line(*versions, slug=f"typo-{number}")), user=user, at=minutes(at))


def _signed(user: User, at: datetime) -> dict[str, Any]:
    return {"user_id": user.pk, "user_name": user.get_full_name(), "recorded_at": at}


def pages(client: Client, name: str) -> list[int]:
    """Return every entry of a queue, page by page."""
    found: list[int] = []
    start: int | None = None
    for _ in range(20):
        answer = client.get(reverse("audit:queue", args=[name]), {} if start is None else {"from": start})
        found += [each.line.entry.sequence for each in answer.context["lines"]]
        start = answer.context["found"].following
        if start is None:
            break
    return found
