"""Store a picture's file."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from io import BytesIO
from typing import Any, Final

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps, ImageSequence
from PIL.JpegImagePlugin import JpegImageFile

from stories.actions.actors import Actor
from stories.actions.errors import Refused
from stories.actions.permissions import may_start, require
from stories.domain.picture_files import UnreadablePicture, strip_metadata
from stories.models import Picture, PictureSize
from stories.models.record.recording import append_all
from stories.queries.publishing.withholdings import is_erased

KINDS: Final = ("jpeg", "png", "webp", "gif")
MOST_BYTES: Final = 40_000_000
# Limits on a worker's time (all frames together) and memory (one decoded frame), computed from the file's
# first bytes, since a file of 400 KB can hold 400 MB. Cameras of 61 megapixels stay below both.
MOST_PIXELS: Final = 100_000_000
MOST_DECODED_BYTES: Final = 200_000_000
# Bytes per pixel while decoded; palette pixels are converted to colours before they can be mixed.
_PIXEL_BYTES: Final = {"1": 1, "L": 1, "LA": 2, "P": 4, "PA": 4, "RGB": 3, "I;16": 4, "I": 4, "F": 4}
_ORIENTATION: Final = 0x0112


class PictureRefused(Refused):
    """A file that is not stored as a picture; nothing was written."""


class NotAPicture(PictureRefused):
    """A file that is not a picture, is broken, or is too large to be opened."""


def store_picture(*, content: bytes, user: Actor) -> Picture:
    """Store a picture's file, upright and without the metadata on where and when it was taken.

    Returns the Picture, the existing one if its bytes are the same. The file's content decides its format, never its
    name. Raises PermissionDenied; PictureRefused for a file that is too large, truncated, erased by order, or not a
    JPEG, PNG, WebP or GIF, and if the storage fails.
    """
    require(
        may_start(user) or user.has_perm("stories.change_article"),
        _("You may not add pictures. Ask a managing editor to give you the right to start stories."),
    )
    return write_picture(content)


def write_picture(content: bytes) -> Picture:
    """Store a picture's file. The caller has checked the permission. Raises PictureRefused."""
    kind = _check(content)
    cleaned = _clean(kind, content)
    digest = sha256(cleaned).hexdigest()
    if is_erased(digest):
        raise PictureRefused(
            _("This picture was erased by order, and is not taken again. Choose another one.")
        )
    with Image.open(BytesIO(cleaned)) as image:
        width, height = image.size
        picture = Picture(digest=digest, format=kind, width=width, height=height)
        try:
            # Files first: a row without its files would be a broken picture; files without a row do no harm.
            made = _save(picture, cleaned, image)
        except OSError as error:
            raise PictureRefused(
                _(
                    "This picture can’t be stored: the disk may be full, or the store of pictures out of reach. "
                    "Nothing was stored. Tell who runs the site, "
                    "then choose the picture again."
                )
            ) from error
    with transaction.atomic():
        picture, _made = Picture.objects.get_or_create(
            digest=digest, defaults={"format": kind, "width": width, "height": height}
        )
        _store_sizes(picture, made)
    return picture


def check_picture(content: bytes) -> None:
    """Raise NotAPicture for a file that `store_picture` would not accept as a picture."""
    _clean(_check(content), content)


def _save(picture: Picture, original: bytes, image: Image.Image) -> dict[int, str]:
    """Save the files of a picture that are missing or truncated in storage, or whose hash is not stored.

    Returns the new hashes by width. Each smaller size is made from the next larger one, so that the original is shrunk
    once.
    """
    if not _is_stored(picture.file_name(), original):
        default_storage.save(picture.file_name(), ContentFile(original))
    smaller = [width for width in picture.widths() if width < picture.width]
    known = set(PictureSize.objects.filter(picture=picture.digest).values_list("width", flat=True))
    made: dict[int, str] = {}
    if known.issuperset(smaller) and all(_is_complete(picture.file_name(width)) for width in smaller):
        return made
    frames = Frames(image)
    for width in reversed(smaller):
        frames.shrink(width)
        if width not in known or not _is_complete(picture.file_name(width)):
            content = frames.encoded(picture.format)
            default_storage.save(picture.file_name(width), ContentFile(content))
            if width not in known:
                made[width] = sha256(content).hexdigest()
    return made


def _store_sizes(picture: Picture, digests: dict[int, str]) -> None:
    """Store the hashes of the smaller files, unless another upload of the same picture has done so."""
    rows = [PictureSize(picture=picture, width=width, digest=digests[width]) for width in sorted(digests)]
    try:
        with transaction.atomic():
            append_all(rows)
    except IntegrityError:
        if PictureSize.objects.filter(picture=picture).count() < len(rows):
            raise


def _is_stored(name: str, content: bytes) -> bool:
    try:
        with default_storage.open(name) as file:
            return bool(file.read() == content)
    except FileNotFoundError:
        return False


def _is_complete(name: str) -> bool:
    """Return whether a size is in storage and can be read to its end."""
    try:
        with default_storage.open(name) as file, Image.open(file) as image:
            image.load()
    except (OSError, SyntaxError):
        return False
    return True


