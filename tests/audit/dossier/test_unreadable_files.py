"""What is no file of a dossier, is missing, unreadable or too long, is refused and named."""

from __future__ import annotations

import re
import subprocess
import sys
import warnings
import zipfile
from pathlib import Path

import pytest

from stories.domain.dossier.checker import command_line
from tests.audit.dossier_files import (
    Files,
    check_files,
    unpack,
)

pytestmark = pytest.mark.django_db

Capture = pytest.CaptureFixture[str]


def test_nothing_that_lies_in_the_dossier_runs_but_the_checker(full: Files, tmp_path: Path) -> None:
    planted = b"print('The dossier holds.')\nraise SystemExit(0)\n"
    unpack(full | {"json.py": planted, "__future__.py": planted}, tmp_path)
    ran = subprocess.run(  # noqa: S603
        [sys.executable, str(tmp_path / "check.py")], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 1
    assert "FAILED: json.py is no part of this dossier" in ran.stdout


def test_a_link_out_of_the_folder_is_refused(full: Files, tmp_path: Path, capsys: Capture) -> None:
    folder = unpack(full, tmp_path / "dossier")
    assert command_line.main([str(folder)]) == 0
    (folder / "notes.json").rename(tmp_path / "notes.json")
    (folder / "notes.json").symlink_to(tmp_path / "notes.json")
    assert command_line.main([str(folder)]) == 1
    assert "notes.json is no file, but a link or the like." in capsys.readouterr().out


def test_a_file_twice_in_the_zip_is_refused(full: Files, tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "twice.zip"
    with warnings.catch_warnings(), zipfile.ZipFile(path, "w") as out:
        warnings.simplefilter("ignore")
        for name, content in [*full.items(), ("notes.json", b"[]")]:
            out.writestr(name, content)
    assert command_line.main([str(path)]) == 1
    assert "or one twice" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("notes.json", b" " * (17 << 20), "notes.json is longer than any document of a dossier (16 MB)"),
        ("ledger/chain.jsonl", b" " * (17 << 20), "A line of ledger/chain.jsonl is longer than any"),
        ("ledger/rows.jsonl", b"[" * (17 << 20), "A line of ledger/rows.jsonl is longer than any"),
        ("versions/0001.json", b"0" * (17 << 20), "versions/0001.json is longer than any document"),
    ],
)
def test_what_unpacks_to_more_than_a_dossier_holds_is_not_read_to_its_end(
    name: str, content: bytes, says: str, full: Files, tmp_path: Path, capsys: Capture
) -> None:
    assert check_files(full | {name: content}, tmp_path) == 1
    assert f"FAILED: {says}" in capsys.readouterr().out


def test_more_rows_than_are_read_by_itself_are_read_if_one_says_so(
    full: Files, tmp_path: Path, capsys: Capture
) -> None:
    assert check_files(full, tmp_path, "--limit", "0") == 1
    assert re.search(r"FAILED: ledger/\w+.jsonl unpacks to more than 0 MB", capsys.readouterr().out)
    assert check_files(full, tmp_path, "--limit", "1") == 0


@pytest.mark.parametrize("name", ["dossier.json", "ledger/chain.jsonl", "ledger/rows.jsonl", "layout.json"])
def test_what_is_missing_or_unreadable_is_named(
    name: str, full: Files, tmp_path: Path, capsys: Capture
) -> None:
    without = {each: content for each, content in full.items() if each != name}
    assert check_files(without, tmp_path) == 1
    assert f"FAILED: {name} " in capsys.readouterr().out
    assert check_files(full | {name: b"{"}, tmp_path) == 1
    assert f"FAILED: {name} can't be read" in capsys.readouterr().out
    (tmp_path / "none.zip").write_bytes(b"no zip")
    assert command_line.main([str(tmp_path / "none.zip")]) == 1
