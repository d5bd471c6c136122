"""Erase what was ordered and approved: the one thing that ever changes what is recorded."""

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
from stories.actions.takedown.stale_copies import forget_stale_copies
from stories.actions.takedown.story_mask import rewrite_withheld
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
from stories.models.integrity.append_only import lifted
from stories.models.integrity.canonical import (
    CURRENT_FORM,
    history_digest,
    said_digest,
    shown_digest,
    words_of,
)
from stories.models.integrity.registry import history_model
from stories.models.record.recording import HistoryRow, new_salt, overwrite
from stories.models.record.revisions import Journal
from stories.queries.publishing.withdrawals import is_discarded
from stories.queries.takedown.erasable import changes_of_order, changes_of_story, counted
from stories.queries.takedown.text_columns import Change

ACTOR = SystemActor(name="manage.py erase")


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure did: its row, how many rows of each kind it changed, how many files and sessions went."""

    erasure: Erasure
    changed: list[tuple[str, int]]
    files: int = 0
    sessions: int = 0


@transaction.atomic
def erase(*, order: ErasureOrder, at: datetime) -> Erased:
    """Carry out an order; returns what was done. The space that it leaves is reclaimed apart (`reclaim`).

    Raises Refused where it is not approved or was carried out, PermissionError where the database's role may only add.
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
        # The order's own words go with those that it names, all of them.
        changes = [change for change in changes if change.row != order] + [Change(order, {"words": ""})]
    with lifted(connection):
        rows = list(_carry_out(changes, ledger))
    sessions = _end_sessions(words)
    files = _pictures_of(order)
    erasure = _record(locked, order=order, rows=rows, reason="", at=at, concerned=stories)
    # Only once it is certain: a file does not come back with a transaction that fails.
    transaction.on_commit(lambda: _let_go(files))
    transaction.on_commit(cache.clear, robust=True)
    return Erased(erasure, counted(changes), len(files), sessions)


def finish(order: ErasureOrder) -> int:
    """Remove the files that an order which was carried out has left; returns how many there were.

    They go once the order's transaction is committed: whoever is cut off in that moment leaves them.
    """
    files = _pictures_of(order) if Erasure.objects.filter(order=order).exists() else []
    _let_go(files)
    return len(files)


@transaction.atomic
def erase_draft(*, article: Article, kept_for: int, at: datetime) -> Erased:
    """Erase all that a draft says which was kept for so many days and never published; returns what was done."""
    locked = lock(article)
    # Read before the draft is discarded here: that event has no entry yet, and says nothing in words.
    changes = list(changes_of_story(locked.pk))
    ledger = _Ledger(locked.pk)
    discards: list[Written[Journal]] = []
    if not is_discarded(locked.pk):
        discards.append(
            write_event(Discard(article=locked, discarded=True, reason="", **actor_columns(ACTOR, at)))
        )
    with lifted(connection):
        rows = list(_carry_out(changes, ledger))
    reason = _("Drafts that are never published are kept for %(days)s days.") % {"days": kept_for}
    erasure = _record(
        locked, order=None, rows=rows, reason=reason, at=at, concerned=[locked.pk], before=discards
    )
    transaction.on_commit(cache.clear, robust=True)
    return Erased(erasure, counted(changes))


def _lock_concerned(order: ErasureOrder) -> dict[int, Article]:
    """The stories whose rows or masks an order changes, by their keys, locked in that order until the transaction ends.

    What is withheld of a story is written anew from its journals: read before its lock, they may lack what somebody
    withholds in that moment, and the words would be public again.

    Raises Refused where another story was given the picture while the others were waited for.
    """
    concerned = {order.article_id, *_showing(order)}
    rows = Article.objects.select_for_update().filter(pk__in=concerned).order_by("pk")
    locked = {article.pk: article for article in rows}
    if order.picture_id is not None:
        # Whoever puts the picture into a story holds its row until that is saved.
        Picture.objects.select_for_update().get(pk=order.picture_id)
        if not _showing(order) <= locked.keys():
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
    for number in concerned:
        rewrite_withheld(number)
    forget_stale_copies()
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


def _carry_out(changes: Iterable[Change], ledger: _Ledger) -> Iterator[list[Any]]:
    """Write the changes; yields each row that the ledger covers: model, number, digest before and after.

    What auditors search of an event is written with the event: it repeats what that says.
    """
    shown: dict[int, list[Change]] = {}
    for change in changes:
        row = change.row
        if isinstance(row, HistoryRow):
            named: Any = row
            name = str(named.instance_type._meta.model_name)
            form = ledger.form_of(name, named.history_id)
            before = history_digest(row, form=form)
            overwrite(row, {**change.values, "salt": new_salt()})
            yield [name, named.history_id, before, history_digest(row, form=form)]
        elif isinstance(row, Journal):
            form = ledger.form_of(str(row.entry_kind), row.pk)
            before = said_digest(row, form=form)
            overwrite(row, {**change.values, "salt": new_salt()})
            entry = EntryText.objects.get(pk=ledger.entry_of(row))
            overwrite(entry, {"text": "\n".join(filter(None, words_of(row)))})
            yield [str(row._meta.model_name), row.pk, before, said_digest(row, form=form)]
        elif isinstance(row, PublicationCard | PublishedNote):
            shown.setdefault(row.publication_id, []).append(change)
        elif not isinstance(row, EntryText):
            overwrite(row, change.values)
    for publication, of_it in shown.items():
        form = ledger.form_of("publication", publication)
        before = _shown(publication, form)
        for change in of_it:
            overwrite(change.row, change.values)
        overwrite(PublicationCard.objects.get(pk=publication), {"salt": new_salt()})
        yield ["publicationcard", publication, before, _shown(publication, form)]


def _shown(publication: int, form: int) -> str:
    card = PublicationCard.objects.get(pk=publication)
    return shown_digest(card, card.publication.notes.all(), card.publication.pictures.all(), form=form)


def _end_sessions(words: str) -> int:
    """End the sessions that hold the words in a message not shown yet; how many there were."""
    if not words:
        return 0
    mask = Mask((words,))
    holding = [
        session.pk
        for session in Session.objects.iterator()
        if mask.places(json.dumps(session.get_decoded(), ensure_ascii=False))
    ]
    Session.objects.filter(pk__in=holding).delete()
    return len(holding)


def _pictures_of(order: ErasureOrder) -> list[str]:
    """The names of the files that go."""
    picture = order.picture
    if picture is None:
        return []
    return [name for name in _names_of(picture) if default_storage.exists(name)]


def _names_of(picture: Picture) -> Iterator[str]:
    yield from dict.fromkeys([picture.file_name(), *map(picture.file_name, picture.widths())])


def _let_go(files: Iterable[str]) -> None:
    for name in files:
        default_storage.delete(name)


def _showing(order: ErasureOrder) -> set[int]:
    """The stories that show or have shown an erased picture."""
    if order.scope != ErasureScope.PICTURE:
        return set()
    rows = history_model(ImageBlock).objects.filter(picture_id=order.picture_id)
    return set(rows.values_list("parent_id", flat=True))
