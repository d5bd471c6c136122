"""File storage in which a file is complete or does not exist."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage


class DurableStorage(FileSystemStorage):
    """Django's storage in a folder, safe against a full disk and a power cut.

    A file is written under a temporary name, synced to the disk and only then renamed, so that a file found by its name
    is complete. Names are never changed on saving, since pictures are named by their digests.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"allow_overwrite": True} | options)

    def _save(self, name: str, content: File[bytes]) -> str:
        temporary = f"{name}.{uuid4().hex}.part"
        try:
            super()._save(temporary, content)  # type: ignore[misc]  # the stubs leave out what subclasses may override
            _sync(self.path(temporary))
            Path(self.path(temporary)).replace(self.path(name))
        except BaseException:
            Path(self.path(temporary)).unlink(missing_ok=True)
            raise
        # The new name is an entry of the folder, which has to be synced too.
        _sync(Path(self.path(name)).parent)
        return name


def _sync(path: str | Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
