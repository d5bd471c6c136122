"""Which model stores which part of a story, and which events: a new kind of event is one entry here."""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from typing import Any, Final

from stories.domain import snapshot as domain
from stories.models import blocks
from stories.models.articles import Article, Byline
from stories.models.assignments import Assignment
from stories.models.blocks import BlockModel
from stories.models.comment_requests import CommentRequest
from stories.models.developing_mode import DevelopingMode
from stories.models.dossiers import AuditAccess, DossierApproval, DossierDownload, DossierOrder
from stories.models.erasures import Erasure, ErasureApproval, ErasureOrder
from stories.models.imports import ImportedStory
from stories.models.name_changes import NameChange
from stories.models.profile_changes import ProfileChange
from stories.models.publications import Cancellation, Embargo, Publication
from stories.models.questions import Answer, Question, SignOff
from stories.models.record.recording import HistoryRow, StoryPart, TrackedModel
from stories.models.record.revisions import Journal, Revision
from stories.models.restorations import Restoration
from stories.models.review_requests import ReviewRequest
from stories.models.rights_changes import RightsChange
from stories.models.second_person import SecondPersonCheck
from stories.models.update_notes import UpdateNote
from stories.models.withdrawals import Discard, Withdrawal
from stories.models.withholdings import Withholding, WithholdingDecision


def block_model_by_name(kind: type[domain.Block]) -> type[BlockModel] | None:
    """Return the model that a kind of block has by its name, whether or not it has the kind's fields."""
    found = getattr(blocks, kind.__name__, None)
    return found if isinstance(found, type) and issubclass(found, blocks.BlockModel) else None


def unmatched_fields(kind: type[domain.Block], model: type[BlockModel]) -> set[str]:
    """Return the names of the fields that a kind of block or its model has and the other lacks."""
    stored = {field.name for field in model._meta.concrete_fields} - {"id", "parent", "ordering", "region"}
    return stored ^ {field.name for field in fields(kind)}


# A kind without a model, or with another one's fields, is left to the system checks, which name it.
BLOCK_MODELS: Final[dict[type[domain.Block], type[BlockModel]]] = {
    kind: model
    for kind in domain.BLOCK_KINDS.values()
    if (model := block_model_by_name(kind)) is not None and not unmatched_fields(kind, model)
}

PART_MODELS: Final[dict[type[domain.Part], type[StoryPart]]] = {
    domain.Byline: Byline,
    **{block: model for block, model in BLOCK_MODELS.items()},  # noqa: C416 - widens the types
    domain.CommentRequest: CommentRequest,
    domain.UpdateNote: UpdateNote,
}

# The field of StoryContent for each kind of part.
PART_TUPLES: Final[dict[type[domain.Part], str]] = {
    domain.Byline: "bylines",
    **dict.fromkeys(BLOCK_MODELS, "blocks"),
    domain.CommentRequest: "comment_requests",
    domain.UpdateNote: "update_notes",
}

TRACKED_MODELS: Final[tuple[type[TrackedModel], ...]] = (Article, *PART_MODELS.values())

# Every kind of event that has ledger entries.
JOURNAL_MODELS: Final[tuple[type[Journal], ...]] = (
    Revision,
    Publication,
    Cancellation,
    Embargo,
    DevelopingMode,
    Withdrawal,
    Discard,
    Assignment,
    ReviewRequest,
    ImportedStory,
    Withholding,
    WithholdingDecision,
    ErasureOrder,
    ErasureApproval,
    Erasure,
    Question,
    Answer,
    SignOff,
    DossierOrder,
    DossierApproval,
    DossierDownload,
    AuditAccess,
    RightsChange,
    SecondPersonCheck,
    NameChange,
    ProfileChange,
    Restoration,
)
# By the kind of their entries in the ledger.
JOURNALS: Final[dict[str, type[Journal]]] = {str(model.entry_kind): model for model in JOURNAL_MODELS}


@cache
def history_model(model: type[TrackedModel]) -> Any:
    """Return the model of a tracked model's history rows."""
    return model.history.model


# By the names of the tracked models.
HISTORIES: Final[dict[str, type[HistoryRow]]] = {
    str(model._meta.model_name): history_model(model) for model in TRACKED_MODELS
}
