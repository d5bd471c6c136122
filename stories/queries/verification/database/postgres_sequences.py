"""The sequences that number a PostgreSQL database's rows, against the rows that they have numbered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.apps import apps
from django.db import connection, models

from stories.queries.verification.database.postgres_queries import finding, run_query
from stories.queries.verification.findings import Finding

# An identity column counts up by one, from 1 to the largest number of its type, and ends there.
_COUNTS_UP: Final = """
    SELECT seqincrement = 1 AND seqstart = 1 AND seqmin = 1 AND NOT seqcycle AND seqmax = CASE seqtypid
        WHEN 'integer'::regtype THEN 2147483647 WHEN 'bigint'::regtype THEN 9223372036854775807 END,
        has_sequence_privilege(seqrelid, 'SELECT')
    FROM pg_sequence WHERE seqrelid = %s::regclass
"""


def check_sequences(schema: str) -> Iterator[Finding]:
    """Find tables whose next number belonged to an earlier row, or that are numbered otherwise.

    Three queries a table.
    """
    present = set(connection.introspection.table_names())
    for model in apps.get_models(include_auto_created=True):
        table, key = model._meta.db_table, model._meta.pk
        # A missing table is a finding of another check.
        if table not in present or not isinstance(key, models.AutoField | models.BigAutoField):
            continue
        ((sequence,),) = run_query("SELECT pg_get_serial_sequence(%s, %s)", [f"{schema}.{table}", key.column])
        if sequence is None:
            yield finding(f"The rows of {table} are numbered by no sequence of its own.")
        elif run_query(_COUNTS_UP, [sequence]) != [(True, True)]:
            yield finding(
                f"The sequence of {table} does not count up by one, as it was made to, or may not be read; what a role "
                "may read is what `manage.py grants` prints."
            )
        else:
            yield from _check_next_number(table, str(key.column), schema, sequence)


def _check_next_number(table: str, column: str, schema: str, sequence: str) -> Iterator[Finding]:
    # All names are our own or the catalog's, which has them quoted. One statement sees both as of one moment.
    newest = f'coalesce((SELECT max("{column}") FROM {schema}."{table}"), 0)'  # noqa: S608
    number = "CASE WHEN is_called THEN last_value ELSE last_value - 1 END"
    ((before, last),) = run_query(f"SELECT {number}, {newest} FROM {sequence}")  # noqa: S608
    if before < last:
        yield finding(
            f"The sequence of {table} was set back to {before}; its rows have numbers up to {last}."
        )
