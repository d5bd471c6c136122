"""Take in a picture's file."""

from __future__ import annotations

import warnings
from hashlib import sha256
from io import BytesIO
from typing import Any, Final

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, ImageSequence

from stories.actions.errors import Refused
from stories.actions.people import Actor, may_start, require
from stories.domain.picture_files import Unreadable, bare
from stories.models import Picture
from stories.queries.withheld import is_erased

KINDS: Final = ("jpeg", "png", "webp", "gif")
MOST_BYTES: Final = 40_000_000
# Of all frames together: what Pillow has to hold while it looks.
MOST_PIXELS: Final = 100_000_000
_ORIENTATION: Final = 0x0112


class PictureRefused(Refused):
    """A file that is not kept as a picture; nothing was stored."""


def store_picture(*, content: bytes, user: Actor) -> Picture:
    """Keep a picture's file, upright and without what it tells of where and when it was taken.

    Returns the Picture, the one that is there already if its bytes are the same. The file's content
    decides what it is, never its name. Raises PermissionDenied; PictureRefused for a file that is too large, cut
    off, erased by order, or no JPEG, PNG, WebP or GIF.
    """
    require(
        may_start(user) or user.has_perm("stories.change_article"),
        _("You may not add pictures. Ask an editor to give you the right to begin stories."),
    )
    kind = _check(content)
    kept = _clean(kind, content)
    digest = sha256(kept).hexdigest()
    if is_erased(digest):
        raise PictureRefused(
            _("This picture was erased by order, and is not taken again. Choose another one.")
        )
    picture = Picture.objects.filter(digest=digest).first()
    if picture is not None and all(default_storage.exists(picture.file_name(at)) for at in picture.widths()):
        return picture
    with Image.open(BytesIO(kept)) as image:
        width, height = image.size
        picture = picture or Picture(digest=digest, format=kind, width=width, height=height)
        # Files first: a row without its files would be a broken picture, files without a row are nothing.
        for at in picture.widths():
            name = picture.file_name(at)
            if not default_storage.exists(name):
                file = kept if at == width else _narrowed(image, kind, at)
                default_storage.save(name, ContentFile(file))
    picture, _made = Picture.objects.get_or_create(
        digest=digest, defaults={"format": kind, "width": width, "height": height}
    )
    return picture


def _check(data: bytes) -> str:
    """The kind of a file whose every pixel can be read."""
    if len(data) > MOST_BYTES:
        raise PictureRefused(
            _(
                "This file has %(found)s MB; a picture may have %(most)s. Make it smaller, then choose it again."
            )
            % {"found": -(-len(data) // 1_000_000), "most": MOST_BYTES // 1_000_000}
        )
    try:
        with warnings.catch_warnings():
            # Pillow warns of a bomb before it refuses one; our own limit is below both.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(BytesIO(data), formats=KINDS) as image:
                kind = str(image.format).lower()
                width, height = image.size
                if width * height <= MOST_PIXELS:
                    image.verify()
            if width * height <= MOST_PIXELS:
                with Image.open(BytesIO(data), formats=[kind]) as image:
                    _load(image)
                    return kind
    except PictureRefused:
        raise
    except Image.DecompressionBombError:
        pass
    except Exception as error:  # Pillow's readers raise what they like for a broken file
        raise PictureRefused(
            _(
                "This file can’t be read as a picture. Save it as JPEG, PNG, WebP or GIF, then choose it again."
            )
        ) from error
    raise _too_large()


def _load(image: Image.Image) -> None:
    """Read every frame, as long as they are not too many."""
    width, height = image.size
    for number, frame in enumerate(ImageSequence.Iterator(image), start=1):
        if number * width * height > MOST_PIXELS:
            raise _too_large()
        frame.load()


def _too_large() -> PictureRefused:
    return PictureRefused(
        _("This picture has more than %(most)s million pixels. Make it smaller, then choose it again.")
        % {"most": MOST_PIXELS // 1_000_000}
    )


def _clean(kind: str, data: bytes) -> bytes:
    """The file upright and bare."""
    with Image.open(BytesIO(data), formats=[kind]) as image:
        turned = image.getexif().get(_ORIENTATION, 1) not in (0, 1)
        if turned:
            data = _encoded(ImageOps.exif_transpose(image), kind, icc_profile=image.info.get("icc_profile"))
    try:
        return bare(kind, data)
    except Unreadable as error:
        raise PictureRefused(
            _("This picture’s file is cut off or broken. Save it anew, then choose it again.")
        ) from error


def _narrowed(image: Image.Image, kind: str, width: int) -> bytes:
    """A picture at a smaller width, all its frames."""
    size = (width, max(1, round(image.height * width / image.width)))
    frames = [_resized(frame, size) for frame in ImageSequence.Iterator(image)]
    moving: dict[str, Any] = {}
    if len(frames) > 1:
        moving = {"save_all": True, "append_images": frames[1:], "loop": image.info.get("loop", 0)}
        moving["duration"] = [frame.info.get("duration", 100) for frame in frames]
    encoded = _encoded(frames[0], kind, icc_profile=image.info.get("icc_profile"), **moving)
    return bare(kind, encoded)


def _resized(frame: Image.Image, size: tuple[int, int]) -> Image.Image:
    duration = frame.info.get("duration", 100)
    if frame.mode in ("P", "1", "PA", "I;16"):
        # A palette's colours can't be mixed.
        frame = frame.convert("RGBA" if "transparency" in frame.info else "RGB")
    resized = frame.resize(size, Image.Resampling.LANCZOS)
    resized.info["duration"] = duration
    return resized


def _encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    quality: dict[str, dict[str, Any]] = {
        "jpeg": {"quality": 88, "optimize": True, "progressive": True},
        "webp": {"quality": 88},
        "png": {"optimize": True},
        "gif": {},
    }
    if kind == "gif":
        options.pop("icc_profile", None)
    out = BytesIO()
    image.save(out, format=kind, **quality[kind], **options)
    return out.getvalue()
