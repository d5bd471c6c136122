"""The app's system checks run when the site starts, and not only when a test imports them."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass, replace
from typing import ClassVar

import pytest

from stories import block_labels, note_labels
from stories.block_labels import BlockLabels
from stories.domain.blocks.base import Block, ProseBlock
from stories.domain.snapshot import BLOCK_KINDS, NoteKind
from stories.models import blocks
from stories.models.blocks import EmbedBlock, TextBlock
from stories.models.integrity.block_checks import check_block_kinds
from stories.models.integrity.checks import check_note_kinds, check_recording
from stories.models.integrity.registry import PART_MODELS

ASK = """
import django
django.setup()
from django.core.checks import registry
print(*(check.__module__ for check in registry.registry.get_checks()))
"""


def test_every_start_asks_whether_all_that_is_recorded_is_guarded() -> None:
    command = [sys.executable, "-c", ASK]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - our own words
    assert "stories.models.integrity.checks" in answer.stdout.split()


def test_a_kind_of_note_without_names_fails_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    assert check_note_kinds() == []
    monkeypatch.delitem(note_labels.NOTE_KIND_LABELS, NoteKind.TYPO)
    (problem,) = check_note_kinds()
    assert (problem.id, problem.msg) == ("stories.E010", "NoteKind.TYPO has no names.")
    assert "stories/note_labels.py" in str(problem.hint)


# ------------------------------------------------------------------------------------------- kinds of blocks


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleBlock(Block):
    kind: ClassVar[str] = "example"
    words: ClassVar[tuple[str, ...]] = ("title", "description")
    address: str = ""
    title: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleProseBlock(ProseBlock):
    kind: ClassVar[str] = "example-prose"


def found(monkeypatch: pytest.MonkeyPatch, kind: type[Block]) -> dict[str, tuple[str, str]]:
    """Return the problems with a kind, as message and hint, by their ids."""
    monkeypatch.setitem(BLOCK_KINDS, kind.kind, kind)
    return {str(each.id): (each.msg, str(each.hint)) for each in check_block_kinds()}


def test_the_kinds_of_blocks_lack_nothing() -> None:
    assert check_block_kinds() == []


def test_a_kind_of_block_without_a_model_and_names_fails_the_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    problems = found(monkeypatch, ExampleBlock)
    assert problems.keys() == {"stories.E011", "stories.E015"}
    message, hint = problems["stories.E011"]
    assert message == "The block kind “example” has no model."
    assert "stories/models/blocks.py" in hint
    message, hint = problems["stories.E015"]
    assert message == "The block kind “example” has no names."
    assert "stories/block_labels.py" in hint


def test_a_kind_of_block_with_other_fields_than_its_model_fails_the_check(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(blocks, "ExampleBlock", TextBlock, raising=False)
    message, hint = found(monkeypatch, ExampleBlock)["stories.E012"]
    assert message.endswith("do not have the same fields: address, description, text, title.")
    assert "stories/domain/blocks/example.py" in hint


def test_a_kind_of_block_that_does_not_name_all_its_words_fails_the_check(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(blocks, "ExampleBlock", EmbedBlock, raising=False)
    monkeypatch.setattr(ExampleBlock, "words", ("title",))
    message, hint = found(monkeypatch, ExampleBlock)["stories.E013"]
    assert message.endswith("does not name the fields with people's words: description.")
    assert "stories/domain/blocks/example.py" in hint


def test_a_kind_of_block_whose_text_is_html_on_one_side_only_fails_the_check(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(blocks, "ExampleProseBlock", TextBlock, raising=False)
    assert "stories.E014" not in found(monkeypatch, ExampleProseBlock)
    monkeypatch.setattr("stories.models.integrity.block_checks.ProseBlock", TextBlock)
    message, hint = found(monkeypatch, ExampleProseBlock)["stories.E014"]
    assert message.startswith("The text of the block kind “example-prose” is HTML")
    assert "ProseBlock" in hint


def test_a_kind_of_block_with_a_field_that_has_no_name_fails_the_check(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    labels: BlockLabels = replace(block_labels.BLOCK_LABELS["embed"], fields={})
    monkeypatch.setitem(block_labels.BLOCK_LABELS, "example", labels)
    message, hint = found(monkeypatch, ExampleBlock)["stories.E015"]
    assert message == "Fields of the block kind “example” have no names: description, title."
    assert "stories/block_labels.py" in hint


def test_a_model_of_a_block_without_a_kind_fails_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    kind = BLOCK_KINDS["embed"]
    monkeypatch.delitem(BLOCK_KINDS, "embed")
    monkeypatch.delitem(PART_MODELS, kind)
    (problem,) = (each for each in check_recording(None) if each.id == "stories.E008")
    assert problem.msg == "EmbedBlock is tracked, but no snapshot would hold it."
    assert "stories/domain/blocks/" in str(problem.hint)
