"""Older dossiers, which prove the words around those that were erased since."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from stories.domain.dossier.checker.erasures import Erasures
from stories.domain.dossier.checker.files import Broken
from stories.domain.dossier.checker.older_copies import OlderCopy
from stories.domain.dossier.checker.rows import row_reference
from stories.domain.dossier.dossier import json_value
from stories.models import PublicationCard
from stories.models.integrity.canonical import FORMS
from stories.models.integrity.registry import HISTORIES, JOURNALS
from stories.queries.verification.findings import UNREADABLE

_MODELS: dict[str, Any] = {str(model._meta.model_name): model for model in JOURNALS.values()} | HISTORIES


def compare_with_copies(copies: Sequence[OlderCopy], article: int, erasures: Erasures) -> None:
    """Compare the erased rows of a story with its older copies.

    One query for each row that a copy has; one row of a copy is in memory at a time.
    """
    for copy in copies:
        if copy.article == article and erasures.steps:
            try:
                _compare(copy, erasures)
            except Broken as broken:
                *_, newest = erasures.done.values()
                newest.faults.append(f"{broken}".rstrip("."))


def _compare(copy: OlderCopy, erasures: Erasures) -> None:
    for row in copy.rows(erasures.steps):
        table, number = row_reference(row)
        form = FORMS.get(erasures.forms[table, number], {})
        try:
            erasures.compare_with_copy(copy.name, row, form, _values(table, number, form))
        except (*UNREADABLE, LookupError):
            # The row is gone or unreadable, which is reported with its entry.
            continue


def values_of(table: str, row: Any, form: dict[str, tuple[str, ...]]) -> dict[str, Any]:
    """Return a row's values as a dossier has them: its columns in a form; for a card also its notes and pictures."""
    if not isinstance(row, PublicationCard):
        return {name: json_value(getattr(row, name)) for name in form[table]}
    notes = sorted(row.publication.notes.all(), key=lambda note: int(note.pk))
    return {
        "card": {name: json_value(getattr(row, name)) for name in form["publicationcard"]},
        "notes": [
            {name: json_value(getattr(note, name)) for name in form["publishednote"]} for note in notes
        ],
        "pictures": sorted(picture.picture_id for picture in row.publication.pictures.all()),
    }


def _values(table: str, number: int, form: dict[str, tuple[str, ...]]) -> dict[str, Any]:
    model = PublicationCard if table == "publicationcard" else _MODELS[table]
    row = model._base_manager.filter(pk=number).first()
    if row is None:
        raise LookupError(number)
    return values_of(table, row, form)
