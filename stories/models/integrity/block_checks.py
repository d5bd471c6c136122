"""System checks for the kinds of blocks: what a kind lacks, and in which file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields

from django.core.checks import CheckMessage, Error
from django.db import models

from stories.block_labels import BLOCK_LABELS
from stories.domain.snapshot import BLOCK_KINDS, Block, ProseBlock
from stories.models.blocks import BlockModel
from stories.models.integrity.registry import block_model_by_name, unmatched_fields
from stories.models.rich_text import RichTextField


def check_block_kinds() -> list[CheckMessage]:
    """Check that each kind of block has its model and its names, which every page with such a block needs."""
    problems: list[CheckMessage] = []
    for name, kind in BLOCK_KINDS.items():
        file = f"stories/domain/blocks/{name}.py"
        model = block_model_by_name(kind)
        if model is None:
            problems.append(
                _block_problem(
                    "E011",
                    f"The block kind “{name}” has no model.",
                    f"Add {kind.__name__}, which inherits from BlockModel, to stories/models/blocks.py.",
                )
            )
        elif unmatched := unmatched_fields(kind, model):
            problems.append(
                _block_problem(
                    "E012",
                    f"The block kind “{name}” and its model do not have the same fields: {_listed(unmatched)}.",
                    f"Give {kind.__name__} in {file} and in stories/models/blocks.py fields of the same names.",
                )
            )
        else:
            problems += _check_block_words(kind, model, file)
        problems += _check_block_labels(kind)
    return problems


def _check_block_words(kind: type[Block], model: type[BlockModel], file: str) -> list[CheckMessage]:
    """Check that the kind names the fields that people write words in, and says whether its text is HTML."""
    problems: list[CheckMessage] = []
    typed = [model._meta.get_field(field.name) for field in fields(kind)]
    words = {
        field.name
        for field in typed
        if isinstance(field, models.CharField | models.TextField)
        and field.editable
        and not field.choices
        and not isinstance(field, models.URLField)
    }
    if words != set(kind.words):
        problems.append(
            _block_problem(
                "E013",
                f"The block kind “{kind.kind}” does not name the fields with people's words: "
                f"{_listed(words ^ set(kind.words))}.",
                f"`words` in {file} must be the model's text columns: {_listed(words)}.",
            )
        )
    html = {field.name for field in typed if isinstance(field, RichTextField)}
    if html != ({"text"} if issubclass(kind, ProseBlock) else set()):
        problems.append(
            _block_problem(
                "E014",
                f"The text of the block kind “{kind.kind}” is HTML in its model or in its dataclass, not in both.",
                f"{kind.__name__} in {file} inherits from ProseBlock if, and only if, `text` in "
                "stories/models/blocks.py is a RichTextField.",
            )
        )
    return problems


def _check_block_labels(kind: type[Block]) -> list[CheckMessage]:
    labels = BLOCK_LABELS.get(kind.kind)
    if labels is None:
        return [
            _block_problem(
                "E015",
                f"The block kind “{kind.kind}” has no names.",
                "Enter it in BLOCK_LABELS, stories/block_labels.py.",
            )
        ]
    nameless = set(kind.words) - {"text"} - set(labels.fields)
    if not nameless:
        return []
    return [
        _block_problem(
            "E015",
            f"Fields of the block kind “{kind.kind}” have no names: {_listed(nameless)}.",
            "Enter them in its `fields` in BLOCK_LABELS, stories/block_labels.py.",
        )
    ]


def _block_problem(number: str, message: str, hint: str) -> CheckMessage:
    return Error(message, hint=f"{hint} See docs/adding-a-block-kind.md.", id=f"stories.{number}")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
