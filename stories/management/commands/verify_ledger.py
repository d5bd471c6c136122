"""Prove that the record is whole, or name the first entry that fails."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from stories.queries.ledger import Verification

MOST_SHOWN = 20


class Command(BaseCommand):
    help = (
        "Recomputes every digest of the ledger and its chain, and checks every entry against the rows that it "
        "covers. Names what fails, first entry first, and then exits with status 1."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--all", action="store_true", help=f"Name all that fails, not the first {MOST_SHOWN}."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        verification = Verification()
        findings = 0
        with tqdm(total=verification.total(), unit=" entries", disable=options["verbosity"] == 0) as progress:
            for finding in verification:
                findings += 1
                if options["all"] or findings <= MOST_SHOWN:
                    progress.write(str(finding), file=self.stderr)
                progress.update(verification.entries - progress.n)
            progress.update(verification.entries - progress.n)
        if findings:
            raise CommandError(
                f"The ledger does not verify: {findings} findings in {verification.entries} entries. "
                "The first is the one to look into."
            )
        self.stdout.write(
            f"The ledger verifies: {verification.entries} entries cover {verification.rows} history rows. "
            f"Head: {verification.entries} {verification.head.hex()}"
        )
