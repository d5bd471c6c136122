"""A dossier's file: what it contains, what it does not, and who may export it from the command line."""

from __future__ import annotations

import html
import json
import re
from datetime import datetime
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from stories.actions.audit.dossier_orders import approve_dossier, order_dossier
from stories.actions.comment_desk.desk_records import save_desk_record
from stories.actions.takedown.withdrawals import withdraw
from stories.domain.dossier.checker.command_line import main
from stories.domain.dossier.dossier import Dossier
from stories.management.demo import REFERENCE_SLUG
from stories.models import Article, DeskRecord, DossierDownload, LedgerEntry, User
from stories.models.roles import AUDITOR, MANAGING_EDITOR
from stories.queries.dossier.export import full_dossier
from stories.rendering.dossier_file import write_dossier
from tests import factories as make
from tests.audit.dossier_files import CONTACT, Files, check_files, create_story, files_of, made_files

pytestmark = pytest.mark.django_db


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def article(now: datetime) -> Article:
    return create_story(now)


def export(folder: Path, *arguments: Any) -> Path:
    out = folder / "out.zip"
    call_command("export_dossier", REFERENCE_SLUG, *arguments, out=out, verbosity=0)
    return out


def text_of(files: Files) -> str:
    """Return every byte of every file as text, raw and as HTML reads."""
    whole = "\n".join(content.decode(errors="replace") for content in files.values())
    return f"{whole}\n{html.unescape(whole)}"


class TestThePublicPart:
    def test_it_holds_every_version_and_note_and_checks_itself(
        self, article: Article, tmp_path: Path
    ) -> None:
        out = export(tmp_path)
        files = files_of(out.read_bytes())
        assert main([str(out)]) == 0
        versions = sorted(name for name in files if name.startswith("versions/") and name.endswith(".json"))
        assert versions == [f"versions/000{number}.json" for number in (1, 2, 3, 4)]
        document = json.loads(files["versions/0002.json"])
        assert "I receive your letters" in str(document["story"])
        assert [note["kind"] for note in json.loads(files["notes.json"])] == [
            "update",
            "comment-added",
            "update",
        ]
        page = files["versions/0002.html"].decode()
        assert re.search(r"<del[^>]*>.*recieve", page)
        assert re.search(r"<ins[^>]*>.*receive", page)
        (picture,) = [name for name in files if name.startswith("pictures/")]
        assert f"../{picture}" in files["versions/0004.html"].decode()

    def test_nothing_of_the_house_is_in_it(self, article: Article) -> None:
        record = DeskRecord.objects.filter(article=article).order_by("pk")[1]
        emil = User.objects.get(email="emil@example.org")
        save_desk_record(article=article, request_key=record.request_key, user=emil, contact=CONTACT)
        DeskRecord.objects.filter(pk=record.pk).update(statement="A statement that waits", terms="background")
        content = text_of(made_files(article, full=False))
        for secret in (
            "Internal: the lawyers",
            "First draft",
            "called back; his words",
            "Unfinished business",
            "A draft that nobody may read yet",
            # The director's words, as in the unpublished draft.
            "both pairs were told",
            "Questions sent",
            "Press office",
            "Priscilla",
            "555 0100",
            "A statement that waits",
            "Emil",
            "Okafor",
            "Rosa",
            "emil",
        ):
            assert secret not in content, secret
        # The same search finds what is there to be found.
        whole = text_of(made_files(article, full=True))
        assert "Unfinished business" in whole
        assert "Emil Okafor" in whole

    def test_no_salt_and_no_row_is_in_it(self, article: Article) -> None:
        files = made_files(article, full=False)
        assert not {"ledger/rows.jsonl", "ledger/entries.jsonl", "layout.json", "desk.json"} & files.keys()
        content = text_of(files)
        for event in article.publications.all():
            assert bytes(event.salt).hex() not in content
            assert bytes(event.card.salt).hex() not in content

    def test_a_withdrawn_storys_holds_its_notice_and_no_version(
        self, article: Article, now: datetime, tmp_path: Path
    ) -> None:
        maya = User.objects.get(email="maya@example.org")
        withdraw(article=article, user=maya, notice="Withdrawn for legal reasons.", reason="Court", at=now)
        files = made_files(article, full=False)
        content = text_of(files)
        assert "Withdrawn for legal reasons." in content
        assert "letters" not in content
        assert "Court" not in content
        assert "pictures" not in {name.partition("/")[0] for name in files}
        assert check_files(files, tmp_path) == 0

    def test_a_story_that_never_went_live_has_none(self, tmp_path: Path) -> None:
        make.begin(make.wanted("A draft"), user=make.make_user(MANAGING_EDITOR))
        with pytest.raises(CommandError, match="No story went live under a-draft"):
            call_command("export_dossier", "a-draft", out=tmp_path / "x.zip")
        assert not list(tmp_path.glob("*.zip"))


