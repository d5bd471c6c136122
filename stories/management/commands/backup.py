"""Back up the database and the pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from stories.management.backup import BackupFailed, back_up


class Command(BaseCommand):
    help = (
        "Copies the database as of one moment, and then the pictures, into a folder, while the site goes on. On SQLite "
        "that is a copy of the file, on PostgreSQL a dump by pg_dump for pg_restore. The folder has drafts and "
        "contacts in it: only you may read it. docs/operating.md says how to restore it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="FOLDER", help="A new folder, or an empty one.")
        parser.add_argument(
            "--without-media",
            action="store_true",
            help="Leave the pictures out: then copy them by other means, after this has ended.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"].resolve()
        if folder.is_relative_to(Path(settings.MEDIA_ROOT).resolve()):
            raise CommandError("A backup can’t be kept among the pictures. Nothing was copied.")
        try:
            files = back_up(folder, with_media=not options["without_media"])
        except BackupFailed as failure:
            raise CommandError(f"{failure} There is no backup in {folder}.") from failure
        except OSError as error:
            raise CommandError(f"{error.strerror or error}. There is no backup in {folder}.") from error
        if settings.BACKUP_STAMP:
            try:
                Path(settings.BACKUP_STAMP).touch()
            except OSError as error:
                raise CommandError(
                    f"The backup in {folder} is complete, and BACKUP_STAMP can’t be touched: {error.strerror}."
                ) from error
        self.stdout.write(f"Complete: the database and {files} files of pictures are in {folder}.")
