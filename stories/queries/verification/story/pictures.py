"""Check the pictures of stories, past and present: their rows, and their files against their hashes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import file_digest
from typing import Any, Final

from django.core.files.storage import default_storage
from django.db.models import F

from stories.domain.picture_sizes import picture_size
from stories.models import ImageBlock, Picture, PictureSize, PublishedPicture
from stories.models.integrity.registry import history_model
from stories.queries.verification.findings import Finding, Kind
from stories.queries.verification.ledger.erasures import ExternalEvidence, erased_pictures

_AT_ONCE: Final = 200


def all_pictures() -> Iterator[list[str]]:
    """Yield the digests of every picture that exists, or that the record names; some hundred at a time."""
    newest: str | None = None
    # A value that is not text is no digest; its column is reported already.
    while some := sorted(
        {
            digest
            for rows in _digests()
            for digest in (rows if newest is None else rows.filter(asked__gt=newest))[:_AT_ONCE]
            if isinstance(digest, str)
        }
    ):
        yield some[:_AT_ONCE]
        newest = some[:_AT_ONCE][-1]


def count_pictures() -> int:
    """Return how many pictures that is. One query."""
    first, *others = (rows.order_by() for rows in _digests())
    return int(first.union(*others).count())


def _digests() -> list[Any]:
    spoken_of: tuple[tuple[Any, str], ...] = (
        (Picture.objects, "digest"),
        (history_model(ImageBlock).objects.exclude(picture_id=None), "picture_id"),
        (PublishedPicture.objects, "picture_id"),
        (PictureSize.objects, "picture_id"),
    )
    return [
        rows.annotate(asked=F(name)).order_by("asked").values_list("asked", flat=True).distinct()
        for rows, name in spoken_of
    ]


def check_pictures(digests: Sequence[str], outside: ExternalEvidence) -> Iterator[Finding]:
    """Find what is wrong with some pictures; each of their files is read once, a piece at a time.

    Three queries, and some for each story with an order to erase one of them.
    """
    rows = Picture.objects.in_bulk(digests)
    erased = erased_pictures(digests, outside)
    sizes: dict[str, dict[int, str]] = {}
    stored_sizes = PictureSize.objects.filter(picture__in=digests)
    for of, width, file in stored_sizes.values_list("picture_id", "width", "digest"):
        sizes.setdefault(of, {})[width] = file
    for digest in digests:
        picture = rows.get(digest)
        if picture is None:
            yield _finding(
                f"The picture {digest} is not there (in stories_picture), and stories show it or did."
            )
        elif digest not in erased:
            yield from _check_files(picture, sizes.get(digest, {}))
        elif any(default_storage.exists(picture.file_name(width)) for width in picture.widths()):
            yield _finding(f"The picture {digest} was erased, and a file of it is there.")


def _check_files(picture: Picture, sizes: dict[int, str]) -> Iterator[Finding]:
    *narrower, _width = picture.widths()
    yield from _check_file(picture, None, picture.digest)
    for width in narrower:
        if width not in sizes:
            yield _finding(
                f"What the file of picture {picture.digest} at width {width} should be is not there (in "
                "stories_picturesize)."
            )
        else:
            yield from _check_file(picture, width, sizes[width])
    for width in sorted(sizes.keys() - set(narrower)):
        yield _finding(
            f"The picture {picture.digest} has no file at width {width}, as stories_picturesize says."
        )


def _check_file(picture: Picture, width: int | None, digest: str) -> Iterator[Finding]:
    name = picture.file_name(width)
    named = f"picture {picture.digest}" + (f" at width {width}" if width else "")
    try:
        with default_storage.open(name) as file:
            found = file_digest(file, "sha256").hexdigest()
            file.seek(0)
            size = picture_size(file, picture.format) if width is None else None
    except FileNotFoundError:
        yield _finding(f"The {named} has no file: {name} (its row is in stories_picture).")
        return
    except OSError as error:
        yield _finding(f"The {named} can’t be read ({type(error).__name__}): {name}.")
        return
    if found != digest:
        known = "" if width is None else " (by stories_picturesize)"
        yield _finding(f"The file of {named} is another than it was{known}: {name}.")
    elif width is None and size != (picture.width, picture.height):
        yield _finding(
            f"The {named} is not as wide, as high or of the kind that its row (in stories_picture) says: {name}."
        )


def _finding(message: str) -> Finding:
    return Finding(None, Kind.PICTURE, message)