class TestTheWholeOfIt:
    def test_it_holds_every_revision_with_its_reason_but_no_contact(self, article: Article) -> None:
        files = made_files(article, full=True)
        content = text_of(files)
        assert "Internal: the lawyers wanted a picture" in content
        assert "A draft that nobody may read yet." in content
        assert "Questions sent." in content
        for contact in ("Press office", "Priscilla", "555 0100"):
            assert contact not in content
        assert sorted(name for name in files if name.startswith("revisions/") and name.endswith(".html")) == [
            f"revisions/000{number}.html" for number in range(1, 7)
        ]

    def test_other_stories_entries_are_in_the_chain_without_their_payloads(self, article: Article) -> None:
        files = made_files(article, full=True)
        own = LedgerEntry.objects.filter(article=article).count()
        assert len(files["ledger/entries.jsonl"].splitlines()) == own
        assert len(files["ledger/chain.jsonl"].splitlines()) > own
        assert "Another story" not in text_of(files)

    def test_its_queries_follow_the_stretches_of_its_history_not_the_ledgers_length(
        self, article: Article
    ) -> None:
        def queries() -> int:
            with CaptureQueriesContext(connection) as asked:
                made_files(Article.objects.get(pk=article.pk), full=True)
            return len(asked)

        before = queries()
        emil = User.objects.get(email="emil@example.org")
        for number in range(20):
            make.begin(make.wanted(f"Story {number}"), user=emil)
            make.change(article, user=emil, dek=f"Draft {number}")
        assert queries() == before

    def test_what_is_written_while_it_is_made_is_not_in_it(
        self, article: Article, now: datetime, tmp_path: Path
    ) -> None:
        dossier = full_dossier(article, at=now)
        make.change(article, user=User.objects.get(email="emil@example.org"), dek="Too late")
        files = written(dossier)
        assert "Too late" not in text_of(files)
        assert check_files(files, tmp_path) == 0


def written(dossier: Dossier) -> Files:
    out = BytesIO()
    write_dossier(out, dossier)
    return files_of(out.getvalue())


@pytest.mark.parametrize("full", [True, False])
def test_its_paths_stay_in_the_folder_and_its_pages_ask_no_other_host(article: Article, full: bool) -> None:
    files = made_files(article, full=full)
    for name in files:
        path = PurePosixPath(name)
        assert not path.is_absolute()
        assert ".." not in path.parts
        assert "\\" not in name
    for name, content in files.items():
        if name.endswith(".html"):
            page = content.decode()
            assert not re.search(r"<(script|link|iframe)", page)
            assert not re.search(r'\ssrc(set)?="(?!\.\./pictures/)', page)


class TestTheCommandLine:
    @pytest.fixture
    def aldo(self) -> User:
        return User.objects.get(email="aldo@example.org")

    @pytest.fixture
    def order(self, article: Article, aldo: User) -> int:
        return order_dossier(article=article, user=aldo, reason="A court asks").pk

    def test_it_hands_the_whole_over_for_an_approved_request_and_records_it(
        self, article: Article, aldo: User, order: int, tmp_path: Path
    ) -> None:
        maya = User.objects.get(email="maya@example.org")
        approve_dossier(order=article.dossier_orders.get(), user=maya)
        out = export(tmp_path, "--full", "--order", str(order), "--user", "aldo@example.org")
        assert main([str(out)]) == 0
        assert DossierDownload.objects.get().user_id == aldo.pk
        # Its own download is the last event in it.
        assert (
            json.loads(files_of(out.read_bytes())["dossier.json"])["head"][0] == LedgerEntry.objects.count()
        )
        assert out.stat().st_mode & 0o077 == 0

    def test_without_an_approval_it_writes_nothing(
        self, article: Article, order: int, tmp_path: Path
    ) -> None:
        with pytest.raises(CommandError, match="Nobody has approved"):
            export(tmp_path, "--full", "--order", str(order), "--user", "aldo@example.org")
        assert not list(tmp_path.glob("*.zip"))
        assert not DossierDownload.objects.exists()

    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            (["--full"], "say --order NUMBER and --user ADDRESS"),
            (["--full", "--order", "999", "--user", "aldo@example.org"], "There is no request 999"),
            (["--order", "1", "--user", "aldo@example.org"], "say --full as well"),
        ],
    )
    def test_what_is_missing_is_said(
        self, article: Article, tmp_path: Path, arguments: list[str], sentence: str
    ) -> None:
        with pytest.raises(CommandError, match=sentence):
            export(tmp_path, *arguments)

    def test_who_is_neither_asker_nor_approver_gets_nothing(
        self, article: Article, order: int, tmp_path: Path
    ) -> None:
        make.make_user(AUDITOR, name="anna")
        with pytest.raises(CommandError, match="for who asked for it and who approved it"):
            export(tmp_path, "--full", "--order", str(order), "--user", "anna@example.org")
        with pytest.raises(CommandError, match="no account nobody"):
            export(tmp_path, "--full", "--order", str(order), "--user", "nobody")

    def test_a_folder_that_is_not_there_is_said(self, article: Article, tmp_path: Path) -> None:
        with pytest.raises(CommandError, match="can’t be written"):
            export(tmp_path / "none")


def test_made_twice_at_one_time_it_is_the_same(article: Article, now: datetime) -> None:
    first, second = (written(full_dossier(article, at=now)) for _ in range(2))
    assert first == second
