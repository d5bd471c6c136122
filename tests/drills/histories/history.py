"""A history as plain data: what clients asked and were answered, and what the database holds in the end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any, Final, Literal, TextIO

Outcome = Literal["ok", "refused", "unknown"]

# Writes that put a word into a story.
SAVE, SAVE_DEK, FIX = "save", "save-dek", "fix"
PUBLISH = "publish"
WITHHOLD, LIFT, WITHDRAW, REINSTATE = "withhold", "lift", "withdraw", "reinstate"
# The row of the record that each kind of write leaves, once.
ROW_OF: Final = {
    SAVE: "revision",
    SAVE_DEK: "revision",
    FIX: "publication",
    PUBLISH: "publication",
    WITHHOLD: "withholding",
    LIFT: "withholding-decision",
    WITHDRAW: "withdrawal",
    REINSTATE: "withdrawal",
}


@dataclass(frozen=True, kw_only=True)
class Write:
    """One write of a client: when it was sent, when its last answer came, and what that said."""

    number: int
    client: str
    kind: str
    story: int
    began: float
    ended: float
    outcome: Outcome
    # What it put into the story, hid, or showed again.
    word: str = ""
    # The word that stood in the dek of the form that it was sent with.
    saw: str = ""
    # How often it was sent, since its answer was lost.
    sent: int = 1
    # What was answered, for people.
    answer: str = ""


@dataclass(frozen=True, kw_only=True)
class Read:
    """One page that a reader read. `version` is 0 for a page of several stories, or for one that names none."""

    reader: str
    page: str
    story: int
    began: float
    ended: float
    status: int
    version: int = 0
    # It says itself that it is a copy from before the database went away.
    is_copy: bool = False
    words: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What was broken, and for how long."""

    what: str
    began: float
    ended: float


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row of the record. `write` is the number of the write that its reason names, 0 if it names none."""

    kind: str
    pk: int
    story: int
    by: str
    at: float
    write: int
    # The numbers of the ledger's entries of it.
    entries: tuple[int, ...]
    # Of a revision: its number, whether it was made of the live version beside edits that wait, its words.
    number: int = 0
    is_made_of_live: bool = False
    dek: str = ""
    # By place, such as "save of anna".
    words: dict[str, str] = field(default_factory=dict)
    # Of a publication: the number of its revision, and from when it is live.
    revision: int = 0
    live_from: float = 0.0


_KINDS: Final[dict[str, type[Any]]] = {"write": Write, "read": Read, "fault": Fault, "row": Row}


@dataclass
class History:
    """All that was written down."""

    writes: list[Write] = field(default_factory=list)
    reads: list[Read] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)

    def add(self, record: Write | Read | Fault | Row) -> None:
        lists: dict[type[Any], list[Any]] = {
            Write: self.writes,
            Read: self.reads,
            Fault: self.faults,
            Row: self.rows,
        }
        lists[type(record)].append(record)


class Log:
    """A file of JSON lines, one a record, written as each ends."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._lock = Lock()

    def write(self, record: Write | Read | Fault | Row) -> None:
        line = json.dumps({"record": type(record).__name__.lower(), **asdict(record)}, ensure_ascii=False)
        with self._lock:
            self._file.write(f"{line}\n")
            self._file.flush()


def read_log(path: Path) -> History:
    """Return the history that a log file holds."""
    history = History()
    for record in _records(path):
        history.add(record)
    return history


def _records(path: Path) -> Iterator[Any]:
    with path.open() as file:
        for line in file:
            values = json.loads(line)
            kind = _KINDS[values.pop("record")]
            for name in ("words", "entries"):
                if isinstance(values.get(name), list):
                    values[name] = tuple(values[name])
            yield kind(**values)
