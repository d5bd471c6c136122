"""A dossier's checker accepts erased words only with the order of erasure, and under the ledger head it was given."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from stories.actions.takedown.erase import erase, erase_draft
from stories.actions.takedown.erasure_orders import approve_erasure, order_erasure
from stories.models import Article, Publication
from stories.models.roles import EDITOR, MANAGING_EDITOR
from tests import factories as make
from tests.audit.dossier_files import (
    Files,
    append_event,
    check_files,
    create_story,
    edit,
    edit_payload,
    head_of,
    lines,
    made_files,
    rechain,
    rewritten,
    unpack,
)

pytestmark = pytest.mark.django_db

Capture = pytest.CaptureFixture[str]
ERASED, FORGED = "<p>[words erased]</p>", "<p>We were bribed.</p>"
MAYA, MONA = [71, "Maya Managing"], [72, "Mona Managing"]


# ------------------------------------------------------------------------------------------------- forgeries


def order(files: Files, **facts: Any) -> int:
    facts = {"scope": "words", "publication": None, "picture": None, "ground": "court", **facts}
    values = {"authority": "A court", "reason": "An order"}
    return append_event(files, "erasure-order", by=MAYA, values=values, **facts)


def approval(files: Files, number: int, *, by: list[Any] = MONA, approved: Any = True) -> None:
    append_event(files, "erasure-approval", by=by, values={}, order=number, approved=approved)


def approved(files: Files, **facts: Any) -> int:
    number = order(files, **facts)
    approval(files, number)
    return number


def erasure(files: Files, *rows: list[Any], number: Any) -> None:
    by = [None, "manage.py erase"]
    append_event(files, "erasure", by=by, values={}, order=number, erased=list(rows))


def no_order_at_all(files: Files) -> None:
    erasure(files, rewritten(files, "quoteblock", text=ERASED), number=None)


def no_order_at_all_and_other_words(files: Files) -> None:
    erasure(files, rewritten(files, "quoteblock", text=FORGED), number=None)


def an_order_that_is_not_there(files: Files) -> None:
    erasure(files, rewritten(files, "quoteblock", text=ERASED), number=5)


def an_order_of_another_story(files: Files) -> None:
    number = approved(files, article=1)
    erasure(files, rewritten(files, "quoteblock", text=ERASED), number=number)


def approved_by_who_ordered_it(files: Files) -> None:
    number = order(files)
    approval(files, number, by=MAYA)
    erasure(files, rewritten(files, "quoteblock", text=ERASED), number=number)


def approved_by_nobody_with_a_number(files: Files) -> None:
    number = order(files)
    approval(files, number, by=[None, "Mona Managing"])
    erasure(files, rewritten(files, "quoteblock", text=ERASED), number=number)


def approved_by_nobody(files: Files) -> None:
    erasure(files, rewritten(files, "quoteblock", text=ERASED), number=order(files))


def refused(files: Files) -> None:
    number = order(files)
    approval(files, number, approved=False)
    erasure(files, rewritten(files, "quoteblock", text=ERASED), number=number)


def refused_and_then_approved(files: Files) -> None:
    number = order(files)
    approval(files, number, approved=False)
    approval(files, number)
    erasure(files, rewritten(files, "quoteblock", text=ERASED), number=number)


def approved_after_it_was_erased(files: Files) -> None:
    number = order(files)
    erasure(files, rewritten(files, "quoteblock", text=ERASED), number=number)
    approval(files, number)


def an_order_carried_out_twice(files: Files) -> None:
    number = approved(files)
    erasure(files, rewritten(files, "quoteblock", text=ERASED), number=number)
    erasure(files, rewritten(files, "textblock", text=ERASED), number=number)


def a_row_that_no_entry_covers(files: Files) -> None:
    row = rewritten(files, "quoteblock", text=ERASED)
    row[1] = 12_345
    erasure(files, row, number=approved(files))


def other_words_in_the_place_of_the_erased(files: Files) -> None:
    erasure(files, rewritten(files, "quoteblock", text=FORGED), number=approved(files))


def a_sentence_left_where_the_whole_story_was_to_go(files: Files) -> None:
    row = rewritten(files, "quoteblock", text=f"{ERASED}{FORGED}")
    erasure(files, row, number=approved(files, scope="story"))


def another_version_than_the_order_names(files: Files) -> None:
    last = [row for row in lines(files, "ledger/rows.jsonl") if row["model"] == "publication"][-1]
    number = approved(files, scope="version", publication=last["number"])
    erasure(files, rewritten(files, "quoteblock", text=ERASED), number=number)


def words_under_the_order_for_a_picture(files: Files) -> None:
    number = approved(files, scope="picture", picture="0" * 64)
    erasure(files, rewritten(files, "quoteblock", text=ERASED), number=number)


def words_under_an_order_for_what_there_is_not(files: Files) -> None:
    number = approved(files, scope="everything")
    erasure(files, rewritten(files, "quoteblock", text=ERASED), number=number)


def the_reason_of_an_edit(files: Files) -> None:
    row = rewritten(files, "revision", nth=1, reason="Nothing to see")
    for name in files:
        if name == "revisions/0002.json":
            files[name] = re.sub(rb'"why": "[^"]*"', b'"why": "Nothing to see"', files[name])
    erasure(files, row, number=approved(files))


def a_headline_in_lists_beside_an_erased_dek(files: Files) -> None:
    row = rewritten(files, "shown", headline="Bribed", dek="[words erased]")
    erasure(files, row, number=approved(files))


def the_time_of_an_erased_row(files: Files) -> None:
    row = rewritten(files, "quoteblock", text=ERASED, history_date="2020-01-01T00:00:00.000000Z")
    erasure(files, row, number=approved(files))


def the_story_of_an_erased_row(files: Files) -> None:
    erasure(files, rewritten(files, "quoteblock", text=ERASED, parent_id=1), number=approved(files))


def the_part_of_an_erased_row(files: Files) -> None:
    key = next(r for r in lines(files, "ledger/rows.jsonl") if r["model"] == "textblock")["values"]["key"]
    erasure(files, rewritten(files, "quoteblock", text=ERASED, key=key), number=approved(files))


def rows_named_in_an_entry_of_another_kind(files: Files) -> None:
    row = rewritten(files, "quoteblock", text=ERASED)
    number = approved(files)
    append_event(files, "discard", by=MAYA, values={}, discarded=True, order=number, erased=[row])


FORGERIES: dict[Callable[[Files], None], str] = {
    no_order_at_all: r"Entry \d+ is an erasure, but it names no order, and the story was published",
    no_order_at_all_and_other_words: "The row quoteblock .* is not what was written",
    an_order_that_is_not_there: "no order 5 of this story stands before it",
    an_order_of_another_story: "is of another story",
    approved_by_who_ordered_it: "was not approved by another person than gave it",
    approved_by_nobody_with_a_number: "was not approved by another person than gave it",
    approved_by_nobody: "nobody approved its order",
    refused: "was refused",
    refused_and_then_approved: "was decided on more than once",
    approved_after_it_was_erased: "nobody approved its order",
    an_order_carried_out_twice: r"was carried out before, by entry \d+",
    a_row_that_no_entry_covers: "no entry of this story before it covers: quoteblock 12345",
    other_words_in_the_place_of_the_erased: "The row quoteblock .* reads otherwise than an erasure leaves it",
    a_sentence_left_where_the_whole_story_was_to_go: "reads otherwise than an erasure leaves it",
    another_version_than_the_order_names: r"its order does not cover: quoteblock \d+",
    words_under_the_order_for_a_picture: r"its order does not cover: quoteblock \d+",
    words_under_an_order_for_what_there_is_not: r"its order does not cover: quoteblock \d+",
    the_reason_of_an_edit: "The row revision .* reads otherwise than an erasure leaves it",
    a_headline_in_lists_beside_an_erased_dek: "What lists show of version 1 was erased in part",
    the_time_of_an_erased_row: "is no longer of what its entry says",
    the_story_of_an_erased_row: "is no longer of what its entry says",
    the_part_of_an_erased_row: "is no longer of what its entry says",
    rows_named_in_an_entry_of_another_kind: "The row quoteblock .* is not what was written",
}


@pytest.mark.parametrize("forge", FORGERIES, ids=lambda forge: forge.__name__)
def test_a_forged_erasure_is_found_even_under_a_head_that_was_given(
    forge: Callable[[Files], None], full: Files, tmp_path: Any, capsys: Capture
) -> None:
    forge(full)
    assert check_files(full, tmp_path, "--head", *head_of(full)) == 1
    output = capsys.readouterr().out
    assert re.search(f"^FAILED: .*{FORGERIES[forge]}", output, re.MULTILINE), output


@pytest.mark.parametrize("given", [True, False])
def test_an_erasure_with_all_that_it_takes_is_not_accepted_after_the_heads_that_were_given(
    given: bool, full: Files, tmp_path: Any, capsys: Capture
) -> None:
    """A dossier's owner can add order, approval and erasure to it, since no key signs the chain."""
    genuine = head_of(full)
    row = rewritten(full, "quoteblock", text="<p>[words erased] We were bribed.</p>")
    erasure(full, row, number=approved(full))
    assert check_files(full, tmp_path, "--tell", *(("--head", *genuine) if given else ())) == 1
    output = capsys.readouterr().out
    assert re.search(
        r"^FAILED: 1 row reads otherwise than it was written, by erasure \d+ of \d{4}-\d\d-\d\d, ordered by "
        rf"Maya Managing, approved by Mona Managing: quoteblock {row[1]}\. An erasure counts only under a head",
        output,
        re.MULTILINE,
    ), output
    assert output.endswith("The dossier does not hold: 1 fault.\n")


