"""Record every change of a story as a history row, and refuse every other way of writing.

`record_save` and `record_delete` are the only ways to write a tracked row, and `actions.editing.revise` is the only
caller. Each sets a `Stamp` on the one instance it writes; django-simple-history makes the history row, and the signal
below (the library's hook) stamps it with the revision's number and a salt. A permit on one instance for one write can't
leak to another, unlike a context manager around ordinary saves.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, NoReturn

from django.db import models
from django.db.models.signals import class_prepared, pre_delete, pre_save
from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _
from simple_history.manager import HistoricalQuerySet, HistoryManager
from simple_history.models import HistoricalRecords
from simple_history.signals import post_create_historical_record, pre_create_historical_record

SALT_BYTES = 16


def new_salt() -> bytes:
    """Return a random salt, so that a digest does not reveal what was digested once the row is erased."""
    return secrets.token_bytes(SALT_BYTES)


class UnrecordedChange(Exception):
    """Somebody tried to change a recorded row without leaving a record; nothing was written."""

    def __init__(self, model: type[models.Model], attempt: str) -> None:
        super().__init__(
            f"{model.__name__}.{attempt} would change a story's record without leaving one; nothing was written. "
            f"{getattr(model, 'write_with', 'Call an action of stories.actions instead.')}"
        )


@dataclass
class Stamp:
    """What one revision stamps on the rows it writes, and the resulting history rows."""

    revision: int
    at: datetime
    rows: list[HistoryRow] = field(default_factory=list)


class GuardedQuerySet(models.QuerySet[Any]):
    """A queryset that reads, and refuses every way of writing that sends no signal."""

    def _refuse(self, attempt: str) -> NoReturn:
        raise UnrecordedChange(self.model, attempt)

    def update(self, **kwargs: Any) -> NoReturn:
        self._refuse("update")

    def delete(self) -> NoReturn:
        self._refuse("delete")

    def bulk_create(self, *args: Any, **kwargs: Any) -> NoReturn:
        self._refuse("bulk_create")

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        self._refuse("bulk_update")

    # As Django marks them: never to be called from a template.
    update.alters_data = delete.alters_data = True  # type: ignore[attr-defined]


class Guarded(models.Model):
    """A row that can be written only inside `permit`."""

    write_with: ClassVar[str] = "Call an action of stories.actions instead."
    # True on the instance inside `permit`: only this row may be written.
    _permitted: bool = False

    objects = models.Manager.from_queryset(GuardedQuerySet)()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        # Checked before the collector, whose error would name what protects the row rather than the record.
        if not self._permitted:
            raise UnrecordedChange(type(self), "delete")
        return super().delete(*args, **kwargs)


@contextmanager
def permit(row: Guarded) -> Iterator[None]:
    """Let this one instance be written, until the block ends."""
    row._permitted = True
    try:
        yield
    finally:
        row._permitted = False


def append(row: Guarded) -> None:
    """Insert a row of a journal (a revision, a publication, a ledger entry): never an update."""
    with permit(row):
        row.save(force_insert=True)


def append_all(rows: Sequence[Guarded]) -> None:
    """Insert several rows of one model in one query; for rows that leave no history row of their own."""
    if rows:
        # Past the guarded queryset's own method.
        models.QuerySet.bulk_create(type(rows[0])._base_manager.all(), rows)


def overwrite(row: models.Model, values: Mapping[str, Any]) -> None:
    """Change columns of a stored row, without a history row: for actions.takedown.erase alone."""
    models.QuerySet.update(type(row)._base_manager.filter(pk=row.pk), **values)
    for name, value in values.items():
        setattr(row, name, value)


def refuse_unpermitted(sender: type[models.Model], instance: Guarded, signal: Any, **kwargs: Any) -> None:
    """Raise UnrecordedChange for a row that is written outside `permit`, or without a stamp."""
    unstamped = isinstance(instance, TrackedModel) and instance._stamp is None
    if unstamped or not instance._permitted:
        raise UnrecordedChange(sender, "save" if signal is pre_save else "delete")


@receiver(class_prepared)
def guard_rows(sender: type[models.Model], **kwargs: Any) -> None:
    """Guard against writes that bypass a model's own methods.

    A fixture calls `Model.save_base` past any override of it, and a cascade deletes rows without calling their
    `delete`; both send these signals. Connected model by model, because a receiver for every sender would slow every
    deletion of the site.
    """
    if issubclass(sender, Guarded):
        pre_save.connect(refuse_unpermitted, sender=sender, weak=False)
        pre_delete.connect(refuse_unpermitted, sender=sender, weak=False)


class GuardedHistoricalQuerySet(GuardedQuerySet, HistoricalQuerySet):
    pass


class GuardedHistoryManager(HistoryManager):
    """simple-history's manager, without its way to write history rows by hand."""

    def bulk_history_create(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise UnrecordedChange(self.model, "bulk_history_create")


class HistoryRow(Guarded):
    """What every history row has in addition to the row's own fields.

    `revision` is the number of the article's revision that wrote it; `salt` prevents its digest in the ledger from
    revealing what the row contained, once the row is erased.
    """

    write_with = "History rows are made by stories.actions.editing.revise alone."

    revision = models.PositiveIntegerField(editable=False)
    salt = models.BinaryField(max_length=SALT_BYTES, editable=False)

    class Meta:
        abstract = True


class StoryRecords(HistoricalRecords):
    """simple-history's records, adapted: by revision, indexed for it, and without unused columns.

    The user and the reason are on the Revision, once per change, so their columns are left out here.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            inherit=True,
            bases=(HistoryRow,),
            history_id_field=models.BigAutoField(),
            history_manager=GuardedHistoryManager,
            historical_queryset=GuardedHistoricalQuerySet,
            **kwargs,
        )

    def copy_fields(self, model: type[models.Model]) -> dict[str, models.Field[Any, Any]]:
        copies: dict[str, Any] = super().copy_fields(model)
        for copied in copies.values():
            copied.db_index = False
        return copies

    def get_extra_fields(self, model: type[models.Model], fields: Any) -> dict[str, Any]:
        extra: dict[str, Any] = super().get_extra_fields(model, fields)
        nothing = property(lambda row: None, lambda row, value: None)
        return extra | {"history_user": nothing, "history_change_reason": nothing}

    def get_meta_options(self, model: type[models.Model]) -> dict[str, Any]:
        """Return Meta of the history model; simple-history drops what a base declares, so it is repeated here."""
        parent = "parent" if hasattr(model, "parent") else None
        as_of = [name for name in (parent, "id", "revision", "history_id") if name]
        return super().get_meta_options(model) | {
            "base_manager_name": "objects",
            "ordering": ["history_id"],
            "indexes": [models.Index(fields=as_of, name=f"{model._meta.model_name}_as_of")],
        }


class TrackedModel(Guarded):
    """A row of a story's working copy: every change of it is part of a revision."""

    write_with = (
        "Call stories.actions.editing.revise.revise(article=..., story=..., base=..., user=...) instead."
    )
    _stamp: Stamp | None = None

    history = StoryRecords()

    class Meta(Guarded.Meta):
        abstract = True


class StoryPart(TrackedModel):
    """A keyed part of an article, with its position."""

    parent = models.ForeignKey(
        "stories.Article", on_delete=models.CASCADE, related_name="%(class)s_set", verbose_name=_("story")
    )
    key = models.UUIDField(_("key"), unique=True, editable=False)
    ordering = models.IntegerField(_("ordering"), default=0)

    class Meta(TrackedModel.Meta):
        abstract = True
        ordering: ClassVar[list[str]] = ["ordering", "id"]


def record_save(row: TrackedModel, stamp: Stamp) -> None:
    """Insert or update a tracked row, and its history row, under a revision's stamp."""
    _write(row, stamp, row.save)


def record_delete(row: TrackedModel, stamp: Stamp) -> None:
    """Delete a tracked row, leaving the history row that says so, under a revision's stamp."""
    _write(row, stamp, row.delete)


def _write(row: TrackedModel, stamp: Stamp, write: Any) -> None:
    row._stamp = stamp
    row._history_date = stamp.at  # type: ignore[attr-defined]  # simple-history reads its date here
    before = len(stamp.rows)
    try:
        with permit(row):
            write()
    finally:
        row._stamp = None
    if len(stamp.rows) != before + 1:
        # Only reached if simple-history is switched off; the surrounding transaction rolls back.
        raise UnrecordedChange(type(row), write.__name__)


@receiver(pre_create_historical_record)
def stamp_history_row(instance: models.Model, history_instance: models.Model, **kwargs: Any) -> None:
    if isinstance(instance, TrackedModel) and isinstance(history_instance, HistoryRow):
        if instance._stamp is None:
            raise UnrecordedChange(type(instance), "save")
        history_instance.revision = instance._stamp.revision
        history_instance.salt = new_salt()
        history_instance._permitted = True


@receiver(post_create_historical_record)
def collect_history_row(instance: models.Model, history_instance: models.Model, **kwargs: Any) -> None:
    if isinstance(instance, TrackedModel) and isinstance(history_instance, HistoryRow):
        history_instance._permitted = False
        assert instance._stamp is not None
        instance._stamp.rows.append(history_instance)
