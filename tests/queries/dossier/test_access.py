"""An outside auditor sees a story until a time; the newest row for it is the one that is valid."""

from __future__ import annotations

from datetime import timedelta

import pytest

from stories.actions.audit.dossier_access import end_access, give_access
from stories.models import Article, AuditAccess, User
from stories.models.roles import OUTSIDE_AUDITOR
from stories.queries.dossier.access import access_of, accesses_of_auditor, accesses_to
from tests.factories import begin, make_user, minutes

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)


def give(article: Article, oda: User, maya: User, *, until: int, full: bool = False) -> AuditAccess:
    """Give a story to an outside auditor until a minute."""
    return give_access(
        article=article,
        auditor=oda,
        until=minutes(until),
        full=full,
        user=maya,
        reason="The press council asks",
        at=minutes(0),
    )


def test_it_ends_at_its_time(article: Article, maya: User) -> None:
    oda = make_user(OUTSIDE_AUDITOR)
    access = give(article, oda, maya, until=60)
    assert access_of(oda.pk, article.pk, at=minutes(60) - SECOND) == access
    assert access_of(oda.pk, article.pk, at=minutes(60)) is None
    assert accesses_of_auditor(oda.pk, at=minutes(60) - SECOND) == [access]
    assert accesses_of_auditor(oda.pk, at=minutes(60)) == []


def test_the_newest_row_counts_even_if_it_ends_earlier(article: Article, maya: User) -> None:
    oda = make_user(OUTSIDE_AUDITOR)
    give(article, oda, maya, until=60, full=True)
    shorter = give(article, oda, maya, until=30)
    assert accesses_to(article.pk) == [shorter]
    assert access_of(oda.pk, article.pk, at=minutes(45)) is None
    ended = end_access(article=article, auditor_id=oda.pk, user=maya, at=minutes(10))
    assert access_of(oda.pk, article.pk, at=minutes(11)) is None
    assert accesses_to(article.pk) == [ended]


def test_each_auditor_sees_their_own_stories_the_first_to_expire_first(article: Article, maya: User) -> None:
    oda, oskar = make_user(OUTSIDE_AUDITOR), make_user(OUTSIDE_AUDITOR, name="oskar")
    other = begin(user=maya)
    give(article, oda, maya, until=60)
    give(other, oda, maya, until=30)
    give(article, oskar, maya, until=30)
    assert [access.article for access in accesses_of_auditor(oda.pk, at=minutes(1))] == [other, article]
    assert [access.article for access in accesses_of_auditor(oskar.pk, at=minutes(1))] == [article]
