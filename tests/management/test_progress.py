"""Progress is drawn on a terminal only: a log gets one line of results."""

from __future__ import annotations

import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from stories.models.roles import EDITOR
from tests.archives import line, write_archive
from tests.factories import begin, go_live, make_user, wanted

pytestmark = pytest.mark.django_db


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def drawn(monkeypatch: pytest.MonkeyPatch, screen: StringIO, folder: Path, command: str) -> str:
    """Return what a command writes to the screen besides its report."""
    arguments = {
        "import_archive": [str(write_archive(folder / "in.jsonl", line(), line(slug="second")))],
        "export_archive": ["--out", str(folder / "out.jsonl")],
        "verify_ledger": [],
    }[command]
    emil = make_user(EDITOR)
    go_live(begin(wanted("Another story"), user=emil), user=emil)
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", screen)
        call_command(command, *arguments, stdout=StringIO())
    return screen.getvalue()


@pytest.mark.parametrize("command", ["import_archive", "export_archive", "verify_ledger"])
def test_where_no_terminal_is_nothing_is_drawn(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: str
) -> None:
    assert drawn(monkeypatch, StringIO(), tmp_path, command) == ""


@pytest.mark.parametrize("command", ["import_archive", "export_archive", "verify_ledger"])
def test_on_a_terminal_progress_is_drawn(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: str
) -> None:
    assert "100%" in drawn(monkeypatch, Terminal(), tmp_path, command)
