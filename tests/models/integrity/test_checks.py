"""The app's system checks run when the site starts, and not only when a test imports them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from stories import note_labels
from stories.domain.snapshot import NoteKind
from stories.models.integrity.checks import check_note_kinds

ASK = """
import django
django.setup()
from django.core.checks import registry
print(*(check.__module__ for check in registry.registry.get_checks()))
"""


def test_every_start_asks_whether_all_that_is_recorded_is_guarded() -> None:
    command = [sys.executable, "-c", ASK]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - our own words
    assert "stories.models.integrity.checks" in answer.stdout.split()


def test_a_kind_of_note_without_names_fails_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    assert check_note_kinds() == []
    monkeypatch.delitem(note_labels.NOTE_KIND_LABELS, NoteKind.TYPO)
    (problem,) = check_note_kinds()
    assert (problem.id, problem.msg) == ("stories.E010", "NoteKind.TYPO has no names.")
    assert "stories/note_labels.py" in str(problem.hint)
