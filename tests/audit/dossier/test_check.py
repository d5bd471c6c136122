"""A dossier's checker passes on the reference story's, and on no forgery of it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import warnings
import zipfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from stories.actions.takedown.withholdings import lift_withholding, withhold_version, withhold_words
from stories.domain.dossier.checker import command_line
from stories.domain.dossier.checker.canonical import canonical, digest_of
from stories.domain.dossier.checker.formats import LAYOUTS
from stories.models import User
from stories.models.roles import MANAGING_EDITOR
from stories.queries.dossier.export import layout
from tests.audit.dossier_files import (
    Files,
    check_files,
    create_story,
    edit,
    edit_payload,
    lines,
    made_files,
    put_lines,
    rechain,
    replace_everywhere,
    seal_versions,
    unpack,
)
from tests.factories import make_user

pytestmark = pytest.mark.django_db

# Made once: a forgery starts from a copy, and needs no database.
MADE: dict[bool, Files] = {}
Capture = pytest.CaptureFixture[str]


def made(*, full: bool) -> Files:
    if not MADE:
        article = create_story(timezone.now())
        MADE.update({True: made_files(article, full=True), False: made_files(article, full=False)})
    return dict(MADE[full])


@pytest.fixture
def full() -> Files:
    return made(full=True)


@pytest.fixture
def public() -> Files:
    return made(full=False)


@pytest.fixture
def dossier_head(full: Files) -> tuple[str, str]:
    """Return the ledger's head, as stored before anything was forged."""
    sequence, digest = json.loads(made(full=True)["dossier.json"])["head"]
    return str(sequence), digest


class TestTheReferenceStory:
    def test_its_full_dossier_holds_and_the_checker_says_what_it_proved(
        self, full: Files, dossier_head: tuple[str, str], tmp_path: Path, capsys: Capture
    ) -> None:
        assert check_files(full, tmp_path, "--head", *dossier_head) == 0
        output = capsys.readouterr().out
        assert (
            "PROVED: 6 revisions read as their rows say, and were saved by whom, when and why they say."
            in output
        )
        assert "PROVED: 4 versions are those of the ledger, and what readers were told with each." in output
        assert "PROVED: Each picture (1) is the file that its name says." in output
        assert f"PROVED: The chain goes through the heads that you gave: {dossier_head[0]}." in output
        assert "NOT PROVED: That no entry of the story came after its last one here" in output
        assert output.endswith("The dossier holds.\n")

    def test_it_tells_who_did_what_when_and_why(self, full: Files, tmp_path: Path, capsys: Capture) -> None:
        assert check_files(full, tmp_path, "--tell") == 0
        output = capsys.readouterr().out
        assert re.search(
            r"^\S+Z revision 2 saved by Emil Okafor: Typos in Whitlock’s remarks", output, re.MULTILINE
        )
        assert re.search(
            r"^\S+Z version 2 \(revision 2\) published by Emil Okafor, live from \S+Z, noted; "
            "readers were told: update: Tessellate has published its official transcript",
            output,
            re.MULTILINE,
        )
        assert "first; readers were told: nothing" in output

    def test_its_public_part_holds_and_the_checker_says_that_words_are_not_proved(
        self, public: Files, tmp_path: Path, capsys: Capture
    ) -> None:
        assert check_files(public, tmp_path) == 0
        output = capsys.readouterr().out
        assert "PROVED: 4 events stand in the ledger where the dossier says." in output
        assert "NOT PROVED: This is the public part alone. What those events are," in output
        assert "NOT PROVED: That the ledger was not written anew as a whole" in output

    @pytest.mark.parametrize("part", [True, False])
    def test_the_checker_inside_runs_by_itself_in_the_folder(self, part: bool, tmp_path: Path) -> None:
        folder = unpack(made(full=part), tmp_path / "dossier")
        # No site packages, no environment: the standard library alone.
        ran = subprocess.run(  # noqa: S603
            [sys.executable, "-I", "-S", str(folder / "check.py")],
            capture_output=True,
            text=True,
            check=False,
        )
        assert (ran.returncode, ran.stderr) == (0, ""), ran.stdout
        assert ran.stdout.endswith("The dossier holds.\n")

    def test_the_checker_knows_the_layout_that_dossiers_have(self) -> None:
        known = digest_of(canonical(json.loads(json.dumps(layout()))))
        assert known in LAYOUTS, (
            f"Add {known} to LAYOUTS in stories/domain/dossier/checker/formats.py, and take none out."
        )

    def test_it_is_held_against_the_heads_that_the_newsroom_published(
        self, full: Files, dossier_head: tuple[str, str], tmp_path: Path, capsys: Capture
    ) -> None:
        published = tmp_path / "heads.json"
        sequence, digest = dossier_head
        published.write_text(json.dumps({"head": {"sequence": int(sequence), "digest": digest}, "heads": []}))
        assert check_files(full, tmp_path, "--heads", str(published)) == 0
        assert "The chain goes through the heads that you gave" in capsys.readouterr().out

    def test_a_head_that_is_none_is_not_blamed_on_the_dossier(self, full: Files, tmp_path: Path) -> None:
        for head in (("SEQUENCE", "DIGEST"), ("5", "abc"), ("5", "x" * 64)):
            with pytest.raises(SystemExit):
                check_files(full, tmp_path, "--head", *head)


