"""Every account has an e-mail address of its own, and one name on every page."""

from __future__ import annotations

import pytest
from django.contrib.auth import authenticate, get_user_model
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from stories.actions.actors import name_of
from stories.models import User
from stories.models.roles import EDITOR, REPORTER
from tests import factories as make
from tests.tampering import execute

pytestmark = pytest.mark.django_db


def test_whoever_signs_in_is_one_of_ours() -> None:
    emil = make.make_user(EDITOR)
    assert get_user_model() is User
    assert authenticate(email="emil@example.org", password=make.PASSWORD) == emil
    assert "auth_user" not in connection.introspection.table_names()


def test_a_person_has_one_name_everywhere() -> None:
    emil = make.make_user(EDITOR, display_name="Emil van der Meer")
    assert {str(emil), emil.get_full_name(), emil.get_short_name(), name_of(emil)} == {"Emil van der Meer"}


def test_an_account_that_a_script_gave_no_name_goes_by_its_user_name() -> None:
    robot = User.objects.create_user("importer", "importer@example.org")
    assert {str(robot), robot.get_full_name(), robot.get_short_name(), name_of(robot)} == {"importer"}


def test_an_address_is_one_however_it_is_written() -> None:
    emil = make.make_user(EDITOR, email="Emil.Okafor@Example.ORG")
    assert emil.email == "emil.okafor@example.org"
    assert User.objects.get(email="EMIL.okafor@example.org") == emil
    User.objects.filter(pk=emil.pk).update(email="Emil@Example.org")
    emil.refresh_from_db()
    assert emil.email == "emil@example.org"
    with pytest.raises(IntegrityError), transaction.atomic():
        make.make_user(REPORTER, email="EMIL@example.org")
    rosa = User(display_name="Rosa", password="!", email="EMIL@EXAMPLE.ORG")
    with pytest.raises(ValidationError, match="Another account has this e-mail address"):
        rosa.full_clean()


@pytest.mark.parametrize("address", ["", "Emil@example.org"])
def test_the_database_takes_no_empty_address_and_none_with_capitals(address: str) -> None:
    make.make_user(EDITOR)
    with pytest.raises(IntegrityError), transaction.atomic():
        execute("UPDATE stories_user SET email = %s", address)
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(display_name="Nobody")


def test_a_superuser_is_made_with_an_address_and_a_name() -> None:
    person = {"email": "Root@example.org", "display_name": "Ruth Root"}
    for missing in ("email", "display_name"):
        some = {name: value for name, value in person.items() if name != missing}
        with pytest.raises(CommandError, match=f"You must use --{missing}"):
            call_command("createsuperuser", interactive=False, **some)
    call_command("createsuperuser", interactive=False, **person)
    assert User.objects.get(is_superuser=True).email == "root@example.org"
