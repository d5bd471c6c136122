"""The cache, the folder of pictures and the static files of a host."""

from __future__ import annotations

import os
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from pytest_django import Settings

from stories.domain.baking.folder import BakedFolder
from stories.queries.health import host
from stories.queries.health.checks import State
from stories.queries.health.host import check_baked_pages, check_cache, check_media, check_static_files
from tests.outbox import dead_port


class TestCache:
    def test_a_shared_one_that_works_is_ok(self, settings: Settings, tmp_path: Path) -> None:
        settings.SHARED_CACHE = True
        settings.CACHES = {
            "default": {"BACKEND": "newsroom.soft_cache.SoftFileCache", "LOCATION": str(tmp_path)}
        }
        assert check_cache().state is State.OK
        assert not list(tmp_path.glob("*.djcache")), "nothing is left of the check"

    def test_one_for_each_process_is_a_warning(self) -> None:
        assert check_cache().found.startswith("Each process has its own")

    def test_none_is_a_warning(self, settings: Settings) -> None:
        settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
        assert check_cache().found.startswith("There is none")

    def test_one_that_is_away_is_a_warning_without_its_address(self, settings: Settings) -> None:
        settings.SHARED_CACHE = True
        settings.CACHES = {
            "default": {
                "BACKEND": "newsroom.soft_cache.SoftRedisCache",
                "LOCATION": f"redis://:hunter2@127.0.0.1:{dead_port()}/0",
            }
        }
        found = check_cache()
        assert found.state is State.WARNING
        assert "hunter2" not in repr(found)


class TestMedia:
    def test_a_folder_outside_the_release_is_ok(self, settings: Settings, tmp_path: Path) -> None:
        settings.MEDIA_ROOT = tmp_path
        assert check_media().state is State.OK

    def test_one_inside_is_a_warning(self, settings: Settings, tmp_path: Path) -> None:
        settings.MEDIA_ROOT, settings.BASE_DIR = tmp_path / "media", tmp_path
        settings.MEDIA_ROOT.mkdir()
        assert check_media().found.startswith("The folder of pictures is inside the release")

    def test_one_that_is_missing_or_a_file_is_wrong(self, settings: Settings, tmp_path: Path) -> None:
        settings.MEDIA_ROOT = tmp_path / "media"
        assert check_media().state is State.WRONG
        settings.MEDIA_ROOT.touch()
        assert check_media().state is State.WRONG

    def test_one_that_may_not_be_written_is_wrong(
        self, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings.MEDIA_ROOT = tmp_path
        # Permissions would not stop a test that runs as root.
        monkeypatch.setattr(os, "access", lambda path, mode: False)
        assert check_media().state is State.WRONG

    def test_a_disk_that_is_nearly_full_is_wrong(
        self, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings.MEDIA_ROOT = tmp_path
        disk = SimpleNamespace(f_bavail=10, f_frsize=4096)
        monkeypatch.setattr(os, "statvfs", lambda path: disk)
        assert check_media().found == "Less than 1 GB is left for pictures."

    def test_another_storage_is_not_this_hosts(
        self, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings.MEDIA_ROOT = "/nowhere"
        monkeypatch.setattr(host, "FileSystemStorage", type(None))
        assert not isinstance(default_storage, type(None))
        assert check_media().state is State.OK


class TestStaticFiles:
    @pytest.fixture(autouse=True)
    def hashed(self, settings: Settings, tmp_path: Path) -> None:
        settings.STATIC_ROOT = tmp_path
        settings.STORAGES = {
            **settings.STORAGES,
            "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
        }

    def test_before_they_are_collected_is_wrong(self) -> None:
        assert check_static_files().state is State.WRONG

    def test_collected_is_ok_until_a_file_is_gone(self, tmp_path: Path) -> None:
        call_command("collectstatic", verbosity=0, interactive=False)
        assert check_static_files().state is State.OK
        for path in tmp_path.glob("stories/site/site.*"):
            path.unlink()
        assert check_static_files().state is State.WRONG


def test_while_developing_they_are_served_as_they_are() -> None:
    assert check_static_files().state is State.OK


class TestBakedPages:
    def test_they_are_baked_only_where_somebody_wants_them(self) -> None:
        assert check_baked_pages().state is State.OK

    def test_they_are_ok_while_somebody_watches_them(self, settings: Settings, tmp_path: Path) -> None:
        settings.BAKE_DIR = str(tmp_path / "baked")
        assert check_baked_pages().found.startswith("No worker watches them")
        folder = BakedFolder.make(tmp_path / "baked")
        folder.serve_until(time.time() + 1)
        assert check_baked_pages().state is State.OK
        folder.stop_serving()
        assert check_baked_pages().state is State.WRONG

    def test_a_foreign_folder_is_wrong(self, settings: Settings, tmp_path: Path) -> None:
        settings.BAKE_DIR = str(tmp_path)
        assert check_baked_pages().found.startswith("The folder of baked pages is another one")
