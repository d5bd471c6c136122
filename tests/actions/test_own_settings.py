"""People's own settings: what is saved, what is refused, and that a new name is in the ledger."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from stories.actions.own_settings import OwnSettings, change_own_settings
from stories.models import LedgerEntry, RightsChange, User
from stories.queries.verification import Verification
from tests import factories as make
from tests.factories import make_user

CHOSEN = OwnSettings(
    display_name="Rosa Reporter",
    language="es",
    time_zone="Europe/Madrid",
    muted_mails=("reviews", "questions"),
)


@pytest.mark.django_db
def test_settings_are_saved_and_are_no_event_of_the_record(reporter: User) -> None:
    assert change_own_settings(user=reporter, settings=CHOSEN)
    saved = User.objects.get(pk=reporter.pk)
    assert (saved.language, saved.time_zone, saved.muted_mails) == (
        "es",
        "Europe/Madrid",
        ["questions", "reviews"],
    )
    assert not change_own_settings(user=saved, settings=CHOSEN)
    assert not LedgerEntry.objects.exists()


def test_a_new_name_is_in_the_ledger_and_verifies(rights_recorded: None) -> None:
    rosa = make_user("Reporter")
    change_own_settings(user=rosa, settings=OwnSettings(display_name=" Rosa  Q. Reporter "))
    change = RightsChange.objects.latest("pk")
    assert (change.user_name, change.holder_name, change.changes) == (
        "Rosa Reporter",
        "Rosa Q. Reporter",
        [["renamed", "Rosa Reporter"]],
    )
    assert list(Verification()) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (OwnSettings(display_name=" "), "display_name"),
        (OwnSettings(display_name="Rosa", language="tlh"), "language"),
        (OwnSettings(display_name="Rosa", time_zone="Europe/Atlantis"), "time_zone"),
        (OwnSettings(display_name="Rosa", muted_mails=("erasures",)), "muted_mails"),
    ],
)
def test_what_is_no_name_language_zone_or_kind_of_mail_is_refused(
    reporter: User, wrong: OwnSettings, field: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        change_own_settings(user=reporter, settings=wrong)
    assert list(refused.value.message_dict) == [field]
    assert User.objects.get(pk=reporter.pk).display_name == "Rosa Reporter"


@pytest.mark.django_db
def test_a_closed_account_changes_nothing(reporter: User) -> None:
    User.objects.filter(pk=reporter.pk).update(is_active=False)
    with pytest.raises(PermissionDenied):
        change_own_settings(user=reporter, settings=CHOSEN)


def test_who_is_linked_to_which_author_is_in_the_ledger(rights_recorded: None) -> None:
    rosa = make_user("Reporter")
    rosa.author = make.make_author()
    rosa.save()
    rosa.author = None
    rosa.save(update_fields=["author"])
    changes = [change for row in RightsChange.objects.order_by("-pk")[:2] for change in row.changes]
    assert changes == [["author-removed", "ines-calder"], ["author-added", "ines-calder"]]
    assert list(Verification()) == []
