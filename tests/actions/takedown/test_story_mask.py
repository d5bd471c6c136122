"""A story's mask follows from its journals, and hides in what is searched."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from stories.actions.takedown.withholdings import (
    withhold_words,
)
from stories.models import (
    Article,
    SearchText,
    StoryMask,
    Withholding,
)
from stories.models.record.recording import permit
from stories.models.roles import EDITOR, MANAGING_EDITOR
from stories.queries.publishing.withholdings import current_mask
from tests.factories import make_user, minutes
from tests.public.stories import make_answer

pytestmark = pytest.mark.django_db


WHY: dict[str, Any] = {"ground": "court", "reason": "An order."}


def hide(article: Article, words: str = "answered its staff", **values: Any) -> Withholding:
    maya = make_user(MANAGING_EDITOR)
    return withhold_words(article=article, words=words, user=maya, at=minutes(100), **{**WHY, **values})


def test_a_release_that_knows_more_spellings_hides_them_in_what_is_searched(client: Client) -> None:
    article = make_answer(make_user(EDITOR))
    hide(article)
    row = SearchText.objects.filter(publication__article=article).latest("pk")
    hidden = row.text
    # As an older release left it.
    row.text = f"{hidden} @AnsweredItsStaff"
    with permit(row):
        row.save()
    call_command("migrate", verbosity=0)
    row.refresh_from_db()
    assert row.text == hidden


def test_what_is_withheld_follows_from_the_journals() -> None:
    article = make_answer(make_user(EDITOR))
    hide(article)
    row = StoryMask.objects.get(pk=article.pk)
    assert current_mask(article.pk).digest == row.digest != ""
