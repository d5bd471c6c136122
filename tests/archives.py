"""Lines of story archives, made for tests."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from stories.actions.actors import SystemActor
from stories.actions.archive.differences import ImportRefused
from stories.actions.archive.import_story import ImportResult, import_story
from stories.domain.archive.stories import load
from stories.models import Article, Author, LedgerEntry, Publication, Revision, Section
from tests.ledger_last import undone

REAL = Path(__file__).parents[2] / "shared" / "data" / "18f.jsonl.gz"
WORDPRESS = REAL.parents[1] / "wxr"
NO_WORDPRESS = "the exports of WordPress in ../shared/wxr are not here"
NO_REAL = "the real stories in ../shared/data are not here"

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
IMPORTER = SystemActor("importer")

BODY = (
    "<p>The council met on Monday and heard residents.</p>"
    "<blockquote><p>We hear you.</p><footer>Dana Whitlock</footer></blockquote>"
    '<p>More is to come.<img src="/assets/hall.jpg" alt="The hall"></p>'
)


def version(hour: int = 9, **values: Any) -> dict[str, Any]:
    """Return a version that went live at an hour of a day in the past."""
    least = {"live_from": f"2020-03-02T{hour:02}:00:00+00:00", "headline": "Council hears objections"}
    body = {} if "blocks" in values else {"body": BODY}
    return {**least, **body, **values}


def archived(*versions: dict[str, Any], **values: Any) -> dict[str, Any]:
    """Return a story of these versions, or of one."""
    return {
        "format": "story-archive/1",
        "slug": "council-hears-objections",
        "versions": list(versions) or [version()],
        **values,
    }


def line(*versions: dict[str, Any], **values: Any) -> bytes:
    return json.dumps(archived(*versions, **values), ensure_ascii=False).encode() + b"\n"


def write_archive(path: Path, *lines: bytes) -> Path:
    path.write_bytes(b"".join(lines))
    return path


@contextmanager
def passing_site() -> Iterator[None]:
    """Provide a site that is empty again afterwards."""
    with undone():
        yield


def import_archived(*given: dict[str, Any], media: Path | None = None, **values: Any) -> ImportResult:
    """Import a story of these versions, or of one."""
    return import_story(story=load(line(*given, **values)), user=IMPORTER, media=media, at=NOW)


def refusal(*given: dict[str, Any], **values: Any) -> str:
    """Return the refusal of a story's import; check that nothing of it was written."""
    counts = [
        model.objects.count() for model in (Article, Revision, Publication, LedgerEntry, Author, Section)
    ]
    with pytest.raises(ImportRefused) as caught:
        import_archived(*given, **values)
    assert counts == [
        model.objects.count() for model in (Article, Revision, Publication, LedgerEntry, Author, Section)
    ]
    return str(caught.value)
