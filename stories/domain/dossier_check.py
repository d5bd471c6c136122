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

import sys

if __name__ == "__main__" and not (sys.flags.isolated or getattr(sys.flags, "safe_path", False)):
    # The dossier's own folder: nothing else that lies in it may run.
    del sys.path[0]

import argparse
import json
import re
import zipfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

Row = dict[str, Any]
NOTE = ("kind", "text", "was", "now")
FORMAT = "newsroom-dossier/1"
# The layouts that this file knows: which column means what is not for the dossier itself to say.
LAYOUTS = {"34bf908c4ebe55d31f45626eea0e3d629dffe4c7cd3dbee85f131aeddc30a588"}
GROUPS = ("bylines", "blocks", "comment_requests", "update_notes")
# What each part of a dossier says, and no more: nobody may write beside it what is not proved.
ABOUT = {"format", "part", "slug", "site", "address", "made", "first", "previous", "head"}
ABOUT |= {"versions", "withheld", "pictures"}
VERSION = {"number", "live_from", "sequence", "file", "sha256"}
LINK = {"sequence", "payload", "digest"}
ROW = {"entry", "model", "number", "salt", "values"}
EVENTS = {
    "publication": {"sequence", "digest", "kind", "version", "live_from", "class"},
    "withdrawal": {"sequence", "digest", "kind", "withdrawn", "at", "notice"},
}
NAME = re.compile(r"[A-Za-z0-9_-]+(?:[./][A-Za-z0-9_-]+)*")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
DIGEST = re.compile(r"[0-9a-f]{64}")


class Broken(Exception):
    """Something that can't even be read; the message says what."""


