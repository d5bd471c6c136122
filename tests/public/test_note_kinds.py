"""Each kind of note is known in every place that names the kinds, without being entered there by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.conf import settings

from stories.admin.page.note_kinds import NoteKindSelect
from stories.domain.archive.schema import archive_schema
from stories.domain.snapshot import WEIGHTY_NOTES, NoteKind
from stories.public.views.corrections import KINDS, QUIET
from stories.queries.site.corrections import DEVELOPING
from stories.rendering.story.story_json import schema_text

KIND_VALUES = [kind.value for kind in NoteKind]


def test_the_schema_of_archives_names_every_kind_of_note() -> None:
    named = archive_schema()["$defs"]["note"]["properties"]["kind"]["enum"]
    assert named == KIND_VALUES


def test_the_schema_of_a_story_as_json_names_every_kind_of_note() -> None:
    schema = json.loads(schema_text())
    named = schema["properties"]["notes"]["items"]["properties"]["kind"]["enum"]
    assert named == KIND_VALUES


def test_the_list_of_notes_offers_every_kind_of_note_the_gravest_first_and_quiet_ones_last() -> None:
    offered = [str(kind) for kind in KINDS]
    assert sorted(offered) == sorted([*KIND_VALUES, DEVELOPING])
    assert set(offered[: len(WEIGHTY_NOTES)]) == WEIGHTY_NOTES
    assert offered[0] == "correction"
    assert offered[len(WEIGHTY_NOTES)] == "editors-note"
    assert {NoteKind.TYPO, DEVELOPING} <= QUIET
    assert set(offered[-len(QUIET) :]) == QUIET


def test_a_list_of_kinds_marks_those_that_may_quote_what_was_wrong() -> None:
    choices = [(kind.value, kind.value) for kind in NoteKind]
    html = NoteKindSelect(choices=choices).render("kind", NoteKind.UPDATE.value)
    marked = {kind for kind in NoteKind if f'value="{kind}" data-weighty' in html}
    assert marked == WEIGHTY_NOTES


@pytest.mark.parametrize("sheet", ["desk/desk.css", "story_form/form.css", "site/site.css"])
def test_no_style_sheet_names_the_weighty_kinds(sheet: str) -> None:
    styles = (Path(settings.BASE_DIR) / "stories/static/stories" / sheet).read_text()
    assert "weighty" in styles
    assert "retraction" not in styles
