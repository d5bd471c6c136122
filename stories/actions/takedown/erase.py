"""Carry out approved erasures: the only thing that ever changes recorded rows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.utils.translation import gettext as _

from stories.actions.actors import SystemActor, actor_columns
from stories.actions.editing.revise import lock
from stories.actions.errors import Refused
from stories.actions.record.ledger import Written, append_entries, write_event
from stories.actions.record.replicas import applied_on_replicas
from stories.actions.takedown.stale_copies import invalidate_stale_copies
from stories.actions.takedown.story_mask import refresh_mask
from stories.domain.text.mask import Mask
from stories.models import (
    Article,
    Discard,
    EntryText,
    Erasure,
    ErasureApproval,
    ErasureOrder,
    ErasureScope,
    ImageBlock,
    Picture,
    PublicationCard,
    PublishedNote,
)
from stories.models.integrity.append_only import guards_lifted
from stories.models.integrity.canonical import (
    CURRENT_FORM,
    history_digest,
    listing_digest,
    text_digest,
    texts_of,
)
from stories.models.integrity.registry import history_model
from stories.models.record.recording import HistoryRow, new_salt, overwrite
from stories.models.record.revisions import Journal
from stories.queries.publishing.withdrawals import is_discarded
from stories.queries.takedown.erasable import changes_of_order, changes_of_story, counted
from stories.queries.takedown.text_columns import RowChange

ACTOR = SystemActor(name="manage.py erase")


@dataclass(frozen=True, slots=True)
class ErasureResult:
    """What an erasure did: its row, how many rows of each kind it changed, how many files and sessions it deleted."""

    erasure: Erasure
    changed: list[tuple[str, int]]
    files: int = 0
    sessions: int = 0


@applied_on_replicas()
def erase(*, order: ErasureOrder, at: datetime) -> ErasureResult:
    """Carry out an order; return what was done. The disk space is reclaimed separately (`vacuum`).

    Raises Refused if it is not approved or was carried out, PermissionError if the database's role may only add.
    """
    stories = _lock_concerned(order)
    locked = stories[order.article_id]
    if not ErasureApproval.objects.filter(order=order, approved=True).exists():
        raise Refused(_("Order %(number)s is not approved.") % {"number": order.pk})
    if Erasure.objects.filter(order=order).exists():
        raise Refused(_("Order %(number)s was carried out already.") % {"number": order.pk})
    words, ledger = order.words, _Ledger(locked.pk)
    changes = list(changes_of_order(order))
    if words:
        # The order's own words are erased too.
        changes = [change for change in changes if change.row != order] + [RowChange(order, {"words": ""})]
    with guards_lifted(connection):
        rows = list(_carry_out(changes, ledger))
    sessions = _end_sessions(words)
    files = _pictures_of(order)
    erasure = _record(locked, order=order, rows=rows, reason="", at=at, concerned=stories)
    # After the COMMIT: a rollback would not restore a deleted file.
    transaction.on_commit(lambda: _delete_files(files))
    transaction.on_commit(cache.clear, robust=True)
    return ErasureResult(erasure, counted(changes), len(files), sessions)


def delete_leftover_files(order: ErasureOrder) -> int:
    """Delete the files that a carried-out order has left behind; return how many there were.

    They are deleted after the order's transaction is committed, so an interruption at that moment leaves them.
    """
    files = _pictures_of(order) if Erasure.objects.filter(order=order).exists() else []
    _delete_files(files)
    return len(files)


@applied_on_replicas()
def erase_draft(*, article: Article, retention_days: int, at: datetime) -> ErasureResult:
    """Erase the text of a draft that was never published and exceeds the retention period; return what was done."""
    locked = lock(article)
    # Read before the draft is discarded below: that event has no entry yet, and no text.
    changes = list(changes_of_story(locked.pk))
    ledger = _Ledger(locked.pk)
    discards: list[Written[Journal]] = []
    if not is_discarded(locked.pk):
        discards.append(
            write_event(Discard(article=locked, discarded=True, reason="", **actor_columns(ACTOR, at)))
        )
    with guards_lifted(connection):
        rows = list(_carry_out(changes, ledger))
    reason = _("Drafts that are never published are kept for %(days)s days.") % {"days": retention_days}
    erasure = _record(
        locked, order=None, rows=rows, reason=reason, at=at, concerned=[locked.pk], before=discards
    )
    transaction.on_commit(cache.clear, robust=True)
    return ErasureResult(erasure, counted(changes))


def _lock_concerned(order: ErasureOrder) -> dict[int, Article]:
    """Lock the stories whose rows or masks an order changes, in the order of their ids; return them by id.

    A story's mask is rebuilt from its journals: read before taking the lock, they may miss a concurrent withholding,
    whose words would be public again. Raises Refused if another story was given the picture while we waited for the
    locks.
    """
    concerned = {order.article_id, *_stories_with_picture(order)}
    rows = Article.objects.select_for_update().filter(pk__in=concerned).order_by("pk")
    locked = {article.pk: article for article in rows}
    if order.picture_id is not None:
        # Whoever puts the picture into a story locks its row until the story is saved.
        Picture.objects.select_for_update().get(pk=order.picture_id)
        if not _stories_with_picture(order) <= locked.keys():
            raise Refused(_("Another story was given this picture at the same time. Run the command again."))
    return locked


def _record(
    article: Article,
    *,
    order: ErasureOrder | None,
    rows: list[Any],
    reason: str,
    at: datetime,
    concerned: Iterable[int],
    before: Sequence[Written[Journal]] = (),
) -> Erasure:
    erasure = Erasure(article=article, order=order, rows=rows, reason=reason, **actor_columns(ACTOR, at))
    written = write_event(erasure)
    for article_id in concerned:
        refresh_mask(article_id)
    invalidate_stale_copies()
    append_entries(*before, written)
    return erasure


class _Ledger:
    """Which entry records each event of a story, and in which canonical form each row is covered."""

    def __init__(self, article_id: int) -> None:
        self._forms: dict[tuple[str, int], int] = {}
        self._entries: dict[tuple[str, int], int] = {}
        entries = Article.objects.get(pk=article_id).ledger_entries.values_list("payload", flat=True)
        for payload in map(json.loads, entries.iterator()):
            self._forms[payload["kind"], payload["event"]] = payload["form"]
            self._entries[payload["kind"], payload["event"]] = payload["sequence"]
            for model, _key, _change, number, _digest in payload.get("rows", ()):
                self._forms[model, number] = payload["form"]

    def form_of(self, name: str, number: int) -> int:
        return self._forms.get((name, number), CURRENT_FORM)

    def entry_of(self, event: Journal) -> int:
        return self._entries[str(event.entry_kind), event.pk]


def _carry_out(changes: Iterable[RowChange], ledger: _Ledger) -> Iterator[list[Any]]:
    """Write the changes; yield each row that the ledger covers: model, number, digest before and after.

    The searchable text of an event's entry is written with the event, whose text it repeats.
    """
    changes_by_publication: dict[int, list[RowChange]] = {}
    for change in changes:
        row = change.row
        if isinstance(row, HistoryRow):
            history: Any = row
            name = str(history.instance_type._meta.model_name)
            form = ledger.form_of(name, history.history_id)
            before = history_digest(row, form=form)
            overwrite(row, {**change.values, "salt": new_salt()})
            yield [name, history.history_id, before, history_digest(row, form=form)]
        elif isinstance(row, Journal):
            form = ledger.form_of(str(row.entry_kind), row.pk)
            before = text_digest(row, form=form)
            overwrite(row, {**change.values, "salt": new_salt()})
            entry = EntryText.objects.get(pk=ledger.entry_of(row))
            overwrite(entry, {"text": "\n".join(filter(None, texts_of(row)))})
            yield [str(row._meta.model_name), row.pk, before, text_digest(row, form=form)]
        elif isinstance(row, PublicationCard | PublishedNote):
            changes_by_publication.setdefault(row.publication_id, []).append(change)
        elif not isinstance(row, EntryText):
            overwrite(row, change.values)
    for publication_id, publication_changes in changes_by_publication.items():
        form = ledger.form_of("publication", publication_id)
        before = _listing_digest(publication_id, form)
        for change in publication_changes:
            overwrite(change.row, change.values)
        overwrite(PublicationCard.objects.get(pk=publication_id), {"salt": new_salt()})
        yield ["publicationcard", publication_id, before, _listing_digest(publication_id, form)]


def _listing_digest(publication_id: int, form: int) -> str:
    card = PublicationCard.objects.get(pk=publication_id)
    return listing_digest(card, card.publication.notes.all(), card.publication.pictures.all(), form=form)


def _end_sessions(words: str) -> int:
    """Delete the sessions with the words in a message that was not displayed yet; return how many there were."""
    if not words:
        return 0
    mask = Mask((words,))
    sessions = [
        session.pk
        for session in Session.objects.iterator()
        if mask.places(json.dumps(session.get_decoded(), ensure_ascii=False))
    ]
    Session.objects.filter(pk__in=sessions).delete()
    return len(sessions)


def _pictures_of(order: ErasureOrder) -> list[str]:
    """Return the names of the files to delete."""
    picture = order.picture
    if picture is None:
        return []
    return [name for name in _names_of(picture) if default_storage.exists(name)]


def _names_of(picture: Picture) -> Iterator[str]:
    yield from dict.fromkeys([picture.file_name(), *map(picture.file_name, picture.widths())])


def _delete_files(files: Iterable[str]) -> None:
    for name in files:
        default_storage.delete(name)


def _stories_with_picture(order: ErasureOrder) -> set[int]:
    """Return the stories that have or had an erased picture."""
    if order.scope != ErasureScope.PICTURE:
        return set()
    rows = history_model(ImageBlock).objects.filter(picture_id=order.picture_id)
    return set(rows.values_list("parent_id", flat=True))
