from __future__ import annotations

import pytest
from django.utils.translation import override

from stories.domain.snapshot import CommentRequest, RequestStatus
from stories.rendering.comment_requests import comment_line
from tests.factories import request

PENDING, RECEIVED, DECLINED, SILENT, WITHDRAWN = (
    RequestStatus.PENDING,
    RequestStatus.RECEIVED,
    RequestStatus.DECLINED,
    RequestStatus.NO_RESPONSE,
    RequestStatus.WITHDRAWN,
)


def asked(
    party: str, status: RequestStatus = PENDING, sentence: str = "", shown: bool = True
) -> CommentRequest:
    return request(party, status=status, sentence=sentence, shown=shown)


TABLE = [
    ([], ""),
    ([asked("Corvid")], "We’ve reached out to Corvid for comment and will update if we hear back."),
    (
        [asked("Corvid"), asked("the Liberty Watch")],
        "We’ve reached out to Corvid and the Liberty Watch for comment and will update if we hear back.",
    ),
    (
        [asked("Corvid"), asked("the mayor"), asked("the union")],
        "We’ve reached out to Corvid, the mayor and the union for comment and will update if we hear back.",
    ),
    ([asked("Corvid", DECLINED)], "Corvid declined to comment."),
    ([asked("Corvid", DECLINED), asked("Heron", DECLINED)], "Corvid and Heron declined to comment."),
    ([asked("Corvid", SILENT)], "Corvid did not respond to a request for comment."),
    (
        [asked("Corvid", SILENT), asked("Heron", SILENT)],
        "Corvid and Heron did not respond to requests for comment.",
    ),
    ([asked("Corvid", RECEIVED)], ""),
    ([asked("Corvid", WITHDRAWN)], ""),
    ([asked("Corvid", shown=False)], ""),
    (
        [asked("Corvid", RECEIVED), asked("Heron")],
        "We’ve reached out to Heron for comment and will update if we hear back.",
    ),
    (
        [asked("Heron", DECLINED), asked("Corvid")],
        "Heron declined to comment. We’ve reached out to Corvid for comment and will update if we hear back.",
    ),
    # A sentence begins as sentences do, unless it begins with a name.
    ([asked("the mayor", DECLINED)], "The mayor declined to comment."),
    ([asked("eBird", DECLINED)], "eBird declined to comment."),
    # The desk's own sentence stands instead of that request's, and of no other's.
    (
        [asked("Corvid", PENDING, "Corvid asked for time until Friday.")],
        "Corvid asked for time until Friday.",
    ),
    (
        [asked("Corvid", PENDING, "Corvid asked for time until Friday."), asked("Heron")],
        "Corvid asked for time until Friday. We’ve reached out to Heron for comment and will update if we hear back.",
    ),
    # Once the answer has come, no sentence may go on saying that it hasn't.
    ([asked("Corvid", RECEIVED, "Corvid asked for time until Friday.")], ""),
    ([asked("Corvid", WITHDRAWN, "Corvid asked for time until Friday.")], ""),
]


@pytest.mark.parametrize(("requests", "line"), TABLE)
def test_what_readers_are_told_of_the_requests(requests: list[CommentRequest], line: str) -> None:
    assert comment_line(requests) == line


def test_a_percent_sign_in_a_name_is_only_a_name() -> None:
    assert comment_line([asked("100%(s) Recycled")]).startswith("We’ve reached out to 100%(s) Recycled for")


def test_names_are_joined_as_the_sites_language_joins_them() -> None:
    with override("de"):
        assert "Corvid und Heron" in comment_line([asked("Corvid"), asked("Heron")])
