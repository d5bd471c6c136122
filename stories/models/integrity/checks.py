"""System checks for what must always be true of the record, so that a mistake fails at start-up."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.db import models

from stories.domain.snapshot import BLOCK_KINDS, NoteKind
from stories.models.addresses import OldAddress, StoryAddress
from stories.models.articles import Article
from stories.models.blocks import BlockModel
from stories.models.comment_requests import DeskModel
from stories.models.integrity.block_checks import check_block_kinds
from stories.models.integrity.canonical import CURRENT_FORM, FORMS
from stories.models.integrity.registry import JOURNAL_MODELS, PART_MODELS, history_model
from stories.models.live_periods import DerivedRow
from stories.models.publications import PublicationRow
from stories.models.record.ledger import LedgerEntry
from stories.models.record.part_keys import PartKey
from stories.models.record.recording import GuardedQuerySet, HistoryRow, StoryPart, TrackedModel
from stories.models.record.revisions import Journal
from stories.models.withholdings import StoryMask
from stories.note_labels import NOTE_KIND_LABELS

# Models that may refer to an article without being part of the story, and so are in no revision.
OUTSIDE_REVISIONS = (
    Journal,
    LedgerEntry,
    DeskModel,
    PublicationRow,
    DerivedRow,
    StoryAddress,
    OldAddress,
    PartKey,
    StoryMask,
)


def tracked_models() -> list[type[TrackedModel]]:
    return [model for model in apps.get_models() if issubclass(model, TrackedModel)]


@register()
def check_recording(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check every rule that the record relies on, for every tracked model."""
    problems: list[CheckMessage] = []
    for model in tracked_models():
        problems += _check_foreign_keys(model)
        problems += _check_managers(model)
        problems += _check_form(model)
        problems += _check_registered(model)
    for journal in JOURNAL_MODELS:
        problems += _check_words(journal)
    problems += _check_children()
    problems += check_note_kinds()
    problems += check_block_kinds()
    if not getattr(settings, "SIMPLE_HISTORY_ENABLED", True):
        problems.append(
            Error(
                "SIMPLE_HISTORY_ENABLED is off, so edits would leave no history.",
                hint="Remove the setting.",
                id="stories.E006",
            )
        )
    if apps.is_installed("simple_history"):
        problems.append(
            Error(
                "simple_history is in INSTALLED_APPS; its commands can empty a history.",
                hint="Remove it: the history models work without it.",
                id="stories.E007",
            )
        )
    return problems


def _check_foreign_keys(model: type[TrackedModel]) -> list[CheckMessage]:
    problems: list[CheckMessage] = []
    for field in model._meta.get_fields():
        if field.many_to_many and not field.auto_created:
            problems.append(
                Error(
                    f"{model.__name__}.{field.name} is a many-to-many field, which no revision records.",
                    hint="Make it a tracked model with a foreign key to its article.",
                    obj=model,
                    id="stories.E002",
                )
            )
        if not isinstance(field, models.ForeignKey):
            continue
        on_delete = field.remote_field.on_delete
        to_its_article = field.name == "parent" and field.related_model is Article
        if on_delete is models.PROTECT or (to_its_article and on_delete is models.CASCADE):
            continue
        problems.append(
            Error(
                f"{model.__name__}.{field.name} would change or delete a story's rows, unrecorded, "
                "when what it points to is deleted.",
                hint="Give it on_delete=PROTECT.",
                obj=model,
                id="stories.E001",
            )
        )
    return problems


def _check_managers(model: type[TrackedModel]) -> list[CheckMessage]:
    guarded = all(
        isinstance(manager.get_queryset(), GuardedQuerySet)
        for each in (model, history_model(model))
        for manager in (each._base_manager, each._default_manager)
    )
    if guarded and issubclass(history_model(model), HistoryRow):
        return []
    return [
        Error(
            f"{model.__name__} or its history can be written through a manager that records nothing.",
            hint="Inherit Meta from the tracked base, and give it no manager but a guarded one.",
            obj=model,
            id="stories.E003",
        )
    ]


def _check_form(model: type[TrackedModel]) -> list[CheckMessage]:
    name = str(model._meta.model_name)
    columns = {field.attname for field in history_model(model)._meta.concrete_fields} - {"salt"}
    covered = set(FORMS[CURRENT_FORM].get(name, ()))
    if columns == covered:
        return []
    differing = ", ".join(sorted(columns ^ covered))
    return [
        Error(
            f"The ledger's canonical form {CURRENT_FORM} does not cover the columns of {model.__name__}, "
            f"or covers others: {differing}.",
            hint=f"Add FORMS[{CURRENT_FORM + 1}], with all columns of “{name}”, to "
            "stories/models/integrity/canonical.py, and raise CURRENT_FORM to it; never change a form that is there.",
            obj=model,
            id="stories.E004",
        )
    ]


def _check_words(model: type[Journal]) -> list[CheckMessage]:
    """Check that a digest covers every text: others could be changed unseen, or never erased from a payload."""
    words = {field.attname for field in model._meta.concrete_fields if isinstance(field, models.TextField)}
    if words == set(FORMS[CURRENT_FORM].get(str(model._meta.model_name), ())):
        return []
    return [
        Error(
            f"The ledger's canonical form {CURRENT_FORM} does not cover the words of {model.__name__}.",
            hint="Add a form to stories/models/integrity/canonical.py; never change one that is there.",
            obj=model,
            id="stories.E009",
        )
    ]


def _check_registered(model: type[TrackedModel]) -> list[CheckMessage]:
    kinds = {kind.__name__ for kind in BLOCK_KINDS.values()}
    if model is Article or model in PART_MODELS.values() or model.__name__ in kinds:
        return []
    is_block = issubclass(model, BlockModel)
    return [
        Error(
            f"{model.__name__} is tracked, but no snapshot would hold it.",
            hint=(
                "Add a kind of block with this class name to stories/domain/blocks/. See docs/adding-a-block-kind.md."
                if is_block
                else "Enter it in stories/models/integrity/registry.py."
            ),
            obj=model,
            id="stories.E008",
        )
    ]


def check_note_kinds() -> list[CheckMessage]:
    """Check that each kind of note has its names: without them, every page with such a note would fail."""
    return [
        Error(
            f"NoteKind.{kind.name} has no names.",
            hint="Enter it in NOTE_KIND_LABELS, stories/note_labels.py. See docs/adding-a-note-kind.md.",
            obj=kind,
            id="stories.E010",
        )
        for kind in NoteKind
        if kind not in NOTE_KIND_LABELS
    ]


def _check_children() -> list[CheckMessage]:
    allowed = (StoryPart, *OUTSIDE_REVISIONS)
    return [
        Error(
            f"{relation.related_model.__name__} hangs on {model.__name__}, but no revision would record it.",
            hint="Make it a StoryPart, or one of the kinds that stand beside the story.",
            obj=relation.related_model,
            id="stories.E005",
        )
        for model in tracked_models()
        for relation in model._meta.related_objects
        if not issubclass(relation.related_model, allowed)
        and not issubclass(relation.related_model, HistoryRow)
    ]
