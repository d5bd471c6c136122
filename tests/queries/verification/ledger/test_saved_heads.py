"""A forgery that is consistent in itself is found by a head that somebody saved before it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection, transaction

from stories.domain.ledger import GENESIS, canonical_json, entry_digest
from stories.models import Article, LedgerEntry, Publication, TextBlock, User, VerificationRun
from stories.models.integrity.append_only import guards_lifted
from stories.models.integrity.canonical import history_digest, listing_digest
from stories.models.integrity.registry import TRACKED_MODELS, history_model
from stories.models.record.recording import append
from stories.queries.ledger.heads import head
from stories.queries.verification import Head, Kind, UnreadableHeads, Verification, read_heads
from tests import factories as make
from tests.tampering import execute


def found(*heads: Head) -> list[tuple[int | None, Kind]]:
    return [(finding.sequence, finding.kind) for finding in Verification(against=heads)]


def saved() -> Head:
    return Head(*head())


def test_a_ledger_that_goes_on_extends_every_head_it_ever_had(article: Article, emil: User) -> None:
    heads = [Head(entry.sequence, bytes(entry.digest).hex()) for entry in LedgerEntry.objects.all()]
    make.change(article, user=emil, dek="Another", at=make.minutes(90_000))
    assert found(*heads) == []


def test_a_tail_that_was_cut_off_with_all_that_it_covers_is_named(article: Article, emil: User) -> None:
    before = saved()
    later = make.begin(make.wanted("Another story"), user=emil, at=make.minutes(90_000))
    after = saved()
    with transaction.atomic(), guards_lifted(connection):
        cut(later, from_sequence=after.sequence)
    assert found() == []
    assert found(before) == []
    assert found(before, after) == [(after.sequence, Kind.SAVED_HEAD)]


def cut(article: Article, *, from_sequence: int) -> None:
    """Remove every trace of a story with the newest entries, and these entries."""
    execute("DELETE FROM stories_dailyhead WHERE entry_id >= %s - 1", from_sequence)
    execute("DELETE FROM stories_entrytext WHERE entry_id >= %s", from_sequence)
    execute("DELETE FROM stories_ledgerentry WHERE sequence >= %s", from_sequence)
    for table in ("stories_revision", "stories_partkey", "stories_storystatus"):
        execute(f"DELETE FROM {table} WHERE article_id = %s", article.pk)  # noqa: S608 - our own names
    # The article last, because all others refer to it.
    for model in reversed(TRACKED_MODELS):
        key = "id" if model is Article else "parent_id"
        for each in (model, history_model(model)):
            sql = f"DELETE FROM {each._meta.db_table} WHERE {key} = %s"  # noqa: S608 - our own names
            execute(sql, article.pk)
    if connection.vendor == "sqlite":
        for table in ("stories_revision", *(history_model(model)._meta.db_table for model in TRACKED_MODELS)):
            key = "id" if table == "stories_revision" else "history_id"
            execute(
                f"UPDATE sqlite_sequence SET seq = (SELECT coalesce(max({key}), 0) FROM {table}) "  # noqa: S608
                "WHERE name = %s",
                table,
            )


def test_a_story_rewritten_from_its_first_day_with_every_digest_after_it_is_named(article: Article) -> None:
    heads = [Head(entry.sequence, bytes(entry.digest).hex()) for entry in LedgerEntry.objects.all()]
    with transaction.atomic(), guards_lifted(connection):
        rewrite("Monday", "Friday")
    assert TextBlock.objects.filter(text__contains="Tuesday").exists()
    assert found() == []
    assert found(heads[-1]) == [(heads[-1].sequence, Kind.SAVED_HEAD)]
    # The first that differs, which is where the forgery begins.
    assert found(*heads) == [(1, Kind.SAVED_HEAD)]


def test_what_an_earlier_run_saw_is_such_a_head_too(article: Article) -> None:
    sequence, digest = head()
    now = make.minutes(90_000)
    sums = {"entries": sequence, "rows": 1, "sequence": sequence, "digest": digest, "found": 0}
    append(VerificationRun(started_at=now, finished_at=now, **sums))
    assert found() == []
    with transaction.atomic(), guards_lifted(connection):
        rewrite("Monday", "Friday")
    assert found() == [(sequence, Kind.SAVED_HEAD)]


def rewrite(old: str, new: str) -> None:
    """Change the words in all of a story's history, and recompute every digest of the ledger."""
    for table, column, was, now in (
        ("stories_textblock", "text", old, new),
        ("stories_historicaltextblock", "text", old, new),
        ("stories_searchtext", "text", old, new),
        ("stories_searchtext", "text_words", old.lower(), new.lower()),
        ("stories_publishedstory", "data", old, new),
    ):
        sql = f"UPDATE {table} SET {column} = replace({column}, %s, %s)"  # noqa: S608 - our own names
        execute(sql, was, now)
    previous = GENESIS
    for entry in LedgerEntry.objects.order_by("sequence"):
        payload: dict[str, Any] = json.loads(entry.payload)
        for row in payload.get("rows", ()):
            histories = {model._meta.model_name: history_model(model) for model in TRACKED_MODELS}
            row[4] = history_digest(histories[row[0]].objects.get(history_id=row[3]))
        if payload["kind"] == "publication":
            publication = Publication.objects.get(pk=payload["event"])
            payload["shown"] = listing_digest(
                publication.card, publication.notes.all(), publication.pictures.all()
            )
        if payload["kind"] == "restored":
            payload["kept"][1] = previous.hex()
            execute("UPDATE stories_restoration SET kept_digest = %s", previous.hex())
        text = canonical_json(payload)
        previous = entry_digest(previous, text)
        execute(
            "UPDATE stories_ledgerentry SET payload = %s, digest = %s WHERE sequence = %s",
            text.decode(),
            previous,
            entry.sequence,
        )


DIGEST = "ab" * 32


@pytest.mark.parametrize(
    ("document", "heads"),
    [
        ({"head": {"sequence": 3, "digest": DIGEST}}, [3]),
        ({"head": None, "heads": [{"sequence": 2, "digest": DIGEST, "day": "2026-03-02"}]}, [2]),
        ({"head": {"sequence": 5, "digest": DIGEST}, "heads": [{"sequence": 2, "digest": DIGEST}]}, [2, 5]),
    ],
)
def test_heads_are_read_from_what_the_site_and_the_command_give(document: Any, heads: list[int]) -> None:
    assert [head.sequence for head in read_heads(document)] == heads


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        {},
        {"heads": []},
        {"heads": "x"},
        {"head": {"sequence": 0, "digest": DIGEST}},
        {"head": {"sequence": True, "digest": DIGEST}},
        {"head": {"sequence": 2**80, "digest": DIGEST}},
        {"head": {"sequence": 3, "digest": "zz" * 32}},
        {"head": {"sequence": 3, "digest": DIGEST[:-1]}},
        {"head": {"sequence": "3", "digest": DIGEST}},
        {"heads": [{"sequence": 3}]},
    ],
)
def test_what_holds_no_heads_is_refused(document: Any) -> None:
    with pytest.raises(UnreadableHeads):
        read_heads(document)
