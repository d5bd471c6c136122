"""Forgeries of a dossier's other files: dossier.json, versions, revisions, notes and pictures."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from tests.audit.dossier.forged_records import a_word_in_what_readers_saw
from tests.audit.dossier_files import (
    Files,
    edit,
    lines,
    put_lines,
    replace_everywhere,
    seal_versions,
)


def who_saved_it_and_why_in_the_file_that_is_read(files: Files) -> None:
    edit(
        files,
        "revisions/0002.json",
        lambda value: value | {"by": "Rosa Lindqvist", "why": "Misquoted"},
    )


def a_note_in_the_file_that_is_read(files: Files) -> None:
    replace_everywhere(files, "No statement changed", "Two statements changed", "versions/0002.json")
    seal_versions(files)


def a_note_in_the_list_of_notes(files: Files) -> None:
    replace_everywhere(files, "No statement changed", "Two statements changed", "notes.json")


def the_class_of_a_version(files: Files) -> None:
    edit(files, "versions/0002.json", lambda value: value | {"class": "minor"})
    seal_versions(files)


def words_said_to_be_withheld(files: Files) -> None:
    a_word_in_what_readers_saw(files)
    edit(files, "dossier.json", lambda about: about | {"withheld": [1]})


def a_version_said_to_be_hidden(files: Files) -> None:
    def change(about: dict[str, Any]) -> None:
        about["versions"][1] |= {"file": "", "sha256": ""}

    edit(files, "dossier.json", change)


def made_before_the_last_version(files: Files) -> None:
    def change(about: dict[str, Any]) -> None:
        about["made"] = about["versions"][1]["live_from"]
        about["versions"] = about["versions"][:2]

    edit(files, "dossier.json", change)


def made_at_a_time_that_there_is_not(files: Files) -> None:
    edit(files, "dossier.json", lambda about: about | {"made": "9999-99-99T99:99:99.999999Z"})


def a_row_there_twice(files: Files) -> None:
    """Insert an invented paragraph before the true one, under its number: the last one is the valid one."""
    rows = lines(files, "ledger/rows.jsonl")
    first = next(row for row in rows if row["model"] == "textblock")
    invented = first | {"values": first["values"] | {"id": 999, "text": "<p>The sheriff took bribes.</p>"}}
    rows.insert(rows.index(first), invented)
    put_lines(files, "ledger/rows.jsonl", rows)


def the_full_part_as_if_it_were_the_public_one(files: Files) -> None:
    about = json.loads(files["dossier.json"])
    del about["article"]
    for version in about["versions"]:
        del version["revision"]
    files["dossier.json"] = json.dumps(about | {"part": "public"}).encode()
    events = [
        {"sequence": each["sequence"], "digest": each["digest"], "kind": "publication"}
        | {"version": version["number"], "live_from": version["live_from"], "class": "minor"}
        for version in about["versions"]
        for each in lines(files, "ledger/entries.jsonl")
        if each["sequence"] == version["sequence"]
    ]
    put_lines(files, "ledger/events.jsonl", events)
    for version in about["versions"]:
        edit(files, version["file"], lambda value: value | {"class": "minor"})
    seal_versions(files)


def a_part_that_there_is_not(files: Files) -> None:
    edit(files, "dossier.json", lambda about: about | {"part": "Full"})


def a_version_named_with_a_story_of_its_own(files: Files) -> None:
    name = "2 published by Rosa Lindqvist\nThe dossier holds.\x1b[8m"
    edit(files, "dossier.json", lambda about: about["versions"][1].update(number=name))


def a_name_twice_in_one_object(files: Files) -> None:
    replace_everywhere(files, '"by": "Emil', '"by": "Rosa Lindqvist", "by": "Emil', "revisions/0002.json")


def something_said_beside_it(files: Files) -> None:
    edit(
        files,
        "versions/0002.json",
        lambda value: value | {"correction": "The quotation was invented."},
    )
    seal_versions(files)


def something_said_beside_a_revision(files: Files) -> None:
    edit(files, "revisions/0002.json", lambda value: value | {"approved_by": "Rosa Lindqvist"})


def something_said_beside_an_entry(files: Files) -> None:
    entries = lines(files, "ledger/entries.jsonl")
    put_lines(files, "ledger/entries.jsonl", [entries[0] | {"by": "Rosa Lindqvist"}, *entries[1:]])


def a_line_that_no_version_had(files: Files) -> None:
    edit(
        files,
        "versions/0003.json",
        lambda value: value | {"line": "The last one was a mistake."},
    )
    seal_versions(files)


def a_file_beside_the_true_ones(files: Files) -> None:
    files["revisions/0099.json"] = files["revisions/0001.json"]


def a_version_that_lies_elsewhere(files: Files) -> None:
    files["data/2.json"] = files["versions/0002.json"]

    def change(about: dict[str, Any]) -> None:
        about["versions"][1]["file"] = "data/2.json"

    edit(files, "dossier.json", change)


def a_picture_of_another_story(files: Files) -> None:
    content = b"another"
    name = f"pictures/{sha256(content).hexdigest()}.png"
    files[name] = content
    edit(files, "dossier.json", lambda about: about | {"pictures": [*about["pictures"], name]})


def a_file_of_another_folder(files: Files) -> None:
    files["../outside.json"] = b"{}"


def versions_said_to_be_withheld_that_are_not(files: Files) -> None:
    edit(files, "dossier.json", lambda about: about | {"withheld": [2]})


def another_address(files: Files) -> None:
    edit(files, "dossier.json", lambda about: about | {"slug": "the-sheriff-took-bribes"})


def a_story_s_number_as_a_fraction(files: Files) -> None:
    edit(files, "dossier.json", lambda about: about | {"article": float(about["article"])})


def a_story_s_number_as_a_truth(files: Files) -> None:
    edit(files, "dossier.json", lambda about: about | {"article": True})


def a_row_of_an_entry_as_a_fraction(files: Files) -> None:
    rows = lines(files, "ledger/rows.jsonl")
    put_lines(files, "ledger/rows.jsonl", [rows[0] | {"entry": float(rows[0]["entry"])}, *rows[1:]])


def a_row_s_number_as_a_truth(files: Files) -> None:
    rows = lines(files, "ledger/rows.jsonl")
    put_lines(files, "ledger/rows.jsonl", [rows[0] | {"number": True}, *rows[1:]])


def a_number_that_there_is_not(files: Files) -> None:
    edit(files, "dossier.json", lambda about: about | {"first": float("nan")})


def several_values_in_one_column(files: Files) -> None:
    rows = lines(files, "ledger/rows.jsonl")
    row = next(row for row in rows if row["model"] == "textblock")
    row["values"]["text"] = [row["values"]["text"]]
    put_lines(files, "ledger/rows.jsonl", rows)


def picture_that_is(kind: str, content: bytes) -> Callable[[Files], None]:
    def forge(files: Files) -> None:
        name = next(name for name in files if name.startswith("pictures/"))
        del files[name]
        other = f"pictures/{sha256(content).hexdigest()}.{kind}"
        files[other] = content
        edit(files, "dossier.json", lambda about: about | {"pictures": [other]})

    forge.__name__ = f"a_picture_that_is_{kind}"
    return forge


a_page_as_a_picture = picture_that_is("html", b"<script>alert(1)</script>")
a_page_named_as_a_picture = picture_that_is("png", b"<script>alert(1)</script>")
a_sound_named_as_a_picture = picture_that_is("webp", b"RIFF\0\0\0\0WAVEfmt ")
