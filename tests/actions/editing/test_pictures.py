"""A picture's file is checked, stripped of metadata, rotated upright, and stored under the hash of the result."""

from __future__ import annotations

import struct
import zlib
from errno import ENOSPC
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from PIL import Image, ImageCms, ImageSequence, PngImagePlugin, features

from newsroom import durable_storage
from stories.actions.editing.pictures import MOST_BYTES, Frames, PictureRefused, store_picture
from stories.actions.errors import Refused
from stories.models import Picture, PictureSize
from stories.models.roles import AUDITOR, REPORTER
from tests.factories import make_user

pytestmark = pytest.mark.django_db

SECRET = "taken at 52.5 north by Jane Doe"


def drawn(width: int = 64, height: int = 48, mode: str = "RGB") -> Image.Image:
    image = Image.new("RGB", (width, height), "white")
    image.paste("red", (0, 0, width // 2, height // 2))
    return image.convert(mode)


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    out = BytesIO()
    image.save(out, format=kind, **options)
    return out.getvalue()


def with_metadata(kind: str, orientation: int = 1) -> bytes:
    """Return a picture with revealing metadata."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = SECRET
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (52.0, 30.0, 0.0)
    if kind == "gif":
        return encoded(drawn(), kind, comment=SECRET.encode())
    options: dict[str, Any] = {"exif": exif}
    if kind == "png":
        options["pnginfo"] = PngImagePlugin.PngInfo()
        options["pnginfo"].add_text("Comment", SECRET)
    else:
        options["xmp"] = SECRET.encode()
    if kind == "jpeg":
        options["comment"] = SECRET.encode()
    return encoded(drawn(), kind, **options)


def stored(content: bytes) -> Picture:
    return store_picture(content=content, user=make_user(REPORTER))


def stored_file(picture: Picture, width: int | None = None) -> bytes:
    with default_storage.open(picture.file_name(width)) as file:
        return bytes(file.read())


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp", "gif"])
def test_a_picture_says_nothing_of_where_it_was_taken_or_by_whom(kind: str) -> None:
    content = with_metadata(kind)
    assert SECRET.encode() in content
    picture = stored(content + SECRET.encode())
    file = stored_file(picture)
    assert SECRET.encode() not in file
    assert picture.digest == sha256(file).hexdigest()
    assert (picture.format, picture.width, picture.height) == (kind, 64, 48)
    with Image.open(BytesIO(file)) as image:
        assert not image.getexif()
        assert image.convert("RGB").tobytes() == Image.open(BytesIO(content)).convert("RGB").tobytes()


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp", "gif"])
def test_a_bare_file_is_kept_byte_for_byte_and_once(kind: str) -> None:
    picture = stored(with_metadata(kind))
    file = stored_file(picture)
    again = store_picture(content=file, user=make_user(REPORTER, name="otto"))
    assert again == picture
    assert stored_file(again) == file
    assert Picture.objects.count() == 1


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp"])
def test_a_picture_taken_sideways_stands_upright(kind: str) -> None:
    picture = stored(with_metadata(kind, orientation=6))
    assert (picture.width, picture.height) == (48, 64)
    with Image.open(BytesIO(stored_file(picture))) as image:
        assert not image.getexif()
        corner = image.convert("RGB").crop((36, 4, 44, 12)).tobytes()
        assert min(corner[0::3]) > 200
        assert max(corner[1::3]) < 80


def test_sizes_are_made_where_the_original_is_wider() -> None:
    picture = stored(encoded(drawn(700, 350), "jpeg"))
    assert picture.widths() == [320, 640, 700]
    for width in (320, 640, 700):
        with Image.open(BytesIO(stored_file(picture, width))) as image:
            assert image.size == (width, width // 2)


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp", "gif"])
def test_the_same_library_makes_the_same_smaller_files_of_an_original(kind: str) -> None:
    out = BytesIO()
    Image.linear_gradient("L").resize((1500, 1000)).convert("RGB").save(out, kind)
    picture = store_picture(content=out.getvalue(), user=make_user(REPORTER))
    hashes = dict(PictureSize.objects.values_list("width", "digest"))
    with default_storage.open(picture.file_name()) as file, Image.open(file) as original:
        frames, again = Frames(original), {}
        for width in sorted(hashes, reverse=True):
            frames.shrink(width)
            again[width] = sha256(frames.encoded(picture.format)).hexdigest()
    assert hashes
    assert again == hashes


def test_a_moving_picture_still_moves_when_made_smaller() -> None:
    frames = [Image.new("RGB", (400, 100), color) for color in ("red", "green", "blue")]
    content = encoded(frames[0], "gif", save_all=True, append_images=frames[1:], duration=80, loop=0)
    picture = stored(content)
    for width in (320, 400):
        with Image.open(BytesIO(stored_file(picture, width))) as image:
            assert getattr(image, "n_frames", 1) == 3


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGBA", "CMYK", "I;16"])
def test_every_kind_of_colour_can_be_made_smaller(mode: str) -> None:
    kind = "jpeg" if mode == "CMYK" else "png"
    image = Image.new("I;16", (400, 300)) if mode == "I;16" else drawn(400, 300, mode)
    assert stored_file(stored(encoded(image, kind)), 320)


def test_a_lost_size_is_made_again_when_the_picture_comes_in_again() -> None:
    content = encoded(drawn(400, 300), "png")
    picture = stored(content)
    default_storage.delete(picture.file_name(320))
    store_picture(content=content, user=make_user(REPORTER, name="otto"))
    assert stored_file(picture, 320)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no picture at all",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        encoded(drawn(), "jpeg")[:-40],
        encoded(drawn(), "png")[:-20],
        encoded(drawn(), "bmp"),
        encoded(drawn(), "tiff"),
    ],
)
def test_what_is_no_picture_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(Refused, match=r"picture.*then choose it again\."):
        stored(content)
    assert not Picture.objects.exists()


def png_header(width: int, height: int, colour: int) -> bytes:
    """Return a PNG that states its size and has almost no data; `colour` is 2 for RGB, 6 for RGBA."""
    header = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )


@pytest.mark.parametrize(
    ("width", "height", "colour"),
    [(50_000, 50_000, 2), (9_999, 9_999, 6), (9_999, 9_999, 2), (7_100, 7_100, 6)],
)
def test_a_picture_that_would_fill_the_memory_is_refused_before_it_is_decoded(
    width: int, height: int, colour: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PngImagePlugin.PngImageFile, "load", lambda _: pytest.fail("It was decoded."))
    with pytest.raises(Refused, match="more pixels than can be opened here"):
        stored(png_header(width, height, colour))


def test_a_moving_picture_of_too_many_frames_is_refused() -> None:
    frames = [Image.new("P", (4_000, 4_000), number) for number in range(8)]
    content = encoded(frames[0], "gif", save_all=True, append_images=frames[1:])
    with pytest.raises(Refused, match="more pixels than can be opened here"):
        stored(content)


def test_a_file_that_is_too_large_is_refused_unread() -> None:
    with pytest.raises(Refused, match="This file has 41 MB; a picture may have 40"):
        stored(b"x" * (MOST_BYTES + 1))


def test_only_who_may_write_may_add_pictures() -> None:
    for person in (make_user(AUDITOR), make_user()):
        with pytest.raises(PermissionDenied):
            store_picture(content=encoded(drawn(), "png"), user=person)
    assert not Picture.objects.exists()


def with_a_second_picture(**options: Any) -> bytes:
    """Return a JPEG as phones write it: with a second picture, and an index of both (MPF)."""
    out = BytesIO()
    drawn(600, 400).save(
        out, format="MPO", save_all=True, append_images=[Image.new("RGB", (600, 400), "blue")], **options
    )
    return out.getvalue()


def test_a_phones_picture_with_a_second_one_behind_it_is_taken_without_that() -> None:
    content = with_a_second_picture()
    with Image.open(BytesIO(content)) as image:
        assert image.format == "MPO"
    picture = stored(content)
    assert picture.format == "jpeg"
    for width in (320, 600):
        with Image.open(BytesIO(stored_file(picture, width))) as image:
            assert (image.format, getattr(image, "n_frames", 1)) == ("JPEG", 1)
            assert image.convert("RGB").getpixel((4, 4))[0] > 200  # type: ignore[index]


def test_a_phones_picture_taken_sideways_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = stored(with_a_second_picture(exif=exif.tobytes()))
    assert (picture.width, picture.height) == (400, 600)


def test_a_phones_picture_whose_index_leads_nowhere_is_taken() -> None:
    content = with_a_second_picture()
    cut = content[: content.index(b"\xff\xd8", 100) + 40]
    assert stored(cut).format == "jpeg"


@pytest.mark.parametrize("with_profile", [True, False])
def test_the_inks_of_print_become_the_colours_of_screens(with_profile: bool) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    # A profile that is not for CMYK can't be used, nor can a broken one.
    options = {"icc_profile": profile} if with_profile else {}
    picture = stored(encoded(drawn(400, 300, "CMYK"), "jpeg", **options))
    for width in (320, 400):
        with Image.open(BytesIO(stored_file(picture, width))) as image:
            assert image.mode == "RGB"
            assert "icc_profile" not in image.info
            red, green, blue = image.getpixel((10, 10))  # type: ignore[misc]
            assert red > 200
            assert max(green, blue) < 80


@pytest.mark.parametrize("file", range(3))
def test_a_full_disk_leaves_no_picture_that_is_cut_off(file: int, monkeypatch: pytest.MonkeyPatch) -> None:
    content = encoded(drawn(700, 350), "jpeg")
    saved: list[str] = []
    synced = durable_storage._sync

    def full(path: str | Path) -> None:
        if len(saved) == file:
            raise OSError(ENOSPC, "No space left on device")
        saved.append(str(path))
        synced(path)

    with monkeypatch.context() as patched:
        patched.setattr(durable_storage, "_sync", full)
        with pytest.raises(PictureRefused, match=r"the disk may be full, .+\. Nothing was stored"):
            stored(content)
    assert not Picture.objects.exists()
    assert not list(Path(default_storage.path("")).rglob("*.part"))
    picture = store_picture(content=content, user=make_user(REPORTER, name="otto"))
    for width in picture.widths():
        with Image.open(BytesIO(stored_file(picture, width))) as image:
            image.load()


@pytest.mark.parametrize("width", [320, 640, 700])
def test_a_file_that_was_cut_off_is_made_whole_when_the_picture_comes_in_again(width: int) -> None:
    content = encoded(drawn(700, 350), "jpeg")
    picture = stored(content)
    path = Path(default_storage.path(picture.file_name(width)))
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    store_picture(content=content, user=make_user(REPORTER, name="otto"))
    assert path.read_bytes() == whole


def test_a_grey_picture_of_sixteen_bits_keeps_its_greys_when_made_smaller() -> None:
    wide, high = 640, 4
    image = Image.new("I;16", (wide, high))
    image.putdata([x * 65535 // wide for _y in range(high) for x in range(wide)])
    picture = stored(encoded(image, "png"))
    with default_storage.open(picture.file_name(320)) as file, Image.open(file) as small:
        greys = small.convert("L").tobytes()
        assert [greys[x] // 16 for x in (10, 100, 166, 220, 310)] == [0, 4, 8, 10, 15]


def test_a_moving_picture_taken_sideways_stands_upright_and_moves() -> None:
    frames = [Image.new("RGB", (40, 20), color) for color in ("red", "lime", "blue")]
    exif = Image.Exif()
    exif[0x0112] = 6
    content = encoded(
        frames[0], "webp", save_all=True, append_images=frames[1:], duration=[50, 60, 70], exif=exif
    )
    picture = stored(content)
    assert (picture.width, picture.height) == (20, 40)
    with default_storage.open(picture.file_name()) as file, Image.open(file) as image:
        assert sum(1 for _frame in ImageSequence.Iterator(image)) == 3


@pytest.mark.parametrize("kind", ["tiff", "bmp", *(["avif"] if features.check("avif") else [])])
def test_kinds_of_pictures_that_not_every_browser_shows_are_refused_with_what_to_do(kind: str) -> None:
    with pytest.raises(PictureRefused, match="Save it as JPEG, PNG, WebP or GIF"):
        stored(encoded(Image.new("RGB", (9, 9)), kind))
