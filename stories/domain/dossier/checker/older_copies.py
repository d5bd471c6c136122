"""Older full dossiers of the story, which prove the words around those that were erased since."""

from collections.abc import Container, Iterator
from pathlib import Path

from stories.domain.dossier.checker.canonical import int_or_none
from stories.domain.dossier.checker.files import Broken, Files
from stories.domain.dossier.checker.formats import DIGEST, LIMIT, ROW, Row
from stories.domain.dossier.checker.rows import row_reference


class OlderCopy:
    """A full dossier from before an erasure. Its content counts only if the ledger has its digest.

    Raise Broken if it can't be read.
    """

    def __init__(self, path: Path, limit: int = LIMIT) -> None:
        self.name = path.name
        try:
            self.files = Files(path, limit)
            about = self.files.document("dossier.json")
            self.article = int_or_none(about["article"]) if about["part"] == "full" else None
            # The head of the ledger when the copy was made.
            self.head: tuple[int, str] = tuple(about["head"])
            is_head = int_or_none(self.head[0]) is not None and bool(DIGEST.fullmatch(self.head[1]))
        # A hostile file may cause any exception.
        except Exception as error:
            raise Broken(f"The older copy {self.name} can't be read: {error}") from error
        if self.article is None or not is_head:
            raise Broken(
                f"The older copy {self.name} is no full dossier of a story: only such a one has its rows."
            )

    def rows(self, references: "Container[tuple[str, int]]") -> Iterator[Row]:
        """Yield its rows among `references`."""
        try:
            for row in self.files.rows("ledger/rows.jsonl", ROW, ROW | {"table"}):
                if row_reference(row) in references:
                    yield row
        except Exception as error:
            raise Broken(f"The older copy {self.name} can't be read: {error}") from error
