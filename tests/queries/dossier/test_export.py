"""What a dossier's file is made of: the public part, and the whole without the desk's contacts."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.storage import default_storage

from stories.actions.comment_desk.desk_records import log_attempt, save_desk_record
from stories.actions.editing.pictures import store_picture
from stories.actions.takedown.withdrawals import reinstate, withdraw
from stories.actions.takedown.withholdings import withhold_version
from stories.domain.snapshot import ImageBlock
from stories.models import Article, LedgerEntry, Publication, User
from stories.models.integrity.canonical import CURRENT_FORM
from stories.queries.dossier.export import full_dossier, layout, pictures_of, public_dossier
from stories.queries.ledger.heads import head
from stories.queries.story.snapshots import working_snapshot
from tests.factories import change, minutes, png, request

pytestmark = pytest.mark.django_db

AT = minutes(200)


def entries(lines: Any) -> list[int]:
    return [line["sequence"] for line in lines]


def test_the_whole_has_every_entry_revision_and_version(article: Article) -> None:
    dossier = full_dossier(article, at=AT)
    assert dossier.full
    assert entries(dossier.lines["ledger/entries.jsonl"]) == list(range(1, 8))
    revisions = [(revision.number, revision.sequence) for revision in dossier.revisions]
    assert revisions == [(1, 1), (2, 3), (3, 5), (4, 7)]
    versions = list(dossier.versions)
    assert [(version.number, version.revision, version.withheld) for version in versions] == [
        (1, 1, False),
        (2, 2, False),
        (3, 3, False),
    ]
    assert (dossier.about["part"], dossier.about["head"]) == ("full", list(head()))


def test_the_public_part_has_versions_withdrawals_and_no_name_of_an_editor(
    article: Article, maya: User
) -> None:
    withdraw(article=article, user=maya, notice="It was taken down.", reason="Untrue", at=minutes(100))
    dossier = public_dossier(article, at=minutes(60))
    assert list(dossier.versions) == []
    reinstate(article=article, user=maya, reason="It was true", at=minutes(110))
    dossier = public_dossier(article, at=AT)
    events = list(dossier.lines["ledger/events.jsonl"])
    assert [(event["kind"], event.get("version", event.get("notice"))) for event in events] == [
        ("publication", 1),
        ("publication", 2),
        ("publication", 3),
        ("withdrawal", "It was taken down."),
        ("withdrawal", ""),
    ]
    assert [version.number for version in dossier.versions] == [1, 2, 3]
    assert not list(dossier.revisions)
    assert "Emil" not in repr(events) + repr(dossier.about)


def test_a_version_that_is_withheld_says_so_in_the_whole_and_is_not_in_the_public_part(
    article: Article, maya: User
) -> None:
    second = Publication.objects.order_by("live_from")[1]
    withhold_version(publication=second, user=maya, ground="court", reason="An order.")
    assert [version.story is None for version in public_dossier(article, at=AT).versions] == [
        False,
        True,
        False,
    ]
    assert [version.story is None for version in full_dossier(article, at=AT).versions] == [
        False,
        True,
        False,
    ]


def test_the_public_chain_begins_with_the_entry_of_the_first_version(article: Article) -> None:
    dossier = public_dossier(article, at=AT)
    chain = list(dossier.lines["ledger/chain.jsonl"])
    assert entries(chain) == list(range(2, LedgerEntry.objects.count() + 1))
    assert dossier.about["previous"] == bytes(LedgerEntry.objects.get(sequence=1).digest).hex()


def test_the_desks_side_is_there_without_contacts(article: Article, editor: User) -> None:
    company = working_snapshot(Article.objects.get()).comment_requests[0]
    record = save_desk_record(
        article=article, request_key=company.key, user=editor, contact="press@corvid.example"
    )
    log_attempt(
        record=record,
        user=editor,
        at=minutes(7),
        channel="phone",
        terms="on-the-record",
        summary="They call back.",
    )
    desk = full_dossier(article, at=AT).documents["desk.json"]
    assert [asked["party"] for asked in desk] == ["Corvid Systems", "the Liberty Watch"]
    assert desk[0]["attempts"][0]["summary"] == "They call back."
    assert "press@corvid.example" not in repr(desk)


def test_every_picture_that_the_story_ever_had_is_there_if_its_file_is(
    article: Article, editor: User
) -> None:
    picture = store_picture(content=png(), user=editor)
    block = ImageBlock(key=request().key, picture=picture.digest, alt_text="Red")
    change(article, user=editor, blocks=(block,), at=minutes(50))
    change(article, user=editor, blocks=(), at=minutes(51))
    assert pictures_of(article) == {picture.digest}
    (found,) = full_dossier(article, at=AT).pictures
    assert found.open is not None
    default_storage.delete(picture.file_name())
    (found,) = full_dossier(article, at=AT).pictures
    assert found.open is None
    assert public_dossier(article, at=AT).pictures == ()


def test_the_layout_says_what_each_column_of_the_present_form_means() -> None:
    told = layout()
    assert "headline" in told["columns"][str(CURRENT_FORM)]["article"]
    assert told["parts"]["textblock"] == ["blocks", "text"]
