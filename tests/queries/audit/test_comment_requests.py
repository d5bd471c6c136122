"""Requests that nobody is known to have tried, and those that were dropped without an outcome."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stories.actions.comment_desk.desk_records import log_attempt, save_desk_record
from stories.domain.snapshot import RequestStatus
from stories.models import Article, User
from stories.queries.audit.comment_requests import dropped, untried
from stories.queries.story.snapshots import working_snapshot
from tests.factories import begin, change, go_live, minutes, request, wanted
from tests.queries.audit.reading import NOW, newest_version, sequences, sign

pytestmark = pytest.mark.django_db


def asked(user: User, party: str, *, tried: int | None) -> Article:
    """Return a story that went live at minute 60 with a request, tried at a minute or never."""
    wants = request(party)
    article = begin(wanted(f"Story of {party}", comment_requests=(wants,)), user=user)
    record = save_desk_record(article=article, request_key=wants.key, user=user)
    if tried is not None:
        log_attempt(record=record, user=user, at=minutes(tried), channel="email", terms="on-the-record")
    go_live(article, user=user, at=minutes(60))
    return article


def test_a_first_version_is_listed_with_the_parties_that_nobody_had_tried_by_then(
    editor: User, auditor: User
) -> None:
    never, late = asked(editor, "Never Ltd", tried=None), asked(editor, "Late Ltd", tried=90)
    asked(editor, "Early Ltd", tried=30)
    page = untried(at=NOW)
    assert sequences(page) == [newest_version(late), newest_version(never)]
    assert [line.facts.parties for line in page.lines] == [["Late Ltd"], ["Never Ltd"]]
    sign(newest_version(late), auditor)
    assert sequences(untried(at=NOW, unsigned=True)) == [newest_version(never)]
    assert untried(at=minutes(59)).lines == []


def test_a_request_that_was_taken_out_before_is_not_asked_for(editor: User) -> None:
    article = begin(wanted("Story", comment_requests=(request("Gone Ltd"),)), user=editor)
    change(article, user=editor, comment_requests=(), at=minutes(10))
    go_live(article, user=editor, at=minutes(60))
    assert untried(at=NOW).lines == []


def test_a_request_is_dropped_when_it_leaves_a_published_story_while_it_is_pending(editor: User) -> None:
    article = asked(editor, "Dropped Ltd", tried=30)
    change(article, user=editor, comment_requests=(), at=minutes(70))
    (line,) = dropped().lines
    assert (line.facts.party, line.facts.silent, line.facts.revision.number) == ("Dropped Ltd", False, 2)


def test_no_response_without_an_attempt_is_listed_once(editor: User) -> None:
    for party, tried in (("Silent Ltd", None), ("Tried Ltd", 30)):
        article = asked(editor, party, tried=tried)
        (wants,) = working_snapshot(Article.objects.get(pk=article.pk)).comment_requests
        silent = replace(wants, status=RequestStatus.NO_RESPONSE)
        change(article, user=editor, comment_requests=(silent,), at=minutes(80))
        reworded = replace(silent, sentence="They said nothing.")
        change(article, user=editor, comment_requests=(reworded,), at=minutes(81))
    (line,) = dropped().lines
    assert (line.facts.party, line.facts.silent) == ("Silent Ltd", True)


def test_where_nothing_was_ever_asked_nothing_is_listed() -> None:
    assert untried(at=NOW).lines == []
    assert dropped().lines == []