def canonical(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def same(one: Any, other: Any) -> bool:
    """Whether two values are written alike: for Python 1 is also 1.0, and true."""
    return canonical(one) == canonical(other)


def digest_of(data: bytes) -> str:
    return sha256(data).hexdigest()


def row_digest(salt: str, model: str, values: list[Any]) -> str:
    return digest_of(bytes.fromhex(salt) + canonical([model, *values]))


def parsed(data: bytes) -> Any:
    """JSON that everybody reads alike. Raises ValueError."""

    def once(pairs: list[tuple[str, Any]]) -> Row:
        if len(dict(pairs)) != len(pairs):
            raise ValueError("a name stands twice in it")
        return dict(pairs)

    return json.loads(data.decode(), object_pairs_hook=once)


class Files:
    """What lies in a dossier, a folder or a zip: nothing beside it is ever opened."""

    def __init__(self, path: Path) -> None:
        self.path, self.zip = path, None if path.is_dir() else zipfile.ZipFile(path)
        self.used: set[str] = set()
        if self.zip is not None:
            names = [each.filename for each in self.zip.infolist() if not each.is_dir()]
        else:
            found = [each for each in path.rglob("*") if each.is_symlink() or not each.is_dir()]
            names = [each.relative_to(path).as_posix() for each in found]
            # What file managers leave in folders.
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
            return file.read()


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
    def __init__(self, files: Files, found: Findings) -> None:
        self.files = files
        self.failed, self.told = found.failed, found.told
        self.about = self.read("dossier.json")
        self.full = self.about["part"] == "full"
        self.pictures: dict[str, str] = {}
        # By sequence: what each entry of the story says, the words of its event, and what lists show of a version.
        self.payloads: dict[int, Row] = {}
        self.said: dict[int, Row] = {}
        self.shown: dict[int, Row] = {}

    def read(self, name: str) -> Any:
        try:
            return parsed(self.files.read(name))
        except ValueError as error:
            raise Broken(f"{name} can't be read: {error}") from error

    def lines(self, name: str, *forms: set[str]) -> Iterator[Row]:
        """The lines of a file, each of which says no more than one of its forms."""
        with self.files.open(name) as file:
            for line in file:
                try:
                    row = parsed(line)
                except ValueError as error:
                    raise Broken(f"{name} can't be read: {error}") from error
                if set(row) not in forms:
                    raise Broken(f"{name} says something that no dossier does: {sorted(row)}.")
                yield row

    def expect(self, holds: bool, otherwise: str) -> bool:
        if not holds:
            self.failed.append(otherwise)
        return bool(holds)

    def check_about(self) -> None:
        """That dossier.json, its versions and its pictures have the form that they should."""
        about = self.about
        self.expect(
            about["format"] == FORMAT, f"dossier.json is in a format not known here: {about['format']}."
        )
        self.expect(
            about["part"] in ("full", "public"), "dossier.json is neither of the full nor the public part."
        )
        self.expect(
            set(about) == ABOUT | ({"article"} if self.full else set()),
            f"dossier.json says something that no dossier does: {sorted(about)}.",
        )
        self.expect(
            bool(TIME.fullmatch(about["made"])), f"dossier.json says when it was made: {about['made']}."
        )
        listed = VERSION | ({"revision"} if self.full else set())
        for number, each in enumerate(about["versions"], start=1):
            self.expect(set(each) == listed, f"dossier.json says more of version {number} than it should.")
            self.expect(same(each["number"], number), f"Version {number} is called {each['number']}.")
            self.expect(
                each["file"] in ("", f"versions/{number:04}.json"),
                f"Version {number} lies in {each['file']}.",
            )
            if each["file"]:
                digest = digest_of(self.files.read(each["file"]))
                self.expect(digest == each["sha256"], f"{each['file']} is not the file that was put in.")
        times = [each["live_from"] for each in about["versions"]]
        self.expect(times == sorted(times), "The versions are not in order.")
        for name in about["pictures"]:
            digest, _, kind = name.rpartition("/")[2].partition(".")
            self.expect(name == f"pictures/{digest}.{kind}", f"{name} is not where a picture lies.")
            self.expect(digest_of(self.files.read(name)) == digest, f"{name} is another picture.")
            self.pictures[digest] = name

    def check_names(self) -> None:
        """That the dossier has the files of which it is made, and no others that could pass for such."""
        used = self.files.used
        pages = {name[:-4] + "html" for name in used if name.startswith(("versions/", "revisions/"))}
        pages |= {"check.py", "README.html", "README.txt"} | ({"desk.json"} if self.full else set())
        for name in sorted(self.files.names - used - pages):
            self.expect(False, f"{name} is no part of this dossier. If you put it there, move it elsewhere.")
        for name in sorted(pages - self.files.names):
            self.expect(False, f"{name} is not there.")

    # ------------------------------------------------------------------------------------------ the chain

    def check_chain(self, entries: list[Row], heads: dict[int, str]) -> tuple[int, list[int]]:
        """How many entries are chained, and which of the heads lie among them."""
        wanted = {entry["sequence"]: entry for entry in entries}
        before = bytes.fromhex(self.about["previous"])
        sequence, count, met = self.about["first"] - 1, 0, []
        self.expect(
            sequence > 0 or not any(before), "The first entry of the ledger does not begin the chain."
        )
        self.expect(len(wanted) == len(entries), "An entry is there twice.")
        for link in self.lines("ledger/chain.jsonl", LINK):
            sequence, count = sequence + 1, count + 1
            self.expect(
                bool(DIGEST.fullmatch(link["payload"])), f"Entry {sequence} has no digest of its payload."
            )
            if not self.expect(
                same(link["sequence"], sequence), f"Entry {sequence} is missing; {link['sequence']} follows."
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
            same(end, self.about["head"]),
            f"The chain ends with {end}, the dossier says {self.about['head']}.",
        )
        return count, met

    # ------------------------------------------------------------------------------- entries and their rows

    def check_entries(self, entries: list[Row]) -> None:
        """That each entry can be read, and that none between the story's first here and its last is missing."""
        before = None
        for entry in sorted(entries, key=lambda entry: entry["sequence"]):
            name = f"Entry {entry['sequence']}"
            try:
                payload = self.payloads[entry["sequence"]] = parsed(entry["payload"].encode())
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
        for row in self.lines("ledger/rows.jsonl", ROW, ROW | {"table"}):
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
                name = f"{row['model']} {row['number']} of entry {sequence}"
                self.expect((row["model"], row["number"]) not in found, f"The row {name} is there twice.")
                self.expect(len(row["salt"]) == 32, f"The row {name} has no salt as rows have.")
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
            said = [set(values["card"]), *map(set, values["notes"])]
            known = [
                set(columns["publicationcard"]),
                *(set(columns["publishednote"]) for _ in values["notes"]),
            ]
            if not self.expect(
                said == known and set(values) == {"card", "notes", "pictures"},
                "A row of shown has other columns.",
            ):
                return ""
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
            self.expect(same(told[number], saved["story"]), f"{name} is not what its rows say.")
            facts = {
                "revision": number,
                "by": payload["by"][1],
                "at": payload["at"],
                "why": self.said.get(payload["sequence"], {}).get("reason"),
                "entry": payload["sequence"],
            }
            self.expect(
                same({key: value for key, value in saved.items() if key != "story"}, facts),
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
            same(listed, live), f"The versions are {live} by the ledger, {listed} by the dossier."
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
                line = self.said.get(each["sequence"], {}).get("reason")
                facts = {
                    "version": each["number"],
                    "live_from": payload["live_from"],
                    "class": payload["class"],
                    "line": line if payload["class"] == "developing" else "",
                    "notes": brought,
                }
                whole = dict(told.get(each["revision"], {}))
                whole["comment_requests"] = [one for one in whole.get("comment_requests", ()) if one["shown"]]
                if not same(public["story"], whole):
                    other.append(each["number"])
                    facts["line"] = public["line"] if facts["line"] else ""
                self.expect(
                    same({key: value for key, value in public.items() if key != "story"}, facts),
                    f"{each['file']} says otherwise than the ledger what readers were told: {facts}.",
                )
            else:
                self.expect(
                    self.is_hidden(payload["event"]),
                    f"Version {each['number']} has no file, and no entry of the ledger hides it.",
                )
        self.expect(
            same(self.read("notes.json"), notes), f"notes.json is not what readers were told: {notes}."
        )
        withheld = self.about["withheld"]
        self.expect(
            same(other, withheld),
            f"The public words of the versions {other} are not those of their revisions; dossier.json says {withheld}.",
        )
        hidden = [each for each in self.withheld_now() if each["publication"] is None]
        self.expect(
            not other
            or bool(hidden)
            or any(each["scope"] not in ("story", "version") for each in self.erased()),
            f"Words of the versions {other} are said to be withheld, and no entry of the ledger withholds any.",
        )
        return other

    def withheld_now(self) -> list[Row]:
        """What was ordered to be withheld, and not lifted since."""
        lifted = {each["withholding"]: each["lifted"] for each in self.of_kind("withholding-decision")}
        return [each for each in self.of_kind("withholding") if not lifted.get(each["event"])]

    def erased(self) -> list[Row]:
        """The orders to erase that were carried out."""
        done = {each["order"] for each in self.of_kind("erasure")}
        return [each for each in self.of_kind("erasure-order") if each["event"] in done]

    def is_hidden(self, publication: int) -> bool:
        """Whether an entry tells why the public sees nothing of a version."""
        withdrawn = [each["withdrawn"] for each in self.of_kind("withdrawal")][-1:] == [True]
        withheld = any(each["publication"] == publication for each in self.withheld_now())
        orders = self.erased()
        return (
            withdrawn
            or withheld
            or any(each["scope"] == "story" or each["publication"] == publication for each in orders)
        )

    def check_public(self, events: list[Row]) -> None:
        """That what the public part says of its versions and notes is the same in all its files."""
        listed = {each["sequence"]: each for each in self.about["versions"]}
        notes = []
        for event in events:
            self.expect(
                set(event) == EVENTS.get(event["kind"], set()), f"An event says more than it should: {event}."
            )
            if event["kind"] == "publication":
                each = listed.pop(event["sequence"], {})
                facts = [event["version"], event["live_from"]]
                self.expect(
                    same(facts, [each.get("number"), each.get("live_from")]),
                    f"No version is that of {event}.",
                )
                if each.get("file"):
                    public = self.read(each["file"])
                    told = [public["version"], public["live_from"], public["class"]]
                    self.expect(
                        same(told, [*facts, event["class"]]), f"{each['file']} says otherwise: {told}."
                    )
                    notes += [{"version": event["version"], **note} for note in public["notes"]]
        self.expect(
            not listed, f"There is no event of the versions {[each['number'] for each in listed.values()]}."
        )
        of_files = {each["number"] for each in self.about["versions"] if each["file"]}
        told_of = [note for note in self.read("notes.json") if note["version"] in of_files]
        self.expect(same(told_of, notes), "notes.json is not what the versions' files say.")


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


def check(files: Files, heads: dict[int, str], found: Findings) -> None:
    dossier = Dossier(files, found)
    dossier.check_about()
    entries = list(
        dossier.lines("ledger/entries.jsonl", LINK)
        if dossier.full
        else dossier.lines("ledger/events.jsonl", *EVENTS.values())
    )
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
        if max(met) < last:
            found.unproved.append(
                f"What came after entry {max(met)}: no head that you gave is of a later one."
            )
    else:
        found.unproved.append(
            "None of the heads given is of these entries, so they were held against nothing outside."
            if heads
            else "That the ledger was not written anew as a whole: compare with a head kept elsewhere (--head)."
        )
    if dossier.pictures:
        found.proves(f"Each picture ({len(dossier.pictures)}) is the file that its name says.")
    site = "which newsroom this is of, its address, and when the dossier was made"
    pages = (
        "The pages to be read (*.html, README.txt): whoever had the dossier can have changed them, and check.py too. "
        "What counts stands in the files of data"
    )
    if not dossier.full:
        dossier.check_public(entries)
        dossier.check_names()
        found.proves(f"{len(entries)} events stand in the ledger where the dossier says.")
        found.unproved.append(
            "This is the public part alone. What those events are, the versions' numbers, times, notes and words, and "
            "whether others are missing: their entries also name people of the newsroom, so that nothing of them is "
            f"public but a digest. The full dossier proves all that, under the same digests. Nor {site}."
        )
        found.unproved.append(f"{pages}.")
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
    newest = told[max(told)] if told else {"slug": dossier.about["slug"]}
    dossier.expect(
        newest["slug"] == dossier.about["slug"], "The story has another slug than dossier.json says."
    )
    found.proves(
        f"{len(told)} revisions read as their rows say, and were saved by whom, when and why they say."
    )
    other = dossier.check_versions(told)
    shown = {each["picture"] for story in told.values() for each in story["blocks"] if each.get("picture")}
    for picture in sorted(dossier.pictures.keys() - shown):
        dossier.expect(False, f"The picture {picture} is none of the story's.")
    dossier.check_names()
    found.proves(
        f"{len(dossier.about['versions'])} versions are those of the ledger, and what readers were told with each."
    )
    if other:
        found.unproved.append(
            f"What the versions {other} read in public: words of them are withheld, and what stands there instead may "
            "be anything. Compare versions/ with revisions/."
        )
    lost = sorted(shown - dossier.pictures.keys())
    found.unproved.extend(f"The picture {picture}: its file is not in the dossier." for picture in lost)
    found.unproved.append(
        "That no entry of the story came after its last one here: of the others the dossier has digests alone. That "
        "the clocks of the newsroom were right. What the desk kept beside the story (desk.json), which is in no "
        f"ledger. Nor {site}."
    )
    found.unproved.append(f"{pages}; --tell reads it out.")


def heads_of(text: bytes) -> list[tuple[int, str]]:
    """Heads as the newsroom publishes them: the present one and the days'; or one of them, or a list."""
    found = json.loads(text)
    if isinstance(found, dict):
        found = [found.get("head"), *found["heads"]] if "heads" in found else [found]
    return [(int(head["sequence"]), str(head["digest"])) for head in found if head]


def heads_in(kept: list[tuple[int, str]]) -> dict[int, str]:
    heads = dict(kept)
    for sequence, digest in kept:
        if heads[sequence] != digest:
            raise Broken(
                f"The heads that you gave say two things of entry {sequence}. Ask which is the true one."
            )
    return heads


def head_of(parser: argparse.ArgumentParser, sequence: str, digest: str) -> tuple[int, str]:
    if not re.fullmatch("[0-9]+", sequence) or not DIGEST.fullmatch(digest.lower()):
        parser.error(f"--head takes a number and a digest of 64 characters 0-9 a-f, not {sequence} {digest}.")
    return int(sequence), digest.lower()


def readable(text: str) -> str:
    """Text in which nothing is hidden: what a terminal would obey is shown as what it is."""
    return "".join(each if each.isprintable() or each == "\u00a0" else ascii(each)[1:-1] for each in text)


def main(arguments: "list[str] | None" = None) -> int:
    parser = argparse.ArgumentParser(description="Checks a story's dossier, offline.")
    parser.add_argument("dossier", nargs="?", type=Path, default=Path(__file__).parent)
    parser.add_argument("--head", nargs=2, action="append", default=[], metavar=("SEQUENCE", "DIGEST"))
    parser.add_argument("--heads", type=Path, metavar="FILE")
    parser.add_argument(
        "--tell", action="store_true", help="tell who did what, when and why, where that is proved"
    )
    given = parser.parse_args(arguments)
    kept = [head_of(parser, *each) for each in given.head]
    found = Findings()
    try:
        if given.heads:
            kept += heads_of(given.heads.read_bytes())
        heads = heads_in(kept)
        check(Files(given.dossier), heads, found)
    except Broken as broken:
        found.failed.append(str(broken))
    # Whatever a hostile file makes Python say.
    except Exception as error:
        found.failed.append(f"The dossier can't be read: {error!r}")
    said = [f"FAILED: {sentence}" for sentence in found.failed]
    said += [f"NOT PROVED: {sentence}" for sentence in found.unproved]
    said += [f"PROVED: {sentence}" for sentence in found.proved]
    if given.tell and not found.failed:
        said += ["", *sorted(found.told), ""]
    faults = "1 fault" if len(found.failed) == 1 else f"{len(found.failed)} faults"
    said.append(f"The dossier does not hold: {faults}." if found.failed else "The dossier holds.")
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")
    sys.stdout.write("\n".join(map(readable, said)) + "\n")
    return 1 if found.failed else 0


if __name__ == "__main__":
    sys.exit(main())
