"""What is withheld of a story follows from its journals; a withheld version has a tombstone."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from stories.actions.takedown.withholdings import (
    confirm_withholding,
    lift_withholding,
    withhold_version,
    withhold_words,
)
from stories.models import Article, Publication, User
from stories.models.roles import MANAGING_EDITOR
from stories.queries.publishing.withholdings import (
    CurrentMask,
    current_mask,
    current_masks,
    is_erased,
    mask_of,
    not_withheld,
    tombstone_of,
    undecided,
    withholdings_in_force,
)
from tests.factories import begin, make_user, minutes
from tests.public.stories import make_answer

pytestmark = pytest.mark.django_db

WHY: dict[str, Any] = {"ground": "court", "reason": "An order.", "at": minutes(100)}


@pytest.fixture
def article(editor: User) -> Article:
    return make_answer(editor)


@pytest.fixture
def mona(db: None) -> User:
    """A second managing editor."""
    return make_user(MANAGING_EDITOR, name="mona", display_name="Mona Managing")


def test_a_storys_mask_has_its_words_and_versions_until_they_are_shown_again(
    article: Article, maya: User, mona: User
) -> None:
    assert current_mask(article.pk) == CurrentMask(words=[], publications=[], pictures=[])
    assert current_mask(article.pk).digest == ""
    words = withhold_words(article=article, words="a suspect", user=maya, **WHY)
    second = Publication.objects.order_by("live_from")[1]
    withhold_version(publication=second, user=maya, **WHY)
    found = current_mask(article.pk)
    assert (found.words, found.publications) == (["a suspect"], [second.pk])
    assert found.digest
    assert mask_of(article.pk).text("no suspect, a suspect") == "no suspect, [words withheld]"
    lift_withholding(withholding=words, user=mona, reason="Rescinded.")
    assert current_mask(article.pk).words == []
    assert current_mask(article.pk).digest not in ("", found.digest)


def test_many_masks_are_read_in_as_many_queries_as_one(
    article: Article, editor: User, maya: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    other = begin(user=editor)
    withhold_words(article=article, words="a suspect", user=maya, **WHY)
    with django_assert_num_queries(4):
        found = current_masks([article.pk, other.pk])
    assert [found[each.pk].words for each in (article, other)] == [["a suspect"], []]


def test_it_waits_for_a_second_person_until_one_decides(article: Article, maya: User, mona: User) -> None:
    held = withhold_words(article=article, words="a suspect", user=maya, **WHY)
    assert undecided(limit=9) == [held]
    confirm_withholding(withholding=held, user=mona, at=minutes(110))
    assert undecided(limit=9) == []
    assert [row.decided for row in withholdings_in_force()] == [minutes(110)]


def test_a_withheld_version_is_distinguished_from_the_others_and_has_a_tombstone(
    article: Article, maya: User
) -> None:
    first, second, third = Publication.objects.order_by("live_from")
    withhold_version(publication=second, user=maya, notice="By order.", **WHY)
    every = Publication.objects.order_by("live_from")
    assert list(not_withheld(every)) == [first, third]
    tombstone = tombstone_of(second.pk)
    assert tombstone is not None
    assert (tombstone.erased, tombstone.notice, tombstone.since) == (False, "By order.", minutes(100))
    # An order to withhold can forbid to say why.
    assert (tombstone.ground, tombstone.authority) == ("", "")
    assert tombstone_of(first.pk) is None


def test_no_picture_is_erased_that_nobody_ordered_to_erase() -> None:
    assert not is_erased("0" * 64)
