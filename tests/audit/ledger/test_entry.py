"""One entry: its words, its evidence, what it goes with; questions, answers and sign-offs."""

from __future__ import annotations

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from stories.actions.audit.questions import answer_question, ask_question, sign_off
from stories.actions.errors import Refused
from stories.models import Answer, Article, EntryKind, LedgerEntry, Question, SignOff, User
from stories.queries.ledger.entry import EntryDetail, entry_detail
from stories.queries.verification import Verification
from stories.rendering.ledger_line import _DESCRIPTIONS, describe_entry
from tests.audit.conftest import last_publication, page_html
from tests.factories import change, go_live, minutes, note, reword, signed_in
from tests.outbox import mails_delivered
from tests.tampering import run

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


class TestWhatItShows:
    def test_the_words_that_changed_and_why(self, desk: Client, article: Article) -> None:
        page = page_html(desk, "entry", 4)
        assert "published revision 2 as a minor change, without a note" in page
        assert "An adverb" in page
        assert "briefly" in re.sub(r"<[^>]*>", "", page.split("<ins")[1].split("</ins>")[0])

    def test_what_led_to_it_and_what_came_of_it(self, desk: Client, article: Article) -> None:
        links = {link.relation: link.sequence for link in _detail(4).links}
        assert links == {"revision_event": 3, "base": 2}
        assert [link.sequence for link in _detail(3).links] == [4]
        page = page_html(desk, "entry", 4)
        assert reverse("audit:entry", args=[3]) in page

    def test_its_neighbours_are_of_its_story(self, editor: User, article: Article) -> None:
        detail = _detail(3)
        assert (detail.story_before, detail.story_after) == (2, 4)
        assert _detail(1).story_before is None

    def test_blame_is_a_link_away(self, desk: Client, article: Article) -> None:
        page = page_html(desk, "entry", 4)
        text_address = reverse("admin:stories_article_revision", args=[article.pk, 2])
        blame = reverse("admin:stories_article_blame", args=[article.pk, 2])
        assert text_address in page
        assert f'action="{blame}"' in page
        assert desk.get(text_address).status_code == 200
        assert "Emil Editor" in desk.get(blame, {"words": "briefly"}).content.decode()

    def test_its_evidence(self, desk: Client, article: Article) -> None:
        detail = _detail(3)
        entry = LedgerEntry.objects.get(pk=3)
        assert detail.digest == bytes(entry.digest).hex()
        assert detail.digest_before == bytes(LedgerEntry.objects.get(pk=2).digest).hex()
        assert detail.chain_holds
        assert detail.words_hold
        assert [(row.model, row.change, row.state) for row in detail.rows] == [("textblock", "~", "holds")]
        assert detail.digest in page_html(desk, "entry", 3)

    @pytest.mark.parametrize(
        ("statement", "message"),
        [
            (
                "UPDATE stories_historicaltextblock SET text = '<p>Else.</p>' WHERE revision = 2",
                "is not what was written",
            ),
            ("DELETE FROM stories_historicaltextblock WHERE revision = 2", "is not there"),
            ("UPDATE stories_ledgerentry SET payload = payload || ' ' WHERE sequence = 3", "DOES NOT HOLD"),
            ("UPDATE stories_revision SET reason = 'Else' WHERE number = 2", "are not what was written"),
        ],
    )
    def test_what_no_longer_holds_is_said(
        self, desk: Client, article: Article, statement: str, message: str
    ) -> None:
        assert message not in page_html(desk, "entry", 3)
        run(statement)
        assert message in page_html(desk, "entry", 3)

    def test_lists_that_were_tampered_with_are_reported(self, desk: Client, article: Article) -> None:
        run("UPDATE stories_publicationcard SET headline = 'Else'")
        assert "is not what was written, or was erased by order" in page_html(desk, "entry", 4)

    def test_a_payload_that_reads_as_nothing_is_shown_all_the_same(
        self, desk: Client, article: Article
    ) -> None:
        run("UPDATE stories_ledgerentry SET payload = 'rubbish' WHERE sequence = 3")
        page = page_html(desk, "entry", 3)
        assert "rubbish" in page
        assert "did something that this entry no longer says" in page

    def test_an_entry_that_is_not_there(self, desk: Client, article: Article) -> None:
        for number in ("99", "999999999999999999", "0"):
            assert desk.get(f"{reverse('audit:ledger')}{number}/").status_code == 404

    def test_as_many_queries_however_long_the_history(
        self, desk: Client, editor: User, article: Article
    ) -> None:
        counts = []
        for _ in range(2):
            with CaptureQueriesContext(connection) as counted:
                page_html(desk, "entry", 3)
            counts.append(len(counted))
            for number in range(10):
                change(article, user=editor, dek=f"{number}.")
        assert counts[0] == counts[1] <= 45


