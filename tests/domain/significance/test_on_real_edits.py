"""The measure on the real edits of a newsroom: properties that hold for every one of them."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterator
from itertools import islice, pairwise
from typing import Any
from uuid import UUID

import pytest

from stories.domain.diff.compare import diff
from stories.domain.significance.data import Level
from stories.domain.significance.measure import measure
from stories.domain.significance.proposal import propose
from stories.domain.snapshot import Byline, StorySnapshot, TextBlock
from tests.archives import NO_REAL, REAL

pytestmark = pytest.mark.skipif(not REAL.exists(), reason=NO_REAL)


@pytest.mark.parametrize("every", [10, pytest.param(1, marks=pytest.mark.drill)])
def test_every_real_edit_is_measured_and_answered(every: int) -> None:
    levels: Counter[Level] = Counter()
    edits = 0
    for old, new in _neighbours(every):
        found = diff(old, new)
        weight = measure(found)
        proposal = propose(old, new, found, weight)
        levels[weight.level] += 1
        edits += 1
        assert (weight.level is Level.NONE) == (not found)
        assert (weight.level is Level.SUBSTANTIVE) == bool(weight.reasons)
        # Substantive changes need a note or a question; only spelling in a quotation is exempt.
        if weight.level is Level.SUBSTANTIVE and not weight.spelling_in_quotes_only:
            assert proposal.publication_class == ""
            assert proposal.note_kind or proposal.asks_what_happened
    assert sum(levels.values()) == edits
    assert edits == (1337 if every == 1 else 133)
    # There is an edit of each level, or the measure no longer distinguishes them.
    assert min(levels[level] for level in Level if level is not Level.NONE) > 50 / every


def _neighbours(every: int) -> Iterator[tuple[StorySnapshot, StorySnapshot]]:
    with gzip.open(REAL, "rt", encoding="utf-8") as lines:
        for line in islice(lines, 0, None, every):
            yield from pairwise([_story(version) for version in json.loads(line)["versions"]])


def _story(version: dict[str, Any]) -> StorySnapshot:
    return StorySnapshot(
        headline=version["headline"],
        dek=version.get("dek", ""),
        bylines=tuple(
            Byline(key=UUID(int=100 + number), author="a", credited_as=name)
            for number, name in enumerate(version.get("bylines", []))
        ),
        blocks=(TextBlock(key=UUID(int=1), text=version["body"]),),
    )
