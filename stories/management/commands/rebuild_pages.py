"""Write again what readers' pages and lists are made from."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from stories.actions.publishing.published_stories import rebuild_published_stories


class Command(BaseCommand):
    help = (
        "Writes, from the record, the rows that readers’ pages and lists are made from, for the stories that lack "
        "some: after an upgrade that brings them, or changes their form. Until then their pages are made from "
        "history, and take longer. Changes nothing that readers see, and may run while the site does."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--all",
            action="store_true",
            dest="whole",
            help="Write those of all stories, because verify_ledger named one, or LANGUAGE_CODE was changed.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        count = sum(1 for _article in rebuild_published_stories(whole=options["whole"]))
        self.stdout.write(f"Stories whose rows were written: {count}")