def test_words_around_a_placeholder_are_said_to_be_not_proved(
    full: Files, tmp_path: Any, capsys: Capture
) -> None:
    row = rewritten(full, "quoteblock", text="<p>[words erased] We were bribed.</p>")
    erasure(full, row, number=approved(full))
    assert check_files(full, tmp_path, "--head", *head_of(full)) == 0
    assert re.search(
        r"^NOT PROVED: What those rows said before erasure \d+, and the words around it in 1 rows",
        capsys.readouterr().out,
        re.MULTILINE,
    )


def test_an_erasure_moved_under_the_head_breaks_the_chain(
    full: Files, tmp_path: Any, capsys: Capture
) -> None:
    sequence, digest = head_of(full)
    erasure(full, rewritten(full, "quoteblock", text=ERASED), number=approved(full))
    edit_payload(full, "erasure", lambda payload: payload.update(sequence=int(sequence)))
    rechain(full)
    assert check_files(full, tmp_path, "--head", sequence, digest) == 1
    assert "says that it is" in capsys.readouterr().out


# ------------------------------------------------------------------------------------------ genuine erasures


@pytest.mark.parametrize("scope", ["words", "story", "version", "picture"])
def test_a_genuine_erasure_holds_under_a_head_and_is_said_aloud(
    scope: str, tmp_path: Any, capsys: Capture
) -> None:
    article = create_story(timezone.now())
    before = made_files(article, full=True)
    older = head_of(before)
    erase_of(article, scope)
    files = made_files(article, full=True)
    newest = head_of(files)
    assert check_files(files, tmp_path, "--head", *newest, "--tell") == 0, capsys.readouterr().out
    output = capsys.readouterr().out
    aloud = (
        r"\d+ rows? reads? otherwise than (it was|they were) written, by erasure \d+ of \d{4}-\d\d-\d\d, ordered by "
        "Maya Managing, approved by Maya Managing"
    )
    assert re.search(f"^PROVED: {aloud}", output, re.MULTILINE), output
    assert re.search(f"^[0-9-]+T\\S+Z {aloud}", output, re.MULTILINE)
    assert re.search(r"^NOT PROVED: What those rows said before erasure \d+", output, re.MULTILINE)
    assert check_files(files, tmp_path, "--head", *newest, "--older", older_path(before, tmp_path)) == 0
    assert ", and the words around it in" not in capsys.readouterr().out
    for heads in ((), ("--head", *older)):
        assert check_files(files, tmp_path, *heads) == 1
        output = capsys.readouterr().out
        assert re.search(f"^FAILED: {aloud}.* Give such a head", output, re.MULTILINE), output


