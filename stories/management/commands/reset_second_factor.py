"""Reset the second factor of an account from the server, for whom no managing editor can do it."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from stories.actions.accounts.factors import reset_factors
from stories.actions.errors import Refused
from stories.actions.record.rights import SCRIPT
from stories.models import User


class Command(BaseCommand):
    help = (
        "Remove all second factors of an account, for a managing editor who has lost theirs and whom nobody else can "
        "let in again. It is recorded as done by a script on the server, and a mail goes to the account."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("address", help="the e-mail address of the account")
        parser.add_argument("--reason", required=True, help="why; it goes into the record")

    def handle(self, *args: Any, address: str, reason: str, **options: Any) -> None:
        person = User.objects.filter(email=address).first()
        if person is None:
            raise CommandError(f"There is no account with the address {address}.")
        try:
            reset_factors(person=person, user=SCRIPT, reason=reason)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(
            f"{person.get_full_name()} signs in with the password alone, and sets up a factor anew."
        )
