"""An offer is open until it is answered, or until a publication includes what was offered."""

from __future__ import annotations

import pytest

from stories.actions.publishing.cancellations import cancel
from stories.actions.publishing.review_requests import offer, take_back
from stories.models import Article, User
from stories.queries.publishing.review_requests import open_offer, publications_covering, unmet_request
from tests.factories import begin, change, go_live, minutes

pytestmark = pytest.mark.django_db


@pytest.fixture
def article(reporter: User) -> Article:
    return begin(user=reporter)


def test_an_offer_that_was_declined_is_unmet_and_no_longer_open(
    article: Article, reporter: User, editor: User
) -> None:
    assert unmet_request(article) is None
    offered = offer(article=article, revision=1, user=reporter, at=minutes(1))
    assert open_offer(article) == unmet_request(article) == offered
    declined = take_back(article=article, user=editor, reason="Ask the mayor", at=minutes(2))
    assert open_offer(article) is None
    assert unmet_request(article) == declined


def test_a_publication_of_it_or_of_a_later_revision_meets_it_unless_it_is_cancelled(
    article: Article, reporter: User, editor: User
) -> None:
    offered = offer(article=article, revision=1, user=reporter, at=minutes(1))
    change(article, user=editor, dek="More", at=minutes(2))
    pending = go_live(article, user=editor, at=minutes(3), live_from=minutes(60))
    assert list(publications_covering(1)) == [pending]
    assert list(publications_covering(3)) == []
    assert open_offer(article) is None
    cancel(publication=pending, user=editor, reason="Overtaken", at=minutes(4))
    assert open_offer(article) == offered
