"""Which outside auditor sees which story until when."""

from __future__ import annotations

from datetime import timedelta

import pytest

from stories.actions.audit.dossier_access import end_access, give_access
from stories.actions.errors import Refused
from stories.actions.permissions import DossierAccess, dossier_access
from stories.models import Article, AuditAccess, User
from stories.models.roles import AUDITOR, EDITOR
from stories.queries.dossier.access import accesses_of_auditor, accesses_to
from stories.queries.verification import Verification
from tests import factories as make

pytestmark = pytest.mark.django_db


NOON = make.minutes(180)
DAY = timedelta(days=1)


def give(article: Article, oda: User, maya: User, *, full: bool = False, days: int = 7) -> AuditAccess:
    return give_access(
        article=article,
        auditor=oda,
        until=NOON + days * DAY,
        full=full,
        user=maya,
        reason="The press council asks",
        at=NOON,
    )


class TestAnOutsideAuditor:
    def test_they_see_what_they_are_given_until_its_time(
        self, article: Article, oda: User, maya: User
    ) -> None:
        other = make.begin(make.wanted("Another"), user=maya)
        give(article, oda, maya, days=1)
        assert dossier_access(oda, article, at=NOON + DAY - timedelta(seconds=1)) is DossierAccess.PUBLIC
        assert dossier_access(oda, article, at=NOON + DAY) is None
        assert dossier_access(oda, other, at=NOON) is None
        assert [access.article for access in accesses_of_auditor(oda.pk, at=NOON)] == [article]
        assert accesses_of_auditor(oda.pk, at=NOON + DAY) == []

    def test_what_is_given_anew_takes_the_place_of_what_was(
        self, article: Article, oda: User, maya: User
    ) -> None:
        give(article, oda, maya, full=True)
        give(article, oda, maya, full=False, days=3)
        assert dossier_access(oda, article, at=NOON) is DossierAccess.PUBLIC
        assert dossier_access(oda, article, at=NOON + 3 * DAY) is None
        assert len(accesses_to(article.pk)) == 1

    def test_it_can_be_ended_at_once_and_only_once(self, article: Article, oda: User, maya: User) -> None:
        give(article, oda, maya)
        end_access(article=article, auditor_id=oda.pk, user=maya, at=NOON)
        assert dossier_access(oda, article, at=NOON) is None
        assert accesses_of_auditor(oda.pk, at=NOON) == []
        with pytest.raises(Refused, match="can’t see this story any more"):
            end_access(article=article, auditor_id=oda.pk, user=maya, at=NOON)
        assert [each.user_name for each in AuditAccess.objects.all()] == ["Maya Managing"] * 2
        assert not list(Verification())

    def test_whoever_left_the_group_sees_nothing(self, article: Article, oda: User, maya: User) -> None:
        give(article, oda, maya)
        oda.groups.clear()
        assert dossier_access(User.objects.get(pk=oda.pk), article, at=NOON) is None

    @pytest.mark.parametrize("role", [EDITOR, AUDITOR, None])
    def test_stories_are_given_to_outside_auditors_alone(
        self, article: Article, maya: User, role: str | None
    ) -> None:
        with pytest.raises(Refused, match="is not an outside auditor"):
            give(article, make.make_user(role, name="x"), maya)

    def test_a_time_that_is_over_and_a_missing_reason_are_refused(
        self, article: Article, oda: User, maya: User
    ) -> None:
        with pytest.raises(Refused, match="over already"):
            give(article, oda, maya, days=0)
        with pytest.raises(Refused, match="Say why"):
            give_access(
                article=article, auditor=oda, until=NOON + DAY, full=False, user=maya, reason=" ", at=NOON
            )
        assert not AuditAccess.objects.exists()

    def test_the_house_sees_all_of_any_story(self, article: Article, aldo: User, maya: User) -> None:
        assert dossier_access(aldo, article, at=NOON) is DossierAccess.HOUSE
        assert dossier_access(maya, article, at=NOON) is DossierAccess.HOUSE
        assert dossier_access(make.make_user(EDITOR), article, at=NOON) is None
