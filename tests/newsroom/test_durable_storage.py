"""A file in the folder of pictures is complete or does not exist."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from newsroom.durable_storage import DurableStorage


@pytest.fixture
def storage(tmp_path: Path) -> DurableStorage:
    return DurableStorage(location=tmp_path)


class CutOff(ContentFile):
    """A file whose reading, or whose writing elsewhere, fails in its middle."""

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        yield b"half"
        raise OSError("No space left on device")


def test_a_file_keeps_its_name_and_replaces_what_was_there(storage: DurableStorage) -> None:
    assert storage.save("a/b.png", ContentFile(b"cut")) == "a/b.png"
    assert storage.save("a/b.png", ContentFile(b"whole")) == "a/b.png"
    assert Path(storage.path("a/b.png")).read_bytes() == b"whole"


def test_a_file_that_could_not_be_written_whole_is_not_there(storage: DurableStorage) -> None:
    content = CutOff(b"")
    with pytest.raises(OSError, match="No space left"):
        storage.save("a/b.png", content)
    assert os.listdir(storage.path("a")) == []  # noqa: PTH208


def test_a_file_that_could_not_be_written_whole_leaves_the_one_before(storage: DurableStorage) -> None:
    storage.save("a/b.png", ContentFile(b"before"))
    content = CutOff(b"")
    with pytest.raises(OSError, match="No space left"):
        storage.save("a/b.png", content)
    assert Path(storage.path("a/b.png")).read_bytes() == b"before"


def test_a_file_is_synced_before_it_has_its_name(
    storage: DurableStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    there: list[bool] = []
    path = Path(storage.path("a/b.png"))
    monkeypatch.setattr(os, "fsync", lambda _descriptor: there.append(path.exists()))
    storage.save("a/b.png", ContentFile(b"whole"))
    assert there == [False, True]
