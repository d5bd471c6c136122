"""A story carried by a page comes back unchanged, or is refused."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from hypothesis import given

from stories.admin.story_form.signed_snapshot import (
    BadSnapshotSignature,
    from_data,
    sign_snapshot,
    to_data,
    unsign_snapshot,
)
from stories.domain.snapshot import StorySnapshot
from tests.domain.strategies import stories
from tests.factories import MORNING, note, quote, request, wanted


@given(stories())
def test_every_story_comes_back_as_it_was(story: StorySnapshot) -> None:
    assert from_data(to_data(story)) == story


def test_a_sealed_story_is_for_one_person_and_one_story() -> None:
    story = wanted(
        "Council",
        quote(said_on=date(2026, 3, 1)),
        comment_requests=(request(responded_at=MORNING),),
        update_notes=(note(amends=uuid4()),),
    )
    sealed = sign_snapshot(story, base=3, article_id=1, user_id=2)
    assert unsign_snapshot(sealed, article_id=1, user_id=2).story == story
    assert unsign_snapshot(sealed, article_id=1, user_id=2).base == 3
    assert unsign_snapshot(sealed, article_id=1, user_id=2).answers is None
    for article, user in ((1, 3), (2, 2)):
        with pytest.raises(BadSnapshotSignature):
            unsign_snapshot(sealed, article_id=article, user_id=user)
    with pytest.raises(BadSnapshotSignature):
        unsign_snapshot(sealed[:-1], article_id=1, user_id=2)


def test_it_says_whose_statement_it_takes_from_the_comment_desk() -> None:
    key = uuid4()
    sealed = sign_snapshot(wanted(), base=1, article_id=1, user_id=2, answers=key)
    assert unsign_snapshot(sealed, article_id=1, user_id=2).answers == key
