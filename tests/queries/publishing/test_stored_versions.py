"""Stories as archives have them: every version that went live, without what is withheld."""

from __future__ import annotations

from typing import Any

import pytest

from stories.actions.takedown.withholdings import (
    withhold_version,
    withhold_words,
)
from stories.domain.archive.stories import dump
from stories.models import (
    Article,
    Publication,
    User,
    Withholding,
)
from stories.models.roles import EDITOR, MANAGING_EDITOR
from stories.queries.publishing.stored_versions import exported_story, live_articles
from tests.factories import make_user, minutes
from tests.public.stories import make_answer, make_corrected

pytestmark = pytest.mark.django_db


WHY: dict[str, Any] = {"ground": "court", "reason": "An order."}


def by(held: Withholding) -> User:
    assert held.user_id is not None
    return User.objects.get(pk=held.user_id)


def hide(article: Article, words: str = "answered its staff", **values: Any) -> Withholding:
    maya = make_user(MANAGING_EDITOR)
    return withhold_words(article=article, words=words, user=maya, at=minutes(100), **{**WHY, **values})


def test_an_archive_holds_neither_the_words_nor_a_withheld_version() -> None:
    article = make_answer(make_user(EDITOR))
    held = hide(article)
    second = Publication.objects.filter(article=article).order_by("live_from")[1]
    withhold_version(publication=second, user=by(held), **WHY)
    line = exported_story(article.pk, at=minutes(200)).line
    assert len(line["versions"]) == 2
    assert "answered its staff" not in dump(line).decode()
    assert "[words withheld]" in dump(line).decode()


def test_a_story_of_which_every_version_is_withheld_is_in_no_archive() -> None:
    article = make_corrected(make_user(EDITOR))
    maya = make_user(MANAGING_EDITOR)
    assert live_articles(at=minutes(200)) == [article.pk]
    for publication in Publication.objects.filter(article=article):
        withhold_version(publication=publication, user=maya, **WHY)
    assert live_articles(at=minutes(200)) == []
