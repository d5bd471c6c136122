"""One person is not two: a second person whose account the first one created or changed, or whose mail they read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.core import mail
from django.core.management import call_command

from stories.actions.audit.dossier_access import give_access
from stories.actions.audit.dossier_orders import approve_dossier, order_dossier, refuse_dossier
from stories.actions.errors import Refused
from stories.actions.record.rights import rights_changes_by
from stories.actions.second_person import LISTED_FOR, TIED_FOR
from stories.actions.takedown.erasure_orders import approve_erasure, order_erasure, refuse_erasure
from stories.actions.takedown.withholdings import confirm_withholding, lift_withholding, withhold_words
from stories.models import (
    Article,
    DossierApproval,
    ErasureApproval,
    LedgerEntry,
    SecondPersonCheck,
    User,
    WithholdingDecision,
)
from stories.models.roles import AUDITOR, MANAGING_EDITOR, OUTSIDE_AUDITOR, REPORTER
from stories.queries.verification import Verification
from tests import factories as make
from tests.outbox import mails_delivered
from tests.public.stories import make_answer

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=make.MORNING.tzinfo)
DAY = timedelta(days=1)


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    def move(to: datetime) -> None:
        monkeypatch.setattr("django.utils.timezone.now", lambda: to)

    return move


@pytest.fixture
def maya() -> User:
    return make.make_user(MANAGING_EDITOR, email="maya@news.example.org")


@pytest.fixture
def aldo() -> User:
    return make.make_user(AUDITOR, email="aldo@news.example.org")


@pytest.fixture
def article(maya: User) -> Article:
    return make_answer(maya)


@pytest.fixture(autouse=True)
def recorded(article: Article, aldo: User, moment: Callable[[datetime], None], rights_recorded: None) -> None:
    """Create the people first, before anything is recorded."""
    moment(NOW)


def puppet(maker: User, name: str = "maya2", role: str = MANAGING_EDITOR, **values: Any) -> User:
    with rights_changes_by(maker):
        return make.make_user(role, name=name, **values)


def stranger(name: str = "mona", **values: Any) -> User:
    return make.make_user(MANAGING_EDITOR, name=name, **values)


def order(article: Article, user: User) -> Any:
    return order_erasure(
        article=article,
        scope="story",
        ground="court",
        authority="District Court, 4 O 12/26",
        reason="An order of the court.",
        user=user,
    )


def try_to_approve(article: Article, asker: User, user: User) -> str:
    """Return the sentence with which an approval is refused; check that nothing is approved."""
    asked = order(article, asker)
    with pytest.raises(Refused, match="may be one person") as refused:
        approve_erasure(order=asked, user=user)
    assert not ErasureApproval.objects.exists()
    assert not list(Verification())
    return str(refused.value)


def test_who_made_the_second_account_is_not_a_second_person(article: Article, maya: User) -> None:
    mona = stranger()
    says = try_to_approve(article, maya, puppet(maya))
    assert "Maya Managing made the account of Maya Managing on 2 Mar 2026 (entry" in says
    assert "Until 1 Apr 2026 neither" in says
    assert f"Ask one of those who may: {mona.get_full_name()}." in says


def test_nor_the_other_way_round(article: Article, maya: User) -> None:
    try_to_approve(article, puppet(maya), maya)


@pytest.mark.parametrize(
    "change", ["groups", "permission", "staff", "active", "superuser", "password", "email"]
)
def test_any_change_of_an_account_ties_it(article: Article, maya: User, change: str) -> None:
    mona = stranger()
    with rights_changes_by(maya):
        if change == "groups":
            mona.groups.add(Group.objects.get(name=AUDITOR))
        elif change == "permission":
            mona.user_permissions.add(Permission.objects.get(codename="audit_ledgerentry"))
        elif change == "password":
            mona.set_password("one that she knows")
            mona.save()
        elif change == "email":
            mona.email = "somewhere@else.example.org"
            mona.save()
        else:
            name = f"is_{change}"
            setattr(mona, name, not getattr(mona, name))
            mona.save()
    if change == "active":
        with rights_changes_by(maya):
            mona.is_active = True
            mona.save()
    try_to_approve(article, maya, User.objects.get(pk=mona.pk))


def test_a_chain_of_accounts_is_one_person(article: Article, maya: User) -> None:
    second = puppet(maya, "second")
    third = puppet(second, "third")
    fourth = puppet(third, "fourth")
    says = try_to_approve(article, maya, fourth)
    assert says.count("made the account of") == 3


def test_two_accounts_of_one_maker_are_one_person(article: Article, maya: User) -> None:
    try_to_approve(article, puppet(maya, "second"), puppet(maya, "third"))


def test_a_permission_given_to_a_group_ties_whoever_is_in_it(article: Article, maya: User) -> None:
    rolf = make.make_user(REPORTER, name="rolf")
    with rights_changes_by(maya):
        erase = Permission.objects.get(codename="erase_article")
        Group.objects.get(name=REPORTER).permissions.add(erase)
    says = try_to_approve(article, maya, User.objects.get(pk=rolf.pk))
    assert "changed what the group Reporter may do" in says


@pytest.mark.parametrize("address", ["maya+second@news.example.org", "Maya+Second@News.Example.ORG"])
def test_one_mailbox_is_one_person_for_ever(
    article: Article, maya: User, address: str, moment: Callable[[datetime], None]
) -> None:
    mona = stranger(email=address)
    moment(NOW + 3 * LISTED_FOR)
    says = try_to_approve(article, maya, mona)
    assert "Their mail goes to one address." in says


def test_accounts_that_a_script_made_are_nobodys(article: Article, maya: User) -> None:
    mona = stranger()
    person = {"email": "root@example.org", "display_name": "Root"}
    call_command("createsuperuser", interactive=False, **person)
    assert approve_erasure(order=order(article, maya), user=mona).approved
    assert not SecondPersonCheck.objects.exists()


def test_nobody_else_may_is_said(article: Article, maya: User) -> None:
    assert "Nobody else may at present" in try_to_approve(article, maya, puppet(maya))


def test_a_try_is_on_the_record_and_every_auditor_is_notified(article: Article, maya: User) -> None:
    make.make_user(AUDITOR, name="anna", email="anna@news.example.org")
    maya2 = puppet(maya)
    mail.outbox.clear()
    with mails_delivered():
        try_to_approve(article, maya, maya2)
    check = SecondPersonCheck.objects.get()
    assert (check.refused, check.user_id, check.asker_id) == (True, maya2.pk, maya.pk)
    assert LedgerEntry.objects.order_by("-sequence")[0].kind == "second-person"
    notified = {address for each in mail.outbox for address in each.to}
    assert notified == {"aldo@news.example.org", "anna@news.example.org"}
    assert "/admin/audit/queues/second-person/" in mail.outbox[0].body


def test_a_try_leaves_nothing_but_its_entry(article: Article, maya: User) -> None:
    asked, maya2 = order(article, maya), puppet(maya)
    before = LedgerEntry.objects.count()
    with pytest.raises(Refused):
        approve_erasure(order=asked, user=maya2)
    assert LedgerEntry.objects.count() == before + 1


def test_later_it_is_allowed_and_listed(
    article: Article, maya: User, moment: Callable[[datetime], None]
) -> None:
    maya2 = puppet(maya)
    moment(NOW + TIED_FOR + DAY)
    mail.outbox.clear()
    with mails_delivered():
        assert approve_erasure(order=order(article, maya), user=maya2).approved
    assert not SecondPersonCheck.objects.get().refused
    assert [each.to for each in mail.outbox] == [["aldo@news.example.org"]]
    assert not list(Verification())


def test_after_a_year_it_is_forgotten(
    article: Article, maya: User, moment: Callable[[datetime], None]
) -> None:
    maya2 = puppet(maya)
    moment(NOW + LISTED_FOR + DAY)
    assert approve_erasure(order=order(article, maya), user=maya2).approved
    assert not SecondPersonCheck.objects.exists()


def test_refusing_an_erasure_takes_a_second_person_too(article: Article, maya: User) -> None:
    with pytest.raises(Refused, match="may be one person"):
        refuse_erasure(order=order(article, maya), user=puppet(maya), reason="Not needed")
    assert not ErasureApproval.objects.exists()


@pytest.mark.parametrize("decide", [confirm_withholding, lift_withholding])
def test_so_does_deciding_on_what_is_withheld(article: Article, maya: User, decide: Any) -> None:
    withheld = withhold_words(
        article=article, words="on Monday", ground="court", reason="An order of the court.", user=maya
    )
    with pytest.raises(Refused, match="may be one person"):
        decide(withholding=withheld, user=puppet(maya), reason="All is well")
    assert not WithholdingDecision.objects.exists()
    assert SecondPersonCheck.objects.get().decision_on == "withholding"


@pytest.mark.parametrize("decide", [approve_dossier, refuse_dossier])
def test_so_does_deciding_on_a_dossier(article: Article, maya: User, decide: Any) -> None:
    asked = order_dossier(article=article, user=maya, reason="For the court.")
    with pytest.raises(Refused, match="may be one person"):
        decide(order=asked, user=puppet(maya), reason="All is well")
    assert not DossierApproval.objects.exists()


def test_who_gave_the_story_to_an_outside_auditor_does_not_decide_by_another_account(
    article: Article, maya: User
) -> None:
    oda = make.make_user(OUTSIDE_AUDITOR)
    give_access(
        article=article, auditor=oda, until=NOW + 9 * DAY, full=True, user=maya, reason="A court asks."
    )
    asked = order_dossier(article=article, user=oda, reason="For the court.")
    with pytest.raises(Refused, match="may be one person"):
        approve_dossier(order=asked, user=puppet(maya))
    assert approve_dossier(order=asked, user=stranger()).approved
