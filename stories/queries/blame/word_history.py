"""Read a story's texts through all its revisions, from history rows."""

from __future__ import annotations

from collections import defaultdict
from html import escape
from typing import Any, Final

from stories.domain.blame.blame import TextHistory
from stories.domain.blame.moves import TextLocation
from stories.domain.text import captions
from stories.models import (
    Article,
    Byline,
    CommentRequest,
    ImageBlock,
    Revision,
    UpdateNote,
)
from stories.models.integrity.registry import BLOCK_MODELS, history_model
from stories.models.record.recording import TrackedModel

# The fields that have text. Those of running text are HTML, the others are plain and converted.
TEXT_FIELDS: Final[dict[type[TrackedModel], tuple[str, ...]]] = {
    Article: ("headline", "dek", "dateline", "disclosure"),
    Byline: ("credited_as",),
    **{model: kind.words for kind, model in BLOCK_MODELS.items()},
    CommentRequest: ("party", "asked_how", "sentence"),
    UpdateNote: ("text", "was", "now"),
}
_RICH: Final = frozenset(model for kind, model in BLOCK_MODELS.items() if kind.rich)


def text_history_of(article_id: int) -> TextHistory:
    """Return a story's texts, from its first revision to its newest. One query a tracked model, and one."""
    read: defaultdict[TextLocation, dict[int, str]] = defaultdict(dict)
    for model, names in TEXT_FIELDS.items():
        for row in _rows(model, names, article_id):
            _add_row(read, model, names, row)
    sources: Any = Revision.objects.filter(article=article_id, source_revision__isnull=False)
    return TextHistory(
        {place: _edits(texts) for place, texts in read.items()},
        dict(sources.values_list("number", "source_revision")),
    )


def as_html(model: type[TrackedModel], name: str, value: str) -> str:
    """Return a field's text as HTML, as in all texts of a history."""
    if model is ImageBlock and name == "caption":
        return captions.as_html(value)
    return value if name == "text" and model in _RICH else escape(value, quote=False)


def _rows(model: type[TrackedModel], names: tuple[str, ...], article_id: int) -> Any:
    history = history_model(model).objects.order_by("history_id")
    if model is Article:
        return history.filter(id=article_id).values_list("revision", "history_type", "id", *names)
    return history.filter(parent_id=article_id).values_list("revision", "history_type", "key", *names)


def _add_row(
    read: defaultdict[TextLocation, dict[int, str]],
    model: type[TrackedModel],
    names: tuple[str, ...],
    row: tuple[Any, ...],
) -> None:
    revision, kind, key, *values = row
    for name, value in zip(names, values, strict=True):
        place = TextLocation(None if model is Article else key, name)
        if kind == "-":
            # A block that became another kind also has a row of that kind, with its key, in the same revision.
            read[place].setdefault(revision, "")
        else:
            read[place][revision] = as_html(model, name, value)


def _edits(texts: dict[int, str]) -> list[tuple[int, str]]:
    """Return the texts in order, without those that change nothing."""
    edits: list[tuple[int, str]] = []
    for revision, text in sorted(texts.items()):
        if text != (edits[-1][1] if edits else ""):
            edits.append((revision, text))
    return edits
