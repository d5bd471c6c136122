"""Importing and exporting real stories: so many a second, and the memory that it takes at most."""

from __future__ import annotations

import gzip
import sys
import tempfile
from io import StringIO
from itertools import islice
from pathlib import Path
from time import perf_counter

from django.core.management import call_command

from stories.management.archive_files import peak_memory
from stories.models import Publication
from tests.archives import NO_REAL, REAL

DATABASE = True
STORIES = 100


def run() -> list[tuple[str, float, str, float | None]]:
    """The figures of a part of the real archive; none where it is absent."""
    if not REAL.exists():
        print(f"  skipped: {NO_REAL}", file=sys.stderr)
        return []
    with tempfile.TemporaryDirectory() as folder:
        archive, copy = Path(folder) / "real.jsonl", Path(folder) / "copy.jsonl.gz"
        with gzip.open(REAL) as file:
            archive.write_bytes(b"".join(islice(file, 0, None, 466 // STORIES)))
        count = archive.read_bytes().count(b"\n")
        importing = _seconds("import_archive", str(archive))
        versions = Publication.objects.count()
        again = _seconds("import_archive", str(archive))
        exporting = _seconds("export_archive", out=copy)
    return [
        ("stories imported", count / importing, "/s", None),
        ("versions imported", versions / importing, "/s", 20.0),
        ("stories imported again", count / again, "/s", None),
        ("stories exported", count / exporting, "/s", None),
        ("peak memory of the import", peak_memory() / 1_000_000, "MB", 200.0),
    ]


def _seconds(command: str, *arguments: str, **options: object) -> float:
    started = perf_counter()
    call_command(command, *arguments, verbosity=0, stdout=StringIO(), stderr=StringIO(), **options)
    return perf_counter() - started
