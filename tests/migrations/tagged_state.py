"""A small newsroom as the tagged state of the migrations stored it, from which they only go forward.

`tagged_state.json` has a row or more of every model there was: stories published, fixed, corrected, withheld, erased,
withdrawn, imported and scheduled, what the desk and the auditors keep beside them, and the people. It was made by the
actions of that state, all at a fixed morning, and is never changed: a later migration has to cope with it.
"""

from __future__ import annotations

import json
from base64 import b64decode
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.migrations.loader import MigrationLoader

from tests import ledger_last

# The newest migration of the tagged state.
TAGGED: Final = "0004_append_only_guards"

_STATE: Final = json.loads((Path(__file__).parent / "tagged_state.json").read_text())


def tagged_models() -> dict[str, Any]:
    """The models of that state, by label, as its migrations knew them."""
    apps = MigrationLoader(None).project_state([("stories", TAGGED)]).apps
    return {model._meta.label_lower: model for model in apps.get_app_config("stories").get_models()}


def stored_labels() -> set[str]:
    """Of which models there are rows, by label."""
    return {row["model"] for row in _STATE["rows"]}


def load() -> None:
    """Store the newsroom in a database that is migrated to the tagged state and holds nothing."""
    found = tagged_models()
    with ledger_last.paused(), transaction.atomic():
        for label, rows in groupby(_STATE["rows"], key=lambda row: row["model"]):
            _store(found[label], list(rows))
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(found.values())):
            cursor.execute(statement)
    for name, content in _STATE["files"].items():
        default_storage.save(name, ContentFile(b64decode(content)))


def _store(model: Any, rows: list[Any]) -> None:
    stored = [
        model(**{field.attname: _value(field, row) for field in model._meta.concrete_fields}) for row in rows
    ]
    model._base_manager.bulk_create(stored)
    for instance, row in zip(stored, rows, strict=True):
        for (name,) in row["fields"].get("groups", []):
            instance.groups.add(Group.objects.get(name=name).pk)


def _value(field: models.Field[Any, Any], row: Any) -> Any:
    value = row["pk"] if field.primary_key else row["fields"][field.name]
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    return field.to_python(value)
