"""What a revision changed, in words."""

from __future__ import annotations

import pytest

from stories.domain.diff.change_size import RevisionChange
from stories.rendering.compare.change_line import change_line


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ((), ""),
        ((RevisionChange("story", "begun", 3, words_added=1_200),), "Begun, with 3 blocks and 1,200 words"),
        ((RevisionChange("text", "changed", 1, (2,), 12, 3),), "Text 2 changed (+12 −3 words)"),
        ((RevisionChange("text", "changed", 1, (2,), 1, 0),), "Text 2 changed (+1 word)"),
        ((RevisionChange("quote", "added", 2, (1, 3), 40, 0),), "Quote 1 and quote 3 added (+40 words)"),
        ((RevisionChange("image", "removed", 5),), "5 pictures removed"),
        ((RevisionChange("quote", "became", 1, (2,)),), "Quote 2 made of another kind of block"),
        (
            (RevisionChange("block", "moved", 2), RevisionChange("request", "closed")),
            "2 blocks moved; 1 request closed",
        ),
        (
            (RevisionChange("headline", "changed"), RevisionChange("slug", "changed")),
            "Headline changed; slug changed",
        ),
        (
            (RevisionChange("byline", "changed"), RevisionChange("note", "added", 2)),
            "Bylines changed; 2 notes added",
        ),
    ],
)
def test_a_change_reads_as_a_line(changes: tuple[RevisionChange, ...], expected: str) -> None:
    assert change_line(changes) == expected
