"""Two writers at once, on PostgreSQL: neither waits for the other for ever, and each is answered rightly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final
from uuid import uuid4

import pytest
from django.utils import timezone

from stories.actions.editing.pictures import store_picture
from stories.actions.errors import Refused
from stories.actions.publishing.cancellations import cancel
from stories.actions.publishing.fix import fix
from stories.actions.publishing.publish import publish
from stories.actions.takedown.erase import ErasureResult, erase
from stories.actions.takedown.erasure_orders import approve_erasure, order_erasure
from stories.actions.takedown.withdrawals import withdraw
from stories.actions.takedown.withholdings import withhold_words
from stories.domain import snapshot as domain
from stories.models import (
    Cancellation,
    Ground,
    Picture,
    Publication,
    StoryMask,
    User,
    Withdrawal,
    Withholding,
)
from stories.queries.ledger.published_heads import ledger_state, read_head_file
from stories.queries.story.snapshots import latest_revision, snapshot_at
from tests import factories as make
from tests.concurrency.stories import fates, holds, live_story, numbers, pages_of, publication, refusal
from tests.concurrency.writers import at_once, reader_of

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

# How many pairs of each kind `make test` has time for; the drill has 200.
FEW: Final = 3


def publications_of_two_stories(maya: User, other: User) -> None:
    first, second = live_story(maya), live_story(maya)
    with reader_of(pages_of(first)) as failures:
        outcomes = at_once(publication(first, maya), publication(second, other))
    assert fates(outcomes) == ["done", "done"]
    assert failures == []


def publications_of_one_story(maya: User, other: User) -> None:
    story = live_story(maya)
    with reader_of(pages_of(story)) as failures:
        outcomes = at_once(publication(story, maya), publication(story, other))
    assert sorted(fates(outcomes)) == ["done", "refused"]
    assert "is live already" in refusal(outcomes)
    assert failures == []


def claims_of_one_address(maya: User, other: User) -> None:
    """One with a note, which makes a revision first, and one without: what used to end in a deadlock."""
    number = next(numbers)
    drafts = [make.begin(make.wanted(f"Claim {number}", slug=f"claim-{number}"), user=maya) for _ in "ab"]
    outcomes = at_once(
        publication(drafts[0], maya),
        lambda: publish(article=drafts[1], revision=1, user=other),
    )
    assert sorted(fates(outcomes)) == ["done", "refused"]
    assert "belongs to another story" in refusal(outcomes)


def a_publication_and_a_withdrawal(maya: User, other: User) -> None:
    story = live_story(maya)
    with reader_of(pages_of(story)) as failures:
        published, withdrawn = outcomes = at_once(
            publication(story, maya),
            lambda: withdraw(article=story, user=other, notice="It is down.", reason="As agreed"),
        )
    assert fates(outcomes)[1] == "done"
    assert isinstance(withdrawn, Withdrawal)
    if isinstance(published, Refused):
        assert "is withdrawn" in str(published)
    assert failures == []


def a_publication_and_a_withholding(maya: User, other: User) -> None:
    story = live_story(maya)
    with reader_of(pages_of(story)) as failures:
        outcomes = at_once(
            publication(story, maya),
            lambda: withhold_words(
                article=story, words="council met", ground=Ground.LEGAL, reason="As agreed", user=other
            ),
        )
    assert fates(outcomes) == ["done", "done"]
    assert StoryMask.objects.get(pk=story.pk).words == ["council met"]
    for version in Publication.objects.filter(article=story).select_related("search_text"):
        assert "[words withheld]" in version.search_text.text or "met briefly" in version.search_text.text
    assert failures == []


def a_fix_that_rebases_and_a_cancellation(maya: User, other: User) -> None:
    story = live_story(maya)
    pending = publish(
        article=story,
        revision=latest_revision(story.pk),
        user=maya,
        notes=(make.note("To come."),),
        live_from=make.minutes(60 * 24 * 365 * 3),
    )
    live = snapshot_at(story.pk, 1)
    wanted = replace(live, dek="Fixed")
    outcomes = at_once(
        lambda: fix(article=story, story=wanted, base=1, user=maya, notes=(make.note(),), pending="rebase"),
        lambda: cancel(publication=pending, user=other, reason="Not yet"),
    )
    assert fates(outcomes)[0] == "done"
    assert Cancellation.objects.filter(publication=pending).count() == 1
    if isinstance(outcomes[1], Refused):
        assert "was cancelled already" in str(outcomes[1])


def an_erasure_and_a_withholding_of_a_story_with_the_same_picture(maya: User, other: User) -> None:
    picture = store_picture(content=make.png(30 + next(numbers), 20), user=maya)
    first, second = (live_story(maya, showing(picture)) for _each in range(2))
    order = order_erasure(
        article=second,
        scope="picture",
        picture=picture,
        ground=Ground.COURT,
        authority="District Court, 4 O 12/26",
        reason="As agreed",
        user=maya,
    )
    approve_erasure(order=order, user=other)
    with reader_of(pages_of(first)) as failures:
        erased, withheld = outcomes = at_once(
            lambda: erase(order=order, at=timezone.now()),
            lambda: withhold_words(
                article=first, words="council met", ground=Ground.LEGAL, reason="As agreed", user=maya
            ),
        )
    assert fates(outcomes) == ["done", "done"]
    assert isinstance(erased, ErasureResult)
    assert isinstance(withheld, Withholding)
    now = StoryMask.objects.get(pk=first.pk)
    assert (now.words, now.pictures) == (["council met"], [picture.pk])
    assert failures == []


def showing(picture: Picture) -> domain.ImageBlock:
    return domain.ImageBlock(key=uuid4(), picture=picture.pk, alt_text="A dam")


PAIRS: Final = (
    publications_of_two_stories,
    publications_of_one_story,
    claims_of_one_address,
    a_publication_and_a_withdrawal,
    a_publication_and_a_withholding,
    a_fix_that_rebases_and_a_cancellation,
    an_erasure_and_a_withholding_of_a_story_with_the_same_picture,
)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.__name__)
def test_neither_waits_for_ever_and_each_is_answered(
    pair: Callable[[User, User], None], maya: User, max_: User
) -> None:
    for _time in range(FEW):
        pair(maya, max_)
    holds()


def test_neither_is_refused_for_a_head_that_the_other_publishes(heads: Path, maya: User, max_: User) -> None:
    for _time in range(FEW):
        publications_of_two_stories(maya, max_)
        state = ledger_state()
        assert state is not None
        assert read_head_file(state.name) == state.head
    holds()


@pytest.mark.drill
def test_two_hundred_pairs(maya: User, max_: User) -> None:
    for number in range(200):
        PAIRS[number % len(PAIRS)](maya, max_)
    holds()
