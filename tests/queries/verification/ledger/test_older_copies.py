"""An older dossier proves the words around what was erased since, by the digests that the ledger has of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from stories.actions.takedown.erase import erase
from stories.actions.takedown.erasure_orders import approve_erasure, order_erasure
from stories.domain.dossier.checker.around_erasure import matches_around_erasure
from stories.domain.dossier.checker.older_copies import OlderCopy
from stories.models import Article, PublicationCard, TextBlock, User
from stories.models.integrity.registry import history_model
from stories.models.roles import EDITOR, MANAGING_EDITOR
from stories.queries.dossier.export import full_dossier
from stories.queries.verification import Kind, Verification
from stories.rendering.dossier_file import write_dossier
from tests import factories as make
from tests.audit.dossier_files import Files, files_of, lines, put_lines, unpack
from tests.tampering import append_approval, append_erasure, append_order, rewritten

pytestmark = pytest.mark.django_db

TEXT = (
    '<p>They met <a href="https://example.org/zebulon-quaxby">Zebulon <b>Quaxby</b></a> and did not pay.</p>'
)


@pytest.fixture
def maya() -> User:
    return make.make_user(MANAGING_EDITOR, name="maya")


@pytest.fixture
def mona() -> User:
    return make.make_user(MANAGING_EDITOR, name="mona")


@pytest.fixture
def article(db: None) -> Article:
    emil = make.make_user(EDITOR)
    article = make.begin(
        make.wanted("A party for Zebulon Quaxby", make.text(TEXT), dek="All came"), user=emil
    )
    make.go_live(article, user=emil)
    return article


@pytest.fixture
def older(article: Article) -> Files:
    """The full dossier from before the erasure."""
    return dossier_of(article)


def dossier_of(article: Article) -> Files:
    out = BytesIO()
    write_dossier(out, full_dossier(Article.objects.get(pk=article.pk), at=timezone.now()))
    return files_of(out.getvalue())


def erase_words(article: Article, words: str, maya: User, mona: User, *, at: int = 90) -> None:
    why: dict[str, Any] = {"scope": "words", "ground": "court", "authority": "A court", "reason": "An order"}
    order = order_erasure(article=article, words=words, user=maya, at=make.minutes(at), **why)
    approve_erasure(order=order, user=mona, at=make.minutes(at + 1))
    erase(order=order, at=make.minutes(at + 2))


def text_of(article: Article) -> Any:
    return history_model(TextBlock).objects.filter(parent_id=article.pk).get()


def forge(article: Article, row: Any, maya: User, mona: User, **values: str) -> None:
    """Put other words around a placeholder, by an erasure that is ordered and approved only in the database."""
    order = append_order(article, maya)
    append_approval(order, mona)
    append_erasure(article, maya, rewritten(row, **values), order=order)


def verified(files: Files, folder: Path) -> tuple[Verification, list[str]]:
    """Return a verification against an older copy, and its findings."""
    verification = Verification(older=[OlderCopy(unpack(files, folder / "older"))])
    found = [str(each) for each in verification if each.kind in (Kind.OLDER_COPY, Kind.SAVED_HEAD)]
    return verification, found


def test_the_words_around_a_genuine_erasure_are_proved(
    article: Article, older: Files, maya: User, mona: User, tmp_path: Path
) -> None:
    erase_words(article, "Zebulon Quaxby", maya, mona)
    assert text_of(article).text == "<p>They met <a>[words erased]</a> and did not pay.</p>"
    verification = Verification(older=[OlderCopy(unpack(older, tmp_path / "older"))])
    assert [str(each) for each in verification] == []
    (erasure,) = verification.listed
    assert (erasure.rows, erasure.proved, erasure.around) == (4, 3, 0)
    assert erasure.sentence().endswith(
        "In 3 of them the words around what was erased are proved by an older copy."
    )


def test_without_an_older_copy_they_are_counted_as_not_provable(
    article: Article, maya: User, mona: User
) -> None:
    erase_words(article, "Zebulon Quaxby", maya, mona)
    verification = Verification()
    assert list(verification) == []
    assert (verification.listed[0].proved, verification.listed[0].around) == (0, 3)


def test_a_copy_between_two_erasures_proves_the_second(
    article: Article, maya: User, mona: User, tmp_path: Path
) -> None:
    erase_words(article, "Zebulon Quaxby", maya, mona)
    between = dossier_of(article)
    erase_words(article, "did not", maya, mona, at=95)
    verification, found = verified(between, tmp_path)
    assert found == []
    assert [(each.proved, each.around) for each in verification.listed] == [(0, 3), (1, 0)]


def test_a_copy_of_after_the_erasure_proves_nothing(
    article: Article, maya: User, mona: User, tmp_path: Path
) -> None:
    erase_words(article, "Zebulon Quaxby", maya, mona)
    verification, found = verified(dossier_of(article), tmp_path)
    assert found == []
    assert (verification.listed[0].proved, verification.listed[0].around) == (0, 3)


def other_words(text: Any, card: Any) -> tuple[Any, dict[str, str]]:
    return text, {"text": "<p>They met [words erased] and did pay.</p>"}


def words_that_were_added(text: Any, card: Any) -> tuple[Any, dict[str, str]]:
    return text, {"text": text.text.replace("Zebulon", "[words erased], a thief,")}


def words_in_another_order(text: Any, card: Any) -> tuple[Any, dict[str, str]]:
    return text, {"text": "<p>[words erased] and did not pay. They met</p>"}


def another_link(text: Any, card: Any) -> tuple[Any, dict[str, str]]:
    return text, {"text": TEXT.replace("example.org", "evil.example").replace("not", "[words erased]")}


def a_headline_in_lists(text: Any, card: Any) -> tuple[Any, dict[str, str]]:
    return card, {"headline": "A feast for [words erased]"}


def another_section_in_lists(text: Any, card: Any) -> tuple[Any, dict[str, str]]:
    return card, {"headline": "A party for [words erased]", "section": "crime"}


@pytest.mark.parametrize(
    "tamper",
    [
        other_words,
        words_that_were_added,
        words_in_another_order,
        another_link,
        a_headline_in_lists,
        another_section_in_lists,
    ],
    ids=lambda each: each.__name__,
)
def test_other_words_around_a_placeholder_are_found(
    tamper: Callable[[Any, Any], tuple[Any, dict[str, str]]],
    article: Article,
    older: Files,
    maya: User,
    mona: User,
    tmp_path: Path,
) -> None:
    row, values = tamper(text_of(article), PublicationCard.objects.get())
    forge(article, row, maya, mona, **values)
    verification, found = verified(older, tmp_path)
    assert len(found) == 1
    assert "reads otherwise around what was erased than in the older copy older" in found[0]
    assert (verification.listed[0].proved, verification.listed[0].around) == (0, 1)


def change_a_row(files: Files, change: Callable[[dict[str, Any]], None]) -> None:
    rows = lines(files, "ledger/rows.jsonl")
    for row in rows:
        if row["model"] == "textblock":
            change(row)
    put_lines(files, "ledger/rows.jsonl", rows)


def a_forged_text(files: Files) -> None:
    change_a_row(files, lambda row: row["values"].update(text="<p>They met a thief and did pay.</p>"))


def a_forged_salt(files: Files) -> None:
    change_a_row(files, lambda row: row.update(salt="00" * 16))


def a_salt_that_is_none(files: Files) -> None:
    change_a_row(files, lambda row: row.update(salt=None))


def columns_that_there_are_not(files: Files) -> None:
    change_a_row(files, lambda row: row.update(values={"text": TEXT}))


def values_that_are_none(files: Files) -> None:
    change_a_row(files, lambda row: row.update(values=[]))


def lines_that_are_none(files: Files) -> None:
    files["ledger/rows.jsonl"] = b"{"


def another_end(files: Files) -> None:
    about = json.loads(files["dossier.json"])
    files["dossier.json"] = json.dumps(about | {"head": [about["head"][0], "0" * 64]}).encode()


@pytest.mark.parametrize(
    ("change", "message"),
    {
        a_forged_text: "is not what the ledger says was ever written",
        a_forged_salt: "is not what the ledger says was ever written",
        a_salt_that_is_none: "is not what the ledger says was ever written",
        columns_that_there_are_not: "is not what the ledger says was ever written",
        values_that_are_none: "is not what the ledger says was ever written",
        lines_that_are_none: "The older copy older can't be read",
        another_end: "its digest is another than when the older copy older was made",
    }.items(),
    ids=lambda each: getattr(each, "__name__", ""),
)
def test_a_forged_older_copy_is_named(
    change: Callable[[Files], None],
    message: str,
    article: Article,
    older: Files,
    maya: User,
    mona: User,
    tmp_path: Path,
) -> None:
    erase_words(article, "Zebulon Quaxby", maya, mona)
    change(older)
    _verification, found = verified(older, tmp_path)
    assert len(found) == 1
    assert message in found[0]


def test_the_command_takes_a_folder_of_older_dossiers(
    article: Article, older: Files, maya: User, mona: User, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    erase_words(article, "Zebulon Quaxby", maya, mona)
    unpack(older, tmp_path / "copies" / "of_2026")
    call_command("verify_ledger", older_copy=[tmp_path / "copies"], verbosity=0)
    assert (
        "In 3 of them the words around what was erased are proved by an older copy."
        in capsys.readouterr().out
    )


def test_the_command_says_what_is_no_older_dossier(article: Article, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("They met.")
    with pytest.raises(
        CommandError, match=r"The older copy notes.txt can't be read: .* Nothing was verified"
    ):
        call_command("verify_ledger", older_copy=[tmp_path / "notes.txt"], verbosity=0)


PLACES = {
    ("text", "They met X and left.", "They met [words erased] and left."): True,
    ("text", "X met X.", "[words erased] met [words erased]."): True,
    ("text", "X met X.", "[words erased] met X."): True,
    ("text", "They met X and left.", "They met [words erased] and stayed."): False,
    ("text", "They met X and left.", "We met [words erased] and left."): False,
    ("text", "one X two X three", "one [words erased] three [words erased] three"): False,
    ("text", "They left.", "They left. [words erased]"): False,
    ("text", "They left.", "They left[words erased]."): False,
    ("text", "", "[words erased]"): False,
    ("text", "They left.", "They left."): True,
    ("text", "They left.", "They stayed."): False,
    ("html", "<p>A <b>X</b><i>Y</i> b</p>", "<p>A <b>[words erased]</b> b</p>"): True,
    ("html", "<p>A <b>X</b>Y b</p>", "<p>A <b>[words erased]</b> b</p>"): True,
    ("html", "<p>A X b</p>", "<p>A <b>[words erased]</b> b</p>"): False,
    ("html", '<p><a href="/x" rel="a">b</a> X</p>', '<p><a rel="a">b</a> [words erased]</p>'): True,
    ("html", '<p><a href="/x">b</a> X</p>', '<p><a href="/y">b</a> [words erased]</p>'): False,
    ("html", "<p>A</p><p>X</p>", "<p>[words erased]</p>"): True,
    ("address", "https://example.org/x", "https://withheld.invalid/"): True,
    ("address", "https://example.org/x", "https://example.org/[words erased]"): False,
}


@pytest.mark.parametrize(("how", "before", "now"), PLACES)
def test_a_text_is_the_one_from_before_but_for_its_placeholders(how: str, before: str, now: str) -> None:
    assert matches_around_erasure(how, 0, before, now) == PLACES[how, before, now]


def test_what_was_longer_than_its_column_was_cut() -> None:
    before = "x" * 290 + " name you"
    assert matches_around_erasure("text", 300, before, ("x" * 290 + " [words erased] you")[:300])
    assert not matches_around_erasure("text", 300, before, ("x" * 289 + "y [words erased] you")[:300])