class TestAsking:
    def test_it_is_entered_into_the_ledger_and_mailed_without_a_word_of_it(
        self,
        desk: Client,
        editor: User,
        article: Article,
        mailoutbox: list[EmailMessage],
    ) -> None:
        with mails_delivered():
            desk.post(reverse("audit:entry", args=[4]), {"step": "ask", "ask-reason": "Why zebra?"})
        question = Question.objects.get()
        assert (question.asked_id, question.asked_name, question.entry_id) == (editor.pk, "Emil Editor", 4)
        assert LedgerEntry.objects.latest("sequence").kind == "question"
        (mail,) = mailoutbox
        assert mail.to == ["emil@example.org"]
        assert reverse("desk:question", args=[question.pk]) in mail.body
        text_address = str(mail.message())
        assert "zebra" not in text_address
        assert "Council" not in text_address
        page = page_html(desk, "entry", 4)
        assert "Why zebra?" in page
        assert "Not answered yet." in page
        assert list(Verification()) == []

    def test_what_nobody_here_did_is_put_to_the_desk(
        self,
        auditor: User,
        editor: User,
        managing_editor: User,
        article: Article,
        settings: Settings,
        mailoutbox: list[EmailMessage],
    ) -> None:
        settings.DESK_EMAIL = ["desk@example.org"]
        editor.delete()
        with mails_delivered():
            question = ask_question(entry=last_publication(article), user=auditor, reason="Why?")
        assert question.asked_id is None
        assert mailoutbox[0].to == ["desk@example.org"]
        assert "Why?" in signed_in(managing_editor).get(reverse("admin:index")).content.decode()

    def test_an_empty_question_leaves_no_trace(self, desk: Client, auditor: User, article: Article) -> None:
        with pytest.raises(Refused, match="The question is empty"):
            ask_question(entry=last_publication(article), user=auditor, reason=" \u200b ")
        answer_question = desk.post(reverse("audit:entry", args=[4]), {"step": "ask", "ask-reason": "\u200b"})
        assert "The question is empty." in answer_question.content.decode()
        assert not Question.objects.exists()
        assert LedgerEntry.objects.count() == 4

    def test_a_refused_form_keeps_what_was_typed(self, desk: Client, article: Article) -> None:
        typed = "Why? " * 1100
        answer_question = desk.post(reverse("audit:entry", args=[4]), {"step": "ask", "ask-reason": typed})
        assert typed.strip() in answer_question.content.decode()
        assert not Question.objects.exists()

    def test_none_but_an_auditor(self, editor: User, managing_editor: User, article: Article) -> None:
        entry = last_publication(article)
        for user in (editor, managing_editor):
            with pytest.raises(PermissionDenied):
                ask_question(entry=entry, user=user, reason="Why?")
            with pytest.raises(PermissionDenied):
                sign_off(entry=entry, user=user)
        desk = signed_in(managing_editor)
        assert "Ask about it" not in page_html(desk, "entry", 4)
        answer_question = desk.post(reverse("audit:entry", args=[4]), {"step": "ask", "ask-reason": "Why?"})
        assert answer_question.status_code == 403
        assert not Question.objects.exists()

    def test_not_about_what_one_did_oneself(self, auditor: User, article: Article) -> None:
        signed = sign_off(entry=last_publication(article), user=auditor)
        own = LedgerEntry.objects.latest("sequence")
        with pytest.raises(Refused, match="You made this entry yourself"):
            ask_question(entry=own, user=auditor, reason="Why?")
        with pytest.raises(Refused, match="Another auditor"):
            sign_off(entry=own, user=auditor)
        assert SignOff.objects.get() == signed


