"""Entries that no action writes are named, although they are chained and their rows agree with them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from stories.actions.actors import actor_columns
from stories.actions.record.ledger import append_entries, record, write_event
from stories.actions.takedown.story_mask import refresh_mask
from stories.actions.takedown.withholdings import lift_withholding, withhold_words
from stories.models import Article, Cancellation, Publication, User, Withholding, WithholdingDecision
from stories.models.roles import EDITOR, MANAGING_EDITOR
from stories.queries.verification import Finding, Kind, Verification
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def emil(db: None) -> User:
    return make.make_user(EDITOR)


@pytest.fixture
def maya(db: None) -> User:
    return make.make_user(MANAGING_EDITOR)


@pytest.fixture
def mona(db: None) -> User:
    return make.make_user(MANAGING_EDITOR, name="mona")


@pytest.fixture
def article(emil: User) -> Article:
    """A story with two versions."""
    article = make.begin(user=emil)
    make.go_live(article, user=emil)
    make.reword(article, user=emil, at=make.minutes(10))
    make.go_live(article, user=emil, at=make.minutes(10), publication_class="minor", reason="A comma")
    return article


@pytest.fixture
def withheld(article: Article, maya: User) -> Withholding:
    return withhold_words(
        article=article, words="on Monday", ground="court", reason="An order", user=maya, at=make.minutes(20)
    )


def forge(event: Any) -> None:
    """Append an event with all that follows from it, as whoever has the database and the site's code can."""
    written = write_event(event)
    refresh_mask(event.article_id)
    append_entries(written)


def impossible() -> list[Finding]:
    return [finding for finding in Verification() if finding.kind is Kind.IMPOSSIBLE]


def newest(article: Article) -> Publication:
    found = Publication.objects.filter(article=article).order_by("pk").last()
    assert found is not None
    return found


def test_a_version_that_was_cancelled_after_it_went_live_is_named(article: Article, emil: User) -> None:
    who = actor_columns(emil, make.minutes(60))
    record(Cancellation(article=article, publication=newest(article), reason="No", **who))
    (finding,) = impossible()
    assert finding.sequence is not None
    assert str(finding).endswith("no action writes such an entry: what it cancels was live by then.")


def test_a_version_that_went_live_before_it_was_made_is_named(
    article: Article, emil: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stories.actions.publishing.publish.check_time", lambda *args, **kwargs: None)
    make.reword(article, user=emil, at=make.minutes(100), number=3)
    make.go_live(
        article,
        user=emil,
        live_from=make.minutes(50),
        at=make.minutes(100),
        publication_class="minor",
        reason="A comma",
    )
    (finding,) = impossible()
    assert "it went live before it was made" in str(finding)


@pytest.mark.parametrize(
    ("forged", "reason"),
    [
        (lambda decision, maya, mona: decision(maya, 60), "on which somebody else has to decide"),
        (lambda decision, maya, mona: decision(mona, 10), "it is dated before entry"),
    ],
    ids=["by whoever withheld", "before it was withheld"],
)
def test_a_withholding_that_nobody_could_have_lifted_is_named(
    withheld: Withholding,
    maya: User,
    mona: User,
    forged: Callable[..., WithholdingDecision],
    reason: str,
) -> None:
    def decision(user: User, at: int) -> WithholdingDecision:
        who = actor_columns(user, make.minutes(at))
        return WithholdingDecision(article=withheld.article, withholding=withheld, lifted=True, **who)

    forge(forged(decision, maya, mona))
    (finding,) = impossible()
    assert reason in str(finding)


def test_a_decision_that_is_filed_under_another_story_is_named(withheld: Withholding, mona: User) -> None:
    other = make.begin(make.wanted("Another story", make.text("<p>Else.</p>")), user=mona)
    who = actor_columns(mona, make.minutes(60))
    forge(WithholdingDecision(article=other, withholding=withheld, lifted=True, **who))
    (finding,) = impossible()
    assert f"it names the withholding {withheld.pk}, which no entry of this story" in str(finding)


def test_what_actions_decide_is_possible(withheld: Withholding, mona: User) -> None:
    lift_withholding(withholding=withheld, user=mona, reason="Over", at=make.minutes(20) + timedelta(hours=1))
    assert impossible() == []
