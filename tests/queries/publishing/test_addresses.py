"""An address is claimed when its story goes live; a free one is made of a claimed one with a number."""

from __future__ import annotations

import pytest

from stories.models import User
from stories.queries.publishing.addresses import free_slug, holder_of
from tests.factories import begin, change, go_live, minutes, note, wanted

pytestmark = pytest.mark.django_db


def test_a_slug_is_held_by_the_story_that_went_live_under_it_for_ever(editor: User) -> None:
    article = begin(wanted(slug="council"), user=editor)
    assert holder_of("council", excluding=None) is None
    go_live(article, user=editor)
    change(article, user=editor, slug="council-met", update_notes=(note(),))
    go_live(article, user=editor, at=minutes(1))
    for slug in ("council", "council-met"):
        assert holder_of(slug, excluding=None) == article
        assert holder_of(slug, excluding=article.pk) is None


def test_the_first_number_that_is_free_is_taken(editor: User) -> None:
    for slug in ("council", "council-2", "council-4"):
        go_live(begin(wanted(slug=slug), user=editor), user=editor)
    assert free_slug("council") == "council-3"
    assert free_slug("x" * 200) == f"{'x' * 190}-2"
