"""Heads that were saved earlier: they reveal a ledger that was truncated or rewritten consistently."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from stories.domain.dossier.checker.older_copies import OlderCopy
from stories.models import LedgerEntry, VerificationRun
from stories.queries.verification.findings import Finding, Kind
from stories.queries.verification.ledger.rows import AT_ONCE


class UnreadableHeads(ValueError):
    """A document without heads; the message says why, as a whole sentence."""


@dataclass(frozen=True, slots=True, order=True)
class Head:
    """An entry's sequence and its digest in hex, as somebody has saved them."""

    sequence: int
    digest: str


def read_heads(document: Any) -> list[Head]:
    """Return the heads of a saved `heads.json`, or of the output of `verify_ledger --json`, in order.

    Raises UnreadableHeads.
    """
    if not isinstance(document, dict):
        raise UnreadableHeads("This is no JSON object, as /ledger/heads.json is.")
    listed = document.get("heads", [])
    given = [*(listed if isinstance(listed, list) else [listed]), document.get("head")]
    heads = sorted({_read(head) for head in given if head is not None})
    # Before the first entry there is nothing to compare.
    usable = [head for head in heads if head.sequence]
    if not usable:
        raise UnreadableHeads("This holds no heads: neither “heads” nor “head”, as /ledger/heads.json does.")
    return usable


def _read(head: Any) -> Head:
    if isinstance(head, dict):
        sequence, digest = head.get("sequence"), head.get("digest")
        if type(sequence) is int and 0 <= sequence < 2**63 and isinstance(digest, str) and _is_digest(digest):
            return Head(sequence, digest.lower())
    raise UnreadableHeads("One of its heads is not a sequence with a digest of 64 hexadecimal digits.")


def _is_digest(text: str) -> bool:
    return len(text) == 64 and set(text.lower()) <= set("0123456789abcdef")


def check_heads(heads: Sequence[Head], *, when: str) -> Iterator[Finding]:
    """Find the first of some heads, in their order, that the ledger does not extend; `when` is for its message.

    One query for every few hundred.
    """
    places = iter(heads)
    passed = 0
    while some := list(islice(places, AT_ONCE)):
        entries = LedgerEntry.objects.filter(sequence__in=[head.sequence for head in some])
        digests = {
            sequence: bytes(digest).hex() for sequence, digest in entries.values_list("sequence", "digest")
        }
        for head in some:
            found = digests.get(head.sequence)
            if found != head.digest:
                what = "its digest is another than" if found else "it is not there, as it was"
                yield Finding(
                    head.sequence,
                    Kind.SAVED_HEAD,
                    f"{what} when {when}; of {len(heads)} such heads the first {passed} fit.",
                )
                return
            passed += 1


def check_heads_of_copies(copies: Sequence[OlderCopy]) -> Iterator[Finding]:
    """Find the older copies with a head that the ledger does not extend. One query a copy."""
    for copy in copies:
        yield from check_heads([Head(*copy.head)], when=f"the older copy {copy.name} was made")


def check_heads_of_runs() -> Iterator[Finding]:
    """Find the first head of an earlier verification that the ledger does not extend. Two queries or more."""
    yield from check_heads(_heads_of_runs(), when="an earlier verification saw it")


def _heads_of_runs() -> list[Head]:
    runs = VerificationRun.objects.filter(sequence__gte=1).values_list("sequence", "digest")
    return sorted({Head(sequence, digest) for sequence, digest in runs.order_by()})
