"""Copy the database and the pictures as of one moment, while the site goes on."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final
from uuid import uuid4

from django.core.files.storage import default_storage
from django.db import connection
from django.db.backends.postgresql.client import DatabaseClient
from django.utils import timezone

from stories.domain.ledger import canonical_time
from stories.queries.ledger.heads import head

SQLITE_COPY: Final = "database.sqlite3"
POSTGRES_DUMP: Final = "database.dump"
MEDIA: Final = "media"
HEAD: Final = "backup.json"


class BackupFailed(Exception):
    """A backup that was not made; the message is a sentence."""


def back_up(folder: Path, *, with_media: bool) -> int:
    """Make a backup in a folder that is empty or not there yet; return how many files of pictures it has.

    The pictures are copied after the database: their files are written before the rows that name them and never
    changed, so that none is missing. What breaks off leaves no folder of that name. Raises BackupFailed, OSError.
    """
    if folder.exists() and any(folder.iterdir()):
        raise BackupFailed(f"{folder} is not empty.")
    part = folder.with_name(f"{folder.name}.{uuid4().hex}.part")
    # Drafts, contacts and hashes of passwords are in it.
    part.mkdir(mode=0o700, parents=True)
    try:
        sequence, digest = head()
        _copy_database(part)
        files = _copy_media(part / MEDIA) if with_media else 0
        content = {
            "made_at": canonical_time(timezone.now()),
            "head": {"sequence": sequence, "digest": digest},
            "files": files,
        }
        (part / HEAD).write_text(json.dumps(content, indent=2) + "\n")
        # One call for all files, which may be a hundred thousand.
        os.sync()
        part.replace(folder)
        os.sync()
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    return files


def _copy_database(folder: Path) -> None:
    if connection.vendor == "sqlite":
        _copy_sqlite(folder / SQLITE_COPY)
    else:
        _dump_postgres(folder / POSTGRES_DUMP)


def _copy_sqlite(path: Path) -> None:
    # A copy of the file itself would lack what is in the WAL, or be torn.
    connection.ensure_connection()
    with closing(sqlite3.connect(path)) as copy:
        connection.connection.backup(copy)


def _dump_postgres(path: Path) -> None:
    # The options of psql name the database for pg_dump as well; the password is in the environment.
    command, environment = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, [])
    try:
        subprocess.run(  # noqa: S603
            ["pg_dump", "--format=custom", f"--file={path}", *command[1:]],  # noqa: S607 - the host's own
            env={**os.environ, **(environment or {})},
            check=True,
            capture_output=True,
            text=True,
        )
    except FileNotFoundError as error:
        raise BackupFailed(
            "pg_dump is not installed here. It comes with PostgreSQL’s client: apt-get install postgresql-client"
        ) from error
    except subprocess.CalledProcessError as error:
        raise BackupFailed(f"pg_dump failed: {' '.join(error.stderr.split())}") from error


def _copy_media(folder: Path) -> int:
    # There without pictures too, as whoever restores copies what is in it.
    folder.mkdir()
    count = 0
    for name in _stored_files(""):
        path = folder / name
        try:
            source = default_storage.open(name)
        except FileNotFoundError:
            # An erasure removes files: the backup is older than it, and has to be renewed anyway.
            continue
        with source:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as copy:
                shutil.copyfileobj(source, copy)
        count += 1
    return count


def _stored_files(folder: str) -> Iterator[str]:
    """Yield the names of the complete files in a folder of the storage, and below."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in files:
        if not name.endswith(".part"):
            yield f"{folder}/{name}" if folder else name
    for name in folders:
        yield from _stored_files(f"{folder}/{name}" if folder else name)
