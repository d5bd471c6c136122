"""Each kind of note is known in every place that docs/adding-a-note-kind.md lists."""

from __future__ import annotations

import json

from stories.domain.archive.schema import SCHEMA_FILE
from stories.domain.snapshot import NoteKind
from stories.public.views.corrections import KINDS
from stories.queries.site.corrections import DEVELOPING
from stories.rendering.story.story_json import schema_text

KIND_VALUES = [kind.value for kind in NoteKind]


def test_the_schema_of_archives_names_every_kind_of_note() -> None:
    schema = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    named = schema["$defs"]["note"]["properties"]["kind"]["enum"]
    assert named == KIND_VALUES, f"Enter every kind of note in {SCHEMA_FILE.name}."


def test_the_schema_of_a_story_as_json_names_every_kind_of_note() -> None:
    schema = json.loads(schema_text())
    named = schema["properties"]["notes"]["items"]["properties"]["kind"]["enum"]
    assert named == KIND_VALUES, "Enter every kind of note in stories/rendering/story/story-1.schema.json."


def test_the_list_of_notes_offers_every_kind_of_note() -> None:
    offered = set(KINDS) - {DEVELOPING}
    assert offered == set(NoteKind), "Enter every kind of note in KINDS, stories/public/views/corrections.py."
