"""Find the words that a correction replaced, in the texts of a story's versions."""

from __future__ import annotations

import re
from typing import Final

from stories.domain.text.alignment import equal_runs, interned

# A few words of context distinguish "twelve" in one sentence from "twelve" in another.
_AROUND: Final = 2
_LONGEST: Final = 300

_WORD: Final = re.compile(r"\S+")


def error_span(before: str, after: str) -> str:
    """Return the longest stretch of `before` that `after` lacks, with a few words around it.

    The stretch is quoted exactly, so that it can be searched for in other texts; "" if words were only added.
    """
    words = list(_WORD.finditer(before))
    old, new = interned([word.group() for word in words], _WORD.findall(after))
    longest, start = (0, 0), 0
    for run in [*equal_runs(old, new), None]:
        end = run.old if run else len(old)
        if end - start > longest[1] - longest[0]:
            longest = (start, end)
        start = run.old + run.size if run else start
    first, last = longest
    if first == last:
        return ""
    first, last = max(0, first - _AROUND), min(len(words), last + _AROUND)
    return before[words[first].start() : words[last - 1].end()][:_LONGEST]
