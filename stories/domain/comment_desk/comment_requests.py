"""What readers see of a request for comment, depending on its state."""

from __future__ import annotations

from typing import Final

from stories.domain.snapshot import CommentRequest, RequestStatus, StoryContent

# An answer is in the story itself, and a withdrawn request does not concern readers.
UNMENTIONED: Final = frozenset({RequestStatus.RECEIVED, RequestStatus.WITHDRAWN})


def is_mentioned(request: CommentRequest) -> bool:
    """Return whether the page mentions a request."""
    return request.shown and request.status not in UNMENTIONED


def outdated_sentences(old: StoryContent, new: StoryContent) -> tuple[CommentRequest, ...]:
    """Return the requests of `new` whose state changed since `old`, but whose own sentence did not.

    Such a sentence was written for the earlier state, and readers would go on reading it.
    """
    before = {request.key: request for request in old.comment_requests}
    return tuple(
        request
        for request in new.comment_requests
        if is_mentioned(request)
        and request.sentence
        and (known := before.get(request.key)) is not None
        and known.status is not request.status
        and known.sentence == request.sentence
    )
