"""Whatever a superuser does to any row of any table of the record, with every guard lifted, is reported."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from itertools import zip_longest
from typing import Any, Final

import pytest
from django.db import IntegrityError, connection, models, transaction

from stories.models import (
    Article,
    EntryText,
    LedgerEntry,
    Picture,
    PictureSize,
    PublishedNote,
    PublishedPicture,
    SearchText,
    StoryMask,
    VerificationRun,
)
from stories.models.integrity.append_only import APPEND_ONLY_MODELS
from stories.models.integrity.registry import JOURNAL_MODELS, TRACKED_MODELS, history_model
from stories.queries.verification import Finding, Kind, Verification
from tests.tampering import another, execute, tampered

# Runs prove nothing: they are a log, of which only the heads are compared with the ledger.
NO_PROOF: Final = {VerificationRun}
# Tables whose findings name them, so that one of each can be tampered with at once.
GROUPS: Final[tuple[tuple[type[models.Model], ...], ...]] = (
    TRACKED_MODELS,
    tuple(history_model(model) for model in TRACKED_MODELS),
    JOURNAL_MODELS,
)
BESIDE: Final[tuple[type[models.Model], ...]] = (
    *APPEND_ONLY_MODELS,
    EntryText,
    SearchText,
    StoryMask,
    Picture,
)
OTHERS: Final[tuple[type[models.Model], ...]] = tuple(
    model for model in BESIDE if model not in NO_PROOF and not any(model in group for group in GROUPS)
)
ROUNDS: Final[tuple[tuple[type[models.Model], ...], ...]] = (*GROUPS, *((model,) for model in OTHERS))
TABLES: Final[tuple[type[models.Model], ...]] = tuple(model for group in ROUNDS for model in group)
# The findings about PostgreSQL's guards while a test has lifted them.
LIFTED: Final = "The setting stories.lifted is on for whoever connects"
# Ids that nothing refers to; and a digest for caches, which can't mislead a reader.
MEANINGLESS: Final = {(PublishedNote, "id"), (PublishedPicture, "id"), (PictureSize, "id")}


def findings() -> list[Finding]:
    """Return all findings except those about guards that the test itself has lifted."""
    return [
        finding
        for finding in Verification()
        if finding.kind is not Kind.GUARD and not str(finding).startswith(LIFTED)
    ]


def named(found: list[Finding], model: type[models.Model]) -> bool:
    """Return whether a finding names the table, or an entry if it is the ledger's own."""
    table = model._meta.db_table
    return any(
        re.search(rf"\b{table}\b", str(finding)) or (model is LedgerEntry and finding.sequence)
        for finding in found
    )


def tried(*tampers: Callable[[], None]) -> list[Finding]:
    """Return what is found after changes that are then undone; those that the database itself refuses are left out."""
    with transaction.atomic():
        for tamper in tampers:
            with suppress(IntegrityError), transaction.atomic():
                tamper()
        found = findings()
        transaction.set_rollback(True)
    return found


def first(model: type[models.Model]) -> dict[str, Any]:
    row = model._base_manager.order_by("pk").values().first()
    assert row is not None, f"The record has no row in {model._meta.db_table}."
    return row


def stored(field: models.Field[Any, Any], value: Any) -> Any:
    return field.get_db_prep_save(value, connection)


@pytest.mark.usefixtures("article")
def test_the_record_is_whole_before_and_has_a_row_in_every_table() -> None:
    assert [str(finding) for finding in Verification()] == []
    for model in TABLES:
        first(model)


@pytest.mark.drill
@pytest.mark.usefixtures("article")
def test_a_change_of_any_column_of_any_table_is_found() -> None:
    missed, refused, count = [], [], 0
    with tampered():
        for group in ROUNDS:
            for columns in zip_longest(*(tamperings(model) for model in group)):
                done = {}
                for change in filter(None, columns):
                    _model, column, sql, values = change
                    try:
                        with transaction.atomic():
                            execute(sql, *values)
                            transaction.set_rollback(True)
                    except IntegrityError:
                        refused.append(column)
                    else:
                        done[column] = change
                found = tried(
                    *(partial(execute, sql, *values) for _model, _column, sql, values in done.values())
                )
                missed += [column for column, change in done.items() if not named(found, change[0])]
                count += len(done)
    assert missed == []
    # The few that constraints tie to another column.
    assert len(refused) < 15
    assert count > 300


