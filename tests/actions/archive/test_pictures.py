"""The pictures of an archive: found in its folder or inside a body, and nowhere else."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path

import pytest

from stories.actions.archive.import_story import ImportOutcome, try_import_story
from stories.actions.archive.pictures import _decoded
from stories.domain.archive.stories import load
from stories.domain.snapshot import ImageBlock
from stories.models import (
    Article,
    Picture,
)
from stories.queries.story.snapshots import snapshot_at
from tests.archives import IMPORTER, NOW, import_archived, line, version
from tests.factories import png

pytestmark = pytest.mark.django_db


def test_a_picture_is_found_by_its_path_or_its_name_or_inside_the_body(tmp_path: Path) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "hall.jpg").write_bytes(png())
    (tmp_path / "only name.png").write_bytes(png())
    data = f"data:image/png;base64,{b64encode(png()).decode()}"
    body = (
        "<img src='https://old.example.org/assets/hall.jpg?w=1' alt='a'>"
        f"<img src='/2019/only%20name.png' alt='b'><img src='{data}' alt='c'><img src='/gone.png'>"
    )
    result = import_archived(version(body=body), media=tmp_path)
    blocks = snapshot_at(Article.objects.get().pk, 1).blocks
    images = [block for block in blocks if isinstance(block, ImageBlock)]
    assert {image.picture for image in images[:3]} == {Picture.objects.get().digest}
    assert (images[0].width, images[0].height, images[0].address) == (40, 30, "")
    assert (images[3].picture, images[3].address) == ("", "/gone.png")
    assert (result.missing_files, result.missing_alt_texts) == (1, 1)
    assert import_archived(version(body=body, dek=" ")).outcome is ImportOutcome.SKIPPED


def test_no_file_outside_the_folder_is_taken(tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(png())
    media = tmp_path / "media"
    media.mkdir()
    (media / "link.png").symlink_to(tmp_path / "secret.png")
    body = "<img src='../secret.png' alt='a'><img src='/..%2fsecret.png' alt='a'><img src='link.png' alt='a'>"
    assert import_archived(version(body=body), media=media).missing_files == 3
    assert not Picture.objects.exists()


@pytest.mark.parametrize(
    "address",
    [
        "data:image/png;base64,AAAA!!!!",
        "data:image/jpeg;base64,/9j/4AAQSkZJRg",
        "data:image/svg+xml;utf8,<svg xmlns='http://www.w3.org/2000/svg'><path d='M0 0h9'/></svg>",
        "data:image/webp;base64,",
        "/assets/hall.jpg",
    ],
)
def test_a_picture_that_can_not_be_read_costs_its_story_nothing_but_the_picture(
    tmp_path: Path, address: str
) -> None:
    (tmp_path / "hall.jpg").write_bytes(b"nothing")
    body = (
        f'<p>Before.</p><figure><img src="{address}" alt="The hall"><figcaption>In May</figcaption></figure>'
    )
    tried = try_import_story(story=load(line(version(body=body))), user=IMPORTER, media=tmp_path, at=NOW)
    result = import_archived(version(body=body), media=tmp_path)
    assert tried == result
    (sentence,) = result.unreadable_pictures
    assert "This file can’t be read as a picture." in sentence
    _before, image = snapshot_at(Article.objects.get().pk, 1).blocks
    assert isinstance(image, ImageBlock)
    assert (image.picture, image.alt_text, image.caption) == ("", "The hall", "In May")
    assert image.address == (address if address.startswith("/") else "about:invalid")
    assert import_archived(version(body=body, dek=" "), media=tmp_path).outcome is ImportOutcome.SKIPPED


def test_a_data_picture_is_read_however_its_letters_are_written() -> None:
    whole = b64encode(png()).decode()
    for letters in (
        whole,
        whole.rstrip("="),
        whole.replace("+", "-").replace("/", "_"),
        whole[:20] + "\n " + whole[20:],
        whole.replace("+", "%2B"),
    ):
        assert _decoded(f"data:image/png;BASE64,{letters}") == png()
