"""Which model stores which part of a story: a new kind of block is one entry here."""

from __future__ import annotations

from typing import Any, Final

from stories.domain import snapshot as domain
from stories.models.articles import Article, Byline
from stories.models.blocks import BlockModel, EmbedBlock, ImageBlock, QuoteBlock, TextBlock
from stories.models.comment_requests import CommentRequest
from stories.models.recording import StoryPart, TrackedModel
from stories.models.update_notes import UpdateNote

BLOCK_MODELS: Final[dict[type[domain.Block], type[BlockModel]]] = {
    domain.TextBlock: TextBlock,
    domain.QuoteBlock: QuoteBlock,
    domain.ImageBlock: ImageBlock,
    domain.EmbedBlock: EmbedBlock,
}

PART_MODELS: Final[dict[type[domain.Part], type[StoryPart]]] = {
    domain.Byline: Byline,
    **{block: model for block, model in BLOCK_MODELS.items()},  # noqa: C416 - widens the types
    domain.CommentRequest: CommentRequest,
    domain.UpdateNote: UpdateNote,
}

# The tuple of StoryContent that holds each kind of part.
PART_TUPLES: Final[dict[type[domain.Part], str]] = {
    domain.Byline: "bylines",
    **dict.fromkeys(BLOCK_MODELS, "blocks"),
    domain.CommentRequest: "comment_requests",
    domain.UpdateNote: "update_notes",
}

TRACKED_MODELS: Final[tuple[type[TrackedModel], ...]] = (Article, *PART_MODELS.values())


def history_model(model: type[TrackedModel]) -> Any:
    """The model of a tracked model's history rows."""
    return model.history.model
