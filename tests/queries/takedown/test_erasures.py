"""Orders that wait, erasures that were carried out, and drafts past their time."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from stories.actions.takedown.erase import erase, erase_draft
from stories.actions.takedown.erasure_orders import approve_erasure
from stories.models.roles import EDITOR
from stories.queries.story.snapshots import snapshot_at
from stories.queries.takedown.erasures import (
    approved_orders,
    expired_drafts,
    newest_erasure,
    newest_erasures,
    undecided_orders,
)
from tests import erasing
from tests.erasure_orders import ordered, person
from tests.factories import begin, change, go_live, make_user, minutes, text, wanted
from tests.public.stories import make_answer

pytestmark = pytest.mark.django_db


def test_drafts_that_nobody_publishes_are_erased_once_their_time_is_over(settings: Settings) -> None:
    settings.KEEP_DRAFTS = 30
    emil = make_user(EDITOR)
    draft = begin(
        wanted("A draft", text("<p>The informant is Jo Doe.</p>"), slug="draft"), user=emil, at=minutes(0)
    )
    live = begin(wanted("Live", slug="live"), user=emil, at=minutes(0))
    go_live(live, user=emil, at=minutes(1))
    day = 24 * 60
    assert list(expired_drafts(30, at=minutes(30 * day))) == []
    assert list(expired_drafts(30, at=minutes(30 * day + 1))) == [draft]
    erase_draft(article=draft, retention_days=30, at=minutes(30 * day + 1))
    assert "Jo Doe" not in repr(snapshot_at(draft.pk, 1))
    assert list(expired_drafts(30, at=minutes(90 * day))) == []
    change(draft, user=emil, at=minutes(31 * day), dek="Written after all")
    assert list(expired_drafts(30, at=minutes(90 * day))) == [draft]
    assert erasing.unexplained() == []


def test_an_order_waits_for_a_second_person_then_for_the_command_then_is_the_newest_erasure() -> None:
    article = make_answer(make_user(EDITOR))
    order = ordered(article, words="a suspect")
    assert undecided_orders(limit=9) == [order]
    assert newest_erasure(article.pk) == 0
    approve_erasure(order=order, user=person("mona"), at=minutes(91))
    assert undecided_orders(limit=9) == []
    assert list(approved_orders()) == [order]
    erasure = erase(order=order, at=minutes(92)).erasure
    assert list(approved_orders()) == []
    assert newest_erasure(article.pk) == erasure.pk
    assert newest_erasures([article.pk, 0]) == {article.pk: erasure.pk}
