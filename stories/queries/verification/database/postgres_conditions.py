"""Compare the conditions of PostgreSQL's checks and partial indexes with those of the models."""

from __future__ import annotations

import json
from typing import Any

from django.db import DatabaseError, connection, models, transaction


def is_condition_of(
    model: type[models.Model], made_by: models.CheckConstraint | models.Index, found: str
) -> bool:
    """Return whether a condition in the database is that of a model's constraint or index. One query.

    PostgreSQL prints both as it would plan them, so that only what they say is compared. It plans them in a savepoint:
    a condition that somebody has put there may fail.
    """
    editor: Any = connection.SchemaEditorClass(connection, collect_sql=True)
    expected = (
        made_by._get_check_sql(model, editor)  # type: ignore[attr-defined]
        if isinstance(made_by, models.CheckConstraint)
        else made_by._get_condition_sql(model, editor)  # type: ignore[attr-defined]
    )
    if not expected:
        return False
    table = connection.ops.quote_name(model._meta.db_table)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f"EXPLAIN (VERBOSE, COSTS OFF, FORMAT JSON) SELECT ({expected}), ({found}) FROM {table}"  # noqa: S608
            )
            (plan,) = cursor.fetchone()
    except DatabaseError:
        return False
    plan = json.loads(plan) if isinstance(plan, str) else plan
    ours, theirs = plan[0]["Plan"]["Output"]
    return bool(ours == theirs)