def tamperings(model: type[models.Model]) -> Iterator[tuple[type[models.Model], str, str, list[Any]]]:
    """Yield for each column of a table the statement that changes it in the first row."""
    row, key, table = first(model), model._meta.pk, model._meta.db_table
    for field in model._meta.concrete_fields:
        if (model, field.name) not in MEANINGLESS:
            sql = f'UPDATE {table} SET "{field.column}" = %s WHERE {key.column} = %s'  # noqa: S608 - our own names
            values = [stored(field, another(row[field.attname], field)), stored(key, row[key.attname])]
            yield model, f"{table}.{field.column}", sql, values


@pytest.mark.usefixtures("article")
def test_a_row_removed_from_any_table_is_found() -> None:
    missed = []
    with tampered():
        for group in ROUNDS:
            found = tried(*(partial(remove_first, model) for model in group))
            missed += [model._meta.db_table for model in group if not named(found, model)]
    assert missed == []


def remove_first(model: type[models.Model]) -> None:
    key = model._meta.pk
    sql = f"DELETE FROM {model._meta.db_table} WHERE {key.column} = %s"  # noqa: S608 - our own names
    execute(sql, stored(key, first(model)[key.attname]))


@pytest.mark.usefixtures("article")
def test_a_row_slipped_into_any_table_is_found() -> None:
    missed = []
    with tampered():
        for group in ROUNDS:
            found = tried(*(partial(execute, *copy_of(model)) for model in group))
            missed += [model._meta.db_table for model in group if not named(found, model)]
    assert missed == []


def copy_of(model: type[models.Model]) -> Iterator[Any]:
    """Return the statement that inserts a model's first row again, with another key."""
    fields, row = model._meta.concrete_fields, first(model)
    once = {constraint.fields[-1] for constraint in model._meta.total_unique_constraints}
    values = [
        stored(field, another(value, field) if field.unique or field.name in once else value)
        for field, value in ((field, row[field.attname]) for field in fields)
    ]
    names = ", ".join(f'"{field.column}"' for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    yield f"INSERT INTO {model._meta.db_table} ({names}) VALUES ({marks})"  # noqa: S608 - our own names
    yield from values


@pytest.mark.usefixtures("article")
def test_two_rows_of_any_table_that_change_places_are_found() -> None:
    missed, count = [], 0
    with tampered():
        for model in TABLES:
            key = model._meta.pk
            keys = list(model._base_manager.order_by("pk").values_list("pk", flat=True)[:2])
            # The keys of parts of one kind mean the same for their story, whichever row has them.
            if len(keys) < 2 or (model, key.name) in MEANINGLESS or not isinstance(key, models.IntegerField):
                continue
            count += 1
            found = tried(lambda: swap(model, *keys))  # noqa: B023
            if not named(found, model):
                missed.append(model._meta.db_table)
    assert missed == []
    assert count > 5


def swap(model: type[models.Model], one: int, two: int) -> None:
    table, key = model._meta.db_table, model._meta.pk.column
    for old, new in ((one, 987_654), (two, one), (987_654, two)):
        execute(f"UPDATE {table} SET {key} = %s WHERE {key} = %s", new, old)  # noqa: S608 - our own names


# How many findings each may make at most.
FEW: Final = {
    "UPDATE stories_historicaltextblock SET text = 'x' WHERE history_id = "
    "(SELECT min(history_id) FROM stories_historicaltextblock)": 3,
    "UPDATE stories_ledgerentry SET payload = replace(payload, 'Emil', 'Emma') WHERE sequence = 3": 3,
    "DELETE FROM stories_ledgerentry WHERE sequence BETWEEN 3 AND 9": 4,
    "DELETE FROM stories_historicalupdatenote": 8,
    "UPDATE stories_article SET headline = 'x', dek = 'y', slug = 'z'": 1,
}


def test_one_tampering_is_told_in_a_few_findings_however_much_depends_on_it(article: Article) -> None:
    for tamper, most in FEW.items():
        with tampered():
            found = tried(lambda: execute(tamper))  # noqa: B023
        assert 1 <= len(found) <= most, [str(finding) for finding in found]
    assert LedgerEntry.objects.filter(article=article).exists()


def test_an_update_that_bypassed_us_is_named_with_table_key_field_before_and_after(article: Article) -> None:
    block = article.quoteblock_set.get()
    with tampered():
        execute("UPDATE stories_quoteblock SET text = '<p>We ignore you.</p>'")
        (finding,) = findings()
    assert str(finding) == (
        f"The quoteblock {block.key} (row {block.pk} of stories_quoteblock) is not as its history has it: text."
    )
    assert finding.with_values().endswith("text was “<p>We hear you.</p>”, is “<p>We ignore you.</p>”.")
