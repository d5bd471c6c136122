"""Take in a picture's file."""

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
# What a worker's time bears, of all frames together, and its memory, of one frame decoded: reckoned from the file's
# first bytes, since a file of 400 KB can hold 400 MB. Cameras of 61 megapixels stay below both.
MOST_PIXELS: Final = 100_000_000
MOST_DECODED_BYTES: Final = 200_000_000
# Bytes a pixel takes while it is looked at; a palette's pixels become colours before they can be mixed.
_PIXEL_BYTES: Final = {"1": 1, "L": 1, "LA": 2, "P": 4, "PA": 4, "RGB": 3, "I;16": 4, "I": 4, "F": 4}
_ORIENTATION: Final = 0x0112


class PictureRefused(Refused):
    """A file that is not kept as a picture; nothing was stored."""


class NoPicture(PictureRefused):
    """A file that is no picture, is broken, or is larger than can be opened."""


def store_picture(*, content: bytes, user: Actor) -> Picture:
    """Keep a picture's file, upright and without what it tells of where and when it was taken.

    Returns the Picture, the one that is there already if its bytes are the same. The file's content
    decides what it is, never its name. Raises PermissionDenied; PictureRefused for a file that is too large, cut
    off, erased by order, or no JPEG, PNG, WebP or GIF, and if storage does not take it.
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
    with Image.open(BytesIO(kept)) as image:
        width, height = image.size
        picture = Picture(digest=digest, format=kind, width=width, height=height)
        try:
            # Files first: a row without its files would be a broken picture, files without a row are nothing.
            made = _save(picture, kept, image)
        except OSError as error:
            raise PictureRefused(
                _(
                    "This picture can’t be stored: the disk may be full. Nothing was stored. Tell who runs the site, "
                    "then choose the picture again."
                )
            ) from error
    with transaction.atomic():
        picture, _made = Picture.objects.get_or_create(
            digest=digest, defaults={"format": kind, "width": width, "height": height}
        )
        _keep_sizes(picture, made)
    return picture


def check_picture(content: bytes) -> None:
    """Raise NoPicture for a file that `store_picture` would not take for a picture."""
    _clean(_check(content), content)


def _save(picture: Picture, kept: bytes, image: Image.Image) -> dict[int, str]:
    """Save the files of a picture that are not in storage, not whole, or of which it is not kept what they are.

    Returns the hashes of these last, by width.
    Each smaller size is made of the next larger one, so that the original is shrunk once.
    """
    if not _stored_alike(picture.file_name(), kept):
        default_storage.save(picture.file_name(), ContentFile(kept))
    smaller = [width for width in picture.widths() if width < picture.width]
    known = set(PictureSize.objects.filter(picture=picture.digest).values_list("width", flat=True))
    made: dict[int, str] = {}
    if known.issuperset(smaller) and all(_is_whole(picture.file_name(width)) for width in smaller):
        return made
    frames = Frames(image)
    for width in reversed(smaller):
        frames.shrink(width)
        if width not in known or not _is_whole(picture.file_name(width)):
            content = frames.encoded(picture.format)
            default_storage.save(picture.file_name(width), ContentFile(content))
            if width not in known:
                made[width] = sha256(content).hexdigest()
    return made


def _keep_sizes(picture: Picture, digests: dict[int, str]) -> None:
    """Keep what the smaller files are, unless who brought the same picture at once has done so."""
    rows = [PictureSize(picture=picture, width=width, digest=digests[width]) for width in sorted(digests)]
    try:
        with transaction.atomic():
            append_all(rows)
    except IntegrityError:
        if PictureSize.objects.filter(picture=picture).count() < len(rows):
            raise


def _stored_alike(name: str, content: bytes) -> bool:
    try:
        with default_storage.open(name) as file:
            return bool(file.read() == content)
    except FileNotFoundError:
        return False


def _is_whole(name: str) -> bool:
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
        raise NoPicture(
            _(
                "This file has %(found)s MB; a picture may have %(most)s. Make it smaller, then choose it again."
            )
            % {"found": -(-len(data) // 1_000_000), "most": MOST_BYTES // 1_000_000}
        )
    try:
        with warnings.catch_warnings():
            # Pillow warns of a bomb before it refuses one; our own limit is below both.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with _opened(data) as image:
                _require_bearable(image, frames=1)
                image.verify()
            # After `verify` Pillow wants the file opened anew.
            with _opened(data) as image:
                for number, frame in enumerate(_frames(image), start=1):
                    _require_bearable(frame, frames=number)
                    frame.load()
                return str(image.format).lower()
    except PictureRefused:
        raise
    except Image.DecompressionBombError:
        raise _too_large() from None
    except Exception as error:  # Pillow's readers raise what they like for a broken file
        raise NoPicture(
            _(
                "This file can’t be read as a picture. Save it as JPEG, PNG, WebP or GIF, then choose it again."
            )
        ) from error


def _opened(data: bytes) -> Image.Image:
    """Open a file by its content, a JPEG as its first picture alone.

    Phones and cameras write a second picture behind the first one (MPF: a preview, the depth, the brighter range), and
    Pillow then calls the file by another name, MPO.
    """
    if data.startswith(b"\xff\xd8"):
        return JpegImageFile(BytesIO(data))
    return Image.open(BytesIO(data), formats=("png", "webp", "gif"))


def _frames(image: Image.Image) -> Iterator[Image.Image]:
    return iter(ImageSequence.Iterator(image))


def _require_bearable(image: Image.Image, *, frames: int) -> None:
    """Raise PictureRefused if so many frames of an image's size take more memory or time than a worker has."""
    pixels = image.width * image.height
    if pixels * frames > MOST_PIXELS or pixels * _PIXEL_BYTES.get(image.mode, 4) > MOST_DECODED_BYTES:
        raise _too_large()