class TestAnswering:
    @pytest.fixture
    def question(self, auditor: User, article: Article) -> Question:
        return ask_question(
            entry=last_publication(article), user=auditor, reason="Why was it minor?", at=minutes(60)
        )

    def test_who_is_asked_sees_it_on_the_front_page_and_answers_it(
        self,
        editor: User,
        desk: Client,
        question: Question,
        mailoutbox: list[EmailMessage],
    ) -> None:
        emil = signed_in(editor)
        address = reverse("desk:question", args=[question.pk])
        assert address in emil.get(reverse("admin:index")).content.decode()
        page = emil.get(address).content.decode()
        assert "Why was it minor?" in page
        assert reverse("admin:stories_article_changes", args=[question.article_id, 2]) in page
        with mails_delivered():
            emil.post(address, {"reason": "An adverb harms nobody."})
        assert Answer.objects.get().user_name == "Emil Editor"
        assert [mail.to for mail in mailoutbox] == [["aldo@example.org"]]
        assert "adverb" not in str(mailoutbox[0].message())
        assert "An adverb harms nobody." in page_html(desk, "entry", question.entry_id)
        assert address not in emil.get(reverse("admin:index")).content.decode()
        assert list(Verification()) == []

    def test_nobody_else_sees_it(self, reporter: User, question: Question) -> None:
        rosa = signed_in(reporter)
        assert rosa.get(reverse("desk:question", args=[question.pk])).status_code == 403
        assert "Why was it minor?" not in rosa.get(reverse("admin:index")).content.decode()
        with pytest.raises(PermissionDenied):
            answer_question(question=question, user=reporter, reason="Because.")

    def test_a_managing_editor_may_answer_for_others(self, managing_editor: User, question: Question) -> None:
        answer_question(question=question, user=managing_editor, reason="I looked into it.")
        assert Answer.objects.get().question == question

    def test_an_auditor_reads_the_page_and_has_no_form(self, desk: Client, question: Question) -> None:
        page = desk.get(reverse("desk:question", args=[question.pk])).content.decode()
        assert "Why was it minor?" in page
        assert 'name="reason"' not in page

    def test_an_empty_answer_is_refused(self, editor: User, question: Question) -> None:
        address = reverse("desk:question", args=[question.pk])
        page = signed_in(editor).post(address, {"reason": "\u200b"}).content.decode()
        assert "The answer is empty." in page
        assert not Answer.objects.exists()


class TestSigningOff:
    def test_it_is_entered_and_shown(self, desk: Client, article: Article) -> None:
        desk.post(reverse("audit:entry", args=[4]), {"step": "sign-off", "sign-off-reason": "All well."})
        page = page_html(desk, "entry", 4)
        assert "signed it off" in page
        assert "All well." in page
        assert "Sign it off" not in page
        assert "signed off by Aldo Auditor" in page_html(desk, "ledger")
        assert list(Verification()) == []

    def test_once_alone(self, auditor: User, article: Article) -> None:
        entry = last_publication(article)
        sign_off(entry=entry, user=auditor)
        with pytest.raises(Refused, match="You have signed entry 4 off already"):
            sign_off(entry=entry, user=auditor)
        assert SignOff.objects.count() == 1


def test_a_note_stands_in_the_comparison_of_its_publication(
    desk: Client, editor: User, article: Article
) -> None:
    reword(article, user=editor, number=1)
    change(article, user=editor, update_notes=(note("A spelling was mended."),))
    go_live(article, user=editor, at=minutes(90))
    page = page_html(desk, "entry", last_publication(article).pk)
    assert "A spelling was mended." in page
    assert "published revision 4 with a note to readers" in page


def test_every_kind_of_event_has_its_words() -> None:
    assert set(_DESCRIPTIONS) == set(EntryKind.values)
    assert describe_entry({"kind": "unheard-of"}) == "did something that this entry no longer says"


def _detail(sequence: int) -> EntryDetail:
    detail = entry_detail(sequence)
    assert detail is not None
    return detail
