"""A row that an erasure changed is accepted exactly where the ledger leads from its old digest to its present one."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.storage import default_storage
from django.db import connection, transaction

from stories.actions.append_entry import record
from stories.actions.people import signed
from stories.actions.rewrite_withheld import rewrite_withheld
from stories.models import (
    Article,
    EntryText,
    Erasure,
    ErasureOrder,
    ErasureScope,
    LedgerEntry,
    Picture,
    Publication,
    Revision,
    TextBlock,
)
from stories.models.append_only import lifted
from stories.models.canonical import history_digest, said_digest, shown_digest
from stories.models.recording import append
from stories.models.registry import history_model
from stories.queries.verification import Kind, Verification
from tests import factories as make
from tests.tampering import execute, run

ERASED = "<p>[words erased]</p>"


def kinds() -> set[Kind]:
    return {finding.kind for finding in Verification()}


def history_row() -> Any:
    return history_model(TextBlock).objects.order_by("history_id").first()


def erase_text(row: Any, words: str = ERASED) -> None:
    """Change a text block in its first history row, as the owner would."""
    run("UPDATE stories_historicaltextblock SET text = %s WHERE history_id = %s", words, row.history_id)


@transaction.atomic
def enter(article: Article, user: User, *rows: list[Any]) -> None:
    record(Erasure(article=article, rows=list(rows), **signed(user, make.minutes(90_000))))


def test_a_history_row_that_was_erased_verifies_and_not_without_its_erasure(
    article: Article, emil: User
) -> None:
    before = history_digest(history_row())
    erase_text(history_row())
    assert Kind.ROW in kinds()
    enter(article, emil, ["textblock", history_row().pk, before, history_digest(history_row())])
    assert kinds() == set()


def test_what_is_changed_after_its_erasure_is_found(article: Article, emil: User) -> None:
    before = history_digest(history_row())
    erase_text(history_row())
    enter(article, emil, ["textblock", history_row().pk, before, history_digest(history_row())])
    erase_text(history_row(), "<p>Something else.</p>")
    assert kinds() == {Kind.ROW}


def test_an_erasure_of_an_erasure_leads_on(article: Article, emil: User) -> None:
    digests = [history_digest(history_row())]
    for words in (ERASED, ""):
        erase_text(history_row(), words)
        digests.append(history_digest(history_row()))
        enter(article, emil, ["textblock", history_row().pk, *digests[-2:]])
    assert kinds() == set()


@pytest.mark.parametrize("wrong", ["before", "after", "number", "model"])
def test_an_erasure_of_anything_else_explains_nothing(article: Article, emil: User, wrong: str) -> None:
    before = history_digest(history_row())
    erase_text(history_row())
    row = {
        "model": "textblock",
        "number": history_row().pk,
        "before": before,
        "after": history_digest(history_row()),
    }
    other = {"model": "quoteblock", "number": 999, "before": "0" * 64, "after": "0" * 64}
    enter(article, emil, list((row | {wrong: other[wrong]}).values()))
    assert Kind.ROW in kinds()


def test_an_erasure_that_no_entry_tells_of_explains_nothing(article: Article, emil: User) -> None:
    before = history_digest(history_row())
    erase_text(history_row())
    row = ["textblock", history_row().pk, before, history_digest(history_row())]
    append(Erasure(article=article, rows=[row], **signed(emil, make.minutes(90_000))))
    assert kinds() == {Kind.ROW, Kind.UNCOVERED}


def test_words_of_events_and_what_lists_show_are_erased_alike(article: Article, emil: User) -> None:
    revision = Revision.objects.get(article=article, number=1)
    publication = Publication.objects.order_by("pk").first()
    assert publication is not None
    was_said, was_shown = said_digest(revision), shown(publication)
    with transaction.atomic(), lifted(connection):
        execute("UPDATE stories_revision SET reason = '' WHERE id = %s", revision.pk)
        execute("UPDATE stories_publicationcard SET dek = '' WHERE publication_id = %s", publication.pk)
        entry = LedgerEntry.objects.get(kind="revision", article=article, sequence=1)
        execute("DELETE FROM stories_entrytext WHERE entry_id = %s", entry.pk)
    assert not EntryText.objects.filter(entry=entry).exists()
    revision.refresh_from_db()
    enter(
        article,
        emil,
        ["revision", revision.pk, was_said, said_digest(revision)],
        ["publicationcard", publication.pk, was_shown, shown(publication)],
    )
    assert kinds() == set()


def test_a_picture_s_file_may_be_gone_by_an_order_that_was_carried_out(article: Article, emil: User) -> None:
    picture = Picture.objects.get()
    default_storage.delete(picture.file_name())
    assert kinds() == {Kind.PICTURE}
    signature = signed(emil, make.minutes(90_000))
    with transaction.atomic():
        order = ErasureOrder(
            article=article,
            scope=ErasureScope.PICTURE,
            picture=picture,
            ground="court",
            authority="A court",
            reason="An order",
            **signature,
        )
        record(order)
    assert kinds() == {Kind.PICTURE}
    with transaction.atomic():
        record(Erasure(article=article, order=order, **signature))
        rewrite_withheld(article.pk)
    assert kinds() == set()


def shown(publication: Publication) -> str:
    fresh = Publication.objects.get(pk=publication.pk)
    return shown_digest(fresh.card, fresh.notes.all(), fresh.pictures.all())