# ------------------------------------------------------------------------------------------------- forgeries

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


FORGERIES: dict[Callable[[Files], None], str] = {
    a_word_in_a_row: "is not what was written",
    a_word_wherever_the_dossier_has_it: "is not what was written",
    a_word_in_a_revision_alone: "revisions/0001.json is not what its rows say",
    a_word_in_what_readers_saw: r"public words of the versions \[1\] are not those",
    the_reason_of_an_edit: "The row revision .* is not what was written",
    who_published: "does not say what the chain holds",
    who_published_with_its_link_in_the_chain: "digest does not follow from the one before",
    a_revision_left_out_with_its_rows: "Revisions are missing",
    a_row_left_out: "The row quoteblock .* is missing",
    a_row_slipped_in: "The row quoteblock 999 is in no entry",
    an_entry_dropped_from_the_chain: r"Entry \d+ is missing",
    two_entries_of_the_chain_changed_round: "digest does not follow",
    the_end_of_the_chain_cut_off: "The chain ends with",
    another_picture: "is another picture",
    a_version_backdated: "The versions are",
    a_version_left_out: "The versions are",
    what_readers_were_told: "The row shown .* is not what was written",
    the_columns_names_changed_round: "names the columns in a way not known here",
    a_version_as_if_it_had_never_been: r"An entry of the story is missing: Entry \d+ comes after",
    who_saved_it_and_why_in_the_file_that_is_read: "revisions/0002.json says otherwise than the ledger who saved it",
    a_note_in_the_file_that_is_read: "versions/0002.json says otherwise than the ledger what readers were told",
    a_note_in_the_list_of_notes: "notes.json is not what readers were told",
    the_class_of_a_version: "versions/0002.json says otherwise",
    a_row_there_twice: "The row textblock .* is there twice",
    the_full_part_as_if_it_were_the_public_one: "ledger/entries.jsonl is no part of this dossier",
    a_part_that_there_is_not: "neither of the full nor the public part",
    a_version_named_with_a_story_of_its_own: r"Version 2 is called 2 published by Rosa Lindqvist\\nThe",
    a_name_twice_in_one_object: "a name stands twice in it",
    something_said_beside_it: "versions/0002.json says otherwise",
    something_said_beside_a_revision: "revisions/0002.json says otherwise",
    something_said_beside_an_entry: "ledger/entries.jsonl says something that no dossier does",
    a_line_that_no_version_had: "versions/0003.json says otherwise",
    a_file_beside_the_true_ones: "revisions/0099.json is no part of this dossier",
    a_version_that_lies_elsewhere: "Version 2 lies in data/2.json",
    a_picture_of_another_story: "is none of the story's",
    a_file_of_another_folder: "names that no dossier has",
    versions_said_to_be_withheld_that_are_not: r"dossier.json says \[2\]",
    another_address: "another slug",
    words_said_to_be_withheld: "no entry of the ledger withholds any",
    a_version_said_to_be_hidden: "Version 2 has no file, and no entry of the ledger hides it",
    a_story_s_number_as_a_fraction: "where only whole numbers do",
    a_story_s_number_as_a_truth: "by something else than a number: True",
    a_row_of_an_entry_as_a_fraction: "where only whole numbers do",
    a_row_s_number_as_a_truth: "something else than whole numbers of entries and rows",
    a_number_that_there_is_not: "NaN stands in it, where only whole numbers do",
    several_values_in_one_column: "more than one value in a column",
    a_page_as_a_picture: "is no picture as stories have them",
    a_page_named_as_a_picture: "is no picture as stories have them",
    a_sound_named_as_a_picture: "is no picture as stories have them",
    made_before_the_last_version: "is of after the time that the dossier says",
}


