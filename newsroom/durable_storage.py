"""A folder of files in which a file is whole, or is not there."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage


class DurableStorage(FileSystemStorage):
    """Django's storage in a folder, safe against a full disk and a power cut.

    A file is written aside, synced to the disk and only then renamed: whoever finds it by its name finds all of it.
    A name is never changed on saving, since pictures are named by what is in them.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"allow_overwrite": True} | options)

    def _save(self, name: str, content: File[bytes]) -> str:
        aside = f"{name}.{uuid4().hex}.part"
        try:
            super()._save(aside, content)  # type: ignore[misc]  # the stubs leave out what subclasses may override
            _sync(self.path(aside))
            Path(self.path(aside)).replace(self.path(name))
        except BaseException:
            Path(self.path(aside)).unlink(missing_ok=True)
            raise
        # The new name is an entry of the folder, and is lost with it when the power fails.
        _sync(Path(self.path(name)).parent)
        return name


def _sync(path: str | Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
