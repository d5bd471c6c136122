"""A forged dossier does not pass its checker, which names what was forged."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.audit.dossier.forged_files import (
    a_file_beside_the_true_ones,
    a_file_of_another_folder,
    a_line_that_no_version_had,
    a_name_twice_in_one_object,
    a_note_in_the_file_that_is_read,
    a_note_in_the_list_of_notes,
    a_number_that_there_is_not,
    a_page_as_a_picture,
    a_page_named_as_a_picture,
    a_part_that_there_is_not,
    a_picture_of_another_story,
    a_row_of_an_entry_as_a_fraction,
    a_row_s_number_as_a_truth,
    a_row_there_twice,
    a_sound_named_as_a_picture,
    a_story_s_number_as_a_fraction,
    a_story_s_number_as_a_truth,
    a_version_named_with_a_story_of_its_own,
    a_version_said_to_be_hidden,
    a_version_that_lies_elsewhere,
    another_address,
    made_at_a_time_that_there_is_not,
    made_before_the_last_version,
    several_values_in_one_column,
    something_said_beside_a_revision,
    something_said_beside_an_entry,
    something_said_beside_it,
    the_class_of_a_version,
    the_full_part_as_if_it_were_the_public_one,
    versions_said_to_be_withheld_that_are_not,
    who_saved_it_and_why_in_the_file_that_is_read,
    words_said_to_be_withheld,
)
from tests.audit.dossier.forged_records import (
    a_revision_left_out_with_its_rows,
    a_row_left_out,
    a_row_slipped_in,
    a_version_as_if_it_had_never_been,
    a_version_backdated,
    a_version_left_out,
    a_word_in_a_revision_alone,
    a_word_in_a_row,
    a_word_in_what_readers_saw,
    a_word_wherever_the_dossier_has_it,
    an_entry_dropped_from_the_chain,
    another_picture,
    the_columns_names_changed_round,
    the_end_of_the_chain_cut_off,
    the_reason_of_an_edit,
    two_entries_of_the_chain_changed_round,
    what_readers_were_told,
    who_published,
    who_published_with_its_link_in_the_chain,
)
from tests.audit.dossier_files import (
    Files,
    check_files,
    edit,
    lines,
    put_lines,
    rechain,
)

pytestmark = pytest.mark.django_db


Capture = pytest.CaptureFixture[str]

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
    made_at_a_time_that_there_is_not: "dossier.json says when it was made: 9999-99-99T",
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
        assert "NOT PROVED: That the ledger was not rewritten as a whole" in capsys.readouterr().out

    def test_a_head_that_was_kept_finds_it(
        self, forged: Files, dossier_head: tuple[str, str], tmp_path: Path, capsys: Capture
    ) -> None:
        assert check_files(forged, tmp_path, "--head", *dossier_head) == 1
        assert "the ledger was rewritten" in capsys.readouterr().out


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