def _check(data: bytes) -> str:
    """Return the kind of a file whose every pixel can be read."""
    if len(data) > MOST_BYTES:
        raise NotAPicture(
            _(
                "This file has %(found)s MB; a picture may have %(most)s. Make it smaller, then choose it again."
            )
            % {"found": -(-len(data) // 1_000_000), "most": MOST_BYTES // 1_000_000}
        )
    try:
        with warnings.catch_warnings():
            # Pillow warns of a decompression bomb before it refuses one; our own limit is below both.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with _opened(data) as image:
                _require_within_limits(image, frames=1)
                image.verify()
            # After `verify` Pillow requires the file to be opened again.
            with _opened(data) as image:
                for number, frame in enumerate(_frames(image), start=1):
                    _require_within_limits(frame, frames=number)
                    frame.load()
                return str(image.format).lower()
    except PictureRefused:
        raise
    except Image.DecompressionBombError:
        raise _too_large() from None
    except Exception as error:  # Pillow's readers raise any exception for a broken file
        raise NotAPicture(
            _(
                "This file can’t be read as a picture. Save it as JPEG, PNG, WebP or GIF, then choose it again."
            )
        ) from error


def _opened(data: bytes) -> Image.Image:
    """Open a file by its content, a JPEG as its first picture alone.

    Phones and cameras append a second picture to the first (MPF: a preview, the depth, the brighter range), and Pillow
    then names the format MPO.
    """
    if data.startswith(b"\xff\xd8"):
        return JpegImageFile(BytesIO(data))
    return Image.open(BytesIO(data), formats=("png", "webp", "gif"))


def _frames(image: Image.Image) -> Iterator[Image.Image]:
    return iter(ImageSequence.Iterator(image))


def _require_within_limits(image: Image.Image, *, frames: int) -> None:
    """Raise PictureRefused if so many frames of an image's size exceed a worker's memory or time."""
    pixels = image.width * image.height
    if pixels * frames > MOST_PIXELS or pixels * _PIXEL_BYTES.get(image.mode, 4) > MOST_DECODED_BYTES:
        raise _too_large()


def _too_large() -> NotAPicture:
    return NotAPicture(
        _(
            "This picture has more pixels than can be opened here. Make it smaller (%(most)s million pixels always "
            "fit), then choose it again."
        )
        % {"most": MOST_DECODED_BYTES // 4_000_000}
    )


def _clean(kind: str, data: bytes) -> bytes:
    """Return the file upright, without metadata and in colours for screens."""
    with _opened(data) as image:
        turned = image.getexif().get(_ORIENTATION, 1) not in (0, 1)
        for_print = image.mode == "CMYK"
        if turned or for_print:
            profile = image.info.get("icc_profile")
            # Every frame of an animation is rotated, with its duration unchanged.
            moving = _animation_options(image)
            first, *others = [ImageOps.exif_transpose(frame) for frame in _frames(image)]
            if for_print:
                first, profile = _to_srgb(first, profile), None
            if others:
                moving["append_images"] = others
            data = _encoded(first, kind, icc_profile=profile, **moving)
    try:
        return strip_metadata(kind, data)
    except UnreadablePicture as error:
        raise NotAPicture(
            _("This picture’s file is cut off or broken. Save it again, then choose it again.")
        ) from error


def _animation_options(image: Image.Image) -> dict[str, Any]:
    """Return Pillow's options to save an animation; none for a still picture."""
    if getattr(image, "n_frames", 1) == 1:
        return {}
    durations = [frame.info.get("duration", 100) for frame in _frames(image)]
    return {"save_all": True, "loop": image.info.get("loop", 0), "duration": durations}


def _to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Convert a picture in print colours (CMYK) to sRGB, by its own profile if it has a usable one.

    Browsers render CMYK differently, some not at all.
    """
    if profile:
        with suppress(ImageCms.PyCMSError, OSError):
            converted = ImageCms.profileToProfile(
                image, BytesIO(profile), ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
            if converted is not None:
                converted.info.pop("icc_profile", None)
                return converted
    return image.convert("RGB")


class Frames:
    """The frames of a picture, one or many, while they are shrunk step by step."""

    def __init__(self, image: Image.Image) -> None:
        self._profile = image.info.get("icc_profile")
        self._loop = image.info.get("loop", 0)
        self._size = image.size
        # Read one by one and shrunk at once: all frames at full size would fill the memory.
        self._frames: Iterator[Image.Image] | list[Image.Image] = _frames(image)
        self._durations: list[int] = []

    def shrink(self, width: int) -> None:
        """Shrink every frame to a width in pixels that is not above the present one."""
        size = (width, max(1, round(self._size[1] * width / self._size[0])))
        first = not isinstance(self._frames, list)
        shrunk = []
        for frame in self._frames:
            if first:
                self._durations.append(frame.info.get("duration", 100))
            shrunk.append(_resized(frame, size))
        self._frames = shrunk

    def encoded(self, kind: str) -> bytes:
        """Return the file of the frames as they are now; `kind` is one of KINDS."""
        assert isinstance(self._frames, list)
        moving: dict[str, Any] = {}
        if len(self._frames) > 1:
            moving = {"save_all": True, "append_images": self._frames[1:], "loop": self._loop}
            moving["duration"] = self._durations
        return strip_metadata(kind, _encoded(self._frames[0], kind, icc_profile=self._profile, **moving))


def _resized(frame: Image.Image, size: tuple[int, int]) -> Image.Image:
    if frame.mode.startswith("I"):
        # Sixteen bits per pixel: Pillow would clip values above 255.
        frame = frame.convert("I").point(lambda level: level * (1 / 256)).convert("L")
    elif frame.mode in ("P", "1", "PA"):
        # Palette indexes can't be interpolated.
        frame = frame.convert("RGBA" if "transparency" in frame.info else "RGB")
    # A reducing gap of 3 looks the same as none, and takes a tenth of the time for a very large picture.
    return frame.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    quality: dict[str, dict[str, Any]] = {
        "jpeg": {"quality": 88, "optimize": True, "progressive": True},
        "webp": {"quality": 88},
        # Maximum compression takes ten times as long, and saves one percent.
        "png": {"compress_level": 6},
        "gif": {},
    }
    if kind == "gif":
        options.pop("icc_profile", None)
    out = BytesIO()
    image.save(out, format=kind, **quality[kind], **options)
    return out.getvalue()
