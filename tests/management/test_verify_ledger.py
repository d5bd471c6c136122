"""`verify_ledger` as it runs every night: what it prints and stores, and whom it notifies."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import OperationalError, connection, transaction
from django.test import Client

from stories.actions.editing.pictures import store_picture
from stories.actions.takedown.story_mask import refresh_mask
from stories.models import Article, OutboxMessage, Picture, TextBlock, User, VerificationRun
from stories.models.integrity import form_guards
from stories.models.integrity.registry import history_model
from stories.models.roles import AUDITOR, EDITOR, MANAGING_EDITOR
from stories.queries.ledger.heads import head
from stories.queries.verification import MOST_LISTED
from tests import factories as make
from tests.outbox import deliver_mails
from tests.tampering import append_approval, append_erasure, append_order, execute, rewritten, run


@pytest.fixture
def emil(db: None) -> User:
    return make.make_user(EDITOR)


@pytest.fixture
def article(emil: User) -> Article:
    article = make.begin(user=emil)
    make.go_live(article, user=emil)
    make.change(article, user=emil, dek="A dek", at=make.minutes(5))
    return article


def verify(*arguments: str) -> str:
    out = StringIO()
    call_command("verify_ledger", *arguments, verbosity=0, stdout=out)
    return out.getvalue()


def tamper() -> None:
    run("UPDATE stories_textblock SET text = '<p>The council never met.</p>'")


def test_a_run_is_stored_with_its_head_and_notifies_nobody_if_all_is_well(article: Article) -> None:
    make.make_user(AUDITOR, email="aldo@example.org")
    sequence, digest = head()
    assert verify().endswith(f"Head: {sequence} {digest}\n")
    stored_run = VerificationRun.objects.get()
    assert (stored_run.entries, stored_run.sequence, stored_run.digest, stored_run.found) == (
        sequence,
        sequence,
        digest,
        0,
    )
    assert stored_run.started_at <= stored_run.finished_at
    assert mail.outbox == []


def test_a_failure_is_mailed_to_auditors_and_stored_without_a_word_of_the_story(
    article: Article,
    emil: User,
    capsys: pytest.CaptureFixture[str],
) -> None:
    make.make_user(AUDITOR, email="aldo@example.org")
    make.make_user(AUDITOR, name="gone", email="gone@example.org", is_active=False)
    tamper()
    run("UPDATE stories_revision SET reason = 'Nothing to see here' WHERE number = 2")
    with pytest.raises(CommandError, match="2 findings in 3 entries"):
        verify()
    errors = capsys.readouterr().err
    assert "text was “<p>The council met on Monday.</p>”, is “<p>The council never met.</p>”." in errors
    (sent,) = mail.outbox
    assert sent.to == ["aldo@example.org"]
    assert "words: 1 (entries 3)" in sent.body
    assert "working row: 1" in sent.body
    assert "http://testserver/admin/audit/verification/" in sent.body
    stored_run = VerificationRun.objects.get()
    assert stored_run.found == 2
    assert [sequence for sequence, _message in stored_run.findings] == [3, None]
    for document in (sent.subject, sent.body, json.dumps(stored_run.findings)):
        for secret in ("council", "never", "Nothing to see"):
            assert secret not in document


def test_an_alarm_that_can_not_be_sent_at_once_waits_for_the_worker(
    article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.make_user(AUDITOR, email="aldo@example.org")
    tamper()
    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
        with pytest.raises(CommandError, match="1 findings"):
            verify()
    assert VerificationRun.objects.get().found == 1
    assert OutboxMessage.objects.get().payload["to"] == "aldo@example.org"
    # After the wait caused by the failure.
    OutboxMessage.objects.update(next_try_at=make.minutes(0))
    deliver_mails()
    assert [sent.to for sent in mail.outbox] == [["aldo@example.org"]]


def test_an_alarm_is_sent_past_a_database_that_can_not_be_written(
    article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.make_user(AUDITOR, email="aldo@example.org")
    tamper()

    def read_only(row: object) -> None:
        raise OperationalError("attempt to write a readonly database")

    monkeypatch.setattr("stories.actions.record.verification.append", read_only)
    with pytest.raises(OperationalError):
        verify()
    assert [sent.to for sent in mail.outbox] == [["aldo@example.org"]]


def refuse(*args: object, **values: object) -> None:
    raise ConnectionRefusedError("Connection refused")


def test_values_can_be_left_out_of_what_is_printed(
    article: Article, capsys: pytest.CaptureFixture[str]
) -> None:
    tamper()
    with pytest.raises(CommandError):
        verify("--without-values")
    errors = capsys.readouterr().err
    assert "is not as its history has it: text." in errors
    assert "council" not in errors


def test_one_json_document_says_it_all(article: Article) -> None:
    document = json.loads(verify("--json"))
    sequence, digest = head()
    assert document["head"] == {"sequence": sequence, "digest": digest}
    assert (document["entries"], document["found"], document["findings"]) == (sequence, 0, [])
    tamper()
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("verify_ledger", "--json", verbosity=0, stdout=out)
    document = json.loads(out.getvalue())
    assert (document["found"], document["by_kind"]) == (1, {"working row": 1})
    (finding,) = document["findings"]
    assert finding["changes"][0]["field"] == "text"
    assert finding["changes"][0]["after"] == "“<p>The council never met.</p>”"


def test_it_may_start_late_and_says_what_it_trusted(article: Article, emil: User) -> None:
    run("UPDATE stories_revision SET reason = 'Another' WHERE number = 1")
    assert "The digest of entry 2 was trusted" in verify("--since", "3")
    assert VerificationRun.objects.get().since == 3
    run("UPDATE stories_revision SET reason = 'Another' WHERE number = 2")
    with pytest.raises(CommandError, match="1 findings in 1 entries"):
        verify("--since", "3")
    run("UPDATE stories_ledgerentry SET digest = (SELECT digest FROM stories_ledgerentry WHERE sequence = 1) "
        "WHERE sequence = 2")  # fmt: skip
    with pytest.raises(CommandError, match=r"chain: 1 \(entries 3\)"):
        verify("--since", "3")


@pytest.mark.parametrize("since", ["0", "-1", "5"])
def test_it_does_not_start_where_there_is_no_entry(article: Article, since: str) -> None:
    with pytest.raises(CommandError, match=f"There is no entry {since}: the ledger's newest is 3"):
        verify(f"--since={since}")
    assert not VerificationRun.objects.exists()


def test_today_s_ledger_extends_what_it_printed_yesterday(
    article: Article, emil: User, tmp_path: Path
) -> None:
    saved = tmp_path / "heads.json"
    saved.write_text(verify("--json"))
    make.change(article, user=emil, dek="Another dek", at=make.minutes(9))
    assert "It extends the 1 heads that were saved." in verify("--against", str(saved))
    saved.write_text(json.dumps({"head": {"sequence": 3, "digest": "ab" * 32}}))
    with pytest.raises(CommandError, match=r"saved head: 1 \(entries 3\)"):
        verify("--against", str(saved))
    saved.write_text(json.dumps({"head": {"sequence": 99, "digest": "ab" * 32}}))
    with pytest.raises(CommandError, match=r"saved head: 1 \(entries 99\)"):
        verify("--against", str(saved))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("{", "is no JSON"),
        ("[]", "no JSON object"),
        ('{"heads": []}', "holds no heads"),
        (None, "can't be read"),
    ],
)
def test_a_file_without_heads_is_refused_in_a_sentence(
    article: Article, tmp_path: Path, content: str | None, sentence: str
) -> None:
    saved = tmp_path / "heads.json"
    if content is not None:
        saved.write_text(content)
    with pytest.raises(CommandError, match=sentence):
        verify("--against", str(saved))
    assert not VerificationRun.objects.exists()


def test_a_guard_that_is_missing_is_named(article: Article) -> None:
    # PostgreSQL alters no table while a foreign key of its rows waits to be checked.
    connection.check_constraints()
    if connection.vendor == "postgresql":
        execute("DROP TRIGGER append_only ON stories_revision")
    else:
        execute("DROP TRIGGER stories_revision_append_only_update")
    with pytest.raises(CommandError, match="guard: 1"):
        verify()


def test_a_picture_that_is_another_or_gone_is_named(
    emil: User, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    stored_run, changed, gone = (store_picture(content=make.png(width), user=emil) for width in (40, 50, 60))
    (settings.MEDIA_ROOT / changed.file_name()).write_bytes(make.png(41))
    (settings.MEDIA_ROOT / gone.file_name()).unlink()
    with pytest.raises(CommandError, match="picture: 2"):
        verify()
    errors = capsys.readouterr().err
    assert f"The file of picture {changed.pk} is another than it was" in errors
    assert f"The picture {gone.pk} has no file" in errors
    assert stored_run.pk not in errors
    assert Picture.objects.count() == 3


# ------------------------------------------------------------------------------------------- what was erased


def erase_words(article: Article) -> None:
    order = append_order(article, make.make_user(MANAGING_EDITOR))
    append_approval(order, make.make_user(MANAGING_EDITOR, name="mona", display_name="Mona Mersey"))
    row = history_model(TextBlock).objects.filter(parent_id=article.pk).first()
    erased = "<p>[words erased] was bribed.</p>"
    run("UPDATE stories_textblock SET text = %s", erased)
    append_erasure(article, make.make_user(), rewritten(row, text=erased), order=order)
    with transaction.atomic():
        refresh_mask(article.pk)


def test_what_was_erased_since_a_saved_head_is_named_in_all_that_a_run_leaves(
    article: Article, tmp_path: Path, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    auditor = make.make_user(AUDITOR, email="aldo@example.org")
    before, after = tmp_path / "before.json", tmp_path / "after.json"
    before.write_text(verify("--json"))
    erase_words(article)
    after.write_text(json.dumps({"head": dict(zip(("sequence", "digest"), head(), strict=True))}))
    sentence = (
        f"1 row reads otherwise than it was written, by erasure {head()[0]} of 2026-05-03, ordered by Maya Managing, "
        "approved by Mona Mersey."
    )
    around = "In 1 of them the words around what was erased can’t be proved."
    with django_capture_on_commit_callbacks(execute=True):
        output = verify("--against", str(before))
    assert "Erased after the newest saved head, entry 3; ask each person who is named" in output
    assert f"{sentence} {around}\n" in output
    (sent,) = mail.outbox
    assert sent.to == ["aldo@example.org"]
    assert sent.subject.endswith("rows of the record were erased")
    assert sentence in sent.body
    stored_run = VerificationRun.objects.latest("pk")
    assert (stored_run.found, stored_run.erased, stored_run.erasures[0]["around"]) == (0, 1, 1)
    client.force_login(auditor)
    page = client.get("/admin/audit/verification/").content.decode()
    assert "This was erased, and no saved head vouches for it." in page
    assert sentence in page
    # Reported once; and not at all with a head that was saved since.
    with django_capture_on_commit_callbacks(execute=True):
        assert sentence in verify()
        assert "Erasures under the heads that were saved: 1." in verify("--against", str(after))
    assert len(mail.outbox) == 1
    document = json.loads(verify("--json"))
    assert (document["found"], document["erased"]) == (0, 1)
    assert document["erasures"][0]["message"] == f"{sentence} {around}"
    assert (document["erasures"][0]["ordered_by"], document["erasures"][0]["rows"]) == ("Maya Managing", 1)


def test_many_erasures_are_listed_in_a_few_lines_unless_all_are_asked_for(article: Article) -> None:
    maya, mona = (make.make_user(MANAGING_EDITOR, name=name) for name in ("maya", "mona"))
    for _number in range(MOST_LISTED + 2):
        order = append_order(article, maya)
        append_approval(order, mona)
        append_erasure(article, maya, order=order)
    output = verify()
    assert output.count("0 rows read otherwise") == MOST_LISTED
    assert "And 2 older erasures; --all names them." in output
    assert verify("--all").count("0 rows read otherwise") == MOST_LISTED + 2
    assert len(json.loads(verify("--json"))["erasures"]) == MOST_LISTED + 2


# ------------------------------------------------------------------------------------- what can't be read


@pytest.mark.django_db(transaction=True)
def test_a_value_that_can_t_be_read_is_a_finding_that_is_kept_and_mailed(client: Client) -> None:
    emil = make.make_user(EDITOR)
    make.make_user(AUDITOR, email="aldo@example.org")
    make.go_live(make.begin(user=emil), user=emil)
    assert verify()
    garbage = "garbage" if connection.vendor == "sqlite" else "infinity"
    form_guards.remove(connection)
    run("UPDATE stories_publication SET recorded_at = %s", garbage)
    with pytest.raises(CommandError, match="stored value: 1"):
        verify()
    stored_run = VerificationRun.objects.order_by("-pk")[0]
    assert "The column recorded_at of stories_publication holds what is no value of it" in str(
        stored_run.findings
    )
    (sent,) = mail.outbox
    assert "stored value: 1" in sent.body
    assert "found something that does not hold" in client.get("/ledger/").content.decode()
    run("UPDATE stories_publication SET recorded_at = '2026-03-02 09:00:00'")
    form_guards.install(connection)
    assert form_guards.missing(connection) == []


def test_a_run_that_breaks_off_is_kept_and_mailed_and_no_old_one_stands_for_it(
    article: Article,
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
    capsys: pytest.CaptureFixture[str],
) -> None:
    make.make_user(AUDITOR, email="aldo@example.org")
    assert verify()
    assert "found the record whole" in client.get("/ledger/").content.decode()

    def broken(articles: Any) -> Any:
        raise RuntimeError("The disk said: council")

    monkeypatch.setattr("stories.queries.verification.run._CHECKS_OF_STORIES", {broken: "something"})
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(CommandError, match="broken off: 1"):
        verify()
    (finding,) = VerificationRun.objects.order_by("-pk")[0].findings
    assert finding[1] == (
        "The verification broke off after entry 3 and 1 stories (RuntimeError): nothing after that was looked at."
    )
    (sent,) = mail.outbox
    assert "broken off: 1" in sent.body
    assert "council" not in sent.body
    assert "council" in capsys.readouterr().err
    assert "found something that does not hold" in client.get("/ledger/").content.decode()
