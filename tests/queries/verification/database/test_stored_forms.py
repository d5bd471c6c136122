"""A value that reads as written but is stored in another form sorts differently: it is found, or refused."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, models, transaction

from stories.models import Article, DailyHead, LedgerEntry, Publication, Revision, SearchText, StoryMask
from stories.models.integrity import form_guards
from stories.models.integrity.append_only import RECORD_MODELS
from stories.models.integrity.stored_forms import forms, value_field
from stories.queries.verification import Finding, Kind, Verification
from stories.queries.verification.database.stored_forms import check_stored_forms
from tests.tampering import execute, tampered, without_any_guard

on_sqlite = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL has types")
on_postgres = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="is PostgreSQL's own")

# SQL expressions for a time in another form, which reads as the same time.
SAME_TIME = {
    "as in the demo's hidden correction": "strftime('%%Y%%m%%dT%%H%%M%%f', {})",
    "with a T": "replace({}, ' ', 'T')",
    "in another offset": "datetime({}, '-23 hours') || '-23:00'",
    "in UTC, and saying so": "{} || '+00:00'",
    "as Zulu": "{} || 'Z'",
    "without seconds": "substr({}, 1, 16)",
    "with a fraction of zeros": "{} || '.000000'",
    "with a short fraction": "{} || '.000'",
    "with a comma": "{} || ',000000'",
    "with a blank after it": "{} || ' '",
    "with a NUL after it": "{} || char(0)",
    "as bytes": "CAST({} AS BLOB)",
}
# Values for a column of each type that read as the original, or nearly so.
SAME_VALUE = {
    models.IntegerField: ["CAST({} AS BLOB)", "{} || 'x'", "{} + 0.5"],
    models.BooleanField: ["{} + 2", "CAST({} AS BLOB)", "'t'"],
    models.UUIDField: [
        "upper({})",
        "'{{' || {} || '}}'",
        "substr({0}, 1, 8) || '-' || substr({0}, 9)",
        "{} || char(0)",
    ],
    models.JSONField: ["' ' || {}", "replace({}, ', ', ',') || char(10)"],
    models.DateField: ["{} || ' 00:00:00'", "replace({}, '-', '')", "CAST({} AS BLOB)"],
    models.CharField: ["CAST({} AS BLOB)"],
    models.TextField: ["CAST({} AS BLOB)"],
}


def stored() -> list[Finding]:
    return [finding for finding in Verification() if finding.kind is Kind.STORED]


def columns_of(kind: type[models.Field]) -> list[tuple[type[models.Model], models.Field]]:
    return [
        (model, field)
        for model in RECORD_MODELS
        for field in model._meta.concrete_fields
        if type(value_field(field)) is kind and not field.primary_key
    ]


@pytest.mark.usefixtures("article")
def test_the_record_is_stored_in_its_one_form() -> None:
    assert stored() == []
    assert form_guards.missing(connection) == []


@on_sqlite
@pytest.mark.usefixtures("article")
@pytest.mark.parametrize("written", SAME_TIME.values(), ids=SAME_TIME.keys())
def test_the_same_instant_written_otherwise_is_refused_and_found_in_every_column_of_the_record(
    written: str,
) -> None:
    columns = columns_of(models.DateTimeField)
    assert len(columns) > 35
    with without_any_guard():
        tried = []
        for model, field in columns:
            if model._base_manager.exclude(**{field.name: None}).exists():
                where = f'"{field.column}" IS NOT NULL'
                execute(
                    f'UPDATE {model._meta.db_table} SET "{field.column}" = '  # noqa: S608 - our own names
                    f"{written.format(field.column)} WHERE {where}"
                )
                tried.append(f"The column {field.column} of {model._meta.db_table} ")
        found = [str(finding) for finding in stored()]
    assert [column for column in tried if not any(messages.startswith(column) for messages in found)] == []
    assert len(tried) > 30


@on_sqlite
@pytest.mark.usefixtures("article")
def test_any_value_that_reads_alike_and_is_stored_otherwise_is_found_in_every_column() -> None:
    missed, count = [], 0
    for kind, ways in SAME_VALUE.items():
        for way in ways:
            with without_any_guard():
                tried = []
                for model, field in columns_of(kind):
                    table, column = model._meta.db_table, field.column
                    try:
                        with transaction.atomic():
                            execute(
                                f'UPDATE {table} SET "{column}" = {way.format(column)} '  # noqa: S608 - our own names
                                f'WHERE "{column}" IS NOT NULL'
                            )
                            tried.append(f"The column {column} of {table} ")
                    except DatabaseError:
                        continue
                with_rows = [column for column in tried if exists(column.split()[4], column.split()[2])]
                found = [str(finding) for finding in stored()]
            missed += [
                (way, column)
                for column in with_rows
                if not any(messages.startswith(column) for messages in found)
            ]
            count += len(with_rows)
    assert missed == []
    assert count > 300


def exists(table: str, column: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT count(*) FROM {table} WHERE "{column}" IS NOT NULL')  # noqa: S608 - our own names
        return bool(cursor.fetchone()[0])


@on_sqlite
def test_a_number_as_text_is_a_number_again_or_refused(article: Article) -> None:
    with tampered():
        execute("UPDATE stories_revision SET number = '2' WHERE number = 2")
        assert Revision.objects.filter(number=2).exists()
        assert stored() == []
        with pytest.raises(DatabaseError, match="one form alone"), transaction.atomic():
            execute("UPDATE stories_revision SET number = x'32' WHERE number = 2")
    assert article.pk


@on_sqlite
@pytest.mark.usefixtures("article")
def test_the_database_refuses_another_form_though_the_other_guards_are_lifted() -> None:
    with tampered():
        for written in SAME_TIME.values():
            with pytest.raises(DatabaseError, match="one form alone"), transaction.atomic():
                execute(f"UPDATE stories_publication SET live_from = {written.format('live_from')}")  # noqa: S608
        # And it accepts a time in that form, with a fraction and without.
        execute("UPDATE stories_publication SET live_from = '2026-03-02 09:00:00'")
        execute("UPDATE stories_publication SET live_from = '2026-03-02 09:00:00.000001'")
        assert stored() == []


@on_sqlite
@pytest.mark.usefixtures("article")
def test_what_is_no_time_at_all_is_found() -> None:
    for written in (
        "2026-02-30 09:00:00",
        "2026-03-02 24:00:00",
        "2026-03-02 09:60:00",
        "0000-03-02 09:00:00",
        "",
        "now",
    ):
        with without_any_guard():
            execute("UPDATE stories_publication SET live_from = %s", written)
            assert [
                "The column live_from of stories_publication" in str(finding) for finding in stored()
            ] == [True], written


@on_sqlite
@pytest.mark.usefixtures("article")
def test_json_written_otherwise_is_found_and_not_what_json_dumps_writes() -> None:
    for written in (
        '["\\u006dore"]',
        '[ "more"]',
        '["more"] ',
        '["more","x"]',
        "[1.0, 1e0]",
        '{"a": 1, "a": 1}',
    ):
        with without_any_guard():
            execute("UPDATE stories_storymask SET words = %s", written)
            assert ["The column words of stories_storymask" in str(finding) for finding in stored()] == [
                written != "[1.0]"
            ]


@on_sqlite
@pytest.mark.usefixtures("article")
def test_a_guard_of_the_forms_that_is_gone_or_hollow_is_named() -> None:
    with tampered():
        execute("DROP TRIGGER stories_publication_in_one_form_update")
        execute("DROP TRIGGER stories_revision_in_one_form_insert")
        execute(
            "CREATE TRIGGER stories_revision_in_one_form_insert AFTER INSERT ON stories_revision BEGIN SELECT 1; END"
        )
        assert form_guards.missing(connection) == ["stories_publication", "stories_revision"]
        messages = [str(finding) for finding in Verification()]
        assert any(
            "stories_publication is not guarded against values written otherwise" in each for each in messages
        )
        form_guards.install(connection)
        assert form_guards.missing(connection) == []


@on_postgres
@pytest.mark.usefixtures("article")
def test_a_time_without_end_is_refused_and_found_in_every_column_of_the_record() -> None:
    kinds = (models.DateTimeField, models.DateField)
    columns = [each for kind in kinds for each in columns_of(kind)] + [(DailyHead, DailyHead._meta.pk)]
    missed, count = [], 0
    for value in ("infinity", "-infinity", "0044-03-15 BC", "12026-03-02"):
        for model, field in columns:
            table, column = model._meta.db_table, field.column
            first = f'(SELECT min("{column}") FROM {table})'  # noqa: S608 - our own names
            change = f'UPDATE {table} SET "{column}" = \'{value}\' WHERE "{column}" = {first}'  # noqa: S608
            if model._base_manager.exclude(**{field.name: None}).exists():
                with without_any_guard():
                    execute(change)
                    found = [str(finding) for finding in stored_alone()]
                count += 1
                if not any(messages.startswith(f"The column {column} of {table} ") for messages in found):
                    missed.append((value, table, column))
    assert missed == []
    assert count > 80


@on_postgres
@pytest.mark.usefixtures("article")
def test_the_database_refuses_a_time_without_end_though_the_other_guards_are_lifted() -> None:
    for kind in (models.DateTimeField, models.DateField):
        for model, field in columns_of(kind):
            if not model._base_manager.exclude(**{field.name: None}).exists():
                continue
            for value in ("infinity", "-infinity"):
                with tampered(), pytest.raises(DatabaseError, match="in_one_form"), transaction.atomic():
                    execute(f"UPDATE {model._meta.db_table} SET \"{field.column}\" = '{value}'")  # noqa: S608


def stored_alone() -> list[Finding]:
    """Return the findings of the check of stored forms alone."""
    return list(check_stored_forms())


def test_every_column_that_holds_a_time_has_its_form() -> None:
    for vendor in ("sqlite", "postgresql"):
        for model in RECORD_MODELS:
            asked = forms(model, vendor)
            for field in model._meta.concrete_fields:
                if isinstance(value_field(field), models.DateField):
                    assert field.column in asked
    # On SQLite for every column.
    for model in (LedgerEntry, Publication, SearchText, StoryMask):
        assert len(forms(model, "sqlite")) == len(model._meta.concrete_fields)
