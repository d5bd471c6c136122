"""A story as data: the live version as JSON, in the shape that `story-1.schema.json` documents."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.urls import reverse

from stories.domain.archive.blocks import block_entry
from stories.domain.pictures import widths_of
from stories.domain.snapshot import BLOCK_KINDS, Block, CommentRequest, ImageBlock, NoteKind, PublicStory
from stories.domain.text import captions
from stories.rendering.story.blocks import absolute_picture
from stories.rendering.story.comment_requests import comment_line
from stories.rendering.story.metadata import VersionFacts
from stories.rendering.story.notes import ReaderNote

FORMAT: Final = "newsroom-story-1"
_SCHEMA: Final = Path(__file__).with_name("story-1.schema.json")


@lru_cache(maxsize=1)
def schema_text() -> str:
    """Return the JSON Schema of `story_data`, as it is served."""
    text = _SCHEMA.read_text(encoding="utf-8")
    for name, kinds in (("NOTE_KINDS", NoteKind), ("BLOCK_KINDS", BLOCK_KINDS)):
        text = text.replace(f'"{name}"', json.dumps(list(kinds)))
    return text


def story_data(
    story: PublicStory,
    facts: VersionFacts,
    notes: Iterable[ReaderNote],
    *,
    slug: str,
    live_from: datetime,
    publication_class: str,
) -> dict[str, Any]:
    """Return the story as data; `slug` is its current one. Optional values that are empty are omitted."""

    def here(name: str, *args: Any) -> str:
        return f"{settings.SITE_URL}{reverse(f'public:{name}', args=args)}"

    version = {
        "number": facts.number,
        "live_from": _time(live_from),
        "class": publication_class,
        "address": here("version", slug, facts.number),
    }
    if facts.number > 1:
        version["changes"] = here("compare", slug, facts.number - 1, facts.number)
    data: dict[str, Any] = {
        "format": FORMAT,
        "schema": here("story_schema"),
        "address": f"{settings.SITE_URL}{facts.address}",
        "kind": str(story.kind),
        "headline": story.headline,
        "dek": story.dek,
        "language": story.language,
        "dateline": story.dateline,
        "disclosure": story.disclosure,
        "version": version,
        "published": _time(facts.first_live_from),
        "updated": _time(facts.updated_at),
    }
    if story.section:
        data["section"] = {"name": story.section_name, "address": here("section", story.section)}
    return {name: value for name, value in data.items() if value != ""} | {
        "bylines": [
            {"name": byline.credited_as}
            | ({"address": here("author", byline.author)} if byline.author else {})
            for byline in story.bylines
        ],
        "blocks": [_block(block) for block in story.blocks],
        "notes": [_note(note) for note in notes],
        "comment": {
            "line": comment_line(story.comment_requests),
            "requests": [_request(request) for request in story.comment_requests],
        },
        "links": {
            "versions": here("versions", slug),
            "feed": here("story_feed", slug),
            "timegate": here("timegate", slug),
            "timemap": here("timemap", slug),
        },
    }


def as_json(data: dict[str, Any]) -> str:
    """Return data as JSON text."""
    return json.dumps(data, ensure_ascii=False, indent=1)


def _block(block: Block) -> dict[str, Any]:
    entry = block_entry(block)
    if isinstance(block, ImageBlock) and block.caption:
        entry["caption"] = captions.plain_caption(block.caption)
        entry["caption_html"] = captions.as_html(block.caption)
    if isinstance(block, ImageBlock) and block.picture:
        assert block.width is not None  # a picture of ours has its size
        entry["files"] = [
            {"width": width, "address": absolute_picture(block.picture, width)}
            for width in widths_of(block.width)
        ]
    return entry


def _note(note: ReaderNote) -> dict[str, Any]:
    data = {
        "key": str(note.key),
        "kind": str(note.kind),
        "text": note.text,
        "was": note.was,
        "now": note.now,
        "amends": str(note.amends) if note.amends else "",
        "version": note.version,
        "published": _time(note.live_from),
    }
    return {name: value for name, value in data.items() if value != ""}


def _request(request: CommentRequest) -> dict[str, Any]:
    data = {
        "party": request.party,
        "status": str(request.status),
        "asked": _time(request.requested_at) if request.requested_at else "",
        "asked_how": request.asked_how,
        "answered": _time(request.responded_at) if request.responded_at else "",
    }
    return {name: value for name, value in data.items() if value != ""}


def _time(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
