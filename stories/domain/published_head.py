"""The newest head that a ledger has published, as it is kept where a copy of the database does not carry it."""

from __future__ import annotations

import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PublishedHead:
    """An entry's sequence and digest in hex.

    `generation` is how many restored copies were accepted before: each lets the ledger go on from a smaller sequence.
    """

    generation: int
    sequence: int
    digest: str

    @property
    def place(self) -> tuple[int, int]:
        """The newest of several heads has the greatest."""
        return self.generation, self.sequence


def head_to_json(name: str, head: PublishedHead) -> bytes:
    """Return the content of a ledger's file."""
    content = {
        "ledger": name,
        "generation": head.generation,
        "sequence": head.sequence,
        "digest": head.digest,
    }
    return json.dumps(content, indent=2).encode() + b"\n"


def head_from_json(name: str, content: bytes) -> PublishedHead:
    """Return the head in a ledger's file. Raise ValueError if it has none of that ledger."""
    data = json.loads(content)
    if not isinstance(data, dict) or data.get("ledger") != name:
        raise ValueError("It is not of this ledger.")
    return head_from_parts(data.get("generation"), data.get("sequence"), data.get("digest"))


def head_from_parts(generation: object, sequence: object, digest: object) -> PublishedHead:
    """Return the head that has these parts. Raise ValueError if they are none."""
    if type(generation) is not int or type(sequence) is not int or not isinstance(digest, str):
        raise ValueError("It has no head.")
    return PublishedHead(generation, sequence, digest)