@pytest.mark.parametrize("forge", FORGERIES, ids=lambda forge: forge.__name__)
def test_a_forgery_is_found_and_named(
    forge: Callable[[Files], None], full: Files, tmp_path: Path, capsys: Capture
) -> None:
    forge(full)
    assert check_files(full, tmp_path) == 1
    output = capsys.readouterr().out
    assert re.search(f"^FAILED: .*{FORGERIES[forge]}", output, re.MULTILINE), output
    assert "The dossier does not hold: " in output


class TestALedgerWrittenAnew:
    """Whoever holds the server can write it all anew, and every digest fits: a head kept elsewhere finds it."""

    @pytest.fixture
    def forged(self, full: Files) -> Files:
        who_published(full)
        rechain(full)
        return full

    def test_by_itself_it_holds_and_the_checker_says_that_this_is_not_proved(
        self, forged: Files, tmp_path: Path, capsys: Capture
    ) -> None:
        assert check_files(forged, tmp_path) == 0
        assert "NOT PROVED: That the ledger was not written anew as a whole" in capsys.readouterr().out

    def test_a_head_that_was_kept_finds_it(
        self, forged: Files, dossier_head: tuple[str, str], tmp_path: Path, capsys: Capture
    ) -> None:
        assert check_files(forged, tmp_path, "--head", *dossier_head) == 1
        assert "the ledger was written anew" in capsys.readouterr().out


