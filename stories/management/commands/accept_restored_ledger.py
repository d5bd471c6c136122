"""Accept an older copy of the database that was restored."""

from __future__ import annotations

from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser

from stories.actions.actors import SystemActor
from stories.actions.errors import Refused
from stories.actions.record.restoration import accept_restored_ledger

# Whoever runs it controls the server anyway.
ACTOR: Final = SystemActor("accept_restored_ledger")


class Command(BaseCommand):
    help = (
        "After an older copy of the database was restored, nothing can be saved, since what was published after it "
        "would be lost in silence. If there is no newer copy, this accepts it: it enters into the ledger which entries "
        "are gone and why, and the newsroom goes on. verify_ledger and the audit desk list it from then on."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--reason", required=True, help="Why an older copy was restored, and by whom. Auditors read it."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            accepted = accept_restored_ledger(reason=options["reason"], user=ACTOR)
        except Refused as refusal:
            raise CommandError(f"{refusal} Nothing was changed.") from refusal
        self.stdout.write(
            f"Accepted by entry {accepted.kept_sequence + 1}: the ledger goes on after entry {accepted.kept_sequence}. "
            f"Entry {accepted.lost_sequence}, which had been published, is not in it. Verify it now: "
            "manage.py verify_ledger"
        )
