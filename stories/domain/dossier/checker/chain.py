"""The chain of the ledger's digests."""

from collections.abc import Sequence
from hashlib import sha256

from stories.domain.dossier.checker.about import CheckedDossier
from stories.domain.dossier.checker.canonical import digest_of, same_json
from stories.domain.dossier.checker.formats import DIGEST, LINK, Row
from stories.domain.dossier.checker.older_copies import OlderCopy


def check_chain(
    dossier: CheckedDossier, entries: list[Row], heads: dict[int, str], older: Sequence[OlderCopy]
) -> tuple[int, list[int]]:
    """Check the chain; return the number of its entries, and which of the heads are among them."""
    # The older copies by their last entry.
    ends = {copy.head[0]: copy for copy in older}
    expected = {entry["sequence"]: entry for entry in entries}
    before = bytes.fromhex(dossier.about["previous"])
    sequence, count, met = dossier.about["first"] - 1, 0, []
    dossier.expect(sequence > 0 or not any(before), "The first entry of the ledger does not begin the chain.")
    dossier.expect(len(expected) == len(entries), "An entry is there twice.")
    for link in dossier.files.rows("ledger/chain.jsonl", LINK):
        sequence, count = sequence + 1, count + 1
        dossier.expect(
            bool(DIGEST.fullmatch(link["payload"])), f"Entry {sequence} has no digest of its payload."
        )
        if not dossier.expect(
            same_json(link["sequence"], sequence),
            f"Entry {sequence} is missing; {link['sequence']} follows.",
        ):
            sequence = link["sequence"]
        before = sha256(before + bytes.fromhex(link["payload"])).digest()
        dossier.expect(
            before.hex() == link["digest"],
            f"Entry {sequence}'s digest does not follow from the one before.",
        )
        entry = expected.pop(sequence, None)
        if entry is not None:
            payload = digest_of(entry["payload"].encode()) if "payload" in entry else link["payload"]
            dossier.expect(payload == link["payload"], f"Entry {sequence} does not say what the chain holds.")
            dossier.expect(
                entry["digest"] == link["digest"], f"Entry {sequence}'s digest is not the chain's."
            )
        if sequence in heads:
            met.append(sequence)
            dossier.expect(
                heads[sequence] == link["digest"],
                f"Entry {sequence} is not the one that was published: the ledger was rewritten.",
            )
        if sequence in ends:
            dossier.expect(
                ends[sequence].head[1] == link["digest"],
                f"The older copy {ends[sequence].name} has another entry {sequence}: one of both ledgers was "
                "rewritten.",
            )
        before = bytes.fromhex(link["digest"])
    for sequence in sorted(expected):
        dossier.expect(False, f"Entry {sequence} is not in the chain.")
    end = [sequence, before.hex()]
    dossier.expect(
        same_json(end, dossier.about["head"]),
        f"The chain ends with {end}, the dossier says {dossier.about['head']}.",
    )
    return count, met
