"""The pictures of stories exist, unchanged, at every size that readers receive."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection

from stories.models import Picture, PictureSize
from stories.queries.verification import Kind, Verification
from tests import factories as make
from tests.tampering import execute, tampered

pytestmark = pytest.mark.usefixtures("article")


def messages() -> list[str]:
    return [str(finding) for finding in Verification() if finding.kind is Kind.PICTURE]


def put(name: str, content: bytes) -> None:
    default_storage.delete(name)
    default_storage.save(name, ContentFile(content))


def test_a_picture_removed_with_its_row_and_its_files_is_found() -> None:
    picture = Picture.objects.get()
    with tampered():
        if connection.vendor == "postgresql":
            execute("SET LOCAL session_replication_role = replica")
        for table in ("stories_picturesize", "stories_publishedpicture"):
            execute(f"DELETE FROM {table} WHERE picture_id = %s", picture.pk)  # noqa: S608 - our own names
        execute("DELETE FROM stories_picture WHERE digest = %s", picture.pk)
        for width in picture.widths():
            default_storage.delete(picture.file_name(width))
        verification = Verification()
        found = [str(finding) for finding in verification]
    assert f"The picture {picture.pk} is not there (in stories_picture), and stories show it or did." in found
    assert verification.pictures == 1


@pytest.mark.parametrize("width", [320, 400])
def test_a_file_that_was_replaced_is_found_at_every_width(width: int) -> None:
    picture = Picture.objects.get()
    put(picture.file_name(width), make.png(width, 30))
    (found,) = messages()
    assert picture.file_name(width) in found
    assert "is another than it was" in found


def test_a_smaller_file_that_is_lost_is_found() -> None:
    picture = Picture.objects.get()
    default_storage.delete(picture.file_name(320))
    assert messages() == [
        f"The picture {picture.pk} at width 320 has no file: {picture.file_name(320)} (its row is in stories_picture)."
    ]


@pytest.mark.parametrize("change", ["width = 300", "height = 299", "format = 'gif'"])
def test_a_row_that_says_something_else_of_the_file_is_found(change: str) -> None:
    with tampered():
        execute(f"UPDATE stories_picture SET {change}")  # noqa: S608 - our own names
        assert messages()


def test_a_size_that_nobody_wrote_down_is_found() -> None:
    with tampered():
        execute("DELETE FROM stories_picturesize")
        (found,) = messages()
    assert "at width 320 should be is not there (in stories_picturesize)" in found
    assert PictureSize.objects.get().width == 320
