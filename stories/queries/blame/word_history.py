"""The texts of a story through all its revisions, as history rows have them."""

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
    EmbedBlock,
    ImageBlock,
    QuoteBlock,
    Revision,
    TextBlock,
    UpdateNote,
)
from stories.models.integrity.registry import history_model
from stories.models.record.recording import TrackedModel

# The fields that hold words. Those of running text are HTML, the others are taken as such.
WORDED: Final[dict[type[TrackedModel], tuple[str, ...]]] = {
    Article: ("headline", "dek", "dateline", "disclosure"),
    Byline: ("credited_as",),
    TextBlock: ("text",),
    QuoteBlock: ("text", "speaker", "speaker_title", "source", "description", "anonymity_reason"),
    ImageBlock: ("alt_text", "caption", "credit"),
    EmbedBlock: ("title", "description"),
    CommentRequest: ("party", "asked_how", "sentence"),
    UpdateNote: ("text", "was", "now"),
}
_RICH: Final = (TextBlock, QuoteBlock)


def life_of(article_id: int) -> TextHistory:
    """The life of a story, from its first revision to its newest. One query a tracked model, and one."""
    read: defaultdict[TextLocation, dict[int, str]] = defaultdict(dict)
    for model, names in WORDED.items():
        for row in _rows(model, names, article_id):
            _enter(read, model, names, row)
    taken: Any = Revision.objects.filter(article=article_id, source_revision__isnull=False)
    return TextHistory(
        {place: _turns(texts) for place, texts in read.items()},
        dict(taken.values_list("number", "source_revision")),
    )


def as_html(model: type[TrackedModel], name: str, value: str) -> str:
    """A field's text as HTML, which all texts of a life are."""
    if model is ImageBlock and name == "caption":
        return captions.as_html(value)
    return value if name == "text" and model in _RICH else escape(value, quote=False)


def _rows(model: type[TrackedModel], names: tuple[str, ...], article_id: int) -> Any:
    history = history_model(model).objects.order_by("history_id")
    if model is Article:
        return history.filter(id=article_id).values_list("revision", "history_type", "id", *names)
    return history.filter(parent_id=article_id).values_list("revision", "history_type", "key", *names)


def _enter(
    read: defaultdict[TextLocation, dict[int, str]],
    model: type[TrackedModel],
    names: tuple[str, ...],
    row: tuple[Any, ...],
) -> None:
    revision, kind, key, *values = row
    for name, value in zip(names, values, strict=True):
        place = TextLocation(None if model is Article else key, name)
        if kind == "-":
            # A block that became another kind has a row of that kind too, under its key, in the same revision.
            read[place].setdefault(revision, "")
        else:
            read[place][revision] = as_html(model, name, value)


def _turns(texts: dict[int, str]) -> list[tuple[int, str]]:
    """The texts in order, without those that change nothing."""
    turns: list[tuple[int, str]] = []
    for revision, text in sorted(texts.items()):
        if text != (turns[-1][1] if turns else ""):
            turns.append((revision, text))
    return turns
