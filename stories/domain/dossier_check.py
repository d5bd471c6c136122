#!/usr/bin/env python3
"""Check a story's dossier, offline, and say what that proves.

    python3 check.py                                       the dossier that this file lies in
    python3 check.py DOSSIER.zip                           or the one named, a file or a folder
    python3 check.py --head SEQUENCE DIGEST                against a head of the ledger that was kept elsewhere
    python3 check.py --heads heads.json                    against all that the newsroom published
    python3 check.py --tell                                and tell what is proved: who did what, when, and why

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
NOTE = ("kind", "text", "was", "now")
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


class Findings:
    """What failed, what is proved, what is not, and what the proved entries tell; sentences, all of them."""

    def __init__(self) -> None:
        self.failed: list[str] = []
        self.proved: list[str] = []
        self.unproved: list[str] = []
        self.told: list[str] = []
        self.known = 0

    def proves(self, sentence: str) -> None:
        """Say that something is proved, unless anything failed since the last time."""
        if len(self.failed) == self.known:
            self.proved.append(sentence)
        self.known = len(self.failed)


class Dossier:
    def __init__(self, root: Any, found: Findings) -> None:
        self.root = root
        self.failed, self.told = found.failed, found.told
        self.about = self.read("dossier.json")
        self.full = self.about["part"] == "full"
        self.pictures: dict[str, str] = {}
        # By sequence: what each entry of the story says, the words of its event, and what lists show of a version.
        self.payloads: dict[int, Row] = {}
        self.said: dict[int, Row] = {}
        self.shown: dict[int, Row] = {}

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

    def check_entries(self, entries: list[Row]) -> None:
        """That each entry can be read, and that none between the story's first here and its last is missing."""
        before = None
        for entry in sorted(entries, key=lambda entry: entry["sequence"]):
            name = f"Entry {entry['sequence']}"
            try:
                payload = self.payloads[entry["sequence"]] = json.loads(entry["payload"])
            except ValueError as error:
                raise Broken(f"{name} can't be read: {error}") from error
            self.expect(
                canonical(payload).decode() == entry["payload"], f"{name} is not in the canonical form."
            )
            self.expect(
                payload["sequence"] == entry["sequence"], f"{name} says that it is {payload['sequence']}."
            )
            self.expect(payload["article"] == self.about["article"], f"{name} is of another story.")
            self.expect(
                payload["after"] == before,
                f"An entry of the story is missing: {name} comes after {payload['after']}, here after {before}.",
            )
            self.expect(
                payload["at"] <= self.about["made"], f"{name} is of after the time that the dossier says."
            )
            before = entry["sequence"]

    def check_rows(self, layout: Row) -> tuple[int, list[Row]]:
        """How many rows were checked, and the history rows among them."""
        rows: dict[int, list[Row]] = {}
        for row in self.lines("ledger/rows.jsonl"):
            rows.setdefault(row["entry"], []).append(row)
        # What an order erased has another digest since; the entry of the erasure names both.
        erased = {row[-2]: row[-1] for each in self.payloads.values() for row in each.get("erased", ())}
        count, history = 0, []
        for sequence, payload in self.payloads.items():
            columns = layout["columns"][str(payload["form"])]
            found: dict[tuple[str, int], str] = {}
            for row in rows.pop(sequence, ()):
                count += 1
                values = row["values"]
                found[row["model"], row["number"]] = self.digest_of_row(row, columns)
                if row["model"] in ("shown", payload["kind"]):
                    (self.shown if row["model"] == "shown" else self.said)[sequence] = values
                if "history_id" in values:
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

    def of_kind(self, *kinds: str) -> list[Row]:
        return [payload for payload in self.payloads.values() if payload["kind"] in kinds]

    def check_revisions(self, history: list[Row], layout: Row) -> dict[int, Row]:
        """The story at each revision, told anew from the rows and held against the dossier's own telling."""
        made = self.of_kind("revision")
        numbers = [each["revision"] for each in made]
        self.expect(
            numbers == list(range(1, len(numbers) + 1)),
            f"Revisions are missing: there are {numbers or 'none'}.",
        )
        story: dict[tuple[str, int], Row] = {}
        told: dict[int, Row] = {}
        written: dict[int, list[Row]] = {}
        for row in sorted(history, key=lambda row: row["number"]):
            written.setdefault(row["values"]["revision"], []).append(row)
        for payload in made:
            number = payload["revision"]
            for row in written.get(number, ()):
                story.pop((row["model"], row["values"]["id"]), None)
                if row["values"]["history_type"] != "-":
                    story[row["model"], row["values"]["id"]] = row
            told[number] = tell(list(story.values()), layout)
            name = f"revisions/{number:04}.json"
            saved = self.read(name)
            self.expect(told[number] == saved["story"], f"{name} is not what its rows say.")
            facts = {
                "revision": number,
                "by": payload["by"][1],
                "at": payload["at"],
                "why": self.said.get(payload["sequence"], {}).get("reason"),
                "entry": payload["sequence"],
            }
            self.expect(
                {key: saved[key] for key in facts} == facts,
                f"{name} says otherwise than the ledger who saved it, when or why: {facts}.",
            )
            self.told.append(f"{facts['at']} revision {number} saved by {facts['by']}: {facts['why']}")
        return told

    def check_versions(self, told: dict[int, Row]) -> list[int]:
        """Which versions hold other words in public than their rows: what is withheld."""
        revisions = {each["event"]: each["revision"] for each in self.of_kind("revision")}
        cancelled = {each["publication"] for each in self.of_kind("cancellation")}
        live = sorted(
            (each["live_from"], revisions.get(each["revision_event"]), each["sequence"])
            for each in self.of_kind("publication")
            if each["event"] not in cancelled and each["live_from"] <= self.about["made"]
        )
        listed = [(each["live_from"], each["revision"], each["sequence"]) for each in self.about["versions"]]
        if not self.expect(
            listed == live, f"The versions are {live} by the ledger, {listed} by the dossier."
        ):
            return []
        other, notes = [], []
        for each in self.about["versions"]:
            payload = self.payloads[each["sequence"]]
            shown = self.shown.get(each["sequence"], {"notes": []})
            brought = [{name: note[name] for name in NOTE} for note in shown["notes"]]
            notes += [{"version": each["number"], **note} for note in brought]
            self.told.append(
                f"{payload['at']} version {each['number']} (revision {each['revision']}) published by "
                f"{payload['by'][1]}, live from {payload['live_from']}, {payload['class']}; readers were told: "
                + ("; ".join(f"{note['kind']}: {note['text']}" for note in brought) or "nothing")
            )
            if each["file"]:
                public = self.read(each["file"])
                facts = {
                    "version": each["number"],
                    "live_from": payload["live_from"],
                    "class": payload["class"],
                }
                self.expect(
                    {**facts, "notes": brought} == {key: public[key] for key in (*facts, "notes")},
                    f"{each['file']} says otherwise than the ledger what readers were told: {facts}, {brought}.",
                )
                whole = dict(told.get(each["revision"], {}))
                whole["comment_requests"] = [one for one in whole.get("comment_requests", ()) if one["shown"]]
                if public["story"] != whole:
                    other.append(each["number"])
            else:
                self.expect(
                    self.is_hidden(payload["event"]),
                    f"Version {each['number']} has no file, and no entry of the ledger hides it.",
                )
        self.expect(self.read("notes.json") == notes, f"notes.json is not what readers were told: {notes}.")
        unsaid = [number for number in other if number not in self.about["withheld"]]
        self.expect(
            not unsaid, f"The public words of the versions {unsaid} are not those of their revisions."
        )
        self.expect(
            not other
            or any(each.get("publication") is None for each in self.of_kind("withholding", "erasure")),
            f"Words of the versions {other} are said to be withheld, and no entry of the ledger withholds any.",
        )
        return other

    def is_hidden(self, publication: int) -> bool:
        """Whether an entry tells why the public sees nothing of a version."""
        taken_down = [each["withdrawn"] for each in self.of_kind("withdrawal")][-1:]
        withheld = [each["publication"] for each in self.of_kind("withholding", "erasure-order")]
        return taken_down == [True] or publication in withheld or bool(self.of_kind("erasure"))

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


