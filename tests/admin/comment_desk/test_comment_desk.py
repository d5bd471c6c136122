"""The comment desk: the list of all requests, and every step on the page of one."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from stories.actions.comment_desk.desk_records import log_attempt, save_desk_record
from stories.actions.comment_desk.outcomes import PartyAnswer, receive_answer
from stories.actions.editing.assignments import assign
from stories.actions.editing.drafts import discard
from stories.actions.takedown.withdrawals import withdraw
from stories.domain.snapshot import CommentRequest, QuoteBlock, RequestStatus, TextBlock
from stories.models import Article, ContactAttempt, DeskRecord, Publication, ReviewRequest, Terms, User
from stories.models.roles import REPORTER
from stories.queries.story.snapshots import latest_revision, working_snapshot
from tests.admin.typing import typed_in
from tests.factories import (
    MORNING,
    begin,
    change,
    go_live,
    make_user,
    minutes,
    quote,
    request,
    signed_in,
    text,
    wanted,
)

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

NOON = minutes(180)
STATEMENT = "We have stopped the sale.\n\nWe won’t resume it."
LIST = "admin:stories_comment_desk"


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)


@pytest.fixture
def article(editor: User) -> Article:
    return begin(
        wanted("Council", text("<p>First.</p>"), text("<p>Last.</p>"), comment_requests=(request(),)),
        user=editor,
    )


def request_in(article: Article) -> CommentRequest:
    return working_snapshot(Article.objects.get(pk=article.pk)).comment_requests[0]


def page_of(article: Article) -> str:
    return reverse("admin:stories_article_desk", args=[article.pk, request_in(article).key])


def desk_record(article: Article, user: User, **values: Any) -> DeskRecord:
    return save_desk_record(article=article, request_key=request_in(article).key, user=user, **values)


def stored_statement(article: Article, user: User, terms: str = "on-the-record") -> DeskRecord:
    answer = PartyAnswer(at=minutes(60), channel="email", terms=terms, statement=STATEMENT)
    return receive_answer(article=article, request_key=request_in(article).key, user=user, answer=answer)


def send(client: Client, article: Article, step: str, **typed: Any) -> Any:
    """Post a step of a request's page, with the page's own values for what is not given."""
    address = page_of(article)
    return client.post(address, typed_in(client.get(address)) | typed | {"step": step})


RECEIVED = {
    "status": "received",
    "at": "2026-03-02T10:00",
    "statement": STATEMENT,
    "speaker": "Dana Whitlock",
}
OFF_RECORD = {"status": "received", "at": "2026-03-02T10:00", "terms": "off-the-record"}


class TestTheList:
    def listed(self, client: Client, **query: str) -> list[str]:
        return [line.party for line in client.get(reverse(LIST), query).context["lines"]]

    @pytest.fixture
    def several(self, editor: User) -> Article:
        parties = ["Late", "Later", "Today", "Soon", "Never", "Done"]
        done = {"status": RequestStatus.DECLINED}
        requests = [request(party, **(done if party == "Done" else {})) for party in parties]
        article = begin(wanted("The mill", comment_requests=tuple(requests)), user=editor)
        deadlines = {
            "Late": minutes(-600),
            "Later": minutes(60),
            "Today": minutes(300),
            "Soon": minutes(3000),
            "Done": minutes(-900),
        }
        for each in requests:
            if each.party in deadlines:
                save_desk_record(
                    article=article, request_key=each.key, user=editor, deadline=deadlines[each.party]
                )
        return article

    def test_what_is_longest_overdue_comes_first(self, desk: Client, several: Article) -> None:
        assert self.listed(desk) == ["Late", "Later", "Today", "Soon", "Never"]
        page = desk.get(reverse(LIST)).content.decode()
        assert page.count('<strong class="flag">Overdue</strong>') == 2

    def test_it_is_narrowed_by_state_deadline_party_and_story(
        self, desk: Client, several: Article, article: Article
    ) -> None:
        assert self.listed(desk, deadline="overdue") == ["Late", "Later"]
        assert self.listed(desk, deadline="today") == ["Later", "Today"]
        assert self.listed(desk, deadline="week") == ["Later", "Today", "Soon"]
        assert self.listed(desk, deadline="none", story="mill") == ["Never"]
        assert self.listed(desk, state="declined") == ["Done"]
        assert self.listed(desk, state="all", story="mill")[-1] == "Done"
        assert self.listed(desk, party="corvid") == ["Corvid Systems"]
        assert self.listed(desk, story="council") == ["Corvid Systems"]
        assert self.listed(desk, state="no such", deadline="\x00", party="\x00") != []

    def test_what_is_withdrawn_or_discarded_asks_nobody(
        self, desk: Client, editor: User, managing_editor: User, several: Article, article: Article
    ) -> None:
        discard(article=article, user=editor)
        go_live(several, user=editor)
        withdraw(article=several, user=managing_editor, notice="Down.", reason="As agreed")
        assert self.listed(desk) == []

    def test_a_reporter_sees_the_requests_of_their_own_stories(
        self, editor: User, reporter: User, article: Article
    ) -> None:
        begin(wanted("Own", comment_requests=(request("Heron"),)), user=reporter)
        assert self.listed(signed_in(reporter)) == ["Heron"]
        assign(article=article, to=reporter, user=editor)
        assert self.listed(signed_in(reporter)) == ["Corvid Systems", "Heron"]

    def test_its_queries_do_not_grow(
        self, desk: Client, editor: User, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        desk.get(reverse(LIST))
        for count in (1, 60):
            for number in range(count):
                story = begin(wanted(f"Story {count} {number}", comment_requests=(request(),)), user=editor)
                desk_record(story, editor, deadline=NOON)
            # Session, person, their permissions by group and by name, their sections, count, order, rows.
            with django_assert_num_queries(8):
                desk.get(reverse(LIST))
        answer = desk.get(reverse(LIST), {"page": "2", "party": "Corvid"})
        assert len(answer.context["lines"]) == 11
        assert 'href="?party=Corvid&amp;page=1"' in answer.content.decode()

    def test_the_admins_index_leads_to_it(self, desk: Client) -> None:
        index = desk.get(reverse("admin:index")).content.decode()
        assert f'<a href="{reverse(LIST)}">Comment desk</a>' in index


class TestAttempts:
    def test_one_is_logged_in_one_step(self, desk: Client, article: Article) -> None:
        answer = send(
            desk, article, "attempt", **{"attempt-channel": "phone", "attempt-summary": "Will call back."}
        )
        assert answer.status_code == 302
        attempt = ContactAttempt.objects.get()
        assert (attempt.channel, attempt.summary, attempt.answered) == ("phone", "Will call back.", False)
        assert (attempt.at, attempt.user_name) == (NOON, "Emil Editor")
        assert latest_revision(article.pk) == 1
        assert "Will call back." in desk.get(page_of(article)).content.decode()
        assert not LogEntry.objects.exists()

    def test_a_form_sent_twice_logs_once(self, desk: Client, article: Article) -> None:
        typed = typed_in(desk.get(page_of(article))) | {"step": "attempt"}
        for _time in range(2):
            assert desk.post(page_of(article), typed).status_code == 302
        assert ContactAttempt.objects.count() == 1

    def test_a_wrong_time_loses_nothing_typed(self, desk: Client, article: Article) -> None:
        answer = send(desk, article, "attempt", **{"attempt-at": "soon", "attempt-summary": "Left word."})
        assert answer.status_code == 200
        assert typed_in(answer)["attempt-summary"] == "Left word."
        assert not ContactAttempt.objects.exists()

    def test_off_the_record_keeps_no_words(self, desk: Client, article: Article) -> None:
        typed = {
            "attempt-terms": "off-the-record",
            "attempt-what": "answered",
            "attempt-summary": "They admitted it.",
        }
        answer = send(desk, article, "attempt", **typed)
        page = answer.content.decode()
        assert "Off the record keeps the time and the fact alone." in page
        assert "They admitted it." not in page
        assert not ContactAttempt.objects.exists()
        again = typed_in(answer) | {"step": "attempt"}
        assert desk.post(page_of(article), again).status_code == 302
        attempt = ContactAttempt.objects.get()
        assert (attempt.terms, attempt.summary, attempt.answered) == ("off-the-record", "", True)


class TestDeadlineAndContact:
    def test_a_deadline_moves_without_the_story(self, desk: Client, editor: User, article: Article) -> None:
        desk_record(article, editor, contact="Press office", statement="Kept.")
        send(desk, article, "record", **{"record-deadline": "2026-03-03T18:30"})
        record = DeskRecord.objects.get()
        assert record.deadline == datetime(2026, 3, 3, 18, 30, tzinfo=MORNING.tzinfo)
        assert (record.contact, record.statement) == ("Press office", "Kept.")
        assert latest_revision(article.pk) == 1

    def test_two_who_save_at_once_overwrite_nothing(self, desk: Client, article: Article) -> None:
        page = page_of(article)
        first, second = (typed_in(desk.get(page)) | {"step": "record"} for _each in range(2))
        assert desk.post(page, first | {"record-contact": "press@example.org"}).status_code == 302
        answer = desk.post(page, second | {"record-contact": "Mine"})
        assert "Somebody else saved this record since you opened it." in answer.content.decode()
        assert "Theirs, contact: press@example.org" in answer.content.decode()
        assert DeskRecord.objects.get().contact == "press@example.org"
        again = typed_in(answer)
        assert again["record-contact"] == "Mine"
        assert desk.post(page, again | {"step": "record"}).status_code == 302
        assert DeskRecord.objects.get().contact == "Mine"

    def test_the_record_of_a_request_that_left_the_story_is_kept_on(
        self, desk: Client, editor: User, article: Article
    ) -> None:
        desk_record(article, editor, contact="press@example.org")
        page = page_of(article)
        change(article, user=editor, comment_requests=())
        answer = desk.get(page)
        assert "This request is no longer in the story" in answer.content.decode()
        assert desk.post(page, typed_in(answer) | {"step": "attempt"}).status_code == 302
        assert ContactAttempt.objects.get().record.party == "Corvid Systems"

    def test_the_record_leads_to_its_request(self, desk: Client, editor: User, article: Article) -> None:
        record = desk_record(article, editor)
        assert desk.get(reverse("admin:stories_deskrecord_change", args=[record.pk])).url == page_of(article)  # type: ignore[attr-defined]

    def test_a_request_that_never_was_has_no_page(self, desk: Client, article: Article) -> None:
        assert desk.get(reverse("admin:stories_article_desk", args=[article.pk, uuid4()])).status_code == 404


class TestOutcomes:
    def test_one_is_an_edit_that_waits(self, desk: Client, editor: User, article: Article) -> None:
        log_attempt(
            record=desk_record(article, editor),
            user=editor,
            at=MORNING,
            channel="phone",
            terms="on-the-record",
        )
        go_live(article, user=editor)
        assert typed_in(desk.get(page_of(article)))["asked_how"] == "by phone"
        send(desk, article, "outcome", status="no-response")
        asked = request_in(article)
        assert (asked.status, asked.asked_how, asked.responded_at) == (
            RequestStatus.NO_RESPONSE,
            "by phone",
            None,
        )
        assert latest_revision(article.pk) == 2
        assert Publication.objects.count() == 1
        page = desk.get(page_of(article)).content.decode()
        assert "We reached out to Corvid Systems for comment on March 2, 2026, and will" in page
        assert (
            "Corvid Systems did not respond to a request for comment made by phone on March 2, 2026." in page
        )

    def test_an_answer_is_logged_with_it(self, desk: Client, article: Article) -> None:
        send(desk, article, "outcome", status="declined", at="2026-03-02T10:00", channel="phone")
        attempt = ContactAttempt.objects.get()
        assert (attempt.answered, attempt.channel, attempt.at) == (True, "phone", minutes(60))
        assert request_in(article).responded_at == minutes(60)

    def test_a_statement_can_be_kept_for_later(self, desk: Client, article: Article) -> None:
        send(desk, article, "outcome", **RECEIVED)
        record = DeskRecord.objects.get()
        assert (record.statement, record.terms) == (STATEMENT, Terms.ON_THE_RECORD)
        assert len(working_snapshot(article).blocks) == 2
        assert "A statement waits here" in desk.get(page_of(article)).content.decode()

    def test_what_changes_nothing_makes_no_revision(self, desk: Client, article: Article) -> None:
        send(desk, article, "outcome", status="pending")
        assert latest_revision(article.pk) == 1

    def test_the_second_of_two_outcomes_at_once_is_refused_with_the_first(
        self, desk: Client, article: Article
    ) -> None:
        page = page_of(article)
        first, second = (typed_in(desk.get(page)) | {"step": "outcome"} for _each in range(2))
        desk.post(page, first | {"status": "declined"})
        answer = desk.post(page, second | {"status": "no-response"})
        assert "the request is “declined” now" in answer.content.decode()
        assert request_in(article).status is RequestStatus.DECLINED
        desk.post(page, typed_in(answer) | {"step": "outcome"})
        assert request_in(article).status is RequestStatus.NO_RESPONSE

    def test_nothing_chosen_loses_nothing_typed(self, desk: Client, article: Article) -> None:
        answer = send(desk, article, "outcome", statement=STATEMENT)
        assert "Say what came of it." in answer.content.decode()
        assert typed_in(answer)["statement"].replace("\r\n", "\n") == STATEMENT

    def test_an_answer_before_the_request_is_refused_in_words(self, desk: Client, article: Article) -> None:
        answer = send(desk, article, "outcome", **RECEIVED | {"at": "2026-03-01T10:00"})
        assert "can’t be earlier than the request" in answer.content.decode()
        assert not DeskRecord.objects.exists()

    def test_off_the_record_keeps_the_fact_alone(self, desk: Client, article: Article) -> None:
        answer = send(desk, article, "outcome", **OFF_RECORD, statement="We bribed them.")
        page = answer.content.decode()
        assert "What was typed of what they said was not kept" in page
        assert "We bribed them." not in page
        assert not DeskRecord.objects.exists()
        assert desk.post(page_of(article), typed_in(answer) | {"step": "outcome"}).status_code == 302
        record = DeskRecord.objects.get()
        assert (record.statement, record.terms) == ("", "off-the-record")


class TestOwnSentences:
    OWN = "Corvid asked for time until Friday."

    @pytest.fixture
    def article(self, editor: User) -> Article:
        article = begin(wanted("Council", comment_requests=(request(sentence=self.OWN),)), user=editor)
        go_live(article, user=editor)
        return article

    def test_a_new_state_lets_the_page_compose_it(self, desk: Client, article: Article) -> None:
        send(desk, article, "outcome", status="no-response")
        assert request_in(article).sentence == ""

    def test_one_that_stays_is_flagged_at_the_desk_and_in_the_review(
        self, desk: Client, article: Article
    ) -> None:
        send(desk, article, "outcome", status="no-response", sentence="keep")
        assert request_in(article).sentence == self.OWN
        assert "but its own sentence stayed" in desk.get(page_of(article)).content.decode()
        review = desk.get(reverse("admin:stories_article_publish", args=[article.pk])).content.decode()
        assert "is in another state now, but its own sentence stayed" in review

    def test_one_that_fits_its_state_is_not(self, desk: Client, editor: User, article: Article) -> None:
        change(article, user=editor, dek="Other.")
        assert "but its own sentence stayed" not in desk.get(page_of(article)).content.decode()
        review = desk.get(reverse("admin:stories_article_publish", args=[article.pk])).content.decode()
        assert "but its own sentence stayed" not in review


class TestPlacing:
    def test_a_statement_becomes_a_quote_and_a_drafted_note(
        self, desk: Client, editor: User, article: Article
    ) -> None:
        go_live(article, user=editor)
        answer = send(desk, article, "place", **RECEIVED, speaker_title="spokesperson, Corvid")
        assert answer.url == reverse("admin:stories_article_publish", args=[article.pk])
        story = working_snapshot(Article.objects.get(pk=article.pk))
        block = story.blocks[-1]
        assert isinstance(block, QuoteBlock)
        assert block.text == "<p>We have stopped the sale.</p><p>We won’t resume it.</p>"
        assert (block.speaker, block.speaker_title) == ("Dana Whitlock", "spokesperson, Corvid")
        assert story.comment_requests[0].status is RequestStatus.RECEIVED
        assert DeskRecord.objects.get().statement == ""
        review = desk.get(answer.url)
        typed = typed_in(review)
        assert (typed["kind"], typed["text"]) == ("comment-added", "A comment from Corvid Systems was added.")

    def test_or_a_paragraph_at_its_place(self, desk: Client, article: Article) -> None:
        first = working_snapshot(article).blocks[0]
        send(
            desk,
            article,
            "place",
            **RECEIVED | {"speaker": "the company"},
            way="paragraph",
            after=str(first.key),
        )
        block = working_snapshot(Article.objects.get(pk=article.pk)).blocks[1]
        assert isinstance(block, TextBlock)
        assert block.text == (
            "<p>The company said: “We have stopped the sale.</p><p>“We won’t resume it.”</p>"
        )

    def test_what_is_typed_is_text(self, desk: Client, article: Article) -> None:
        send(desk, article, "place", **RECEIVED | {"statement": "<b>1 < 2</b> & “so”"}, way="paragraph")
        block = working_snapshot(Article.objects.get(pk=article.pk)).blocks[-1]
        assert isinstance(block, TextBlock)
        assert block.text == "<p>Dana Whitlock said: “&lt;b&gt;1 &lt; 2&lt;/b&gt; &amp; ‘so’”</p>"

    def test_a_form_sent_twice_puts_it_in_once(self, desk: Client, article: Article) -> None:
        typed = typed_in(desk.get(page_of(article))) | RECEIVED | {"step": "place"}
        for _time in range(2):
            assert desk.post(page_of(article), typed).status_code == 302
        assert len(working_snapshot(Article.objects.get(pk=article.pk)).blocks) == 3
        assert latest_revision(article.pk) == 2

    def test_it_stands_at_the_end_of_the_text_and_parts_no_quotation_from_what_leads_to_it(
        self, desk: Client, editor: User, article: Article
    ) -> None:
        story = working_snapshot(article)
        last = quote()
        change(article, user=editor, blocks=(*story.blocks, last))
        assert typed_in(desk.get(page_of(article)))["after"] == str(last.key)

    def test_one_that_waits_is_put_in_and_leaves_the_desk(
        self, desk: Client, editor: User, article: Article
    ) -> None:
        stored_statement(article, editor)
        page = desk.get(page_of(article))
        typed = typed_in(page)
        assert typed["held-statement"].replace("\r\n", "\n") == STATEMENT
        desk.post(page_of(article), typed | {"step": "held-place"})
        story = working_snapshot(Article.objects.get(pk=article.pk))
        assert isinstance(story.blocks[-1], QuoteBlock)
        assert (story.comment_requests[0].status, story.comment_requests[0].responded_at) == (
            RequestStatus.RECEIVED,
            minutes(60),
        )
        assert DeskRecord.objects.get().statement == ""

    def test_or_is_taken_away(self, desk: Client, editor: User, article: Article) -> None:
        stored_statement(article, editor)
        send(desk, article, "take-away")
        assert DeskRecord.objects.get().statement == ""
        assert latest_revision(article.pk) == 1

    def test_another_that_goes_straight_in_leaves_the_one_that_waits(
        self, desk: Client, editor: User, article: Article
    ) -> None:
        stored_statement(article, editor)
        send(desk, article, "place", **RECEIVED | {"statement": "And another thing."})
        assert DeskRecord.objects.get().statement == STATEMENT

    def test_background_names_nobody(self, desk: Client, article: Article) -> None:
        background = RECEIVED | {"terms": "background"}
        named = send(desk, article, "place", **background | {"speaker": "A manager at Corvid Systems"})
        assert "readers must not learn that it was Corvid Systems" in named.content.decode()
        no_reason = send(desk, article, "place", **background | {"speaker": "A manager"})
        assert "Say why they are not named" in no_reason.content.decode()
        assert not DeskRecord.objects.exists()
        reason = {"unnamed_because": "because they may not speak"}
        send(desk, article, "place", **background | {"speaker": "A manager"}, **reason)
        block = working_snapshot(Article.objects.get(pk=article.pk)).blocks[-1]
        assert isinstance(block, QuoteBlock)
        assert (block.anonymous, block.speaker, block.description) == (True, "", "A manager")

    def test_without_words_nothing_goes_in(self, desk: Client, article: Article) -> None:
        answer = send(desk, article, "place", **RECEIVED | {"statement": " \n "})
        assert "there is nothing to put in yet" in answer.content.decode()
        assert latest_revision(article.pk) == 1


class TestFixingWhatIsLive:
    @pytest.fixture
    def article(self, article: Article, editor: User) -> Article:
        """Return a live story with a rewrite that waits."""
        go_live(article, user=editor)
        change(article, user=editor, headline="A rewrite", at=minutes(20))
        return article

    def test_the_answer_goes_out_and_the_rewrite_waits_on(
        self, desk: Client, editor: User, article: Article
    ) -> None:
        review = send(desk, article, "fix", **RECEIVED)
        assert DeskRecord.objects.get().statement == STATEMENT
        typed = typed_in(review)
        assert (typed["kind"], typed["text"]) == ("comment-added", "A comment from Corvid Systems was added.")
        address = reverse("admin:stories_article_fix", args=[article.pk])
        answer = desk.post(address, typed | {"step": "publish"})
        assert answer.status_code == 302, answer.content.decode()
        live = Publication.objects.latest("pk")
        assert live.notes.get().text == "A comment from Corvid Systems was added."
        story = working_snapshot(Article.objects.get(pk=article.pk))
        assert story.headline == "A rewrite"
        assert isinstance(story.blocks[-1], QuoteBlock)
        assert story.comment_requests[0].status is RequestStatus.RECEIVED
        assert DeskRecord.objects.get().statement == ""

    def test_a_review_that_is_left_loses_no_word(self, desk: Client, article: Article) -> None:
        send(desk, article, "fix", **RECEIVED)
        assert request_in(article).status is RequestStatus.PENDING
        review = send(desk, article, "held-fix")
        address = reverse("admin:stories_article_fix", args=[article.pk])
        desk.post(address, typed_in(review) | {"step": "publish"})
        assert DeskRecord.objects.get().statement == ""
        assert request_in(article).status is RequestStatus.RECEIVED

    def test_words_that_are_gone_back_to_leave_the_desk_as_well(self, desk: Client, article: Article) -> None:
        review = send(desk, article, "fix", **RECEIVED)
        address = reverse("admin:stories_article_fix", args=[article.pk])
        form = desk.post(address, typed_in(review) | {"step": "back"})
        assert f'action="{address}?answers={request_in(article).key}"' in form.content.decode()
        again = desk.post(
            f"{address}?answers={request_in(article).key}", typed_in(form) | {"_review": "Review"}
        )
        assert desk.post(address, typed_in(again) | {"step": "publish"}).status_code == 302
        assert DeskRecord.objects.get().statement == ""

    def test_it_is_offered_only_while_something_waits(
        self, desk: Client, editor: User, article: Article
    ) -> None:
        assert "Fix what is live with it" in desk.get(page_of(article)).content.decode()
        other = begin(wanted("Other", comment_requests=(request("Heron"),)), user=editor)
        assert "Fix what is live with it" not in desk.get(page_of(other)).content.decode()
        answer = send(desk, other, "fix", **RECEIVED)
        assert "Put it into the story instead" in answer.content.decode()
        assert not DeskRecord.objects.filter(party="Heron").exists()


class TestDisputes:
    def dispute(self, client: Client, article: Article) -> Any:
        return send(client, article, "attempt", **{"attempt-terms": "disputed", "attempt-channel": "phone"})

    @pytest.fixture
    def disputed(self, desk: Client, editor: User, article: Article) -> Article:
        stored_statement(article, editor)
        assert self.dispute(desk, article).status_code == 302
        return article

    def test_only_what_was_on_the_record_can_be(self, desk: Client, article: Article) -> None:
        assert 'value="disputed"' not in desk.get(page_of(article)).content.decode()
        assert self.dispute(desk, article).status_code == 200
        assert not ContactAttempt.objects.exists()

    def test_the_statement_stays_and_can_not_be_used(self, desk: Client, disputed: Article) -> None:
        record = DeskRecord.objects.get()
        assert (record.terms, record.statement) == ("disputed", STATEMENT)
        page = desk.get(page_of(disputed)).content.decode()
        assert "The terms are disputed" in page
        assert "A statement waits here" not in page
        refused = send(desk, disputed, "place", **RECEIVED)
        assert "An editor decides first" in refused.content.decode()
        assert latest_revision(disputed.pk) == 1

    def test_a_reporter_does_not_decide(self, editor: User, reporter: User, disputed: Article) -> None:
        assign(article=disputed, to=reporter, user=editor)
        client = signed_in(reporter)
        assert ">Decide</button>" not in client.get(page_of(disputed)).content.decode()
        typed = {"decision-terms": "on-the-record", "decision-reason": "Mine.", "step": "decide"}
        assert client.post(page_of(disputed), typed).status_code == 403
        assert DeskRecord.objects.get().terms == "disputed"

    def test_an_editor_decides_with_a_reason(self, desk: Client, disputed: Article) -> None:
        no_reason = send(desk, disputed, "decide", **{"decision-terms": "on-the-record"})
        assert no_reason.status_code == 200
        typed = {"decision-terms": "on-the-record", "decision-reason": "They had read the rules."}
        assert send(desk, disputed, "decide", **typed).status_code == 302
        record = DeskRecord.objects.get()
        assert (record.terms, record.statement) == ("on-the-record", STATEMENT)
        page = desk.get(page_of(disputed)).content.decode()
        assert "They had read the rules." in page
        assert "A statement waits here" in page

    def test_off_the_record_erases_what_they_said(
        self, desk: Client, editor: User, disputed: Article
    ) -> None:
        record = DeskRecord.objects.get()
        log_attempt(
            record=record,
            user=editor,
            at=MORNING,
            channel="phone",
            terms="on-the-record",
            summary="They said it twice.",
            answered=True,
        )
        typed = {"decision-terms": "off-the-record", "decision-reason": "It was agreed."}
        send(desk, disputed, "decide", **typed)
        record.refresh_from_db()
        assert (record.terms, record.statement) == ("off-the-record", "")
        assert not ContactAttempt.objects.exclude(summary="").exists()
        assert ContactAttempt.objects.filter(answered=True).count() == 3


class TestReporters:
    @pytest.fixture
    def own(self, editor: User, reporter: User) -> Article:
        """Return a live story that the reporter began."""
        article = begin(wanted("Own", comment_requests=(request(),)), user=reporter)
        go_live(article, user=editor)
        return article

    def test_chase_comment_for_their_own_live_stories(self, reporter: User, own: Article) -> None:
        client = signed_in(reporter)
        assert send(client, own, "attempt").status_code == 302
        assert send(client, own, "record", **{"record-deadline": "2026-03-03T18:30"}).status_code == 302
        assert send(client, own, "outcome", status="declined").status_code == 302
        assert request_in(own).status is RequestStatus.DECLINED
        assert Publication.objects.count() == 1

    def test_put_an_answer_in_and_offer_it_for_review(self, reporter: User, own: Article) -> None:
        answer = send(signed_in(reporter), own, "place", **RECEIVED)
        assert answer.url == page_of(own)
        offered = ReviewRequest.objects.get()
        assert (offered.offered, offered.user_name, offered.revision.number) == (True, "Rosa Reporter", 2)

    def test_do_nothing_for_others(self, editor: User, reporter: User, article: Article) -> None:
        client = signed_in(reporter)
        desk_record(article, editor)
        assert client.get(page_of(article)).status_code == 403
        assert client.post(page_of(article), {"step": "attempt"}).status_code == 403

    def test_nor_fix_what_is_live(self, editor: User, reporter: User, own: Article) -> None:
        change(own, user=editor, headline="A rewrite")
        client = signed_in(reporter)
        assert "Fix what is live with it" not in client.get(page_of(own)).content.decode()
        answer = send(client, own, "fix", **RECEIVED)
        assert "Put it into the story instead" in answer.content.decode()


class TestWhoReadsRecords:
    SECRET = "press@example.org, and what they said"

    def reads(self, user: User, article: Article) -> bool:
        client = signed_in(user)
        request_page = client.get(page_of(article))
        listed = page_of(article) in client.get(reverse(LIST), {"state": "all"}).content.decode()
        assert (request_page.status_code == 200) == (self.SECRET in request_page.content.decode()) == listed
        return listed

    def test_whose_story_it_is_and_nobody_else(self, editor: User, reporter: User, article: Article) -> None:
        desk_record(article, editor, contact=self.SECRET)
        assert not self.reads(reporter, article)
        assign(article=article, to=reporter, user=editor)
        assert self.reads(reporter, article)
        second = make_user(REPORTER, name="second")
        assign(article=article, to=second, user=editor)
        assert not self.reads(reporter, article)

    def test_editors_and_auditors_read_them_all_and_auditors_change_nothing(
        self, editor: User, managing_editor: User, auditor: User, article: Article
    ) -> None:
        desk_record(article, editor, contact=self.SECRET)
        for user in (editor, managing_editor, auditor):
            assert self.reads(user, article)
        client = signed_in(auditor)
        assert "Log an attempt" not in client.get(page_of(article)).content.decode()
        assert client.post(page_of(article), {"step": "attempt"}).status_code == 403


class TestFromTheList:
    """Every step that needs no words is made there, and leads back to the list as it was narrowed."""

    def send(self, client: Client, article: Article, step: str, **typed: str) -> Any:
        listed = client.get(reverse(LIST), {"party": "corvid"})
        return client.post(page_of(article), typed_in(listed) | typed | {"step": step})

    def test_an_attempt_is_logged(self, desk: Client, article: Article) -> None:
        answer = self.send(desk, article, "attempt", **{"attempt-channel": "message"})
        assert answer.url == f"{reverse(LIST)}?party=corvid"
        attempt = ContactAttempt.objects.get()
        assert (attempt.channel, attempt.at, attempt.answered) == ("message", NOON, False)

    def test_a_deadline_moves_and_nothing_else(self, desk: Client, editor: User, article: Article) -> None:
        desk_record(article, editor, contact="Press office")
        self.send(desk, article, "deadline", **{"deadline-at": "2026-03-03T18:30"})
        record = DeskRecord.objects.get()
        assert record.deadline == datetime(2026, 3, 3, 18, 30, tzinfo=MORNING.tzinfo)
        assert record.contact == "Press office"

    def test_an_outcome_is_recorded(self, desk: Client, editor: User, article: Article) -> None:
        log_attempt(
            record=desk_record(article, editor),
            user=editor,
            at=MORNING,
            channel="letter",
            terms="on-the-record",
        )
        self.send(desk, article, "outcome", status="no-response")
        asked = request_in(article)
        assert (asked.status, asked.asked_how) == (RequestStatus.NO_RESPONSE, "by letter")

    def test_with_the_minute_in_which_they_declined(self, desk: Client, article: Article) -> None:
        self.send(desk, article, "outcome", status="declined")
        assert request_in(article).responded_at == NOON

    def test_and_keeps_the_time_that_was_recorded_in_any_zone(
        self, desk: Client, editor: User, article: Article
    ) -> None:
        answered = request(status=RequestStatus.RECEIVED, responded_at=minutes(60))
        change(article, user=editor, comment_requests=(answered,))
        with timezone.override("Europe/Berlin"):
            desk.post(page_of(article), {"step": "outcome", "status": "declined", "list": ""})
        assert (request_in(article).status, request_in(article).responded_at) == (
            RequestStatus.DECLINED,
            minutes(60),
        )

    def test_who_only_reads_is_offered_nothing(self, auditor: User, article: Article) -> None:
        assert 'name="step"' not in signed_in(auditor).get(reverse(LIST)).content.decode()