def erase_of(article: Article, scope: str) -> None:
    maya, mona = (make.make_user(MANAGING_EDITOR, name=name) for name in ("maya2", "mona2"))
    what: dict[str, Any] = {"scope": scope}
    if scope == "words":
        what["words"] = "recieve your letters"
    if scope == "version":
        what["publication"] = Publication.objects.filter(article=article).order_by("pk")[1]
    if scope == "picture":
        what["picture"] = article.imageblock_set.get().picture
    why: dict[str, Any] = {"ground": "court", "authority": "A court", "reason": "An order"}
    order = order_erasure(article=article, user=maya, **why, **what)
    approve_erasure(order=order, user=mona)
    erase(order=order, at=timezone.now())


def test_a_drafts_erasure_holds_under_a_head_and_says_how_old_the_draft_was(
    settings: Settings, tmp_path: Any, capsys: Capture
) -> None:
    settings.KEEP_DRAFTS = 30
    draft = make.begin(user=make.make_user(EDITOR), at=make.MORNING)
    erase_draft(article=draft, retention_days=30, at=make.minutes(31 * 24 * 60))
    files = made_files(draft, full=True)
    assert check_files(files, tmp_path, "--head", *head_of(files)) == 0
    assert "by the rule for drafts that were never published, 31 days after" in capsys.readouterr().out
    assert check_files(files, tmp_path) == 1