def test_nothing_that_lies_in_the_dossier_runs_but_the_checker(full: Files, tmp_path: Path) -> None:
    planted = b"print('The dossier holds.')\nraise SystemExit(0)\n"
    unpack(full | {"json.py": planted, "__future__.py": planted}, tmp_path)
    ran = subprocess.run(  # noqa: S603
        [sys.executable, str(tmp_path / "check.py")], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 1
    assert "FAILED: json.py is no part of this dossier" in ran.stdout


def test_a_link_out_of_the_folder_is_refused(full: Files, tmp_path: Path, capsys: Capture) -> None:
    folder = unpack(full, tmp_path / "dossier")
    assert command_line.main([str(folder)]) == 0
    (folder / "notes.json").rename(tmp_path / "notes.json")
    (folder / "notes.json").symlink_to(tmp_path / "notes.json")
    assert command_line.main([str(folder)]) == 1
    assert "notes.json is no file, but a link or the like." in capsys.readouterr().out


def test_a_file_twice_in_the_zip_is_refused(full: Files, tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "twice.zip"
    with warnings.catch_warnings(), zipfile.ZipFile(path, "w") as out:
        warnings.simplefilter("ignore")
        for name, content in [*full.items(), ("notes.json", b"[]")]:
            out.writestr(name, content)
    assert command_line.main([str(path)]) == 1
    assert "or one twice" in capsys.readouterr().out


def test_heads_that_contradict_each_other_are_told(
    full: Files, dossier_head: tuple[str, str], tmp_path: Path, capsys: Capture
) -> None:
    assert check_files(full, tmp_path, "--head", *dossier_head, "--head", dossier_head[0], "0" * 64) == 1
    assert "say two things of entry" in capsys.readouterr().out


def test_what_came_after_the_heads_given_is_not_proved(full: Files, tmp_path: Path, capsys: Capture) -> None:
    link = lines(full, "ledger/chain.jsonl")[3]
    assert check_files(full, tmp_path, "--head", str(link["sequence"]), link["digest"]) == 0
    assert f"NOT PROVED: What came after entry {link['sequence']}:" in capsys.readouterr().out


def test_what_is_withheld_by_an_entry_of_the_ledger_is_told_as_not_proved(
    managing_editor: User, tmp_path: Path, capsys: Capture
) -> None:
    article = create_story(timezone.now())
    order: dict[str, Any] = {"user": managing_editor, "ground": "court", "reason": "An order"}
    withhold_words(article=article, words="recieve your", **order)
    files = made_files(article, full=True)
    assert check_files(files, tmp_path) == 0
    assert (
        "NOT PROVED: What the versions [1] read in public: words of them are withheld"
        in capsys.readouterr().out
    )
    withheld = withhold_version(publication=article.publications.order_by("pk")[1], **order)
    files = made_files(article, full=True)
    assert check_files(files, tmp_path) == 0, capsys.readouterr().out
    assert "versions/0002.json" not in files
    lift_withholding(
        withholding=withheld, user=make_user(MANAGING_EDITOR, username="mona"), reason="Settled."
    )
    original = made_files(article, full=True)
    assert check_files(original, tmp_path) == 0
    # The dossier as exported during the withholding.
    a_version_said_to_be_hidden(original)
    assert check_files(original, tmp_path) == 1


def test_the_public_parts_forgeries_are_found(public: Files, tmp_path: Path, capsys: Capture) -> None:
    for forge in (another_picture, the_end_of_the_chain_cut_off, two_entries_of_the_chain_changed_round):
        files = dict(public)
        forge(files)
        assert check_files(files, tmp_path) == 1
    pages = dict(public)
    a_page_as_a_picture(pages)
    assert check_files(pages, tmp_path) == 1
    assert ".html is no picture as stories have them" in capsys.readouterr().out
    moved = dict(public)
    events = lines(moved, "ledger/events.jsonl")
    events[0]["sequence"], events[1]["sequence"] = events[1]["sequence"], events[0]["sequence"]
    put_lines(moved, "ledger/events.jsonl", events)
    assert check_files(moved, tmp_path) == 1
    assert "digest is not the chain's" in capsys.readouterr().out


@pytest.mark.parametrize("number", [99, 0, "1", True, None])
def test_a_note_of_a_version_that_there_is_not_is_found(
    number: Any, public: Files, full: Files, tmp_path: Path, capsys: Capture
) -> None:
    for files in (public, full):
        invented = {"version": number, "kind": "correction", "text": "We were bribed.", "was": "", "now": ""}
        edit(files, "notes.json", lambda notes: [*notes, invented])  # noqa: B023
        assert check_files(files, tmp_path) == 1
        assert "FAILED: notes.json is not what" in capsys.readouterr().out


def test_a_public_part_of_which_a_version_is_withheld_holds(
    managing_editor: User, tmp_path: Path, capsys: Capture
) -> None:
    article = create_story(timezone.now())
    second = article.publications.order_by("pk")[1]
    withhold_version(publication=second, user=managing_editor, ground="court", reason="An order")
    files = made_files(article, full=False)
    assert "versions/0002.json" not in files
    assert check_files(files, tmp_path) == 0, capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("notes.json", b" " * (17 << 20), "notes.json is longer than any document of a dossier (16 MB)"),
        ("ledger/chain.jsonl", b" " * (17 << 20), "A line of ledger/chain.jsonl is longer than any"),
        ("ledger/rows.jsonl", b"[" * (17 << 20), "A line of ledger/rows.jsonl is longer than any"),
        ("versions/0001.json", b"0" * (17 << 20), "versions/0001.json is longer than any document"),
    ],
)
def test_what_unpacks_to_more_than_a_dossier_holds_is_not_read_to_its_end(
    name: str, content: bytes, says: str, full: Files, tmp_path: Path, capsys: Capture
) -> None:
    assert check_files(full | {name: content}, tmp_path) == 1
    assert f"FAILED: {says}" in capsys.readouterr().out


def test_more_rows_than_are_read_by_itself_are_read_if_one_says_so(
    full: Files, tmp_path: Path, capsys: Capture
) -> None:
    assert check_files(full, tmp_path, "--limit", "0") == 1
    assert re.search(r"FAILED: ledger/\w+.jsonl unpacks to more than 0 MB", capsys.readouterr().out)
    assert check_files(full, tmp_path, "--limit", "1") == 0


@pytest.mark.parametrize("name", ["dossier.json", "ledger/chain.jsonl", "ledger/rows.jsonl", "layout.json"])
def test_what_is_missing_or_unreadable_is_named(
    name: str, full: Files, tmp_path: Path, capsys: Capture
) -> None:
    without = {each: content for each, content in full.items() if each != name}
    assert check_files(without, tmp_path) == 1
    assert f"FAILED: {name} " in capsys.readouterr().out
    assert check_files(full | {name: b"{"}, tmp_path) == 1
    assert f"FAILED: {name} can't be read" in capsys.readouterr().out
    (tmp_path / "none.zip").write_bytes(b"no zip")
    assert command_line.main([str(tmp_path / "none.zip")]) == 1
