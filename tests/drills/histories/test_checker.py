"""The checker takes a history of a site that kept its word, and rejects each that one could not have made."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.drills.histories.checker import check
from tests.drills.histories.history import Fault, History, Log, Read, Row, Write, read_log


def write(number: int, kind: str = "save", **values: Any) -> Write:
    """A write of a client named by its number, sent at that time, answered half a second later."""
    given: dict[str, Any] = {"client": "anna", "story": 1, "outcome": "ok", "word": f"q{number}q"} | values
    began = given.pop("began", float(number))
    return Write(number=number, kind=kind, began=began, ended=given.pop("ended", began + 0.5), **given)


def row(kind: str, pk: int, entry: int, **values: Any) -> Row:
    given: dict[str, Any] = {"story": 1, "by": "anna", "write": 0, "entries": (entry,), "at": 0.0} | values
    return Row(kind=kind, pk=pk, **given)


def read(began: float, **values: Any) -> Read:
    given: dict[str, Any] = {"reader": "rita", "page": "story", "story": 1, "status": 200} | values
    return Read(began=began, ended=given.pop("ended", began + 0.1), **given)


def kept() -> History:
    """Anna saves, publishes, saves and publishes; Bert fixes what is live; a word is withheld and lifted."""
    begun = {"save of anna": "nothing", "fix of bert": "nothing"}
    once = begun | {"save of anna": "q1q"}
    twice = once | {"save of anna": "q3q"}
    fixed, both = once | {"fix of bert": "q4q"}, twice | {"fix of bert": "q4q"}
    return History(
        writes=[
            write(1),
            write(2, "publish", word=""),
            write(3),
            write(4, "fix", client="bert"),
            write(5, "save-dek", client="bert", saw="once"),
            write(6, "withhold", client="bert", word="q1q"),
            write(7, "lift", word="q1q"),
            write(8, "save-dek", saw="once", outcome="refused"),
            write(9, "publish", word="", outcome="unknown"),
        ],
        reads=[
            read(0.5, version=1, words=("nothing",)),
            read(2.6, version=2, words=("q1q", "once")),
            read(4.6, version=3, words=("q1q", "q4q")),
            read(6.6, version=3, words=("q4q",)),
            read(6.7, page="versions", words=()),
            read(7.6, version=3, words=("q1q", "q4q")),
            read(9.2, version=4, words=("q3q", "q4q", "q5q")),
        ],
        faults=[Fault(what="a web worker killed", began=1.0, ended=1.0)],
        rows=[
            row("revision", 1, 1, by="the setup", number=1, dek="once", words=begun),
            row("publication", 1, 2, by="the setup", revision=1, live_from=0.1),
            row("revision", 2, 3, write=1, at=1.1, number=2, dek="once", words=once),
            row("publication", 2, 4, write=2, at=2.1, revision=2, live_from=2.1),
            row("revision", 3, 5, write=3, at=3.1, number=3, dek="once", words=twice),
            row(
                "revision", 4, 6, by="bert", write=4, at=4.1, number=4, dek="once", words=fixed,
                is_made_of_live=True,
            ),
            row("revision", 5, 7, by="bert", at=4.1, number=5, dek="once", words=both),
            row("publication", 3, 8, by="bert", write=4, at=4.1, revision=4, live_from=4.1),
            row("revision", 6, 9, by="bert", write=5, at=5.1, number=6, dek="q5q", words=both),
            row("withholding", 1, 10, by="bert", write=6, at=6.1),
            row("withholding-decision", 1, 11, write=7, at=7.1),
            row("publication", 4, 12, write=9, at=9.1, revision=6, live_from=9.1),
        ],
    )  # fmt: skip


def changed(history: History, records: str, place: int, **values: Any) -> History:
    """The history with one record otherwise than it was."""
    found = list(getattr(history, records))
    found[place] = replace(found[place], **values)
    return replace(history, **{records: found})


def the_finding(history: History) -> str:
    (finding,) = check(history)
    return finding


def test_a_history_of_a_site_that_kept_its_word_is_taken() -> None:
    assert check(kept()) == []


def test_an_acknowledged_write_that_is_not_in_the_ledger_is_found() -> None:
    history = kept()
    history.writes.append(write(10, "withdraw", word=""))
    assert the_finding(history) == "anna’s withdraw (write 10) was acknowledged, and is not in the ledger."


def test_a_write_that_was_refused_and_done_is_found() -> None:
    assert "was refused, and is in the ledger" in check(changed(kept(), "writes", 6, outcome="refused"))[0]


def test_a_write_whose_answer_was_lost_may_be_there_once_or_not_at_all_and_never_twice() -> None:
    gone = kept()
    gone.rows.pop()
    gone.reads.pop()
    assert check(gone) == []
    twice = kept()
    twice.rows.append(row("publication", 5, 13, write=9, at=9.2, revision=7, live_from=9.2))
    assert the_finding(twice) == "anna’s publish (write 9) is in the ledger 2 times."


def test_a_row_without_an_entry_of_its_own_is_found() -> None:
    assert "has 0 entries" in the_finding(changed(kept(), "rows", 9, entries=()))
    assert "share the entry 9" in the_finding(changed(kept(), "rows", 9, entries=(9,)))


def test_a_row_that_nobody_asked_for_is_found() -> None:
    assert "which nobody sent" in the_finding(changed(kept(), "rows", 0, write=77))


def test_a_row_of_somebody_else_or_of_another_story_is_found() -> None:
    assert "is in the ledger as bert’s" in the_finding(changed(kept(), "rows", 2, by="bert"))


def test_a_row_of_a_time_at_which_it_was_not_being_made_is_found() -> None:
    for at in (0.9, 1.6):
        assert "not being made" in the_finding(changed(kept(), "rows", 2, at=at))


def test_an_update_that_a_later_save_overwrote_is_found() -> None:
    history = kept()
    lost = {"save of anna": "q1q", "fix of bert": "q4q"}
    history.rows.append(row("revision", 7, 13, number=7, dek="q5q", words=lost))
    assert the_finding(history) == (
        "The word “q3q” of write 3 is lost: in revision 7 of story 1 “q1q” stands in the save of anna again."
    )


def test_a_version_that_lacks_what_an_earlier_one_had_is_found() -> None:
    history = kept()
    history.rows.append(row("publication", 5, 13, revision=3, live_from=9.5))
    findings = check(history)
    assert any(
        "in live revision 3 of story 1 “nothing” stands in the fix of bert again" in each for each in findings
    )
    assert "A version of story 1 is of an earlier revision than the one before it." in findings


def test_an_acknowledged_save_whose_words_are_nowhere_is_found() -> None:
    begun = {"save of anna": "nothing", "fix of bert": "nothing"}
    assert "its word is not in the story" in check(changed(kept(), "rows", 2, words=begun))[0]


def test_a_dek_that_was_overwritten_unseen_is_found() -> None:
    assert the_finding(changed(kept(), "writes", 4, saw="twice")) == (
        "bert’s save-dek (write 5) overwrote the dek “once” of story 1 that it had not seen: an update is lost."
    )


def test_a_dek_that_nobody_changed_is_found() -> None:
    history = kept()
    history.rows.append(row("revision", 7, 13, number=7, dek="q9q", words=history.rows[8].words))
    assert the_finding(history) == "Revision 7 of story 1 changed the dek, which nobody asked for."


def test_two_revisions_with_one_number_are_found() -> None:
    assert "don’t count from 1 to 6" in check(changed(kept(), "rows", 4, number=2))[0]


def test_two_versions_with_one_number_are_found() -> None:
    assert "both have one number" in check(changed(kept(), "rows", 7, live_from=2.1))[0]


def test_an_order_that_the_ledger_reverses_is_found() -> None:
    history = changed(changed(kept(), "rows", 9, entries=(11,)), "rows", 10, entries=(10,))
    assert the_finding(history) == (
        "anna’s lift (write 7) stands before entry 11, which was acknowledged before it was sent."
    )
    versions = changed(changed(kept(), "rows", 3, entries=(8,)), "rows", 7, entries=(4,))
    assert any("versions of story 1 stand in the ledger in another order" in each for each in check(versions))


def test_a_reader_who_sees_an_older_version_after_a_newer_one_is_found() -> None:
    history = kept()
    history.reads.append(read(9.4, reader="rolf", version=3))
    assert the_finding(history) == (
        "rolf’s story of story 1, version 3, at 9.400 had an older version than 4, which was read before."
    )


def test_a_reader_who_sees_an_older_version_than_the_one_acknowledged_is_found() -> None:
    assert "than 2, which was acknowledged" in the_finding(
        changed(kept(), "reads", 1, version=1, words=("nothing",))
    )


def test_a_copy_of_a_page_may_be_old_if_it_says_so() -> None:
    assert check(changed(kept(), "reads", 1, version=1, words=("nothing",), is_copy=True)) == []


def test_a_reader_of_words_that_are_not_of_that_version_is_found() -> None:
    assert "not of that version: q3q" in the_finding(changed(kept(), "reads", 2, words=("q1q", "q3q")))


def test_a_reader_of_a_version_before_it_was_sent_or_of_none_is_found() -> None:
    history = kept()
    history.reads.append(read(8.0, version=4))
    assert "sent only afterwards" in the_finding(history)
    history.reads[-1] = read(9.4, version=5)
    assert "that the database doesn’t" in the_finding(history)


def test_a_withheld_word_that_is_read_after_the_answer_is_found_on_every_page_and_in_copies() -> None:
    for values in ({"page": "front", "story": 0}, {"page": "versions"}, {"is_copy": True, "version": 3}):
        history = kept()
        history.reads.append(read(6.8, words=("q1q",), **values))
        assert "had “q1q”, which bert’s withhold (write 6) had withheld" in the_finding(history)


def test_a_withheld_word_may_be_read_until_the_answer_and_once_it_may_have_been_lifted() -> None:
    history = kept()
    history.reads += [read(6.4, version=3, words=("q1q",)), read(6.95, version=3, words=("q1q",))]
    assert check(history) == []


def test_a_withdrawn_story_that_is_read_is_found_unless_it_may_be_back() -> None:
    history = kept()
    history.writes += [write(10, "withdraw", word=""), write(11, "reinstate", word="", outcome="unknown")]
    history.rows.append(row("withdrawal", 1, 13, write=10, at=10.1))
    history.reads += [read(10.6, status=410), read(11.2, version=4)]
    assert check(history) == []
    history.reads.append(read(10.7, page="versions"))
    assert "had a story that anna’s withdraw (write 10) had withdrawn" in the_finding(history)


def test_a_history_is_read_as_it_was_written_down(tmp_path: Path) -> None:
    history, path = kept(), tmp_path / "history.jsonl"
    with path.open("w") as file:
        log = Log(file)
        for records in (history.writes, history.reads, history.faults, history.rows):
            for record in records:
                log.write(record)
    assert read_log(path) == history
