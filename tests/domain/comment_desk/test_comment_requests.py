from __future__ import annotations

from dataclasses import replace

import pytest

from stories.domain.comment_desk.comment_requests import outdated_sentences
from stories.domain.snapshot import CommentRequest, RequestStatus
from tests.factories import request, wanted

OWN = request("Corvid Systems", sentence="Corvid asked for time.")
SILENT = replace(OWN, status=RequestStatus.NO_RESPONSE)

TABLE = [
    (OWN, SILENT, True),
    (OWN, replace(OWN, party="Corvid"), False),
    (OWN, replace(SILENT, sentence="Corvid let its time pass."), False),
    (OWN, replace(SILENT, sentence=""), False),
    # These are not mentioned to readers.
    (OWN, replace(OWN, status=RequestStatus.RECEIVED), False),
    (OWN, replace(SILENT, shown=False), False),
    # A new request has no earlier state.
    (request("Heron"), SILENT, False),
]


@pytest.mark.parametrize(("before", "after", "is_outdated"), TABLE)
def test_a_sentence_that_outlives_its_state_is_found(
    before: CommentRequest, after: CommentRequest, is_outdated: bool
) -> None:
    old = wanted(comment_requests=(before,))
    found = outdated_sentences(old, replace(old, comment_requests=(after,)))
    assert found == ((after,) if is_outdated else ())
