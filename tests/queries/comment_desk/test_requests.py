"""The comment desk's list: which requests there are, in what order, with the desk's records of each."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from pytest_django import DjangoAssertNumQueries

from stories.actions.comment_desk.desk_records import log_attempt, save_desk_record
from stories.actions.editing.drafts import discard
from stories.domain.snapshot import RequestStatus
from stories.models import Article, CommentRequest, User
from stories.queries.comment_desk.requests import (
    ALL,
    LONG_AGO,
    NONE,
    OPEN_TOO_LONG,
    OVERDUE,
    TODAY,
    WEEK,
    RequestFilters,
    desk_data,
    lines_of,
    requests_at_desk,
)
from tests.factories import MORNING, begin, minutes, request, wanted

pytestmark = pytest.mark.django_db

HOUR = 60
DAY = 24 * HOUR


def ask(party: str, user: User, *, deadline: int | None = None, **values: Any) -> Article:
    """Make a story with a request, due at a minute."""
    wants = request(party, **values)
    article = begin(wanted(f"Story of {party}", comment_requests=(wants,)), user=user)
    if deadline is not None:
        save_desk_record(article=article, request_key=wants.key, user=user, deadline=minutes(deadline))
    return article


def parties(**filters: str) -> list[str]:
    found = requests_at_desk(RequestFilters(**filters), at=minutes(HOUR))
    return [line.party for line in lines_of(list(found))]


def key_of(party: str) -> UUID:
    return CommentRequest.objects.get(party=party).key


def test_the_longest_overdue_comes_first_then_the_next_due_and_what_is_closed_last(editor: User) -> None:
    closed = {"status": RequestStatus.RECEIVED, "responded_at": MORNING}
    ask("Closed", editor, deadline=1, **closed)
    ask("No deadline", editor)
    ask("Next", editor, deadline=2 * HOUR)
    ask("Overdue", editor, deadline=5)
    assert parties() == ["Overdue", "Next", "No deadline"]
    assert parties(state=ALL) == ["Overdue", "Next", "No deadline", "Closed"]


def test_it_is_narrowed_by_deadline_party_story_and_age(editor: User) -> None:
    ask("Overdue", editor, deadline=5)
    ask("Today", editor, deadline=2 * HOUR)
    ask("This week", editor, deadline=2 * DAY)
    ask("Later", editor, deadline=9 * DAY)
    ask("Old", editor, requested_at=minutes(HOUR) - OPEN_TOO_LONG)
    for deadline, found in (
        (OVERDUE, ["Overdue"]),
        (TODAY, ["Overdue", "Today"]),
        (WEEK, ["Overdue", "Today", "This week"]),
        (NONE, ["Old"]),
    ):
        assert parties(deadline=deadline) == found
    assert parties(asked=LONG_AGO) == ["Old"]
    assert parties(party="week") == ["This week"]
    assert parties(story="story-of-later") == ["Later"]


def test_a_discarded_draft_asks_nobody_and_some_stories_ask_their_own(editor: User, reporter: User) -> None:
    discard(article=ask("Gone", editor), user=editor)
    ask("Another", editor)
    own = ask("Own", reporter)
    found = requests_at_desk(RequestFilters(), at=MORNING, stories=Article.objects.filter(pk=own.pk))
    assert [line.party for line in lines_of(list(found))] == ["Own"]


def test_a_line_has_its_deadline_terms_and_last_attempt_in_one_query(
    editor: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    article = ask("Corvid", editor, deadline=5)
    record = save_desk_record(
        article=article, request_key=key_of("Corvid"), user=editor, statement="We hear you."
    )
    for minute, channel in ((10, "phone"), (20, "email")):
        log_attempt(
            record=record,
            user=editor,
            at=minutes(minute),
            channel=channel,
            terms="on-the-record",
            answered=channel == "email",
        )
    numbers = list(requests_at_desk(RequestFilters(), at=MORNING))
    with django_assert_num_queries(1):
        (line,) = lines_of(numbers)
    assert (line.deadline, line.terms, line.holds) == (minutes(5), "on-the-record", True)
    assert (line.tried_at, line.tried_by, line.answered) == (minutes(20), "email", True)
    data = desk_data(article, key_of("Corvid"))
    assert data.record == record
    assert [attempt.at for attempt in sorted(data.attempts, key=lambda each: each.at)] == [
        minutes(10),
        minutes(20),
    ]


def test_a_request_without_a_record_has_none(
    editor: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    article = ask("Corvid", editor)
    key = key_of("Corvid")
    with django_assert_num_queries(1):
        data = desk_data(article, key)
    assert (data.record, data.attempts, data.decisions) == (None, [], [])