# --------------------------------------------------------------------------------------------- older dossiers

AROUND = "<p>We sell it to [words erased], and that is that.</p>"


def older_path(full: Files, folder: Path) -> str:
    return str(unpack(full, folder / "of_before"))


def erased_in(full: Files, text: Callable[[str], str]) -> Files:
    """Return the dossier after an approved erasure that changed a quote by `text`."""
    files = dict(full)
    output = next(
        row["values"]["text"] for row in lines(files, "ledger/rows.jsonl") if row["model"] == "quoteblock"
    )
    number = approved(files)
    erasure(files, rewritten(files, "quoteblock", text=text(output)), number=number)
    return files


def without_a_word(output: str) -> str:
    """Return what is left of a running text after one word was erased."""
    return re.sub(r"(?<= )[a-z]{5,}(?= )", "[words erased]", output, count=1)


def checked(files: Files, folder: Path, capsys: Capture, *arguments: str) -> tuple[int, str]:
    status = check_files(files, folder, "--head", *map(str, head_of(files)), *arguments)
    return status, capsys.readouterr().out


def test_an_older_dossier_proves_the_words_around_what_was_erased(
    full: Files, tmp_path: Path, capsys: Capture
) -> None:
    files = erased_in(full, without_a_word)
    status, told = checked(files, tmp_path, capsys)
    assert status == 0
    assert "and the words around it in 1 rows" in told
    status, told = checked(files, tmp_path, capsys, "--older", older_path(full, tmp_path))
    assert status == 0
    assert "PROVED: The words around what was erased in 1 rows are those of the older copies" in told
    assert "and the words around it" not in told


def test_an_older_dossier_finds_other_words_around_what_was_erased(
    full: Files, tmp_path: Path, capsys: Capture
) -> None:
    files = erased_in(full, lambda output: AROUND)
    assert checked(files, tmp_path, capsys)[0] == 0
    status, told = checked(files, tmp_path, capsys, "--older", older_path(full, tmp_path))
    assert status == 1
    assert "reads otherwise around what was erased than in the older copy of_before" in told


def test_a_forged_older_dossier_is_named(full: Files, tmp_path: Path, capsys: Capture) -> None:
    files, older = erased_in(full, lambda output: AROUND), dict(full)
    rewritten(older, "quoteblock", text="<p>We sell it to the police, and that is that.</p>")
    status, told = checked(files, tmp_path, capsys, "--older", older_path(older, tmp_path))
    assert status == 1
    assert "of the older copy of_before is not what the ledger says was ever written" in told


def test_an_older_dossier_of_another_ledger_or_story_is_named(
    full: Files, tmp_path: Path, capsys: Capture
) -> None:
    files = erased_in(full, without_a_word)
    about = json.loads(full["dossier.json"])
    for name, values in {"ledger": {"head": [about["head"][0], "0" * 64]}, "story": {"article": 77}}.items():
        older = full | {"dossier.json": json.dumps(about | values).encode()}
        path = str(unpack(older, tmp_path / name))
        status, told = checked(files, tmp_path, capsys, "--older", path)
        assert status == 1
        assert f"older copy {name}" in told


def test_a_public_part_is_no_older_dossier(full: Files, tmp_path: Path, capsys: Capture) -> None:
    older = dict(full)
    edit(older, "dossier.json", lambda about: about | {"part": "public"})
    status, told = checked(full, tmp_path, capsys, "--older", older_path(older, tmp_path))
    assert status == 1
    assert "The older copy of_before is no full dossier of a story" in told
