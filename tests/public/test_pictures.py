from __future__ import annotations

from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from PIL import Image

from stories.actions.editing.pictures import store_picture
from stories.domain.snapshot import ImageBlock
from stories.models import Picture, User
from tests.factories import begin, change, go_live, minutes, text, wanted
from tests.public.test_story import read
from tests.tampering import execute, tampered

pytestmark = pytest.mark.django_db


@pytest.fixture
def fog(maya: User) -> Picture:
    drawn = BytesIO()
    Image.linear_gradient("L").resize((800, 400)).convert("RGB").save(drawn, "JPEG")
    return store_picture(content=drawn.getvalue(), user=maya)


def showing(picture: Picture) -> ImageBlock:
    return ImageBlock(key=uuid4(), picture=picture.pk, alt_text="Fog over the strait")


def test_a_picture_is_served_in_its_sizes_while_a_version_shows_it(
    client: Client, maya: User, fog: Picture
) -> None:
    go_live(begin(wanted("Fog", text(), showing(fog)), user=maya), user=maya)
    assert f'src="/pictures/{fog.pk}/640"' in read(client, "/stories/fog/")
    for width in (320, 640, 800):
        response = client.get(f"/pictures/{fog.pk}/{width}")
        assert response.status_code == 200
        assert response["Content-Type"] == "image/jpeg"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Cache-Control"] == "public, max-age=300"
        with Image.open(BytesIO(response.getvalue())) as image:
            assert image.size == (width, width // 2)


def test_every_size_that_a_page_names_is_there(client: Client, maya: User, fog: Picture) -> None:
    go_live(begin(wanted("Fog", text(), showing(fog)), user=maya), user=maya)
    html = read(client, "/stories/fog/")
    source = html[html.index('srcset="') + 8 :]
    for size in source[: source.index('"')].split(", "):
        assert client.get(size.split()[0]).status_code == 200


def test_a_size_that_was_not_made_is_not_found(client: Client, maya: User, fog: Picture) -> None:
    go_live(begin(wanted("Fog", text(), showing(fog)), user=maya), user=maya)
    for width in ("0", "1", "641", "960", "99999999999999999999"):
        assert client.get(f"/pictures/{fog.pk}/{width}").status_code == 404


def test_a_picture_whose_file_is_lost_is_not_found_and_the_desk_hears_of_it(
    client: Client, maya: User, fog: Picture, caplog: pytest.LogCaptureFixture
) -> None:
    go_live(begin(wanted("Fog", text(), showing(fog)), user=maya), user=maya)
    default_storage.delete(fog.file_name(fog.width))
    assert client.get(f"/pictures/{fog.pk}/{fog.width}").status_code == 404
    assert "is not in storage" in caplog.text


def test_a_picture_whose_row_is_gone_is_not_found_and_the_desk_hears_of_it(
    client: Client, maya: User, fog: Picture, caplog: pytest.LogCaptureFixture
) -> None:
    go_live(begin(wanted("Fog", text(), showing(fog)), user=maya), user=maya)
    with tampered():
        execute(
            "SET LOCAL session_replication_role = replica"
            if connection.vendor == "postgresql"
            else "PRAGMA defer_foreign_keys = ON"
        )
        for table, column in (("stories_picturesize", "picture_id"), ("stories_picture", "digest")):
            execute(f"DELETE FROM {table} WHERE {column} = %s", fog.pk)  # noqa: S608 - our own names
        response = client.get(f"/pictures/{fog.pk}/640")
    assert response.status_code == 404
    assert "is not in stories_picture" in caplog.text


def test_a_picture_of_a_draft_or_of_a_version_to_come_is_not_found(
    client: Client, maya: User, fog: Picture
) -> None:
    article = begin(wanted("Fog", text()), user=maya)
    go_live(article, user=maya, at=minutes(10))
    change(article, user=maya, at=minutes(20), blocks=(text(), showing(fog)))
    assert client.get(f"/pictures/{fog.pk}/640").status_code == 404
    go_live(
        article,
        user=maya,
        at=minutes(20),
        live_from=minutes(700),
        publication_class="override",
        reason="a picture",
    )
    assert client.get(f"/pictures/{fog.pk}/640").status_code == 404


def test_a_picture_stays_while_an_old_version_shows_it(client: Client, maya: User, fog: Picture) -> None:
    article = begin(wanted("Fog", text(), showing(fog)), user=maya)
    go_live(article, user=maya, at=minutes(10))
    change(article, user=maya, at=minutes(20), blocks=(text(),))
    go_live(article, user=maya, at=minutes(20), publication_class="override", reason="no picture")
    assert client.get(f"/pictures/{fog.pk}/640").status_code == 200


def test_a_picture_that_a_reader_has_is_not_sent_again(client: Client, maya: User, fog: Picture) -> None:
    go_live(begin(wanted("Fog", text(), showing(fog)), user=maya), user=maya)
    first = client.get(f"/pictures/{fog.pk}/640")
    first.getvalue()
    again = client.get(f"/pictures/{fog.pk}/640", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304
