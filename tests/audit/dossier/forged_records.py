"""Forgeries of what the ledger holds: its chain, the story's entries and their rows."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from tests.audit.dossier_files import (
    Files,
    edit,
    edit_payload,
    lines,
    put_lines,
    replace_everywhere,
    seal_versions,
)

OLD, NEW = "recieve your letters", "received no letters"


def a_word_in_a_row(files: Files) -> None:
    replace_everywhere(files, OLD, NEW, "ledger/rows.jsonl")


def a_word_wherever_the_dossier_has_it(files: Files) -> None:
    replace_everywhere(files, OLD, NEW)
    seal_versions(files)


def a_word_in_a_revision_alone(files: Files) -> None:
    replace_everywhere(files, OLD, NEW, "revisions/0001.json")


def a_word_in_what_readers_saw(files: Files) -> None:
    replace_everywhere(files, OLD, NEW, "versions/0001.json")
    seal_versions(files)


def the_reason_of_an_edit(files: Files) -> None:
    replace_everywhere(files, "Typos in Whitlock", "Orders from Whitlock")


def who_published(files: Files) -> None:
    edit_payload(files, "publication", lambda payload: payload.update(by=[99, "Somebody Else"]))


def who_published_with_its_link_in_the_chain(files: Files) -> None:
    who_published(files)
    entries = {entry["sequence"]: entry for entry in lines(files, "ledger/entries.jsonl")}
    links = lines(files, "ledger/chain.jsonl")
    for link in links:
        if link["sequence"] in entries:
            link["payload"] = sha256(entries[link["sequence"]]["payload"].encode()).hexdigest()
    put_lines(files, "ledger/chain.jsonl", links)


def a_revision_left_out_with_its_rows(files: Files) -> None:
    entries = lines(files, "ledger/entries.jsonl")
    gone = next(each for each in entries if json.loads(each["payload"]).get("revision") == 3)
    put_lines(files, "ledger/entries.jsonl", [each for each in entries if each is not gone])
    rows = lines(files, "ledger/rows.jsonl")
    put_lines(files, "ledger/rows.jsonl", [row for row in rows if row["entry"] != gone["sequence"]])
    del files["revisions/0003.json"]


def a_row_left_out(files: Files) -> None:
    rows = lines(files, "ledger/rows.jsonl")
    gone = next(row for row in rows if row["model"] == "quoteblock")
    put_lines(files, "ledger/rows.jsonl", [row for row in rows if row is not gone])


def a_row_slipped_in(files: Files) -> None:
    rows = lines(files, "ledger/rows.jsonl")
    first = next(row for row in rows if row["model"] == "quoteblock")
    slipped = first | {"number": 999, "values": first["values"] | {"history_id": 999}}
    put_lines(files, "ledger/rows.jsonl", [*rows, slipped])


def an_entry_dropped_from_the_chain(files: Files) -> None:
    links = lines(files, "ledger/chain.jsonl")
    put_lines(files, "ledger/chain.jsonl", links[:5] + links[6:])


def two_entries_of_the_chain_changed_round(files: Files) -> None:
    links = lines(files, "ledger/chain.jsonl")
    links[2]["payload"], links[3]["payload"] = links[3]["payload"], links[2]["payload"]
    put_lines(files, "ledger/chain.jsonl", links)


def the_end_of_the_chain_cut_off(files: Files) -> None:
    put_lines(files, "ledger/chain.jsonl", lines(files, "ledger/chain.jsonl")[:-1])


def another_picture(files: Files) -> None:
    name = next(name for name in files if name.startswith("pictures/"))
    files[name] += b"\0"


def a_version_backdated(files: Files) -> None:
    def change(about: dict[str, Any]) -> None:
        about["versions"][1]["live_from"] = about["versions"][0]["live_from"]

    edit(files, "dossier.json", change)


def a_version_left_out(files: Files) -> None:
    edit(files, "dossier.json", lambda about: about | {"versions": about["versions"][1:]})


def what_readers_were_told(files: Files) -> None:
    rows = lines(files, "ledger/rows.jsonl")
    for row in rows:
        if row["model"] == "shown" and row["values"]["notes"]:
            row["values"]["notes"][0]["text"] = "Nothing changed."
    put_lines(files, "ledger/rows.jsonl", rows)


def the_columns_names_changed_round(files: Files) -> None:
    """The digest covers a row's values in their order: renaming columns changes what they mean."""

    def change(value: dict[str, Any]) -> None:
        columns = value["columns"]["1"]["updatenote"]
        was, now = columns.index("was"), columns.index("now")
        columns[was], columns[now] = columns[now], columns[was]

    edit(files, "layout.json", change)
    rows = lines(files, "ledger/rows.jsonl")
    for row in rows:
        if row["model"] == "updatenote":
            row["values"]["was"], row["values"]["now"] = row["values"]["now"], row["values"]["was"]
    put_lines(files, "ledger/rows.jsonl", rows)
    for name in files:
        if name.startswith(("revisions/", "versions/")) and name.endswith(".json"):
            edit(files, name, swap_notes)
    seal_versions(files)


def swap_notes(document: dict[str, Any]) -> None:
    for note in document["story"]["update_notes"]:
        note["was"], note["now"] = note["now"], note["was"]


def drop_entries(files: Files, gone: Callable[[dict[str, Any]], bool]) -> None:
    """Drop entries of the story with their rows, as if they were another story's; leave the chain."""
    entries = lines(files, "ledger/entries.jsonl")
    dropped = {each["sequence"] for each in entries if gone(json.loads(each["payload"]))}
    put_lines(files, "ledger/entries.jsonl", [each for each in entries if each["sequence"] not in dropped])
    rows = lines(files, "ledger/rows.jsonl")
    put_lines(files, "ledger/rows.jsonl", [row for row in rows if row["entry"] not in dropped])


def a_version_as_if_it_had_never_been(files: Files) -> None:
    """Drop a version from the entries, the rows, the list and the files, and give its number to the next."""
    about = json.loads(files["dossier.json"])
    gone = about["versions"].pop(1)
    drop_entries(files, lambda payload: payload["sequence"] == gone["sequence"])
    notes = json.loads(files["notes.json"])
    remaining = [note for note in notes if note["version"] != 2]
    for version in about["versions"][1:]:
        old, version["number"] = version["number"], version["number"] - 1
        edit(files, version["file"], lambda document: document | {"version": document["version"] - 1})
        for note in remaining:
            note["version"] = version["number"] if note["version"] == old else note["version"]
    files["notes.json"] = json.dumps(remaining).encode()
    files["dossier.json"] = json.dumps(about).encode()
    seal_versions(files)
