"""Invite the first managing editor of a newsroom, who invites the others but its auditors, and these."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from stories.actions.accounts.invitations import expires_at, invitation_link, invite, renew
from stories.actions.errors import Refused
from stories.actions.record.rights import SCRIPT
from stories.models import Invitation, User
from stories.models.roles import AUDITOR, MANAGING_EDITOR


class Command(BaseCommand):
    help = (
        "Invites a managing editor, and prints the link with which they choose their password and come in: nothing is "
        "mailed. Run it once, for the first; they invite the others in the admin. If the link expires before it is "
        "used, run it again. The ledger records that a script on the server invited them. With --auditor it invites an "
        "auditor, who sees the whole record, and whom no editor can invite: nobody gives rights that they do not have."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="How the desk, its mails and the record name the person.")
        parser.add_argument("address", help="The e-mail address that they sign in with.")
        parser.add_argument(
            "--auditor", action="store_true", help="Invite an auditor instead of a managing editor."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            invitation = self._invitation(
                options["name"], options["address"], AUDITOR if options["auditor"] else MANAGING_EDITOR
            )
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        until = timezone.localtime(expires_at(invitation))
        self.stdout.write(
            f"{invitation.account} is invited. Give them this link, and nobody else: whoever opens it first has the "
            f"account. It works once, until {until:%Y-%m-%d %H:%M %Z}.\n\n{invitation_link(invitation)}"
        )

    def _invitation(self, name: str, address: str, role: str) -> Invitation:
        known = User.objects.filter(email=address, groups__name=role, invitation__accepted_at=None)
        waiting = known.exclude(invitation=None).first()
        if waiting is not None:
            return renew(waiting, user=SCRIPT, mail=False)
        group = Group.objects.get(name=role)
        return invite(display_name=name, email=address, groups=[group], user=SCRIPT, mail=False)
