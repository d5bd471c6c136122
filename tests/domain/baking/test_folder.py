"""The folder of baked pages: whole pages, no page from before a drop, and served only while somebody watches."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from stories.domain.baking.folder import TENTHS, BakedFolder, FolderProblem, problem

NAME = ";200;{};;public;;;;;;;;;.html"


@pytest.fixture
def folder(tmp_path: Path) -> BakedFolder:
    return BakedFolder.make(tmp_path / "baked")


def put(folder: BakedFolder, address: str, body: str, *, generation: int | None = None) -> bool:
    at = folder.generation() if generation is None else generation
    return folder.put(
        address, NAME.format(body[:8].encode().hex()), body.encode(), last_modified="", generation=at
    )


def read(folder: BakedFolder, address: str) -> str:
    return folder.link(address).read_text()


class TestMaking:
    def test_it_is_made_with_the_folders_above_it_and_made_once(self, tmp_path: Path) -> None:
        path = tmp_path / "a" / "b"
        folder = BakedFolder.make(path)
        put(folder, "/", "front")
        assert read(BakedFolder.make(path), "/") == "front"

    def test_whatever_the_umask_nginx_can_read_it(self, tmp_path: Path) -> None:
        before = os.umask(0o077)
        try:
            folder = BakedFolder.make(tmp_path / "baked")
            put(folder, "/stories/a/", "a" * 2000)
        finally:
            os.umask(before)
        link = folder.link("/stories/a/")
        file = link.parent / link.readlink()
        assert [path.stat().st_mode & 0o777 for path in (file, file.with_name(f"{file.name}.gz"))] == [
            0o644
        ] * 2
        for path in (link.parent, link.parent.parent, folder.path, folder.path / ".bake" / "beat"):
            assert path.stat().st_mode & 0o777 == 0o755

    def test_a_foreign_folder_is_left_as_it_is(self, tmp_path: Path) -> None:
        (tmp_path / "letter.txt").write_text("mine")
        with pytest.raises(FolderProblem, match="is not empty, and holds no baked pages"):
            BakedFolder.make(tmp_path)
        assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]

    def test_a_file_is_no_folder(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("mine")
        with pytest.raises(FolderProblem, match="is no folder"):
            BakedFolder.make(tmp_path / "file")
        with pytest.raises(FolderProblem, match="can't be used"):
            BakedFolder.make(tmp_path / "file" / "below")

    @pytest.mark.parametrize("failing", ["mkdir", "fsync"])
    def test_a_full_disk_leaves_no_trace(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str
    ) -> None:
        def full(*_args: object, **_options: object) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        mkdir = Path.mkdir
        if failing == "fsync":
            monkeypatch.setattr(os, "fsync", full)
        else:
            monkeypatch.setattr(
                Path,
                "mkdir",
                lambda path, **options: full() if path.name == "tmp" else mkdir(path, **options),
            )
        with pytest.raises(FolderProblem, match="No space is left"):
            BakedFolder.make(tmp_path / "a" / "b")
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize(
        ("number", "sentence"),
        [
            (errno.EACCES, "can't be written by the user"),
            (errno.EROFS, "can't be written by the user"),
            (errno.EDQUOT, "No space is left"),
            (errno.EIO, "can't be used for baked pages"),
        ],
    )
    def test_each_trouble_has_its_sentence(self, number: int, sentence: str) -> None:
        found = str(problem(Path("/var/lib/baked"), OSError(number, os.strerror(number))))
        assert sentence in found
        assert "/var/lib/baked" in found


class TestPages:
    def test_a_page_is_replaced_as_a_whole(self, folder: BakedFolder) -> None:
        put(folder, "/stories/a/", "one")
        put(folder, "/stories/a/versions/1/", "v1")
        put(folder, "/stories/a/data.json", "data")
        put(folder, "/stories/a/", "two")
        assert read(folder, "/stories/a/") == "two"
        assert sorted(
            path.name.partition(";")[0] for path in folder.link("/stories/a/").parent.iterdir()
        ) == [
            "@",
            "@",
            "data.json@",
            "data.json@",
            "versions",
        ]

    @pytest.mark.parametrize(
        "address",
        [
            "",
            "a/",
            "//",
            "/a//b/",
            "/.bake/",
            "/a/../b/",
            "/a@",
            "/%2e%2e/",
            "/%41/",
            "/a?b",
            "/a b/",
            "/a..",
        ],
    )
    def test_an_address_that_nginx_does_not_look_up_is_none(self, folder: BakedFolder, address: str) -> None:
        with pytest.raises(ValueError, match=r".*"):
            folder.link(address)

    def test_letters_of_other_scripts_stand_as_they_are(self, folder: BakedFolder) -> None:
        put(folder, "/stories/%C3%A4/", "ä")
        assert (folder.path / "stories" / "ä" / "@").read_text() == "ä"

    def test_a_full_disk_leaves_the_page_that_was_there_and_nothing_of_the_new_one(
        self, folder: BakedFolder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        put(folder, "/", "one")

        def full(*_args: object) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            put(folder, "/", "two")
        assert read(folder, "/") == "one"
        assert list((folder.path / ".bake" / "tmp").iterdir()) == []


class TestDropping:
    def test_what_begins_so_is_gone_and_nothing_else(self, folder: BakedFolder) -> None:
        for address in (
            "/",
            "/stories/a/",
            "/stories/a/versions/1/",
            "/stories/ab/",
            "/feed/",
            "/feed/archive/1/",
        ):
            put(folder, address, address)
        folder.drop(["/feed/", "/nothing/"], below=["/stories/a/", "/pages/a/"])
        there = [address for address in ("/", "/stories/ab/", "/feed/archive/1/") if folder.has(address)]
        assert len(there) == 3
        assert not any(map(folder.has, ("/stories/a/", "/stories/a/versions/1/", "/feed/")))
        folder.drop([], below=["/"])
        assert [path.name for path in folder.path.iterdir()] == [".bake"]
        assert list((folder.path / ".bake" / "trash").iterdir()) == []

    def test_an_address_too_long_for_a_file_keeps_nothing_else_from_going(self, folder: BakedFolder) -> None:
        # 200 characters, as a story's address may have, of which each is two bytes.
        long = f"/stories/{'%C3%B1' * 200}/"
        for address in ("/", "/stories/a/", "/feed/"):
            put(folder, address, address)
        assert not folder.has(long)
        folder.drop([long, "/"], below=[long, "/stories/a/"])
        assert [folder.has(address) for address in ("/", "/stories/a/", "/feed/")] == [False, False, True]

    def test_a_page_that_was_rendered_before_a_drop_does_not_come_back(self, folder: BakedFolder) -> None:
        before = folder.generation()
        folder.drop(["/"])
        assert not put(folder, "/", "old", generation=before)
        assert not folder.has("/")
        assert put(folder, "/", "new")

    def test_that_holds_between_processes_whatever_the_moment(self, folder: BakedFolder) -> None:
        """A process bakes "old" over and over as long as a file says so; after the drop it is never there."""
        says = folder.path.parent / "says"
        says.write_text("old")
        code = (
            "import sys, time\nfrom pathlib import Path\nfrom stories.domain.baking.folder import BakedFolder\n"
            "folder, says = BakedFolder(Path(sys.argv[1])), Path(sys.argv[2])\n"
            "while True:\n"
            "    generation, text = folder.generation(), says.read_text()\n"
            "    if not folder.has('/') and text:\n"
            "        time.sleep(0.001)\n"
            "        folder.put('/', f';200;{text};;public;;;;;;;;;.html', text.encode(),"
            " last_modified='', generation=generation)\n"
        )
        baking = subprocess.Popen([sys.executable, "-c", code, str(folder.path), str(says)])  # noqa: S603 - this Python
        try:
            for number in range(60):
                texts = ("old", "new") if number % 2 else ("new", "old")
                until(lambda: folder.has("/"))
                # As an action does: before the commit, the commit, and after it.
                folder.drop(["/"])
                temporary = says.with_name("next")
                temporary.write_text(texts[1])
                temporary.rename(says)
                folder.drop(["/"])
                until(lambda: folder.has("/"))
                assert read(folder, "/") == texts[1]
        finally:
            baking.kill()
            baking.wait()

    def test_it_works_while_the_disk_is_full(
        self, folder: BakedFolder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        put(folder, "/stories/a/", "a")
        opened = Path.open

        def full(path: Path, mode: str = "r", **options: object) -> object:
            if mode in ("a", "w", "xb", "wb"):
                raise OSError(errno.ENOSPC, "No space left on device")
            return opened(path, mode)

        monkeypatch.setattr(Path, "open", full)
        folder.drop([], below=["/stories/a/"], note={"article": 1})
        assert not folder.has("/stories/a/")

    def test_notes_are_taken_once(self, folder: BakedFolder) -> None:
        folder.drop(["/"], note={"article": 1})
        folder.drop(["/"], note={"article": None})
        assert folder.take_notes() == [{"article": 1}, {"article": None}]
        assert folder.take_notes() == []


class TestServing:
    def test_it_is_served_for_some_tenths_of_a_second_and_no_longer(self, folder: BakedFolder) -> None:
        assert not folder.is_served()
        folder.serve_until(time.time() + 60)
        assert folder.is_served()
        assert len(list((folder.path / ".bake" / "beat").iterdir())) <= TENTHS + 1
        time.sleep(TENTHS / 10 + 0.15)
        assert not folder.is_served()

    def test_what_the_clock_has_passed_is_removed_and_what_it_was_set_back_before_too(
        self, folder: BakedFolder
    ) -> None:
        for seconds in (-100, 100):
            moment = f"{time.time() + seconds:.1f}"
            (folder.path / ".bake" / "beat" / moment).symlink_to("../..")
        folder.serve_until(time.time() + 0.3)
        moments = [float(path.name) for path in (folder.path / ".bake" / "beat").iterdir()]
        assert all(abs(moment - time.time()) < 2 for moment in moments)
        folder.stop_serving()
        assert not folder.is_served()

    def test_one_process_bakes_at_a_time(self, folder: BakedFolder) -> None:
        first = folder.try_to_bake()
        assert first is not None
        assert folder.try_to_bake() is None
        os.close(first)
        second = folder.try_to_bake()
        assert second is not None
        os.close(second)

    def test_drops_of_several_threads_are_all_counted(self, folder: BakedFolder) -> None:
        def drop() -> None:
            for _ in range(20):
                folder.drop(["/"])

        threads = [threading.Thread(target=drop) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert folder.generation() == 80

    def test_what_a_killed_process_left_is_tidied(self, folder: BakedFolder) -> None:
        for name in ("tmp", "trash"):
            (folder.path / ".bake" / name / "left").mkdir()
            (folder.path / ".bake" / name / "file").touch()
        folder.tidy()
        assert [list((folder.path / ".bake" / name).iterdir()) for name in ("tmp", "trash")] == [[], []]

    def test_its_state_is_empty_if_it_cannot_be_read(self, folder: BakedFolder) -> None:
        assert folder.state() == {}
        folder.write_state({"sequence": 3})
        assert folder.state() == {"sequence": 3}
        (folder.path / ".bake" / "state.json").write_text("[")
        assert folder.state() == {}


def until(call: Callable[[], bool]) -> None:
    given_up = time.monotonic() + 60
    while not call():
        assert time.monotonic() < given_up
        time.sleep(0.001)
