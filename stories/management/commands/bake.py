"""Write readers' pages as files, which nginx serves."""

from __future__ import annotations

import os
import time
from collections import Counter
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from stories.domain.baking.folder import BakedFolder, FolderProblem, problem
from stories.domain.baking.names import common_digest
from stories.management.baking.baker import Baker, Outcome
from stories.management.baking.client import Client

# In seconds: comparisons are made slowly, so that nobody else waits for them.
PAUSE: Final = 0.5


class Command(BaseCommand):
    help = (
        "Writes readers' pages as files into a folder, as the site answers now; a second run writes what changed. "
        "nginx (deploy/nginx) serves them while the worker (`manage.py deliver --watch`, with BAKE_DIR) looks several "
        "times a second whether they are still true, and the worker bakes what changes: then there is no need for this."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "folder", type=Path, nargs="?", help="An empty folder, or one of baked pages; BAKE_DIR."
        )
        standing = parser.add_mutually_exclusive_group()
        standing.add_argument(
            "--standing",
            action="store_true",
            help="Also let nginx serve them when the site does not answer, whoever watches them.",
        )
        standing.add_argument("--no-standing", action="store_true", help="Take that back.")

    def handle(self, *args: Any, **options: Any) -> None:
        path = options["folder"] or (Path(settings.BAKE_DIR) if settings.BAKE_DIR else None)
        if path is None:
            raise CommandError("Name a folder, or set BAKE_DIR.")
        try:
            folder = BakedFolder.make(path.resolve())
            if options["standing"] or options["no_standing"]:
                folder.serve_without_site(on=options["standing"])
            file = folder.try_to_bake()
            if file is None:
                raise CommandError(f"The worker bakes into {path} by itself, within a second of each change.")
            try:
                self.stdout.write(_report(_bake(Baker(folder))))
                self.stdout.write(_headers())
            finally:
                os.close(file)
        except FolderProblem as found:
            raise CommandError(str(found)) from found
        except OSError as error:
            raise CommandError(str(problem(path, error))) from error


def _bake(baker: Baker) -> Counter[Outcome]:
    outcomes: Counter[Outcome] = Counter()
    waiting = list(baker.addresses(baker.begin(), at=timezone.now()))
    while waiting:
        later = []
        for address in waiting:
            outcome = baker.bake(address)
            if outcome in (Outcome.AGAIN, Outcome.LATER):
                later.append(address)
            else:
                outcomes[outcome] += 1
        if later:
            time.sleep(PAUSE)
            # What was published meanwhile.
            work = baker.look(timezone.now())
            later += baker.addresses(work, at=timezone.now()) if work else ()
        waiting = later
    return outcomes


def _headers() -> str:
    return (
        f"The headers that all pages share have the digest {common_digest(Client().get('/').headers)}: "
        "nginx serves the pages if its newsroom.conf has it, and its baked.conf the same headers."
    )


def _report(outcomes: Counter[Outcome]) -> str:
    return (
        f"{outcomes[Outcome.BAKED]} pages baked, {outcomes[Outcome.THERE]} were there, "
        f"{outcomes[Outcome.LEFT]} are left to the site."
    )