def _too_large() -> NoPicture:
    return NoPicture(
        _(
            "This picture has more pixels than can be opened here. Make it smaller (%(most)s million pixels always "
            "fit), then choose it again."
        )
        % {"most": MOST_DECODED_BYTES // 4_000_000}
    )


def _clean(kind: str, data: bytes) -> bytes:
    """Return the file upright, bare and in colours that screens show."""
    with _opened(data) as image:
        turned = image.getexif().get(_ORIENTATION, 1) not in (0, 1)
        for_print = image.mode == "CMYK"
        if turned or for_print:
            profile = image.info.get("icc_profile")
            # Of one that moves every frame is turned, and stays for as long.
            moving = _moving(image)
            first, *others = [ImageOps.exif_transpose(frame) for frame in _frames(image)]
            if for_print:
                first, profile = _for_screens(first, profile), None
            if others:
                moving["append_images"] = others
            data = _encoded(first, kind, icc_profile=profile, **moving)
    try:
        return strip_metadata(kind, data)
    except UnreadablePicture as error:
        raise NoPicture(
            _("This picture’s file is cut off or broken. Save it anew, then choose it again.")
        ) from error


def _moving(image: Image.Image) -> dict[str, Any]:
    """How a picture of several frames is saved, as options of Pillow's; none for one that stands still."""
    if getattr(image, "n_frames", 1) == 1:
        return {}
    durations = [frame.info.get("duration", 100) for frame in _frames(image)]
    return {"save_all": True, "loop": image.info.get("loop", 0), "duration": durations}


def _for_screens(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Convert a picture in the inks of print (CMYK) to sRGB, by its own profile if it has a usable one.

    Browsers draw CMYK each in their own way, some not at all.
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
    """The frames of a picture, one or many, while they are made smaller step by step."""

    def __init__(self, image: Image.Image) -> None:
        self._profile = image.info.get("icc_profile")
        self._loop = image.info.get("loop", 0)
        self._size = image.size
        # Read from the file one by one, and shrunk at once: all of them at their full size would fill the memory.
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
        # Sixteen bits a pixel: Pillow cuts off what is brighter than eight can say.
        frame = frame.convert("I").point(lambda level: level * (1 / 256)).convert("L")
    elif frame.mode in ("P", "1", "PA"):
        # A palette's colours can't be mixed.
        frame = frame.convert("RGBA" if "transparency" in frame.info else "RGB")
    # A reducing gap of 3 can't be told from none by eye, and takes a tenth of the time of a very large picture.
    return frame.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    quality: dict[str, dict[str, Any]] = {
        "jpeg": {"quality": 88, "optimize": True, "progressive": True},
        "webp": {"quality": 88},
        # The strongest compression takes ten times as long, for a hundredth of the size.
        "png": {"compress_level": 6},
        "gif": {},
    }
    if kind == "gif":
        options.pop("icc_profile", None)
    out = BytesIO()
    image.save(out, format=kind, **quality[kind], **options)
    return out.getvalue()
