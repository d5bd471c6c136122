"""Where words occur: in versions and the draft, in addresses, in other stories, and what only looks like them."""

from __future__ import annotations

import pytest

from stories.domain.text.mask import Mask
from stories.models import Article, TextBlock, User
from stories.queries.takedown.occurrences import Occurrences, find_occurrences, rows_containing
from tests.factories import begin, change, go_live, minutes, text, wanted
from tests.public.stories import make_answer

pytestmark = pytest.mark.django_db

AT = minutes(60)


@pytest.fixture
def article(editor: User) -> Article:
    return make_answer(editor)


def found(article: Article, words: str) -> Occurrences:
    return find_occurrences(Article.objects.get(pk=article.pk), words, at=AT)


def test_a_place_is_listed_once_with_the_versions_that_read_so(article: Article) -> None:
    occurrences = found(article, "a suspect")
    (place,) = occurrences.places
    assert (place.field, place.versions, place.in_draft, place.span.found) == (
        "text",
        (3,),
        True,
        "a suspect",
    )
    assert (occurrences.versions, occurrences.rows) == ([3], 1)
    assert [place.versions for place in found(article, "answered its staff").places] == [(1, 2, 3)]


def test_what_the_draft_alone_says_is_in_no_version(article: Article) -> None:
    (place,) = found(article, "nobody published").places
    assert (place.versions, place.in_draft) == ((), True)


def test_addresses_and_links_that_contain_them_are_found(editor: User) -> None:
    linked = text('<p>See <a href="https://example.org/jo-doe">here</a>.</p>')
    article = begin(wanted("Jo Doe speaks", linked), user=editor)
    go_live(article, user=editor)
    occurrences = found(article, "Jo Doe")
    assert occurrences.addresses == ["jo-doe-speaks"]
    assert occurrences.links == ["https://example.org/jo-doe"]


def test_longer_words_that_only_look_like_them_are_listed_apart(editor: User) -> None:
    article = begin(wanted("Court", text("<p>Jo Doering said it.</p>")), user=editor)
    occurrences = found(article, "Jo Doe")
    assert occurrences.places == []
    assert len(occurrences.near) == 1


def test_another_live_story_with_them_is_listed(article: Article, editor: User) -> None:
    other = begin(wanted("Elsewhere", text("<p>Not a suspect.</p>")), user=editor)
    go_live(other, user=editor, at=minutes(50))
    assert [each.slug for each in found(article, "a suspect").elsewhere] == ["elsewhere"]
    assert found(article, "...").elsewhere == []


def test_every_row_of_the_history_that_contains_them_is_found_with_its_text_without(
    article: Article, editor: User
) -> None:
    block = TextBlock.objects.earliest("pk")
    change(article, user=editor, blocks=(text("<p>Nothing.</p>", key=block.key),), at=minutes(50))
    rows = list(rows_containing(article.pk, Mask(("answered its staff",), "[…]")))
    assert [values["text"] for _row, values in rows if "text" in values] == [
        "<p>Corvid Systems […] on Monday.</p>"
    ]
