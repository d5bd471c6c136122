"""The folder of baked pages: one link for each address, and beside it the file that it leads to.

`/stories/a/` is the link `stories/a/@`, `/feed.json` the link `feed.json@`. What is there is true; what is missing is
answered by the site. So whatever changed is dropped first, and baked again after that.

Three things hold whatever process is stopped wherever. A page is read as a whole, with its own headers, since a link
changes at once. A page that was rendered before a drop never comes back, since each drop begins a new generation, and
a page is put in place only in the generation in which its rendering began. And nothing is served that nobody watches:
nginx serves the folder through the link of the present tenth of a second, and the worker makes such links for a
few tenths ahead, each time that it has dropped what changed.
"""

from __future__ import annotations

import errno
import fcntl
import gzip
import json
import os
import re
import shutil
import time
from calendar import timegm
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote
from uuid import uuid4

from stories.domain.baking.names import is_compressible

# For how many tenths of a second the folder is served after the worker last looked. Less than
# the second in which a takedown has to reach every host, and more than a busy worker needs to look again.
TENTHS: Final = 7
# The time of a file whose page has no Last-Modified: no browser has a page of that day.
NO_TIME: Final = 86_400
# What is smaller is hardly smaller compressed.
_COMPRESSED_FROM: Final = 860
_MARK: Final = "newsroom: baked pages, form 1\n"
# As in deploy/nginx/baked-http.conf.
_ADDRESS: Final = re.compile(r"(?=/)(?:[A-Za-z0-9_~-]|%[89A-F][0-9A-F]|/(?![/.])|\.(?![/.])|\.{3}(?=\d))+")
_DIGITS: Final = 20


class FolderProblem(Exception):
    """The folder can't be used; the message says what is wrong, where, and what to do."""