def check(root: Any, heads: dict[int, str], found: Findings) -> None:
    dossier = Dossier(root, found)
    entries = list(dossier.lines("ledger/entries.jsonl" if dossier.full else "ledger/events.jsonl"))
    count, met = dossier.check_chain(entries, heads)
    first, (last, digest) = dossier.about["first"], dossier.about["head"]
    found.proves(
        f"{count} entries of the ledger, {first} to {last}, follow from one another; the last is {digest}."
    )
    if met:
        found.proves(
            f"The chain goes through the heads that you gave: {', '.join(map(str, met))}. That is worth as much as "
            "where you have them from: from the newsroom's own pages at that time, not from this dossier."
        )
    else:
        found.unproved.append(
            "None of the heads given is of these entries, so they were held against nothing outside."
            if heads
            else "That the ledger was not written anew as a whole: compare with a head kept elsewhere (--head)."
        )
    pictures = dossier.check_files()
    if pictures:
        found.proves(f"Each picture ({pictures}) is the file that its name says.")
    pages = (
        "The pages to be read (*.html, README.txt) and the story's address: whoever had the dossier can have changed "
        "them. What counts stands in the files of data; --tell reads it out."
    )
    if not dossier.full:
        found.proves(f"{len(entries)} events of the story stand in the ledger where the dossier says.")
        found.unproved.append(
            "The words of the versions: their entries also name people of the newsroom, so that nothing of them is "
            "public but a digest. The full dossier proves the words, under the same digests."
        )
        found.unproved.append(pages.replace("; --tell reads it out", ""))
        return
    layout = dossier.read("layout.json")
    if not dossier.expect(
        digest_of(canonical(layout)) in LAYOUTS, "layout.json names the columns in a way not known here."
    ):
        return
    dossier.check_entries(entries)
    found.proves(f"{len(entries)} entries are the story's, from its first on; none between them is missing.")
    rows, history = dossier.check_rows(layout)
    found.proves(f"{rows} rows are what those entries say was written.")
    told = dossier.check_revisions(history, layout)
    found.proves(
        f"{len(told)} revisions read as their rows say, and were saved by whom, when and why they say."
    )
    other = dossier.check_versions(told)
    found.proves(
        f"{len(dossier.about['versions'])} versions are those of the ledger, and what readers were told with each."
    )
    if other:
        found.unproved.append(
            f"Why the versions {other} read otherwise in public: words of them are withheld."
        )
    shown = {each["picture"] for story in told.values() for each in story["blocks"] if each.get("picture")}
    lost = sorted(shown - dossier.pictures.keys())
    found.unproved.extend(f"The picture {picture}: its file is not in the dossier." for picture in lost)
    found.unproved.append(
        "That no entry of the story came after its last one here: of the others the dossier has digests alone. That "
        "the clocks of the newsroom were right. What the desk kept beside the story (desk.json), which is in no ledger."
    )
    found.unproved.append(pages)


