"""The release before goes on after the migrations, until it is restarted."""

from __future__ import annotations

import json

import pytest
from django.db import connection

from stories.actions.takedown.withdrawals import withdraw
from stories.actions.takedown.withholdings import withhold_version
from stories.models import LivePeriod, User
from tests.factories import begin, go_live, minutes, wanted


@pytest.mark.postgres
@pytest.mark.django_db
def test_its_function_for_pages_answers_as_it_did(maya: User) -> None:
    article = begin(wanted("The dam", slug="the-dam"), user=maya)
    first = go_live(article, user=maya)
    assert asked("the-dam") == (None, 1, None)
    withhold_version(publication=first, ground="court", reason="An order.", user=maya, at=minutes(2))
    found = asked("the-dam")
    assert found is not None
    assert found == (found[0], 1, None)
    assert json.loads(found[0] or "") == [first.pk]
    # It writes no periods.
    LivePeriod.objects.all().delete()
    assert asked("the-dam")
    withdraw(article=article, user=maya, notice="Gone.", reason="As agreed", at=minutes(3))
    assert asked("the-dam") is None


def asked(slug: str) -> tuple[str | None, int, object] | None:
    """Return which publications are withheld, the version's number, and when the next one goes live."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT withheld, number, pending FROM stories_live_page(%s, %s)", [slug, minutes(9)])
        row: tuple[str | None, int, object] | None = cursor.fetchone()
    return row
