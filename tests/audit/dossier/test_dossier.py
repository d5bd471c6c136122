"""A story's dossier as a page: what it shows, to whom, and with how many queries."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from stories.actions.audit.dossier_access import end_access, give_access
from stories.actions.comment_desk.desk_records import log_attempt, save_desk_record
from stories.actions.publishing.fix import fix
from stories.domain import snapshot as domain
from stories.models import Article, DeskRecord, User
from stories.models.roles import AUDITOR, EDITOR, MANAGING_EDITOR, OUTSIDE_AUDITOR, REPORTER
from stories.queries.story.snapshots import snapshot_at
from tests import factories as make
from tests.audit.dossier_files import create_story
from tests.factories import signed_in

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

DRAFT = "Unfinished business"


@pytest.fixture
def aldo() -> User:
    return make.make_user(AUDITOR, name="auditor")


@pytest.fixture
def oda() -> User:
    return make.make_user(OUTSIDE_AUDITOR, name="outside")


def address(article: Article, name: str = "dossier", *more: object) -> str:
    return reverse(f"audit:{name}", args=[article.pk, *more])


def read(client: Client, article: Article, page: int = 1) -> str:
    """Return the page as text: without tags, with single spaces."""
    answer = client.get(address(article), {"page": page})
    assert answer.status_code == 200
    return words(answer.content.decode())


def words(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def give(article: Article, oda: User, *, full: bool) -> None:
    maya = User.objects.get(email="maya@example.org")
    until = timezone.now() + timedelta(days=1)
    give_access(article=article, auditor=oda, until=until, full=full, user=maya, reason="Press council")


class TestTheReferenceStory:
    """Read by somebody new to it."""

    @pytest.fixture
    def story(self) -> Article:
        return create_story(timezone.now())

    def test_it_answers_who_changed_which_words_when_why_who_published_and_were_readers_told(
        self, story: Article, aldo: User
    ) -> None:
        page_text = read(signed_in(aldo), story)
        second = page_text[page_text.index("Version 2 ,") : page_text.index("Version 3 ,")]
        assert "quote 1 (Dana Whitlock): recieve → receive" in second
        assert "quote 1 (Dana Whitlock): arest → arrest" in second
        assert (
            "Source: meeting transcript obtained by the newsroom → Tessellate’s official transcript" in second
        )
        assert "Emil Okafor, revision 2 ," in second
        assert "Typos in Whitlock’s remarks, checked against the official transcript" in second
        assert "Published by Emil Okafor," in second
        assert "Were readers told? Yes, by a note: Update : Tessellate has published" in second
        first = page_text[: page_text.index("Version 2 ,")]
        assert "Rosa Lindqvist, revision 1 ," in first

    def test_it_lists_everything_in_order_with_digests(self, story: Article, aldo: User) -> None:
        page_text = read(signed_in(aldo), story)
        everything = page_text[page_text.index("Everything, in order") :]
        numbers = re.findall(r"(?:saved|published) revision (\d)", everything)
        assert numbers == ["1", "1", "2", "2", "3", "4", "4", "5", "5", "6"]
        for entry in story.ledger_entries.all():
            assert bytes(entry.digest).hex() in everything
        assert "both pairs were told" in everything
        assert DRAFT in everything

    def test_it_says_who_did_what_and_who_was_asked(self, story: Article, aldo: User) -> None:
        page_text = read(signed_in(aldo), story)
        people = page_text[page_text.index("Who did what") : page_text.index("Who was asked for comment")]
        assert re.search(r"Rosa Lindqvist account \d+ revision: 1 ", people)
        assert "publication: 4, revision: 5" in people
        asked = page_text[
            page_text.index("Who was asked for comment") : page_text.index("Everything, in order")
        ]
        assert "the Civic Liberties Forum : received" in asked
        assert "Emil Okafor: tried to reach them (e-mail, on the record): Questions sent." in asked

    def test_contacts_are_not_in_it(self, story: Article, aldo: User) -> None:
        page_text = read(signed_in(aldo), story)
        assert "Priscilla" not in page_text
        assert "Press office" not in page_text

    def test_an_outside_auditor_with_the_public_part_sees_what_readers_may(
        self, story: Article, oda: User
    ) -> None:
        give(story, oda, full=False)
        page_text = read(signed_in(oda), story)
        assert re.search("recieve .{0,30}receive", page_text)
        assert "Comment added : The Civic Liberties Forum answered" in page_text
        for secret in (DRAFT, "Typos in Whitlock", "Emil", "Rosa", "both pairs were told", "Questions sent"):
            assert secret not in page_text, secret
        publication = story.ledger_entries.filter(kind="publication").first()
        assert publication is not None
        assert bytes(publication.digest).hex() in page_text

    def test_an_outside_auditor_with_all_of_it_sees_drafts_and_reasons_but_no_contacts(
        self, story: Article, oda: User
    ) -> None:
        give(story, oda, full=True)
        page_text = read(signed_in(oda), story)
        assert DRAFT in page_text
        assert "Typos in Whitlock" in page_text
        assert "Priscilla" not in page_text
        assert "Outside auditors" not in page_text

    def test_the_public_file_comes_from_its_button(self, story: Article, oda: User) -> None:
        give(story, oda, full=False)
        answer = signed_in(oda).get(address(story, "dossier_public_file"))
        assert answer["Content-Type"] == "application/zip"
        assert re.search(
            r'filename="dossier-tessellate-.*-public-[\d-]+\.zip"', answer["Content-Disposition"]
        )
        assert "no-store" in answer["Cache-Control"]
        assert b"".join(answer).startswith(b"PK")

    def test_pictures_are_shown_as_far_as_their_reader_sees(
        self, story: Article, oda: User, aldo: User
    ) -> None:
        image = next(
            block for block in snapshot_at(story.pk, 5).blocks if isinstance(block, domain.ImageBlock)
        )
        picture = address(story, "dossier_picture", image.picture)
        assert signed_in(aldo).get(picture).status_code == 200
        assert picture in signed_in(aldo).get(address(story)).content.decode()
        assert signed_in(oda).get(picture).status_code == 403
        give(story, oda, full=False)
        assert signed_in(oda).get(picture).status_code == 200
        assert signed_in(oda).get(address(story, "dossier_picture", "0" * 64)).status_code == 404


class TestWhoSeesADossier:
    @pytest.fixture
    def article(self) -> Article:
        maya = make.make_user(MANAGING_EDITOR)
        article = make.begin(user=maya)
        make.go_live(article, user=maya)
        return article

    @pytest.mark.parametrize(
        ("role", "status"),
        [(AUDITOR, 200), (MANAGING_EDITOR, 200), (EDITOR, 403), (REPORTER, 403), (OUTSIDE_AUDITOR, 403)],
    )
    def test_auditors_and_managing_editors_do(self, article: Article, role: str, status: int) -> None:
        client = signed_in(make.make_user(role, name="reader"))
        assert client.get(address(article)).status_code == status
        assert client.get(address(article, "dossier_public_file")).status_code == status

    def test_who_is_not_signed_in_is_asked_to(self, article: Article, client: Client) -> None:
        assert client.get(address(article))["Location"].startswith("/admin/login/")

    def test_an_outside_auditor_does_not_learn_which_stories_there_are(
        self, article: Article, oda: User, aldo: User
    ) -> None:
        nowhere = Article(pk=article.pk + 1_000)
        assert signed_in(aldo).get(address(nowhere)).status_code == 404
        assert signed_in(oda).get(address(nowhere)).status_code == 403
        assert signed_in(oda).get(address(article)).status_code == 403

    def test_an_outside_auditor_comes_to_a_page_of_their_stories_alone(
        self, article: Article, oda: User
    ) -> None:
        other = make.begin(make.wanted("Another"), user=User.objects.get(email="maya@example.org"))
        give(article, oda, full=False)
        client = signed_in(oda)
        assert client.get("/admin/")["Location"] == reverse("audit:given")
        page_text = words(client.get(reverse("audit:given")).content.decode())
        assert "Council hears objections" in page_text
        assert "Another" not in page_text
        assert client.get(address(other)).status_code == 403

    def test_what_they_see_ends_when_it_is_ended_and_when_its_time_is_over(
        self, article: Article, oda: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        give(article, oda, full=True)
        client = signed_in(oda)
        assert client.get(address(article)).status_code == 200
        later = timezone.now() + timedelta(days=1)
        with monkeypatch.context() as clock:
            clock.setattr("django.utils.timezone.now", lambda: later)
            assert client.get(address(article)).status_code == 403
            assert "No story is given to you now" in client.get(reverse("audit:given")).content.decode()
        end_access(article=article, auditor_id=oda.pk, user=User.objects.get(email="maya@example.org"))
        assert client.get(address(article)).status_code == 403
        assert client.get(address(article, "dossier_public_file")).status_code == 403

    def test_the_rest_of_the_admin_stays_closed_to_them(self, article: Article, oda: User) -> None:
        give(article, oda, full=True)
        client = signed_in(oda)
        for name, arguments in (
            ("admin:stories_article_changelist", []),
            ("admin:stories_article_change", [article.pk]),
            ("admin:stories_article_history", [article.pk]),
            ("admin:stories_article_revision", [article.pk, 1]),
            ("admin:stories_article_preview", [article.pk]),
            ("admin:stories_comment_desk", []),
            ("admin:stories_user_changelist", []),
            ("admin:auth_group_changelist", []),
            ("audit:front", []),
            ("audit:dossier_orders", []),
            ("audit:dossier_access", [article.pk]),
        ):
            assert client.get(reverse(name, args=arguments)).status_code == 403, name
        assert client.post("/admin/stories/article/presence/", {"page": "edit"}).json()["says"] == []
        assert client.post(f"/admin/stories/article/{article.pk}/presence/", {}).status_code == 403


class TestLongStories:
    def grown(self, revisions: int, maya: User) -> Article:
        article = make.begin(
            make.wanted(f"Story of {revisions}", comment_requests=(make.request(),)), user=maya
        )
        make.go_live(article, user=maya)
        for number in range(revisions - 1):
            make.change(article, user=maya, dek=f"Dek {number}")
        return article

    def test_a_page_asks_no_more_for_a_long_history_than_for_a_short_one(self, aldo: User) -> None:
        maya = make.make_user(MANAGING_EDITOR)
        client = signed_in(aldo)

        def queries(article: Article, page: int) -> int:
            with CaptureQueriesContext(connection) as asked:
                read(client, article, page)
            return len(asked)

        short, long = self.grown(4, maya), self.grown(70, maya)
        assert queries(short, 1) == queries(long, 1) <= 50
        assert queries(long, 2) <= 50

    def test_it_comes_in_pages_that_say_their_range(self, aldo: User) -> None:
        article = self.grown(70, make.make_user(MANAGING_EDITOR))
        client = signed_in(aldo)
        first, second = (read(client, article, page) for page in (1, 2))
        assert "entries 1 to 50 of 71" in first
        assert "Page 1 of 2" in first
        assert "entries 51 to 71 of 71" in second
        assert "Who did what" not in second
        assert "saved revision 49" in first
        assert "saved revision 50" in second
        # A number beyond the last page shows the last.
        assert "entries 51 to 71 of 71" in read(client, article, 99)

    def test_a_version_says_how_many_of_its_revisions_are_on_pages_before(self, aldo: User) -> None:
        maya = make.make_user(MANAGING_EDITOR)
        article = self.grown(60, maya)
        make.change(article, user=maya, update_notes=(make.note(kind=domain.NoteKind.UPDATE),))
        make.go_live(article, user=maya, at=make.minutes(30), cause="moved-on")
        second = read(signed_in(aldo), article, 2)
        assert "Dek 58" in second[: second.index("Everything, in order")]
        assert "48 revisions on the pages before" in second


def test_a_fix_is_not_said_to_have_brought_the_edits_that_waited(aldo: User) -> None:
    maya, rosa = make.make_user(MANAGING_EDITOR), make.make_user(EDITOR, name="rosa")
    article = make.begin(make.wanted("Council", make.text("<p>The counncil met on Monday.</p>")), user=maya)
    make.go_live(article, user=maya)
    make.change(article, user=rosa, dek="A rewrite that waits", at=make.minutes(5))
    live = snapshot_at(article.pk, 1)
    (block,) = live.blocks
    assert isinstance(block, domain.TextBlock)
    fixed = make.wanted("Council", make.text("<p>The council met on Monday.</p>", key=block.key))
    fix(
        article=article,
        story=fixed,
        base=1,
        user=maya,
        publication_class="minor",
        reason="A misspelt word",
        at=make.minutes(10),
    )
    page_text = read(signed_in(aldo), article)
    summary = page_text[page_text.index("Version 2 ,") : page_text.index("Who did what")]
    assert "text 1: counncil → council" in summary
    assert "A rewrite that waits" not in summary
    assert "revision 2" not in summary
    assert "The edits that waited, put back from revision 2, of Emil Editor." in page_text


def test_off_the_record_keeps_the_time_and_the_fact_alone(aldo: User) -> None:
    maya = make.make_user(MANAGING_EDITOR)
    asked = make.request()
    article = make.begin(make.wanted(comment_requests=(asked,)), user=maya)
    save_desk_record(article=article, request_key=asked.key, user=maya, contact="Jane, +1 555")
    log_attempt(
        record=DeskRecord.objects.get(),
        user=maya,
        at=make.minutes(5),
        channel="phone",
        terms="off-the-record",
        summary="",
        answered=True,
    )
    page_text = read(signed_in(aldo), article)
    assert "Maya Managing: they were in touch (phone, off the record)" in page_text
    assert "Jane" not in page_text
