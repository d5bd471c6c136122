"""The pictures' files against the hashes that they are kept under."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import file_digest

from django.core.files.storage import default_storage

from stories.models import ErasureOrder, ErasureScope, Picture
from stories.queries.verification.findings import Finding, Kind


def check_picture(picture: Picture) -> Finding | None:
    """What does not hold of one picture; its file is read once, a piece at a time.

    No query, one where the file is gone: it may have been erased.
    """
    name = picture.file_name()
    try:
        with default_storage.open(name) as file:
            digest = file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        erased = ErasureOrder.objects.filter(
            scope=ErasureScope.PICTURE, picture=picture, erasure__isnull=False
        )
        if erased.exists():
            return None
        return Finding(None, Kind.PICTURE, f"The picture {picture.digest} has no file: {name}.")
    except OSError as error:
        why = type(error).__name__
        return Finding(None, Kind.PICTURE, f"The picture {picture.digest} can't be read ({why}): {name}.")
    if digest == picture.digest:
        return None
    return Finding(
        None, Kind.PICTURE, f"The file of picture {picture.digest} is another than it was: {name}."
    )


def all_pictures() -> Iterator[Picture]:
    """Every picture, a few hundred in memory at once."""
    return Picture.objects.order_by("pk").iterator(chunk_size=500)
