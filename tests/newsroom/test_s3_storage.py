"""Pictures in an S3-compatible store, from the upload to the erasure; and what happens while it is out of reach."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import boto3
import pytest
from botocore.exceptions import ClientError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.test import Client
from moto.server import ThreadedMotoServer
from PIL import Image
from pytest_django import Settings

from newsroom import s3_storage
from newsroom.environment import media_storage
from newsroom.s3_storage import StoreFails
from stories.actions.editing.pictures import PictureRefused, store_picture
from stories.domain.snapshot import ImageBlock
from stories.models import Picture, User
from stories.queries.health.checks import State
from stories.queries.health.host import check_media
from stories.queries.verification import Verification
from tests import erasing
from tests.erasure_orders import erased
from tests.factories import begin, go_live, make_user, png, text, wanted

pytestmark = pytest.mark.django_db

BUCKET = "pictures-of-the-tests"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Return the address of an S3-compatible server."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    started = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    started.start()
    host, port = started.get_host_and_port()
    try:
        yield f"http://{host}:{port}"
    finally:
        started.stop()


def verify() -> list[str]:
    return [str(finding) for finding in Verification()]


def use(address: str, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEDIA_STORAGE", f"s3://{BUCKET}/newsroom?region=eu-west-1&endpoint={address}")
    settings.STORAGES = {**settings.STORAGES, "default": media_storage()}


@pytest.fixture
def bucket(server: str, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return an empty bucket, in which the site keeps its pictures."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a-key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "a-secret")
    found = boto3.resource("s3", endpoint_url=server, region_name="eu-west-1").Bucket(BUCKET)
    found.create(CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    use(server, settings, monkeypatch)
    yield found
    found.objects.delete()
    found.delete()


@contextmanager
def hung() -> Iterator[str]:
    """Accept connections and never answer."""
    with socket.create_server(("127.0.0.1", 0), backlog=100) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


def names(bucket: Any) -> set[str]:
    return {each.key for each in bucket.objects.all()}


@pytest.fixture
def fog(bucket: Any, maya: User) -> Picture:
    drawn = BytesIO()
    Image.linear_gradient("L").resize((800, 400)).convert("RGB").save(drawn, "JPEG")
    return store_picture(content=drawn.getvalue(), user=maya)


def show(picture: Picture, user: User) -> None:
    block = ImageBlock(key=uuid4(), picture=picture.pk, alt_text="Fog over the strait")
    go_live(begin(wanted("Fog", text(), block), user=user), user=user)


class TestWhileItAnswers:
    def test_an_upload_stores_every_size_under_the_names_that_a_folder_has(
        self, bucket: Any, fog: Picture
    ) -> None:
        folder = f"newsroom/pictures/{fog.pk[:2]}/{fog.pk}"
        assert names(bucket) == {f"{folder}/{size}.jpeg" for size in ("320", "640", "original")}
        assert bucket.Object(f"{folder}/320.jpeg").content_type == "image/jpeg"

    def test_the_same_picture_is_stored_once(self, bucket: Any, maya: User) -> None:
        first, second = (store_picture(content=png(700), user=maya) for _time in range(2))
        assert first.pk == second.pk
        assert len(names(bucket)) == 3

    def test_readers_get_it_from_the_site_while_a_version_shows_it(
        self, client: Client, maya: User, fog: Picture
    ) -> None:
        assert client.get(f"/pictures/{fog.pk}/320").status_code == 404
        show(fog, maya)
        assert f'src="/pictures/{fog.pk}/640"' in client.get("/stories/fog/").content.decode()
        for width in (320, 640, 800):
            response = client.get(f"/pictures/{fog.pk}/{width}")
            assert response.status_code == 200
            with Image.open(BytesIO(response.getvalue())) as image:
                assert image.size == (width, width // 2)

    def test_verification_finds_files_that_are_lost_or_changed(
        self, bucket: Any, maya: User, fog: Picture
    ) -> None:
        show(fog, maya)
        assert verify() == []
        folder = f"newsroom/pictures/{fog.pk[:2]}/{fog.pk}"
        bucket.Object(f"{folder}/320.jpeg").delete()
        bucket.Object(f"{folder}/original.jpeg").put(Body=png(41))
        found = " ".join(verify())
        assert "has no file" in found
        assert "is another than it was" in found

    def test_an_erased_picture_is_gone_at_all_its_sizes(
        self, client: Client, bucket: Any, django_capture_on_commit_callbacks: Any
    ) -> None:
        article = erasing.make_phrase(make_user("Editor"))
        picture = Picture.objects.get()
        assert names(bucket)
        with django_capture_on_commit_callbacks(execute=True):
            erased(article, scope="picture", picture=picture)
        assert names(bucket) == set()
        assert client.get(f"/pictures/{picture.pk}/40").status_code == 404

    @pytest.mark.django_db(transaction=True)
    def test_a_backup_has_the_pictures_too(
        self, fog: Picture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # How a database is copied is none of this test's business, and pg_dump may be older than the server.
        monkeypatch.setattr("stories.management.backup._copy_database", lambda _folder: None)
        folder = tmp_path / "backup"
        call_command("backup", str(folder), stdout=StringIO())
        copies = {str(path.relative_to(folder / "media")) for path in (folder / "media").rglob("*.jpeg")}
        assert copies == {fog.file_name(width) for width in fog.widths()}

    def test_the_doctor_writes_reads_and_deletes(self, bucket: Any) -> None:
        assert check_media(remote=True).state is State.OK
        assert names(bucket) == set()

    def test_what_is_not_there_is_not_found(self, bucket: Any) -> None:
        with pytest.raises(FileNotFoundError):
            default_storage.open("pictures/none")
        assert not default_storage.exists("pictures/none")
        default_storage.delete("pictures/none")
        assert default_storage.listdir("") == ([], [])


@pytest.fixture(params=["hung", "refused", "no bucket", "no rights"])
def out_of_reach(
    request: pytest.FixtureRequest,
    server: str,
    fog: Picture,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[str]:
    """Let the store fail, in one way after the other, after a picture was stored."""
    monkeypatch.setattr(s3_storage, "PAUSE", 0.0)
    if request.param == "hung":
        monkeypatch.setattr(s3_storage, "READ_PATIENCE", 0.3)
        with hung() as address:
            use(address, settings, monkeypatch)
            yield request.param
        return
    if request.param == "refused":
        use("http://127.0.0.1:1", settings, monkeypatch)
    elif request.param == "no bucket":
        monkeypatch.setenv("MEDIA_STORAGE", f"s3://another-bucket?endpoint={server}")
        settings.STORAGES = {**settings.STORAGES, "default": media_storage()}
    else:

        def refuse(*_args: object, **_kwargs: object) -> None:
            raise ClientError(
                {"Error": {"Code": "AccessDenied"}, "ResponseMetadata": {"HTTPStatusCode": 403}}, "Any"
            )

        with monkeypatch.context() as patched:
            patched.setattr("botocore.client.BaseClient._make_api_call", refuse)
            yield request.param
        return
    yield request.param


class TestWhileItDoesNot:
    def test_an_upload_is_refused_with_a_sentence_and_leaves_no_picture(
        self, out_of_reach: str, maya: User
    ) -> None:
        before = Picture.objects.count()
        with pytest.raises(
            PictureRefused, match=r"or the store of pictures out of reach\. Nothing was stored"
        ):
            store_picture(content=png(700), user=maya)
        assert Picture.objects.count() == before

    def test_pages_go_on_and_the_picture_is_away_for_a_while(
        self, out_of_reach: str, client: Client, maya: User, fog: Picture, caplog: pytest.LogCaptureFixture
    ) -> None:
        show(fog, maya)
        assert client.get("/stories/fog/").status_code == 200
        response = client.get(f"/pictures/{fog.pk}/320")
        if out_of_reach == "no bucket":
            assert response.status_code in (404, 503)
        else:
            assert response.status_code == 503
            assert (response["Cache-Control"], response["Retry-After"]) == ("no-store", "5")
        assert "a-secret" not in caplog.text

    def test_the_doctor_says_so(self, out_of_reach: str) -> None:
        found = check_media(remote=True)
        assert found.state is State.WRONG
        assert found.found.startswith("The store of pictures ")
        assert "AWS_" not in found.found
        # A load balancer is not kept waiting.
        assert check_media().state is State.OK

    def test_verification_says_of_each_file_that_it_could_not_be_read(
        self, out_of_reach: str, maya: User, fog: Picture
    ) -> None:
        show(fog, maya)
        assert any("can’t be read (StoreFails)" in line for line in verify())


def test_one_that_does_not_answer_is_not_asked_again_for_a_moment(
    bucket: Any, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    use("http://127.0.0.1:1", settings, monkeypatch)
    with pytest.raises(StoreFails, match="does not answer"):
        default_storage.open("pictures/any")
    with pytest.raises(StoreFails, match="a moment ago"):
        default_storage.save("pictures/any", ContentFile(b""))
