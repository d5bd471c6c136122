"""The diff on the real edits of a newsroom: 466 stories, every pair of neighbouring versions."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from itertools import islice, pairwise
from pathlib import Path
from uuid import UUID

import pytest

from stories.domain.diff.compare import diff
from stories.domain.merge.merge import merge
from stories.domain.snapshot import Byline, StorySnapshot, TextBlock

ARCHIVE = Path(__file__).parents[4] / "shared" / "data" / "18f.jsonl.gz"

pytestmark = pytest.mark.skipif(
    not ARCHIVE.exists(), reason="The archive of real stories, ../shared/data, is not on this machine."
)


@pytest.mark.parametrize("every", [10, pytest.param(1, marks=pytest.mark.drill)])
def test_every_real_edit_can_be_accepted_rejected_and_merged(every: int) -> None:
    edits = changed = 0
    for old, new in _neighbours(every):
        found = diff(old, new)
        assert found.reject() == old
        assert found.accept() == new
        assert bool(found) == (old != new)
        assert merge(old, new, old).story == merge(old, old, new).story == new
        edits += 1
        changed += bool(found)
    assert edits == (1337 if every == 1 else 133)
    assert changed > 1000 / every


def _neighbours(every: int) -> Iterator[tuple[StorySnapshot, StorySnapshot]]:
    with gzip.open(ARCHIVE, "rt", encoding="utf-8") as lines:
        for line in islice(lines, 0, None, every):
            versions = [_story(version) for version in json.loads(line)["versions"]]
            yield from pairwise(versions)


def _story(version: dict[str, object]) -> StorySnapshot:
    names = version.get("bylines", [])
    assert isinstance(names, list)
    return StorySnapshot(
        headline=str(version["headline"]),
        dek=str(version.get("dek", "")),
        bylines=tuple(
            Byline(key=UUID(int=100 + number), author="a", credited_as=name)
            for number, name in enumerate(names)
        ),
        blocks=(TextBlock(key=UUID(int=1), text=str(version["body"])),),
    )