def heads_of(text: bytes) -> dict[int, str]:
    """Heads as the newsroom publishes them: the present one and the days'; or one of them, or a list."""
    found = json.loads(text)
    if isinstance(found, dict):
        found = [found.get("head"), *found["heads"]] if "heads" in found else [found]
    return {int(head["sequence"]): str(head["digest"]) for head in found if head}


def head_of(parser: argparse.ArgumentParser, sequence: str, digest: str) -> tuple[int, str]:
    if not sequence.isdigit() or len(digest) != 64 or set(digest.lower()) - set("0123456789abcdef"):
        parser.error(f"--head takes a number and a digest of 64 characters 0-9 a-f, not {sequence} {digest}.")
    return int(sequence), digest.lower()


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Checks a story's dossier, offline.")
    parser.add_argument("dossier", nargs="?", type=Path, default=Path(__file__).parent)
    parser.add_argument("--head", nargs=2, action="append", default=[], metavar=("SEQUENCE", "DIGEST"))
    parser.add_argument("--heads", type=Path, metavar="FILE")
    parser.add_argument(
        "--tell", action="store_true", help="tell who did what, when and why, where that is proved"
    )
    given = parser.parse_args(arguments)
    heads = dict(head_of(parser, *each) for each in given.head)
    found = Findings()
    try:
        if given.heads:
            heads.update(heads_of(given.heads.read_bytes()))
        path = given.dossier
        check(path if path.is_dir() else zipfile.Path(path), heads, found)
    except Broken as broken:
        found.failed.append(str(broken))
    except (
        AttributeError,
        IndexError,
        KeyError,
        OSError,
        TypeError,
        ValueError,
        zipfile.BadZipFile,
    ) as error:
        found.failed.append(f"The dossier can't be read: {error!r}")
    failed = found.failed
    said = [f"FAILED: {sentence}" for sentence in failed]
    said += [f"NOT PROVED: {sentence}" for sentence in found.unproved]
    said += [f"PROVED: {sentence}" for sentence in found.proved]
    if given.tell and not failed:
        said += ["", *sorted(found.told), ""]
    faults = "1 fault" if len(failed) == 1 else f"{len(failed)} faults"
    said.append(f"The dossier does not hold: {faults}." if failed else "The dossier holds.")
    sys.stdout.write("\n".join(said) + "\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
