"""The page of an order counts the same rows that the erasure changes."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from stories.actions.takedown.erase import erase
from stories.actions.takedown.erasure_orders import approve_erasure, order_erasure
from stories.models import (
    Article,
    Erasure,
    ErasureOrder,
    User,
)
from stories.models.integrity.append_only import missing
from stories.models.roles import EDITOR, MANAGING_EDITOR
from stories.queries.takedown.erasable import changes_of_order, counted
from tests import erasing
from tests.factories import make_user, minutes

pytestmark = pytest.mark.django_db


WHY: dict[str, Any] = {
    "ground": "court",
    "authority": "District Court, 4 O 12/26",
    "reason": "An order of the court.",
}


def person(name: str) -> User:
    found = User.objects.filter(username=name).first()
    return found or make_user(MANAGING_EDITOR, username=name)


def ordered(article: Article, **what: Any) -> ErasureOrder:
    return order_erasure(
        article=article, user=person("maya"), at=minutes(90), **{"scope": "words", **WHY, **what}
    )


def erased(article: Article, **what: Any) -> Erasure:
    order = ordered(article, **what)
    approve_erasure(order=order, user=person("mona"), at=minutes(91))
    return erase(order=order, at=minutes(92)).erasure


def test_the_page_counts_what_is_then_done() -> None:
    article = erasing.make_phrase(make_user(EDITOR))
    order = ordered(article, words=erasing.PHRASE)
    approve_erasure(order=order, user=person("mona"))
    foretold = counted(changes_of_order(order))
    done = erase(order=order, at=minutes(92))
    assert done.changed == foretold
    kinds = dict(foretold)
    for kind in (
        "articles",
        "history of articles",
        "revisions",
        "publications",
        "texts to search",
        "log entries",
    ):
        assert kind in kinds, kind
    assert done.sessions == 1
    assert missing(connection) == []
