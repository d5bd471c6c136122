"""A version's searchable text is what readers may see of it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from stories.actions.takedown.withholdings import (
    withhold_words,
)
from stories.models import (
    Article,
    SearchText,
    User,
    Withholding,
)
from stories.models.roles import EDITOR, MANAGING_EDITOR
from tests.factories import go_live, make_user, minutes
from tests.public.stories import make_answer

pytestmark = pytest.mark.django_db


WHY: dict[str, Any] = {"ground": "court", "reason": "An order."}


def by(held: Withholding) -> User:
    assert held.user_id is not None
    return User.objects.get(pk=held.user_id)


def hide(article: Article, words: str = "answered its staff", **values: Any) -> Withholding:
    maya = make_user(MANAGING_EDITOR)
    return withhold_words(article=article, words=words, user=maya, at=minutes(100), **{**WHY, **values})


def test_withheld_words_are_neither_found_nor_shown_by_search(client: Client) -> None:
    article = make_answer(make_user(EDITOR))
    assert b"/stories/corvid-answers/" in client.get("/search/?q=suspect").content
    hide(article, "a suspect")
    assert b"/stories/corvid-answers/" not in client.get("/search/?q=suspect").content
    found = client.get("/search/?q=Corvid").content.decode()
    assert "/stories/corvid-answers/" in found
    assert "suspect" not in found
    assert "[words withheld]" in SearchText.objects.order_by("-pk")[0].text


def test_a_version_published_later_is_masked_too(client: Client) -> None:
    article = make_answer(make_user(EDITOR))
    user = by(hide(article))
    go_live(article, user=user, at=minutes(120), publication_class="override", reason="A dek.")
    assert "answered its staff" not in client.get("/stories/corvid-answers/").content.decode()
    assert "answered its staff" not in SearchText.objects.order_by("-pk")[0].text
