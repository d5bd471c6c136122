"""Versions are listed if readers were told of a typo, and more than a typo had changed."""

from __future__ import annotations

from typing import Any

import pytest

from stories.models import User
from stories.queries.audit.typos import typos
from tests.archives import version
from tests.queries.audit.reading import NOW, sequence_of, sequences, sign, take_in

pytestmark = pytest.mark.django_db

BODY = "<p>The council met in the old hall on Monday, and nobody spoke.</p>"
OTHER = "<p>The council met in secret on Sunday, and the mayor took a bribe.</p>"
TYPO: dict[str, Any] = {"kind": "typo", "text": "Fixed a typo."}


def test_a_change_of_substance_that_is_called_a_typo_is_listed_once(editor: User, auditor: User) -> None:
    version_called_so = take_in(
        editor, version(5, body=BODY), version(6, body=OTHER, notes=[TYPO, {**TYPO, "text": "Two."}]), at=0
    )
    (line,) = typos(at=NOW).lines
    assert (line.sequence, line.facts.text) == (sequence_of(version_called_so), "Fixed a typo.")
    sign(line.sequence, auditor)
    assert sequences(typos(at=NOW, unsigned=True)) == []


@pytest.mark.parametrize(
    ("body", "notes"),
    [
        (BODY.replace("Monday,", "Monday"), [TYPO]),
        (OTHER, [TYPO, {"kind": "correction", "text": "The meeting was secret."}]),
        (OTHER, []),
    ],
)
def test_a_slip_and_what_another_note_admits_are_not(
    editor: User, body: str, notes: list[dict[str, Any]]
) -> None:
    take_in(editor, version(5, body=BODY), version(6, body=body, notes=notes), at=0)
    assert typos(at=NOW).lines == []
