"""What readers' pages are made from is what the publications say, or is reported."""

from __future__ import annotations

import pytest

from stories.actions.takedown.withdrawals import withdraw
from stories.models import Article, Publication, PublishedStory, User
from stories.models.roles import MANAGING_EDITOR
from stories.queries.verification import Kind, Verification
from tests import factories as make


def found() -> list[str]:
    return [str(finding) for finding in Verification() if finding.kind is Kind.PUBLISHED]


def test_a_word_that_no_publication_says_is_named(article: Article) -> None:
    row = PublishedStory.objects.order_by("pk")[0]
    row.data = row.data.replace("council", "mayor")
    row.save()
    (message,) = found()
    assert f"publications {row.pk} of story {article.pk}" in message
    assert "rebuild_pages --all" in message


def test_a_row_of_what_readers_may_not_see_is_named(article: Article, emil: User) -> None:
    rows = list(PublishedStory.objects.all())
    pending = Publication.objects.pending(at=make.minutes(5))
    assert not pending.exclude(live_from__lte=make.minutes(40)).exists()
    maya = make.make_user(MANAGING_EDITOR, name="Maya May")
    withdraw(article=article, user=maya, notice="Gone.", reason="An order", at=make.minutes(10**6))
    assert found() == []
    PublishedStory.objects.bulk_create(rows)
    (message,) = found()
    assert "should not be there" in message


@pytest.mark.usefixtures("article")
def test_an_absent_row_and_one_of_an_earlier_release_are_no_finding() -> None:
    first = PublishedStory.objects.order_by("pk")[0]
    PublishedStory.objects.filter(pk=first.pk).delete()
    PublishedStory.objects.update(form="0")
    assert found() == []
