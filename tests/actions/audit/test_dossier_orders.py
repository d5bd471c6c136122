"""Who gets a full dossier, and which outside auditor sees which story until when."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from stories.actions.audit.dossier_access import give_access
from stories.actions.audit.dossier_orders import (
    HANDED_OUT_FOR,
    approve_dossier,
    download_dossier,
    order_dossier,
    refuse_dossier,
)
from stories.actions.errors import Refused
from stories.models import Article, AuditAccess, DossierOrder, LedgerEntry, User
from stories.models.roles import AUDITOR
from stories.queries.verification import Verification
from tests import factories as make

pytestmark = pytest.mark.django_db

NOON = make.minutes(180)
DAY = timedelta(days=1)


@pytest.fixture
def order(article: Article, aldo: User) -> DossierOrder:
    return order_dossier(article=article, user=aldo, reason="The press council asks", at=NOON)


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


class TestAFullDossier:
    def test_two_people_let_it_out_and_each_time_that_it_is_made_is_in_the_ledger(
        self, order: DossierOrder, aldo: User, maya: User
    ) -> None:
        approve_dossier(order=order, user=maya, at=NOON)
        download_dossier(order=order, user=aldo, at=NOON + DAY)
        download_dossier(order=order, user=maya, at=NOON + DAY)
        entries = list(LedgerEntry.objects.order_by("sequence").values_list("kind", "user_name"))
        assert entries[1:] == [
            ("dossier-order", "Aldo Auditor"),
            ("dossier-approval", "Maya Managing"),
            ("dossier-download", "Aldo Auditor"),
            ("dossier-download", "Maya Managing"),
        ]
        assert not list(Verification())

    def test_nobody_approves_their_own_request(self, order: DossierOrder, aldo: User) -> None:
        with pytest.raises(Refused, match="You asked for this dossier yourself"):
            approve_dossier(order=order, user=aldo, at=NOON)

    def test_it_is_decided_on_once(self, order: DossierOrder, maya: User) -> None:
        refuse_dossier(order=order, user=maya, reason="No grounds", at=NOON)
        with pytest.raises(Refused, match="decided on already"):
            approve_dossier(order=order, user=maya, at=NOON)

    def test_it_is_not_handed_over_before_its_approval_nor_after_a_refusal(
        self, order: DossierOrder, aldo: User, maya: User
    ) -> None:
        with pytest.raises(Refused, match="Nobody has approved"):
            download_dossier(order=order, user=aldo, at=NOON)
        refuse_dossier(order=order, user=maya, reason="No grounds", at=NOON)
        with pytest.raises(Refused, match="was refused"):
            download_dossier(order=order, user=aldo, at=NOON)

    def test_it_is_handed_over_for_seven_days(self, order: DossierOrder, aldo: User, maya: User) -> None:
        approve_dossier(order=order, user=maya, at=NOON)
        download_dossier(order=order, user=aldo, at=NOON + HANDED_OUT_FOR - timedelta(seconds=1))
        with pytest.raises(Refused, match="more than seven days ago"):
            download_dossier(order=order, user=aldo, at=NOON + HANDED_OUT_FOR)

    def test_it_is_for_who_asked_and_who_approved_alone(self, order: DossierOrder, maya: User) -> None:
        approve_dossier(order=order, user=maya, at=NOON)
        other = make.make_user(AUDITOR, name="anna")
        with pytest.raises(PermissionDenied, match="for who asked for it and who approved it"):
            download_dossier(order=order, user=other, at=NOON)

    def test_whoever_lost_the_right_to_it_gets_it_no_more(
        self, order: DossierOrder, aldo: User, maya: User
    ) -> None:
        approve_dossier(order=order, user=maya, at=NOON)
        aldo.groups.clear()
        with pytest.raises(PermissionDenied):
            download_dossier(order=order, user=User.objects.get(pk=aldo.pk), at=NOON)

    def test_a_request_says_why_and_is_made_once(
        self, order: DossierOrder, article: Article, aldo: User, maya: User
    ) -> None:
        with pytest.raises(Refused, match="Say who wants the dossier"):
            order_dossier(article=article, user=maya, reason="  ", at=NOON)
        with pytest.raises(Refused, match="asked for this dossier already"):
            order_dossier(article=article, user=aldo, reason="Again", at=NOON)

    def test_who_gave_an_outside_auditor_the_story_does_not_let_them_have_its_file(
        self, article: Article, oda: User, maya: User, aldo: User
    ) -> None:
        give(article, oda, maya, full=True)
        order = order_dossier(article=article, user=oda, reason="For the court", at=NOON)
        with pytest.raises(Refused, match="You gave this auditor the story"):
            approve_dossier(order=order, user=maya, at=NOON)
        approve_dossier(order=order, user=aldo, at=NOON)
        download_dossier(order=order, user=oda, at=NOON)

    def test_an_outside_auditor_with_the_public_part_can_ask_for_no_more(
        self, article: Article, oda: User, maya: User
    ) -> None:
        give(article, oda, maya)
        with pytest.raises(PermissionDenied):
            order_dossier(article=article, user=oda, reason="For the court", at=NOON)
