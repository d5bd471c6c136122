"""The state of the site changes with each entry of the ledger and at times that were set, and at no other."""

from __future__ import annotations

import pytest

from stories.models.roles import MANAGING_EDITOR
from stories.queries.site.site_state import site_state
from tests.factories import begin, go_live, make_user, minutes


@pytest.mark.django_db
def test_it_changes_with_entries_and_at_times_that_were_set() -> None:
    maya = make_user(MANAGING_EDITOR)
    states = [site_state(minutes(0))]
    article = begin(user=maya)
    states.append(site_state(minutes(0)))
    go_live(article, user=maya, live_from=minutes(30))
    states += [site_state(minutes(29)), site_state(minutes(30))]
    assert len(set(states)) == 4
    assert site_state(minutes(31)) == site_state(minutes(900)) == states[-1]
