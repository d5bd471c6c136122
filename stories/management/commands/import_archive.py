"""Import stories with their versions from archives."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DataError, IntegrityError, reset_queries
from tqdm import tqdm

from stories.actions.actors import SystemActor
from stories.actions.archive.import_story import ImportResult, import_story, try_import_story
from stories.actions.archive.statistics import analyze, grown_tables
from stories.actions.errors import Refused
from stories.domain.archive.stories import ArchiveError, load
from stories.management.archive_files import MOST_LINE_BYTES, CutOff, Line, lines_of, peak_memory
from stories.management.import_report import Report

IMPORTER = SystemActor("import_archive")


class Command(BaseCommand):
    help = (
        "Imports stories with all their versions from archives of the format story-archive/1 (JSON Lines, gzipped "
        "or not). A story is imported whole or not at all; one that is here already is skipped, or gets the "
        "versions that it lacks. An import that was cut off is simply run again. Exits with status 1 if a story failed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="An archive, gzipped or not.")
        parser.add_argument(
            "--media", type=Path, metavar="DIR", help="The folder to look in for the files of pictures."
        )
        parser.add_argument("--dry-run", action="store_true", help="Report, and write nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        files: list[Path] = options["files"]
        media: Path | None = options["media"]
        absent = [str(path) for path in files if not path.is_file()]
        if absent:
            raise CommandError(f"There is no file {', '.join(absent)}. Nothing was imported.")
        if media is not None and not media.is_dir():
            raise CommandError(f"{media} is no folder. Nothing was imported.")
        import_one = try_import_story if options["dry_run"] else import_story
        report = Report()
        started = time.monotonic()
        with (
            grown_tables() as grown,
            tqdm(
                total=sum(path.stat().st_size for path in files),
                unit="B",
                unit_scale=True,
                disable=None if options["verbosity"] else True,  # None: where there is a terminal
            ) as progress,
        ):
            for path in files:
                for failure in _import_file(path, import_one, media, report, progress):
                    report.failed += 1
                    progress.write(f"{path.name}, {failure}", file=self.stderr)
        if not options["dry_run"]:
            analyze(grown)
        for line in report.lines(
            seconds=time.monotonic() - started,
            memory=peak_memory(),
            dry_run=options["dry_run"],
            full=options["verbosity"] > 1,
        ):
            self.stdout.write(line)
        if report.failed:
            raise CommandError(
                f"{report.failed:,} stories failed, as said above, and left no trace. Correct them in the archive, "
                "then import it again: what is here already is skipped."
            )


def _import_file(
    path: Path, import_one: Callable[..., ImportResult], media: Path | None, report: Report, progress: tqdm
) -> Iterator[str]:
    """Import what can be imported; yield a sentence for each line that can't."""
    before = 0
    try:
        for line in lines_of(path):
            failure = _import_line(line, import_one, media, report)
            if failure:
                yield f"line {line.number}: {failure}"
            progress.update(line.read - before)
            progress.set_postfix(stories=report.stories, refresh=False)
            before = line.read
            # With DEBUG on Django stores every statement, and so every story's text.
            reset_queries()
    except CutOff as error:
        yield str(error)


def _import_line(
    line: Line, import_one: Callable[..., ImportResult], media: Path | None, report: Report
) -> str:
    """Import a line's story; return what is wrong with it, "" for nothing."""
    if line.content is None:
        return f"It has more than {MOST_LINE_BYTES:,} bytes, so it was not read."
    try:
        story = load(line.content)
        report.add(story.slug, import_one(story=story, user=IMPORTER, media=media))
    except (ArchiveError, Refused, PermissionDenied) as error:
        return str(error)
    except ValidationError as error:
        return " ".join(error.messages)
    except (DataError, IntegrityError) as error:
        return f"The database refuses this story: {' '.join(str(error).split())}"
    return ""
