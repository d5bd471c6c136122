"""What was saved of a story between two revisions, save by save."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from stories.domain import snapshot as domain
from stories.models import User
from stories.models.integrity.registry import PART_MODELS
from stories.models.roles import EDITOR, MANAGING_EDITOR
from stories.queries.story.saves import saves_between
from tests.factories import begin, change, make_user, quote, text, wanted

pytestmark = pytest.mark.django_db

ONE, TWO = text("<p>One.</p>"), text("<p>Two.</p>")


@pytest.fixture
def emil() -> User:
    return make_user(EDITOR)


def test_each_save_names_who_wrote_which_parts(emil: User) -> None:
    maya = make_user(MANAGING_EDITOR)
    article = begin(wanted("Council", ONE, TWO), user=emil)
    change(article, user=maya, headline="Council met")
    change(article, user=emil, blocks=(text("<p>One, again.</p>", key=ONE.key),))
    first, second = saves_between(article.pk, 1, 3)
    assert (first.number, first.user_id, first.user_name) == (2, maya.pk, "Maya Managing")
    assert list(first.parts) == [None]
    assert (first.parts[None] or {})["headline"] == "Council met"
    assert (second.number, second.user_name) == (3, "Emil Editor")
    assert set(second.parts) == {ONE.key, TWO.key}
    assert (second.parts[ONE.key] or {})["text"] == "<p>One, again.</p>"
    assert second.parts[TWO.key] is None


def test_a_block_that_became_another_kind_is_there(emil: User) -> None:
    article = begin(wanted("Council", ONE), user=emil)
    quoted = quote("<p>One.</p>", key=ONE.key)
    change(article, user=emil, blocks=(quoted,))
    (save,) = saves_between(article.pk, 1, 2)
    assert (save.parts[ONE.key] or {})["kind"] == domain.QuoteBlock.kind


def test_what_was_saved_before_and_after_is_left_out(emil: User) -> None:
    article = begin(wanted("Council", ONE), user=emil)
    for number in range(4):
        change(article, user=emil, dek=f"Dek {number}")
    assert [save.number for save in saves_between(article.pk, 2, 4)] == [3, 4]


def test_its_queries_do_not_grow_with_the_saves(
    emil: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    article = begin(wanted("Council", ONE), user=emil)
    for number in range(6):
        change(article, user=emil, dek=f"Dek {number}")
    for base in (6, 1):
        # One for each kind of part.
        with django_assert_num_queries(2 + len(PART_MODELS)):
            saves_between(article.pk, base, 7)
