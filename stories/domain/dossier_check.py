#!/usr/bin/env python3
"""Check a story's dossier, offline, and say what that proves.

    python3 check.py                                       the dossier that this file lies in
    python3 check.py DOSSIER.zip                           or the one named, a file or a folder
    python3 check.py --head SEQUENCE DIGEST                against a head of the ledger that was kept elsewhere
    python3 check.py --heads heads.json                    against all that the newsroom published

Exit status 0: all that can be checked holds. 1: something does not, and is named. It needs Python 3.9 or newer and
nothing else. Whoever does not trust the copy in the dossier takes this file from the newsroom's published code.
"""

from __future__ import annotations

import argparse
import json
import sys
import zipfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

Row = dict[str, Any]
# The layouts that this file knows: which column means what is not for the dossier itself to say.
LAYOUTS = {"34bf908c4ebe55d31f45626eea0e3d629dffe4c7cd3dbee85f131aeddc30a588"}
GROUPS = ("bylines", "blocks", "comment_requests", "update_notes")


class Broken(Exception):
    """Something that can't even be read; the message says what."""


def canonical(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def digest_of(data: bytes) -> str:
    return sha256(data).hexdigest()


def row_digest(salt: str, model: str, values: list[Any]) -> str:
    return digest_of(bytes.fromhex(salt) + canonical([model, *values]))


class Dossier:
    def __init__(self, root: Any) -> None:
        self.root = root
        self.failed: list[str] = []
        self.about = self.read("dossier.json")
        self.full = self.about["part"] == "full"
        self.pictures: dict[str, str] = {}

    def bytes(self, name: str) -> bytes:
        try:
            return bytes((self.root / name).read_bytes())
        except (OSError, KeyError) as error:
            raise Broken(f"{name} is not there.") from error

    def read(self, name: str) -> Any:
        try:
            return json.loads(self.bytes(name))
        except ValueError as error:
            raise Broken(f"{name} can't be read: {error}") from error

    def lines(self, name: str) -> Iterator[Row]:
        try:
            with (self.root / name).open("rb") as file:
                for line in file:
                    yield json.loads(line)
        except (OSError, KeyError, ValueError) as error:
            raise Broken(f"{name} can't be read: {error}") from error

    def expect(self, holds: bool, otherwise: str) -> bool:
        if not holds:
            self.failed.append(otherwise)
        return bool(holds)

    # ------------------------------------------------------------------------------------------ the chain

    def check_chain(self, entries: list[Row], heads: dict[int, str]) -> tuple[int, list[int]]:
        """How many entries are chained, and which of the heads lie among them."""
        wanted = {entry["sequence"]: entry for entry in entries}
        before = bytes.fromhex(self.about["previous"])
        sequence, count, met = self.about["first"] - 1, 0, []
        self.expect(
            sequence > 0 or not any(before), "The first entry of the ledger does not begin the chain."
        )
        for link in self.lines("ledger/chain.jsonl"):
            sequence, count = sequence + 1, count + 1
            if not self.expect(
                link["sequence"] == sequence, f"Entry {sequence} is missing; {link['sequence']} follows."
            ):
                sequence = link["sequence"]
            before = sha256(before + bytes.fromhex(link["payload"])).digest()
            self.expect(
                before.hex() == link["digest"],
                f"Entry {sequence}'s digest does not follow from the one before.",
            )
            entry = wanted.pop(sequence, None)
            if entry is not None:
                payload = digest_of(entry["payload"].encode()) if "payload" in entry else link["payload"]
                self.expect(
                    payload == link["payload"], f"Entry {sequence} does not say what the chain holds."
                )
                self.expect(
                    entry["digest"] == link["digest"], f"Entry {sequence}'s digest is not the chain's."
                )
            if sequence in heads:
                met.append(sequence)
                self.expect(
                    heads[sequence] == link["digest"],
                    f"Entry {sequence} is not the one that was published: the ledger was written anew.",
                )
            before = bytes.fromhex(link["digest"])
        for sequence in sorted(wanted):
            self.expect(False, f"Entry {sequence} is not in the chain.")
        end = [sequence, before.hex()]
        self.expect(
            end == self.about["head"], f"The chain ends with {end}, the dossier says {self.about['head']}."
        )
        return count, met

    # ------------------------------------------------------------------------------- entries and their rows

    def check_rows(self, entries: list[Row], layout: Row) -> tuple[int, list[Row]]:
        """How many rows were checked, and the history rows among them."""
        rows: dict[int, list[Row]] = {}
        for row in self.lines("ledger/rows.jsonl"):
            rows.setdefault(row["entry"], []).append(row)
        payloads = {}
        for entry in entries:
            try:
                payload = payloads[entry["sequence"]] = json.loads(entry["payload"])
            except ValueError as error:
                raise Broken(f"Entry {entry['sequence']} can't be read: {error}") from error
            name = f"Entry {entry['sequence']}"
            self.expect(
                canonical(payload).decode() == entry["payload"], f"{name} is not in the canonical form."
            )
            self.expect(
                payload["sequence"] == entry["sequence"], f"{name} says that it is {payload['sequence']}."
            )
            self.expect(payload["article"] == self.about["article"], f"{name} is of another story.")
        # What an order erased has another digest since; the entry of the erasure names both.
        erased = {row[-2]: row[-1] for each in payloads.values() for row in each.get("erased", ())}
        count, history = 0, []
        for sequence, payload in payloads.items():
            columns = layout["columns"][str(payload["form"])]
            found: dict[tuple[str, int], str] = {}
            for row in rows.pop(sequence, ()):
                count += 1
                found[row["model"], row["number"]] = self.digest_of_row(row, columns)
                if "history_id" in row["values"]:
                    values = row["values"]
                    history.append(row)
                    number = f"{row['model']} {row['number']}"
                    self.expect(values["history_id"] == row["number"], f"Row {number} has another number.")
                    self.expect(
                        values["revision"] == payload["revision"], f"Row {number} is of another revision."
                    )
            wanted = {(row[0], row[3]): row[4] for row in payload.get("rows", ())}
            wanted[payload["kind"], payload["event"]] = payload["said"]
            if "shown" in payload:
                wanted["shown", payload["event"]] = payload["shown"]
            for key, digest in wanted.items():
                while digest in erased:
                    digest = erased.pop(digest)
                name = f"{key[0]} {key[1]} of entry {sequence}"
                if self.expect(key in found, f"The row {name} is missing."):
                    self.expect(found.pop(key) == digest, f"The row {name} is not what was written.")
            for key in found:
                self.expect(
                    False, f"The row {key[0]} {key[1]} is in no entry; it was slipped in under {sequence}."
                )
        for sequence in rows:
            self.expect(False, f"Rows are of entry {sequence}, which is not there.")
        return count, history

    def digest_of_row(self, row: Row, columns: dict[str, list[str]]) -> str:
        values = row["values"]
        if row["model"] == "shown":
            shown = {
                "card": [values["card"][name] for name in columns["publicationcard"]],
                "notes": [[note[name] for name in columns["publishednote"]] for note in values["notes"]],
                "pictures": values["pictures"],
            }
            return row_digest(row["salt"], "publication", [canonical(shown).decode()])
        model: str = row["table"] if "table" in row else row["model"]
        if not self.expect(set(values) == set(columns[model]), f"A row of {model} has other columns."):
            return ""
        return row_digest(row["salt"], model, [values[name] for name in columns[model]])

    # --------------------------------------------------------------------------------- revisions, versions

    def check_revisions(self, entries: list[Row], history: list[Row], layout: Row) -> dict[int, Row]:
        """The story at each revision, told anew from the rows and held against the dossier's own telling."""
        made = [json.loads(entry["payload"]) for entry in entries]
        numbers = [each["revision"] for each in made if each["kind"] == "revision"]
        self.expect(
            numbers == list(range(1, len(numbers) + 1)),
            f"Revisions are missing: there are {numbers or 'none'}.",
        )
        story: dict[tuple[str, int], Row] = {}
        told: dict[int, Row] = {}
        written: dict[int, list[Row]] = {}
        for row in sorted(history, key=lambda row: row["number"]):
            written.setdefault(row["values"]["revision"], []).append(row)
        for number in numbers:
            for row in written.get(number, ()):
                story.pop((row["model"], row["values"]["id"]), None)
                if row["values"]["history_type"] != "-":
                    story[row["model"], row["values"]["id"]] = row
            told[number] = tell(list(story.values()), layout)
            name = f"revisions/{number:04}.json"
            self.expect(told[number] == self.read(name)["story"], f"{name} is not what its rows say.")
        return told

    def check_versions(self, entries: list[Row], told: dict[int, Row]) -> list[int]:
        """Which versions hold other words in public than their rows: what is withheld."""
        made = [json.loads(entry["payload"]) for entry in entries]
        revisions = {each["event"]: each["revision"] for each in made if each["kind"] == "revision"}
        cancelled = {each["publication"] for each in made if each["kind"] == "cancellation"}
        live = sorted(
            (each["live_from"], revisions.get(each["revision_event"]), each["sequence"])
            for each in made
            if each["kind"] == "publication"
            and each["event"] not in cancelled
            and each["live_from"] <= self.about["made"]
        )
        listed = [(each["live_from"], each["revision"], each["sequence"]) for each in self.about["versions"]]
        self.expect(listed == live, f"The versions are {live} by the ledger, {listed} by the dossier.")
        other = []
        for each in self.about["versions"]:
            if each["file"]:
                shown = dict(told.get(each["revision"], {}))
                shown["comment_requests"] = [one for one in shown.get("comment_requests", ()) if one["shown"]]
                if self.read(each["file"])["story"] != shown:
                    other.append(each["number"])
        unsaid = [number for number in other if number not in self.about["withheld"]]
        self.expect(
            not unsaid, f"The public words of the versions {unsaid} are not those of their revisions."
        )
        return other

    def check_files(self) -> int:
        """That versions come one after the other, and every picture is the one that its name says."""
        numbers = [each["number"] for each in self.about["versions"]]
        times = [each["live_from"] for each in self.about["versions"]]
        self.expect(
            numbers == sorted(set(numbers)) and times == sorted(times), "The versions are not in order."
        )
        for each in self.about["versions"]:
            if each["file"]:
                name = each["file"]
                self.expect(
                    digest_of(self.bytes(name)) == each["sha256"], f"{name} is not the file that was put in."
                )
        for name in self.about["pictures"]:
            digest = name.rpartition("/")[2].partition(".")[0]
            self.expect(digest_of(self.bytes(name)) == digest, f"{name} is another picture.")
            self.pictures[digest] = name
        return len(self.pictures)


def tell(rows: list[Row], layout: Row) -> Row:
    """The story that rows tell, as a dossier writes it."""
    told: Row = {}
    parts: dict[str, list[tuple[int, int, Row]]] = {group: [] for group in GROUPS}
    for row in rows:
        values = row["values"]
        fields = {
            layout["renamed"].get(name, name): "" if value is None and name in layout["empty"] else value
            for name, value in values.items()
            if name not in layout["untold"]
        }
        if row["model"] == "article":
            told.update(fields)
        else:
            group, kind = layout["parts"][row["model"]]
            named = {"block": kind} if kind else {}
            parts[group].append((values["ordering"], values["id"], {**named, **fields}))
    for group, placed in parts.items():
        told[group] = [fields for _, _, fields in sorted(placed, key=lambda each: each[:2])]
    return told


def check(root: Any, heads: dict[int, str]) -> tuple[list[str], list[str], list[str]]:
    """What failed, what is proved, and what is not; sentences, all of them."""
    dossier = Dossier(root)
    proved, unproved = [], []
    entries = list(dossier.lines("ledger/entries.jsonl" if dossier.full else "ledger/events.jsonl"))
    count, met = dossier.check_chain(entries, heads)
    first, (last, digest) = dossier.about["first"], dossier.about["head"]
    proved.append(
        f"{count} entries of the ledger, {first} to {last}, follow from one another; the last is {digest}."
    )
    if met:
        proved.append(f"They are those that were published before: {', '.join(map(str, met))}.")
    elif heads:
        unproved.append(
            "None of the heads given is of these entries, so they were held against nothing outside."
        )
    else:
        unproved.append(
            "That the ledger was not written anew as a whole: compare with a head that was kept elsewhere (--head)."
        )
    pictures = dossier.check_files()
    proved.append(f"{pictures} pictures are the files that their names say.")
    if not dossier.full:
        proved.append(f"{len(entries)} events of the story stand in the ledger where the dossier says.")
        unproved.append(
            "The words of the versions: their entries also name people of the newsroom, so that nothing of them is "
            "public but a digest. The full dossier proves the words, under the same digests."
        )
        return dossier.failed, proved, unproved
    layout = dossier.read("layout.json")
    if not dossier.expect(
        digest_of(canonical(layout)) in LAYOUTS, "layout.json names the columns in a way not known here."
    ):
        return dossier.failed, proved, unproved
    rows, history = dossier.check_rows(entries, layout)
    proved.append(
        f"{len(entries)} entries of the story say what was written; {rows} rows are what they cover."
    )
    told = dossier.check_revisions(entries, history, layout)
    proved.append(f"{len(told)} revisions read as their rows say.")
    other = dossier.check_versions(entries, told)
    proved.append(f"{len(dossier.about['versions'])} versions are those of the ledger.")
    if other:
        unproved.append(f"Why the versions {other} read otherwise in public: words of them are withheld.")
    shown = {each["picture"] for story in told.values() for each in story["blocks"] if each.get("picture")}
    lost = sorted(shown - dossier.pictures.keys())
    unproved.extend(f"The picture {picture}: its file is not in the dossier." for picture in lost)
    unproved.append(
        "That no entry of the story came after the last one here; what the desk kept beside the story (desk.json), "
        "which is in no ledger; and the pages (*.html), which are made of what is proved, to be read."
    )
    return dossier.failed, proved, unproved


def heads_of(text: bytes) -> dict[int, str]:
    """Heads as the newsroom publishes them: the present one and the days'; or one of them, or a list."""
    found = json.loads(text)
    if isinstance(found, dict):
        found = [found.get("head"), *found["heads"]] if "heads" in found else [found]
    return {int(head["sequence"]): str(head["digest"]) for head in found if head}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Checks a story's dossier, offline.")
    parser.add_argument("dossier", nargs="?", type=Path, default=Path(__file__).parent)
    parser.add_argument("--head", nargs=2, action="append", default=[], metavar=("SEQUENCE", "DIGEST"))
    parser.add_argument("--heads", type=Path, metavar="FILE")
    given = parser.parse_args(arguments)
    say = sys.stdout.write
    try:
        heads = {int(sequence): digest.lower() for sequence, digest in given.head}
        if given.heads:
            heads.update(heads_of(given.heads.read_bytes()))
        path = given.dossier
        failed, proved, unproved = check(path if path.is_dir() else zipfile.Path(path), heads)
    except Broken as broken:
        failed, proved, unproved = [str(broken)], [], []
    except (
        AttributeError,
        IndexError,
        KeyError,
        OSError,
        TypeError,
        ValueError,
        zipfile.BadZipFile,
    ) as error:
        failed, proved, unproved = [f"The dossier can't be read: {error!r}"], [], []
    for title, sentences in (("FAILED", failed), ("NOT PROVED" if not failed else "", unproved)):
        for sentence in sentences if title else ():
            say(f"{title}: {sentence}\n")
    for sentence in proved if not failed else ():
        say(f"PROVED: {sentence}\n")
    say(f"The dossier does not hold: {len(failed)} faults.\n" if failed else "The dossier holds.\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
