"""The files of a dossier. A hostile one must neither reach outside it nor take all memory."""

import zipfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

from stories.domain.dossier.checker.canonical import parse_json
from stories.domain.dossier.checker.formats import DIGEST, LIMIT, LONGEST, LONGEST_PICTURE, NAME, Row


class Broken(Exception):
    """Something can't be read at all; the message says what."""


class Files:
    """The files of a dossier, a folder or a zip: no other file is ever opened, and the amount read is limited."""

    def __init__(self, path: Path, limit: int = LIMIT) -> None:
        self.path, self.zip = path, None if path.is_dir() else zipfile.ZipFile(path)
        self.limit = limit
        self.used: set[str] = set()
        if self.zip is not None:
            names = [each.filename for each in self.zip.infolist() if not each.is_dir()]
        else:
            found = [each for each in path.rglob("*") if each.is_symlink() or not each.is_dir()]
            names = [each.relative_to(path).as_posix() for each in found]
            # Files that file managers create in folders.
            names = [name for name in names if not name.rpartition("/")[2].startswith(".")]
            for name in names:
                if (path / name).is_symlink() or not (path / name).is_file():
                    raise Broken(f"{name} is no file, but a link or the like.")
        odd = [name for name in names if not NAME.fullmatch(name)]
        if odd or len(names) != len(set(names)):
            raise Broken(f"There are names that no dossier has, or one twice: {odd or sorted(names)}.")
        self.names = set(names)

    def open(self, name: str) -> IO[bytes]:
        if name not in self.names:
            raise Broken(f"{name} is not there.")
        self.used.add(name)
        return self.zip.open(name) if self.zip is not None else (self.path / name).open("rb")

    def read(self, name: str) -> bytes:
        with self.open(name) as file:
            data = file.read(LONGEST + 1)
        if len(data) > LONGEST:
            raise Broken(f"{name} is longer than any document of a dossier ({LONGEST >> 20} MB).")
        return data

    def lines(self, name: str, *, limited: bool) -> Iterator[bytes]:
        """Yield the lines of a file; `limited` if they are stored in memory together."""
        count = 0
        with self.open(name) as file:
            while line := file.readline(LONGEST + 1):
                count += len(line)
                if len(line) > LONGEST:
                    raise Broken(f"A line of {name} is longer than any of a dossier ({LONGEST >> 20} MB).")
                if limited and count > self.limit << 20:
                    raise Broken(
                        f"{name} unpacks to more than {self.limit} MB, so it was not read on. If you know that the "
                        f"story is so long, say --limit {max(1, self.limit) * 4}."
                    )
                yield line

    def digest(self, name: str) -> "tuple[str, bytes]":
        """Return the digest of a file of any length, and its beginning."""
        with self.open(name) as file:
            start = file.read(16)
            digest = sha256(start)
            while piece := file.read(1 << 20):
                digest.update(piece)
                if file.tell() > LONGEST_PICTURE:
                    raise Broken(
                        f"{name} is larger than any picture of a story ({LONGEST_PICTURE >> 20} MB)."
                    )
        return digest.hexdigest(), start

    def document(self, name: str) -> Any:
        """Return the content of a JSON file."""
        try:
            return parse_json(self.read(name))
        except ValueError as error:
            raise Broken(f"{name} can't be read: {error}") from error

    def rows(self, name: str, *forms: set[str]) -> Iterator[Row]:
        """Yield the lines of a file; each may have only the keys of one of the forms."""
        for line in self.lines(name, limited=name != "ledger/chain.jsonl"):
            try:
                row = parse_json(line)
            except ValueError as error:
                raise Broken(f"{name} can't be read: {error}") from error
            if set(row) not in forms:
                raise Broken(f"{name} says something that no dossier does: {sorted(row)}.")
            if any(type(row[each]) is not int for each in ("sequence", "entry", "number") if each in row):
                raise Broken(
                    f"{name} has something else than whole numbers of entries and rows: {line[:200]!r}."
                )
            if "digest" in row and not DIGEST.fullmatch(row["digest"]):
                raise Broken(f"{name} has an entry without a digest: {line[:200]!r}.")
            yield row
