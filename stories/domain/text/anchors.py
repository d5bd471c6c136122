"""The ids that paragraphs of a story may have, as targets of links on its page."""

from __future__ import annotations

import re

_ANCHOR = re.compile(r"[\w.:-]{1,100}")
# Ids that the pages around stories use themselves.
_OURS = re.compile(
    r"check|content|days|from|head|later|month|q|section|to|updates|what|(?:later|note|change)-.*|.*(?:notes|requests)"
    # Ids of the desk's pages, which display stories too.
    r"|main|header|footer|container|(?:content|nav|toggle|user|changelist|id|form|block|action)[-_].*"
)


def is_anchor(name: str) -> bool:
    """Return whether a paragraph may have this id: a short name that the page around the story does not use."""
    return _ANCHOR.fullmatch(name) is not None and _OURS.fullmatch(name) is None
