"""Comparisons of the real edits of a newsroom: well nested, and their new side readable in them to the letter."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from itertools import islice, pairwise
from pathlib import Path
from uuid import UUID

import pytest

from stories.domain.diff.compare import diff
from stories.domain.snapshot import PublicStory, TextBlock
from stories.models.rich_text import sanitize_text
from stories.rendering.compare.comparison import render_comparison
from tests.rendering.markup import faults, visible

ARCHIVE = Path(__file__).parents[4] / "shared" / "data" / "18f.jsonl.gz"

pytestmark = pytest.mark.skipif(
    not ARCHIVE.exists(), reason="The archive of real stories, ../shared/data, is not on this machine."
)
# The comparison's own words, which are not part of the text.
SAID = re.compile(
    r'<summary>.*?</summary>|<span class="(?:unseen|moved)">.*?</span>|<small class="markup-change">.*?</small>',
    re.DOTALL,
)
DELETED = re.compile(r"<del>.*?</del>", re.DOTALL)


@pytest.mark.parametrize("every", [10, pytest.param(1, marks=pytest.mark.drill)])
def test_every_real_edit_reads_as_its_new_side_once_deletions_are_removed(every: int) -> None:
    compared = 0
    for slug, old, new in real_edits(every):
        body = render_comparison(diff(of_text(old), of_text(new))).body
        if not body:
            continue
        assert not faults(body), slug
        text = body[body.index('<div class="story-text">') :]
        assert letters(DELETED.sub("", SAID.sub("", text))) == letters(new), slug
        compared += 1
    assert compared > 1000 / every


def real_edits(every: int) -> Iterator[tuple[str, str, str]]:
    with gzip.open(ARCHIVE, "rt", encoding="utf-8") as lines:
        for line in islice(lines, 0, None, every):
            story = json.loads(line)
            for old, new in pairwise(sanitize_text(version["body"]) for version in story["versions"]):
                yield story["slug"], old, new


def of_text(html: str) -> PublicStory:
    return PublicStory(blocks=(TextBlock(key=UUID(int=1), text=html),))


def letters(html: str) -> str:
    return "".join(visible(html).split())