class BakedFolder:
    """A folder of baked pages. Several processes may drop pages; one at a time bakes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._own = path / ".bake"

    @classmethod
    def make(cls, path: Path) -> BakedFolder:
        """Return the folder, made if it is missing or empty. Raise FolderProblem, and leave no trace."""
        folder = cls(path)
        made: list[Path] = []
        try:
            if path.exists() and not path.is_dir():
                raise FolderProblem(f"{path} is no folder. Name a folder for the baked pages.")
            if not folder.exists():
                if path.is_dir() and any(path.iterdir()):
                    raise FolderProblem(
                        f"{path} is not empty, and holds no baked pages. Name an empty folder, or empty this one."
                    )
                folder._create(made)
            # What can't be written now could not be dropped later.
            probe = folder._own / "tmp" / uuid4().hex
            try:
                probe.write_bytes(b"x" * 4096)
            finally:
                probe.unlink(missing_ok=True)
        except OSError as error:
            for each in reversed(made):
                shutil.rmtree(each, ignore_errors=True)
            raise problem(path, error) from error
        return folder

    def exists(self) -> bool:
        """Return whether this is a folder of baked pages."""
        try:
            return (self._own / "form").read_text() == _MARK
        except OSError:
            return False

    def _create(self, made: list[Path]) -> None:
        missing = [each for each in (self.path, *self.path.parents) if not each.exists()]
        for each in reversed(missing):
            each.mkdir()
            made.append(each)
            each.chmod(0o755)
        self._own.mkdir()
        made.append(self._own)
        for each in (self._own, *(self._own / name for name in ("beat", "tmp", "trash"))):
            each.mkdir(exist_ok=True)
            each.chmod(0o755)
        self._write_generation(0)
        # Last, and whole or not at all.
        temporary = self._own / "tmp" / "form"
        _write_durably(temporary, _MARK.encode())
        temporary.rename(self._own / "form")

    # ------------------------------------------------------------------------------------------- pages

    def link(self, address: str) -> Path:
        """Return where the link of an address is. Raise ValueError for an address that nginx does not look up."""
        if not _ADDRESS.fullmatch(address):
            raise ValueError(address)
        return self.path / f"{unquote(address)[1:]}@"

    def has(self, address: str) -> bool:
        """Return whether an address is baked."""
        return os.path.lexists(self.link(address))

    def generation(self) -> int:
        """Return the number of drops so far, to be asked before a page is rendered."""
        return int((self._own / "generation").read_text())

    def put(self, address: str, name: str, body: bytes, *, last_modified: str, generation: int) -> bool:
        """Put a page in place; return False if anything was dropped since the generation, and do nothing.

        Raises OSError if the disk is full, and leaves no half of it.
        """
        link = self.link(address)
        leaf = link.name
        moment = NO_TIME
        if last_modified:
            moment = timegm(time.strptime(last_modified, "%a, %d %b %Y %H:%M:%S GMT"))
        temporary = self._own / "tmp" / uuid4().hex
        files = {f"{leaf}{name}": body}
        if is_compressible(name) and len(body) >= _COMPRESSED_FROM:
            files[f"{leaf}{name}.gz"] = gzip.compress(body, 6, mtime=0)
        temporary.mkdir()
        try:
            for file, content in files.items():
                _write_durably(temporary / file, content)
                os.utime(temporary / file, (moment, moment))
            (temporary / "link").symlink_to(f"{leaf}{name}")
            with self.locked():
                if self.generation() != generation:
                    return False
                _make_folders(self.path, link.parent)
                before = str(link.readlink()) if link.is_symlink() else ""
                for file in files:
                    (temporary / file).replace(link.parent / file)
                (temporary / "link").replace(link)
                if before and before not in files:
                    _remove_file(link.parent / before)
            return True
        finally:
            shutil.rmtree(temporary, ignore_errors=True)

    def drop(
        self, addresses: Iterable[str], *, below: Iterable[str] = (), note: Mapping[str, Any] | None = None
    ) -> None:
        """Drop some addresses, and all that begin with those of `below`, so that the site answers them.

        It lasts over a power cut once this returns. `note` says to whoever bakes what is to be baked again.
        """
        trash: list[Path] = []
        with self.locked():
            self._write_generation(self.generation() + 1)
            if note is not None:
                # If the disk is full, these pages are not baked again until somebody bakes all.
                with suppress(OSError), (self._own / "notes").open("a") as file:
                    file.write(f"{json.dumps(note)}\n")
            changed: set[Path] = set()
            for place in (self.path / unquote(address).strip("/") for address in below):
                found = (
                    [each for each in place.iterdir() if each != self._own] if place == self.path else [place]
                )
                for each in found:
                    if _is_there(each):
                        trash.append(self._own / "trash" / uuid4().hex)
                        each.rename(trash[-1])
                        changed.add(each.parent)
            for link in map(self.link, addresses):
                if _is_there(link):
                    file_of_link = link.parent / link.readlink()
                    link.unlink()
                    _remove_file(file_of_link)
                    changed.add(link.parent)
            for folder in changed:
                _sync_folder(folder)
        for each in trash:
            _remove(each)

    def take_notes(self) -> list[dict[str, Any]]:
        """Return the notes of drops since the last call."""
        path = self._own / "notes"
        if not path.exists():
            return []
        with self.locked():
            lines = path.read_text().splitlines()
            path.unlink()
        return [json.loads(line) for line in lines]

    def _write_generation(self, number: int) -> None:
        # In its place, since a full disk has no room for another file.
        file = os.open(self._own / "generation", os.O_WRONLY | os.O_CREAT, 0o644)
        try:
            os.pwrite(file, f"{number:0{_DIGITS}}".encode(), 0)
        finally:
            os.close(file)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Let no other process or thread change pages."""
        file = os.open(self._own / "lock", os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
        finally:
            os.close(file)

    # ------------------------------------------------------------------------------------------- who bakes

    def try_to_bake(self) -> int | None:
        """Return an open file that makes this process the one that bakes until it is closed, None if another does."""
        file = os.open(self._own / "baker", os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return None
        return file

    def serve_until(self, moment: float) -> None:
        """Let nginx serve the folder until a time, in seconds since 1970; at most TENTHS from now."""
        now, beat = time.time(), self._own / "beat"
        last = min(int(moment * 10), int(now * 10) + TENTHS)
        names = {f"{tenth // 10}.{tenth % 10}" for tenth in range(int(now * 10), last + 1)}
        there = {path.name for path in beat.iterdir()}
        for name in names - there:
            with suppress(FileExistsError):
                (beat / name).symlink_to("../..")
        for name in there - names:
            # The clock may have been set back: those of the future go too.
            if abs(float(name) - now) > 1:
                (beat / name).unlink(missing_ok=True)

    def stop_serving(self) -> None:
        """Let nginx ask the site from now on."""
        for path in (self._own / "beat").iterdir():
            path.unlink(missing_ok=True)

    def is_served(self) -> bool:
        """Return whether nginx serves the folder now."""
        now = int(time.time() * 10)
        return os.path.lexists(self._own / "beat" / f"{now // 10}.{now % 10}")

    def serve_without_site(self, *, on: bool) -> None:
        """Say whether nginx may serve the folder, whoever watches it, when the site does not answer."""
        link = self._own / "standing"
        if not on:
            link.unlink(missing_ok=True)
        elif not link.is_symlink():
            link.symlink_to("..")

    # ------------------------------------------------------------------------------------------- state

    def state(self) -> dict[str, Any]:
        """Return what the pages are of, as whoever baked them last wrote it; empty if nobody did."""
        try:
            found = json.loads((self._own / "state.json").read_text())
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def write_state(self, state: Mapping[str, Any]) -> None:
        """Write what the pages are of. What was dropped before is on the disk before this is."""
        temporary = self._own / "tmp" / uuid4().hex
        try:
            _write_durably(temporary, json.dumps(state).encode())
            temporary.rename(self._own / "state.json")
        finally:
            temporary.unlink(missing_ok=True)

    def tidy(self) -> None:
        """Remove what a process that was killed left. For whoever bakes, before it begins."""
        for name in ("tmp", "trash"):
            for path in (self._own / name).iterdir():
                _remove(path)


def problem(path: Path, error: OSError) -> FolderProblem:
    """Return what is wrong with the folder, and what to do, in a sentence."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return FolderProblem(
            f"No space is left for the baked pages in {path}. Make space, or name another disk."
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return FolderProblem(
            f"{path} can't be written by the user that this runs as. Give the folder to that user, or name another."
        )
    return FolderProblem(
        f"{path} can't be used for baked pages ({error.strerror or error}). Name another folder."
    )


def _is_there(path: Path) -> bool:
    """Return whether a path is there. One whose name is too long for a file never is."""
    try:
        path.lstat()
    except OSError as error:
        if error.errno not in (errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG):
            raise
        return False
    return True


def _make_folders(top: Path, folder: Path) -> None:
    if not folder.is_dir():
        if folder != top:
            _make_folders(top, folder.parent)
        folder.mkdir(exist_ok=True)
        # Whatever the umask: nginx reads it as somebody else.
        folder.chmod(0o755)


def _write_durably(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fchmod(file.fileno(), 0o644)
        os.fsync(file.fileno())


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _remove_file(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.with_name(f"{path.name}.gz").unlink(missing_ok=True)


def _sync_folder(path: Path) -> None:
    with suppress(FileNotFoundError):
        folder = os.open(path, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
