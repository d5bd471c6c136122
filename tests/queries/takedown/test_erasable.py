"""The page of an order counts the same rows that the erasure changes."""

from __future__ import annotations

import pytest
from django.db import connection

from stories.actions.takedown.erase import erase
from stories.actions.takedown.erasure_orders import approve_erasure
from stories.models.integrity.append_only import missing
from stories.models.roles import EDITOR
from stories.queries.takedown.erasable import changes_of_order, counted
from tests import erasing
from tests.erasure_orders import ordered, person
from tests.factories import make_user, minutes

pytestmark = pytest.mark.django_db


def test_the_page_counts_what_is_then_done() -> None:
    article = erasing.make_phrase(make_user(EDITOR))
    order = ordered(article, words=erasing.PHRASE)
    approve_erasure(order=order, user=person("mona"))
    foretold = counted(changes_of_order(order))
    done = erase(order=order, at=minutes(92))
    assert done.changed == foretold
    kinds = dict(foretold)
    for kind in (
        "stories",
        "history of stories",
        "revisions",
        "publications",
        "texts to search",
        "log entries",
    ):
        assert kind in kinds, kind
    assert done.sessions == 1
    assert missing(connection) == []
