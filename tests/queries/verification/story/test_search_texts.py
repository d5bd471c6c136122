"""What readers find by searching is what stories say, without what is withheld."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import override_settings

from stories.actions.takedown.withholdings import withhold_words
from stories.models import Article, Revision, SearchText, User
from stories.models.roles import MANAGING_EDITOR
from stories.queries.verification import Kind, Verification
from stories.queries.verification.story.search_texts import check_search_texts
from tests import factories as make
from tests.tampering import execute, tampered


def searched() -> list[str]:
    return [str(finding) for finding in Verification() if finding.kind is Kind.SEARCH]


@pytest.mark.parametrize("column", ["headline", "dek", "text", "language"])
def test_words_that_the_story_does_not_say_are_found(article: Article, column: str) -> None:
    newest = SearchText.objects.order_by("-publication_id").values_list("publication_id", flat=True)[0]
    with tampered():
        execute(f"UPDATE stories_searchtext SET {column} = 'FORGED' WHERE publication_id = %s", newest)  # noqa: S608
        assert searched() == [
            (
                f"What is searched of story {article.pk} (in stories_searchtext, publications {newest}) is not what it says: "  # noqa: E501
                f"{column}."
            )
        ]


def test_a_text_that_is_gone_is_found(article: Article) -> None:
    with tampered():
        execute("DELETE FROM stories_searchtext")
        (finding,) = searched()
    assert f"story {article.pk}" in finding


def test_words_that_are_withheld_again_after_somebody_put_them_back_are_found(article: Article) -> None:
    before = dict(SearchText.objects.values_list("publication_id", "text"))
    maya = make.make_user(MANAGING_EDITOR)
    withhold_words(article=article, words="Tuesday", user=maya, ground="court", reason="An order")
    assert searched() == []
    with tampered():
        for publication, text in before.items():
            execute("UPDATE stories_searchtext SET text = %s WHERE publication_id = %s", text, publication)
        (finding,) = searched()
    assert "is not what it says: text, text_words." in finding
    with override_settings(LANGUAGE_CODE="es"):
        # The replacement was written when the site was in English.
        assert searched() == []


def test_many_stories_are_looked_at_in_as_few_queries_as_ten(
    emil: User, django_assert_max_num_queries: Any
) -> None:
    articles = [make.begin(make.wanted(f"Story {number}"), user=emil) for number in range(10)]
    for article in articles:
        make.go_live(article, user=emil)
    with django_assert_max_num_queries(12):
        assert list(check_search_texts([article.pk for article in articles])) == []
    assert Revision.objects.count() == 10
