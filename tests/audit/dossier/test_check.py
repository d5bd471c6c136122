"""A dossier's checker passes on the reference story's, and says what that proves."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from stories.actions.takedown.withholdings import lift_withholding, withhold_version, withhold_words
from stories.domain.dossier.checker import command_line
from stories.domain.dossier.checker.canonical import canonical, digest_of
from stories.domain.dossier.checker.words import LAYOUTS
from stories.models import User
from stories.models.roles import MANAGING_EDITOR
from stories.queries.dossier.export import layout
from tests.audit.dossier.forged_files import a_version_said_to_be_hidden
from tests.audit.dossier.forged_records import a_word_wherever_the_dossier_has_it
from tests.audit.dossier_files import (
    Files,
    check_files,
    create_story,
    lines,
    made_files,
    unpack,
)
from tests.factories import make_user

pytestmark = pytest.mark.django_db

Capture = pytest.CaptureFixture[str]


class TestTheReferenceStory:
    def test_its_full_dossier_holds_and_the_checker_says_what_it_proved(
        self, full: Files, dossier_head: tuple[str, str], tmp_path: Path, capsys: Capture
    ) -> None:
        assert check_files(full, tmp_path, "--head", *dossier_head) == 0
        output = capsys.readouterr().out
        assert (
            "PROVED: 6 revisions read as their rows say, and were saved by whom, when and why they say."
            in output
        )
        assert "PROVED: 4 versions are those of the ledger, and what readers were told with each." in output
        assert "PROVED: Each picture (1) is the file that its name says." in output
        assert f"PROVED: The chain goes through the heads that you gave: {dossier_head[0]}." in output
        assert "NOT PROVED: That no entry of the story came after its last one here" in output
        assert output.endswith("The dossier holds.\n")

    def test_it_says_who_did_what_when_and_why(self, full: Files, tmp_path: Path, capsys: Capture) -> None:
        assert check_files(full, tmp_path, "--tell") == 0
        output = capsys.readouterr().out
        assert re.search(
            r"^\S+Z revision 2 saved by Emil Okafor: Typos in Whitlock’s remarks", output, re.MULTILINE
        )
        assert re.search(
            r"^\S+Z version 2 \(revision 2\) published by Emil Okafor, live from \S+Z, noted; "
            "readers were told: update: Tessellate has published its official transcript",
            output,
            re.MULTILINE,
        )
        assert "first; readers were told: nothing" in output

    def test_its_public_part_holds_and_the_checker_says_that_words_are_not_proved(
        self, public: Files, tmp_path: Path, capsys: Capture
    ) -> None:
        assert check_files(public, tmp_path) == 0
        output = capsys.readouterr().out
        assert "PROVED: 4 events stand in the ledger where the dossier says." in output
        assert "NOT PROVED: This is the public part alone. What those events are," in output
        assert "NOT PROVED: That the ledger was not rewritten as a whole" in output

    def test_the_checker_knows_the_layout_that_dossiers_have(self) -> None:
        known = digest_of(canonical(json.loads(json.dumps(layout()))))
        assert known in LAYOUTS, (
            f"Add {known} to LAYOUTS in stories/domain/dossier/checker/words.py, and take none out."
        )

    def test_it_is_held_against_the_heads_that_the_newsroom_published(
        self, full: Files, dossier_head: tuple[str, str], tmp_path: Path, capsys: Capture
    ) -> None:
        published = tmp_path / "heads.json"
        sequence, digest = dossier_head
        published.write_text(json.dumps({"head": {"sequence": int(sequence), "digest": digest}, "heads": []}))
        assert check_files(full, tmp_path, "--heads", str(published)) == 0
        assert "The chain goes through the heads that you gave" in capsys.readouterr().out

    def test_a_head_that_is_none_is_not_blamed_on_the_dossier(self, full: Files, tmp_path: Path) -> None:
        for head in (("SEQUENCE", "DIGEST"), ("5", "abc"), ("5", "x" * 64)):
            with pytest.raises(SystemExit):
                check_files(full, tmp_path, "--head", *head)


class TestTheCheckerInside:
    """The one file in the dossier, joined from the modules, does as they do."""

    def run(self, folder: Path, *arguments: str) -> tuple[int, str]:
        # No site packages, no environment: the standard library alone.
        ran = subprocess.run(  # noqa: S603
            [sys.executable, "-I", "-S", str(folder / "check.py"), *arguments],
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert ran.stderr == ""
        return ran.returncode, ran.stdout

    @pytest.mark.parametrize("part", ["full", "public"])
    def test_it_runs_by_itself_in_the_folder(
        self, part: str, request: pytest.FixtureRequest, tmp_path: Path
    ) -> None:
        status, output = self.run(unpack(request.getfixturevalue(part), tmp_path))
        assert status == 0, output
        assert output.endswith("The dossier holds.\n")

    @pytest.mark.parametrize("arguments", [(), ("--tell",), ("--head", "5", "0" * 64), ("--limit", "0")])
    def test_it_says_word_for_word_what_the_modules_say(
        self, arguments: tuple[str, ...], full: Files, public: Files, tmp_path: Path, capsys: Capture
    ) -> None:
        forged = dict(full)
        a_word_wherever_the_dossier_has_it(forged)
        for name, files in (("full", full), ("public", public), ("forged", forged)):
            folder = unpack(files, tmp_path / name)
            status = command_line.main([str(folder), *arguments])
            assert self.run(folder, *arguments) == (status, capsys.readouterr().out)


def test_heads_that_contradict_each_other_are_reported(
    full: Files, dossier_head: tuple[str, str], tmp_path: Path, capsys: Capture
) -> None:
    assert check_files(full, tmp_path, "--head", *dossier_head, "--head", dossier_head[0], "0" * 64) == 1
    assert "say two things of entry" in capsys.readouterr().out


def test_what_came_after_the_heads_given_is_not_proved(full: Files, tmp_path: Path, capsys: Capture) -> None:
    link = lines(full, "ledger/chain.jsonl")[3]
    assert check_files(full, tmp_path, "--head", str(link["sequence"]), link["digest"]) == 0
    assert f"NOT PROVED: What came after entry {link['sequence']}:" in capsys.readouterr().out


def test_what_is_withheld_by_an_entry_of_the_ledger_is_reported_as_not_proved(
    managing_editor: User, tmp_path: Path, capsys: Capture
) -> None:
    article = create_story(timezone.now())
    order: dict[str, Any] = {"user": managing_editor, "ground": "court", "reason": "An order"}
    withhold_words(article=article, words="recieve your", **order)
    files = made_files(article, full=True)
    assert check_files(files, tmp_path) == 0
    assert (
        "NOT PROVED: What the versions [1] read in public: words of them are withheld"
        in capsys.readouterr().out
    )
    withheld = withhold_version(publication=article.publications.order_by("pk")[1], **order)
    files = made_files(article, full=True)
    assert check_files(files, tmp_path) == 0, capsys.readouterr().out
    assert "versions/0002.json" not in files
    lift_withholding(withholding=withheld, user=make_user(MANAGING_EDITOR, name="mona"), reason="Settled.")
    original = made_files(article, full=True)
    assert check_files(original, tmp_path) == 0
    # The dossier as exported during the withholding.
    a_version_said_to_be_hidden(original)
    assert check_files(original, tmp_path) == 1


def test_a_public_part_of_which_a_version_is_withheld_holds(
    managing_editor: User, tmp_path: Path, capsys: Capture
) -> None:
    article = create_story(timezone.now())
    second = article.publications.order_by("pk")[1]
    withhold_version(publication=second, user=managing_editor, ground="court", reason="An order")
    files = made_files(article, full=False)
    assert "versions/0002.json" not in files
    assert check_files(files, tmp_path) == 0, capsys.readouterr().out
