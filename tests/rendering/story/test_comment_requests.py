from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.utils import timezone
from django.utils.translation import override

from stories.domain.snapshot import CommentRequest, RequestStatus
from stories.rendering.story.comment_requests import comment_line
from tests.factories import request

PENDING, RECEIVED, DECLINED, SILENT, WITHDRAWN = (
    RequestStatus.PENDING,
    RequestStatus.RECEIVED,
    RequestStatus.DECLINED,
    RequestStatus.NO_RESPONSE,
    RequestStatus.WITHDRAWN,
)


def asked(
    party: str, status: RequestStatus = PENDING, sentence: str = "", shown: bool = True, **values: Any
) -> CommentRequest:
    values = {"requested_at": None, **values}
    return request(party, status=status, sentence=sentence, shown=shown, **values)


def on(month: int, day: int, year: int = 2026) -> datetime:
    return datetime(year, month, day, 9, tzinfo=UTC)


MAIL, PHONE = "by e-mail", "by phone"


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
    # A sentence begins with a capital, unless it begins with a name.
    ([asked("the mayor", DECLINED)], "The mayor declined to comment."),
    ([asked("eBird", DECLINED)], "eBird declined to comment."),
    # The desk's own sentence replaces that of its request only.
    (
        [asked("Corvid", PENDING, "Corvid asked for time until Friday.")],
        "Corvid asked for time until Friday.",
    ),
    (
        [asked("Corvid", PENDING, "Corvid asked for time until Friday."), asked("Heron")],
        "Corvid asked for time until Friday. We’ve reached out to Heron for comment and will update if we hear back.",
    ),
    # After an answer, no sentence may go on saying that there is none.
    ([asked("Corvid", RECEIVED, "Corvid asked for time until Friday.")], ""),
    ([asked("Corvid", WITHDRAWN, "Corvid asked for time until Friday.")], ""),
]


@pytest.mark.parametrize(("requests", "line"), TABLE)
def test_what_readers_read_of_the_requests(requests: list[CommentRequest], line: str) -> None:
    assert comment_line(requests) == line


DATED = [
    (
        [asked("Corvid", requested_at=on(3, 2))],
        "We reached out to Corvid for comment on March 2, 2026, and will update if we hear back.",
    ),
    (
        [asked("Corvid", asked_how="by e-mail and phone", requested_at=on(3, 2))],
        "We reached out to Corvid for comment by e-mail and phone on March 2, 2026, and will update if we hear back.",
    ),
    (
        [asked("Corvid", asked_how=MAIL)],
        "We’ve reached out to Corvid for comment by e-mail and will update if we hear back.",
    ),
    # The same day and way is named once, whatever is in between.
    (
        [
            asked("Heron", asked_how=PHONE, requested_at=on(3, 3)),
            asked("Corvid", asked_how=MAIL, requested_at=on(3, 2)),
            asked("the union", asked_how=PHONE, requested_at=on(3, 3)),
        ],
        (
            "We reached out to Corvid for comment by e-mail on March 2, 2026 and to Heron and the union by phone on "
            "March 3, 2026, and will update if we hear back."
        ),
    ),
    # Parties of whom nothing is known come first, so that no other's way is read onto them.
    (
        [asked("Corvid", asked_how=MAIL, requested_at=on(3, 2)), asked("Heron")],
        (
            "We reached out to Heron for comment and to Corvid by e-mail on March 2, 2026, and will update if we hear "
            "back."
        ),
    ),
    (
        [asked("the mayor", SILENT, asked_how=MAIL, requested_at=on(3, 2))],
        "The mayor did not respond to a request for comment made by e-mail on March 2, 2026.",
    ),
    (
        [
            asked("Corvid", SILENT, asked_how=MAIL, requested_at=on(3, 2)),
            asked("Heron", SILENT, asked_how=MAIL, requested_at=on(3, 2)),
            asked("the mayor", SILENT, requested_at=on(3, 3)),
            asked("the union", SILENT),
        ],
        (
            "The union did not respond to a request for comment, Corvid and Heron did not respond to those made by "
            "e-mail on March 2, 2026, and the mayor did not respond to one made on March 3, 2026."
        ),
    ),
    # The day is that of declining, and never reads as what they would not discuss.
    (
        [asked("Corvid", DECLINED, requested_at=on(3, 2), responded_at=on(3, 4), asked_how=MAIL)],
        "On March 4, 2026, Corvid declined to comment.",
    ),
    (
        [asked("Corvid", DECLINED, responded_at=on(3, 4)), asked("Heron", DECLINED)],
        "Heron declined to comment, and on March 4, 2026, Corvid declined.",
    ),
    # Every day has its year: the line is read for as long as the story is.
    (
        [asked("Corvid", requested_at=on(12, 30, 2025)), asked("Heron", requested_at=on(1, 2))],
        (
            "We reached out to Corvid for comment on Dec. 30, 2025 and to Heron on Jan. 2, 2026, and will update if we "
            "hear back."
        ),
    ),
    (
        [asked("Corvid", requested_at=on(11, 8, 2018))],
        "We reached out to Corvid for comment on Nov. 8, 2018, and will update if we hear back.",
    ),
]


@pytest.mark.parametrize(("requests", "line"), DATED)
def test_days_and_ways_are_reported_where_they_are_known(requests: list[CommentRequest], line: str) -> None:
    assert comment_line(requests) == line


def test_a_day_is_one_of_the_newsrooms_zone() -> None:
    late = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
    with timezone.override("Europe/Berlin"):
        assert "on March 3, 2026, " in comment_line([asked("Corvid", requested_at=late)])


def test_a_percent_sign_in_a_name_is_only_a_name() -> None:
    assert comment_line([asked("100%(s) Recycled")]).startswith("We’ve reached out to 100%(s) Recycled for")


def test_names_are_joined_as_the_sites_language_joins_them() -> None:
    with override("de"):
        assert "Corvid und Heron" in comment_line([asked("Corvid"), asked("Heron")])
