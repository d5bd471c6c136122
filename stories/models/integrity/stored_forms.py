"""The one form in which Django stores a value, as a condition that a database can check on a column.

SQLite stores whatever it is given: one instant can be written in many ways, each of which reads as the same value but
sorts differently. What is compared, sorted and searched as text must therefore have one text. PostgreSQL has types;
there only a time can be invalid: infinite, or of a year that Python does not support.
"""

from __future__ import annotations

from typing import Any, Final

from django.db import models

# Adding zero days makes SQLite normalize the day: otherwise it returns February 30 as it is.
_DATE: Final = (
    "typeof({0}) = 'text' AND CAST({0} AS TEXT) = strftime('%Y-%m-%d', {0}, '+0 days') "
    "AND CAST({0} AS TEXT) >= '0001'"
)
# Six digits after the point, or none if they are zeros. Counted in bytes: SQLite's other functions stop at NUL.
_TIME: Final = (
    "typeof({0}) = 'text' AND substr({0}, 1, 19) = strftime('%Y-%m-%d %H:%M:%S', substr({0}, 1, 19), '+0 days') "
    "AND CAST({0} AS TEXT) >= '0001' AND (length(CAST({0} AS BLOB)) = 19 OR length(CAST({0} AS BLOB)) = 26 "
    "AND substr({0}, 20) GLOB '.[0-9][0-9][0-9][0-9][0-9][0-9]' AND substr({0}, 20) <> '.000000')"
)
_SQLITE: Final[dict[type[models.Field[Any, Any]], str]] = {
    models.DateTimeField: _TIME,
    models.DateField: _DATE,
    models.BooleanField: "typeof({0}) = 'integer' AND {0} IN (0, 1)",
    models.IntegerField: "typeof({0}) = 'integer'",
    models.BinaryField: "typeof({0}) = 'blob'",
    models.UUIDField: (
        "typeof({0}) = 'text' AND length({0}) = 32 AND length(CAST({0} AS BLOB)) = 32 "
        "AND {0} NOT GLOB '*[^0-9a-f]*'"
    ),
    # SQL can't check that it is written as `json.dumps` writes it: verification does that.
    models.JSONField: "typeof({0}) = 'text' AND json_valid({0})",
    models.CharField: "typeof({0}) = 'text'",
    models.TextField: "typeof({0}) = 'text'",
}
_POSTGRES: Final[dict[type[models.Field[Any, Any]], str]] = {
    models.DateTimeField: "{0} >= '0001-01-02 00:00+00' AND {0} < '9999-12-31 00:00+00'",
    models.DateField: "{0} >= '0001-01-01' AND {0} <= '9999-12-31'",
}


def forms(model: type[models.Model], vendor: str, *, row: str = "") -> dict[str, str]:
    """Return by column the condition that a stored value meets; columns that need no check are left out.

    `row` is put before each column's name, as `NEW.` in a trigger. A condition may be NULL, which means not met.
    """
    found = {}
    for field in model._meta.concrete_fields:
        condition = _form_of(field, vendor)
        if condition is not None:
            column = f'{row}"{field.column}"'
            asked = condition.format(column)
            found[str(field.column)] = f"({column} IS NULL OR {asked})" if field.null else f"({asked})"
    return found


def text_columns(model: type[models.Model]) -> list[str]:
    """Return the names of the columns with text of any kind, including JSON."""
    texts = (models.CharField, models.TextField, models.JSONField)
    return [
        str(field.column) for field in model._meta.concrete_fields if isinstance(value_field(field), texts)
    ]


def value_field(field: models.Field[Any, Any]) -> models.Field[Any, Any]:
    """Return the field whose values a column has: for a foreign key, the one that it points to."""
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    return field


def _form_of(field: models.Field[Any, Any], vendor: str) -> str | None:
    conditions = _POSTGRES if vendor == "postgresql" else _SQLITE
    field = value_field(field)
    return next((condition for kind, condition in conditions.items() if isinstance(field, kind)), None)
