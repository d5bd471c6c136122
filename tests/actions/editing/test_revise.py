"""`revise`: what it writes, what it merges, what it refuses."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stories.actions.editing.revise import revise
from stories.actions.errors import MergeConflict, Refused, StoryInvalid
from stories.domain import snapshot as domain
from stories.models import Article, LedgerEntry, QuoteBlock, Revision, TextBlock, User
from stories.models.integrity.registry import TRACKED_MODELS, history_model
from stories.models.roles import AUDITOR, EDITOR, REPORTER
from stories.queries.story.snapshots import snapshot_at, working_rows, working_snapshot
from stories.queries.verification import Verification
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def emil() -> User:
    return make.make_user(EDITOR)


def rows_of_history() -> int:
    return sum(history_model(model).objects.count() for model in TRACKED_MODELS)


def latest(article: Article) -> domain.StorySnapshot:
    return working_snapshot(Article.objects.get(pk=article.pk))


def test_a_story_begins_as_revision_one_and_reads_as_wanted(emil: User) -> None:
    author, section = make.make_author(), make.make_section()
    story = make.wanted(
        "Council hears objections",
        make.text("<p>One.</p><p>Two.</p>"),
        make.quote(said_on=make.MORNING.date(), source="transcript obtained by the Gazette"),
        make.embed(),
        section=section.pk,
        bylines=(make.byline(author),),
        comment_requests=(make.request(),),
    )
    article = make.begin(story, user=emil)

    revision = Revision.objects.get(article=article)
    assert (revision.number, revision.user_name, revision.reason) == (1, "Emil Editor", "began")
    assert latest(article) == replace(story, section_name="Technology")
    assert snapshot_at(article.pk, 1) == latest(article)
    assert list(Verification()) == []


def test_rows_that_were_read_without_the_lock_are_used_only_while_nothing_newer_is_saved(emil: User) -> None:
    first, second = make.text("<p>First.</p>"), make.text("<p>Second.</p>")
    article = make.begin(make.wanted("Two", first, second), user=emil)
    rows = working_rows(article)
    theirs = (first, replace(second, text="<p>Second, by them.</p>"))
    make.change(article, user=emil, blocks=theirs)
    mine = make.wanted("Two", replace(first, text="<p>First, by me.</p>"), second)

    revise(article=article, story=mine, base=1, user=emil, at=make.minutes(1), rows=rows)

    saved = working_snapshot(article).blocks
    assert saved == (replace(first, text="<p>First, by me.</p>"), theirs[1])
    assert list(Verification()) == []


def test_a_changed_word_writes_one_row_of_history_and_one_entry(emil: User) -> None:
    blocks = tuple(make.text(f"<p>Paragraph {number}.</p>") for number in range(20))
    article = make.begin(make.wanted("Twenty", *blocks), user=emil)
    rows, entries = rows_of_history(), LedgerEntry.objects.count()
    edited = (*blocks[:7], replace(blocks[7], text="<p>Paragraph seven.</p>"), *blocks[8:])

    with CaptureQueriesContext(connection) as queries:
        revise(
            article=article,
            story=make.wanted("Twenty", *edited),
            base=1,
            user=emil,
            reason="A number",
            at=make.minutes(1),
        )

    assert (rows_of_history() - rows, LedgerEntry.objects.count() - entries) == (1, 1)
    assert len(queries) <= 24
    assert TextBlock.objects.get(key=blocks[7].key).text == "<p>Paragraph seven.</p>"


def test_a_moved_block_writes_one_row_of_history(emil: User) -> None:
    blocks = tuple(make.text(f"<p>Paragraph {number}.</p>") for number in range(20))
    article = make.begin(make.wanted("Twenty", *blocks), user=emil)
    rows = rows_of_history()
    make.change(article, user=emil, blocks=(*blocks[1:], blocks[0]))
    assert rows_of_history() - rows == 1
    assert [block.key for block in latest(article).blocks] == [
        block.key for block in (*blocks[1:], blocks[0])
    ]


def test_a_save_that_changes_nothing_writes_nothing(emil: User) -> None:
    article = make.begin(user=emil)
    rows, entries = rows_of_history(), LedgerEntry.objects.count()
    assert revise(article=article, story=latest(article), base=1, user=emil, reason="No change") is None
    assert (Revision.objects.count(), rows_of_history(), LedgerEntry.objects.count()) == (1, rows, entries)


def test_every_revision_reads_as_it_read_then(emil: User) -> None:
    first, second = make.text("<p>First.</p>"), make.quote("<p>Second.</p>")
    article = make.begin(make.wanted("Remember", first, second), user=emil)
    remembered = [latest(article)]
    for values in (
        {"blocks": (second, first)},
        {"headline": "Remembered"},
        {"blocks": (first,)},
        {"blocks": (first, second), "dek": "With a dek"},
        {"blocks": ()},
    ):
        make.change(article, user=emil, **values)
        remembered.append(latest(article))
    for number, story in enumerate(remembered, start=1):
        assert snapshot_at(article.pk, number) == story
    assert list(Verification()) == []


def test_a_snapshot_costs_a_query_a_tracked_model_however_long_the_history(emil: User) -> None:
    article = make.begin(user=emil)
    for number in range(12):
        make.change(article, user=emil, headline=f"Headline {number}", blocks=(make.text(), make.quote()))
    for revision in (1, 13):
        with CaptureQueriesContext(connection) as queries:
            snapshot_at(article.pk, revision)
        assert len(queries) == len(TRACKED_MODELS)


def test_a_revision_that_is_not_there_has_no_snapshot(emil: User) -> None:
    article = make.begin(user=emil)
    for number in (0, -1):
        with pytest.raises(Revision.DoesNotExist):
            snapshot_at(article.pk, number)


def test_a_block_becomes_a_quote_and_keeps_its_key(emil: User) -> None:
    block = make.text("<p>We hear you.</p>")
    article = make.begin(make.wanted("Becoming", block), user=emil)
    make.change(
        article, user=emil, blocks=(domain.QuoteBlock(key=block.key, text=block.text, speaker="Dana"),)
    )
    assert not TextBlock.objects.exists()
    assert QuoteBlock.objects.get().key == block.key
    assert snapshot_at(article.pk, 1).blocks == (block,)
    assert list(Verification()) == []


def test_edits_of_different_blocks_merge(emil: User) -> None:
    one, two = make.text("<p>One.</p>"), make.text("<p>Two.</p>")
    article = make.begin(make.wanted("Merging", one, two), user=emil)
    opened = latest(article)
    make.change(article, user=emil, blocks=(replace(one, text="<p>One, edited.</p>"), two))
    stale = replace(opened, blocks=(one, replace(two, text="<p>Two, edited.</p>")), headline="Merged")
    revision = revise(article=article, story=stale, base=1, user=emil)
    assert revision is not None
    assert revision.number == 3
    assert [getattr(block, "text", "") for block in latest(article).blocks] == [
        "<p>One, edited.</p>",
        "<p>Two, edited.</p>",
    ]
    assert latest(article).headline == "Merged"


def test_edits_of_the_same_words_conflict_and_write_nothing(emil: User) -> None:
    one = make.text("<p>One.</p>")
    article = make.begin(make.wanted("Conflict", one), user=emil)
    opened = latest(article)
    make.change(article, user=emil, blocks=(replace(one, text="<p>One, theirs.</p>"),))
    stale = replace(opened, blocks=(replace(one, text="<p>One, mine.</p>"),))
    with pytest.raises(MergeConflict, match="what you typed is kept") as refused:
        revise(article=article, story=stale, base=1, user=emil)
    (conflict,) = refused.value.conflicts
    assert conflict.key == one.key
    assert "theirs" in (conflict.theirs or "")
    assert "mine" in (conflict.mine or "")
    assert Revision.objects.count() == 2


def test_a_base_that_is_not_the_storys_is_refused(emil: User) -> None:
    article = make.begin(user=emil)
    for base in (0, 2, -1):
        with pytest.raises(Refused, match="revision"):
            revise(article=article, story=latest(article), base=base, user=emil)
    with pytest.raises(Refused):
        revise(article=None, story=make.wanted("Another"), base=1, user=emil)


def test_text_is_sanitised_on_the_way_in(emil: User) -> None:
    script = "<script>alert(1)</script><p onclick='x()'>Fine <a href='javascript:x()'>link</a>.</p>"
    story = make.wanted(
        "Clean", make.text(script), make.quote(script), dek="a\x00b\r\nc", dateline="  Two\n lines "
    )
    article = make.begin(story, user=emil)
    stored = latest(article)
    for block in stored.blocks:
        words = getattr(block, "text", "")
        assert "script" not in words
        assert "onclick" not in words
        assert "Fine" in words
    assert (stored.dek, stored.dateline) == ("ab\nc", "Two lines")


@pytest.mark.parametrize(
    ("story", "place", "words"),
    [
        (make.wanted("", slug="x"), "headline", "needs a headline|cannot be blank"),
        (make.wanted("No slug", slug=""), "slug", "blank"),
        (make.wanted("Odd slug", slug="no/slash"), "slug", "can’t be an address"),
        (make.wanted("Tongue", language="klingon!"), "language", "language tag"),
        (make.wanted("Nowhere", section="nowhere"), "section", "no section “nowhere”"),
        (make.wanted("A", make.quote(anonymous=True)), "speaker", "carries no name"),
        (
            make.wanted("B", make.quote(anonymous=True, speaker="", description="an employee")),
            "anonymity_reason",
            "not named",
        ),
        (make.wanted("C", make.quote(description="an employee")), "description", "anonymous"),
        (make.wanted("D", make.quote(source_url="javascript:x()")), "source_url", "URL"),
        (make.wanted("E", make.embed("not an address")), "address", "URL"),
        (make.wanted("F", domain.ImageBlock(key=uuid4())), "picture", "Choose a picture"),
        (make.wanted("G", domain.ImageBlock(key=uuid4(), picture="0" * 64)), "picture", "not there"),
        (make.wanted("H", make.text("<b>" * 200)), "text", "nest"),
        (make.wanted("I", make.text("x" * 1_000_001)), "text", "1,000,001 characters"),
        (
            make.wanted(
                "J", *[make.text("<p>" + "word " * 60_000 + "</p>")] * 1, make.text("word " * 60_000)
            ),
            "",
            "words",
        ),
        (
            make.wanted("K", comment_requests=(make.request(responded_at=make.MORNING),)),
            "status",
            "no longer pending",
        ),
        (make.wanted("O", dek="x" * 2001), "dek", "2,001 characters"),
        (make.wanted("P", make.quote(said_on=date(1, 1, 1))), "said_on", "can’t be right"),
        (
            make.wanted("Q", comment_requests=(make.request(requested_at=datetime(2026, 1, 1)),)),  # noqa: DTZ001
            "requested_at",
            "no time zone",
        ),
        (make.wanted("R", domain.ImageBlock(key=uuid4(), address="javascript:x()")), "address", "no address"),
        (make.wanted("L", update_notes=(make.note(""),)), "text", "blank"),
        (make.wanted("M", update_notes=(make.note(amends=uuid4()),)), "amends", "not there"),
        (
            make.wanted("N", bylines=(domain.Byline(key=uuid4(), author="nobody", credited_as="Nobody"),)),
            "author",
            "no author “nobody”",
        ),
    ],
)
def test_what_can_not_be_stored_is_refused_with_its_place_and_leaves_no_trace(
    emil: User, story: domain.StorySnapshot, place: str, words: str
) -> None:
    with pytest.raises(StoryInvalid, match=words) as refused:
        revise(article=None, story=story, base=0, user=emil)
    assert place in {problem.field for problem in refused.value.problems}
    assert not Article.objects.exists()
    assert not Revision.objects.exists()
    assert not LedgerEntry.objects.exists()
    assert rows_of_history() == 0


def test_the_refusal_names_the_place_as_an_editor_knows_it(emil: User) -> None:
    with pytest.raises(StoryInvalid, match="quote 2, speaker: An anonymous quote carries no name"):
        make.begin(
            make.wanted(
                "Places",
                make.quote(),
                make.quote(
                    anonymous=True, description="an employee", anonymity_reason="for fear of reprisal"
                ),
            ),
            user=emil,
        )


def test_a_key_is_one_parts_alone(emil: User) -> None:
    block = make.text()
    with pytest.raises(StoryInvalid, match="taken already"):
        make.begin(make.wanted("Twice", block, domain.QuoteBlock(key=block.key, text="<p>x</p>")), user=emil)
    make.begin(make.wanted("Once", block), user=emil)
    with pytest.raises(StoryInvalid, match="taken already"):
        make.begin(make.wanted("Elsewhere", domain.QuoteBlock(key=block.key, text="<p>x</p>")), user=emil)


def test_a_key_outlives_its_part_and_stays_its_storys(emil: User) -> None:
    block = make.text()
    article = make.begin(make.wanted("Once", block), user=emil)
    make.change(article, user=emil, blocks=())
    with pytest.raises(StoryInvalid, match="taken already"):
        make.begin(make.wanted("Elsewhere", block), user=emil)
    credit = domain.Byline(key=block.key, author=make.make_author().pk, credited_as="Ines")
    with pytest.raises(StoryInvalid, match="taken already"):
        make.change(article, user=emil, bylines=(credit,))
    make.change(article, user=emil, blocks=(block,))
    assert latest(article).blocks == (block,)


def test_notes_that_amend_each_other_are_refused(emil: User) -> None:
    one, two = make.note("One."), make.note("Two.")
    for notes in (
        (replace(one, amends=one.key),),
        (replace(one, amends=two.key), replace(two, amends=one.key)),
    ):
        with pytest.raises(StoryInvalid, match="amends itself"):
            make.begin(make.wanted("Notes", update_notes=notes), user=emil)


@pytest.mark.parametrize("nothing", ["\u200b", " \u00a0\ufeff", "\x00\x07"])
def test_a_note_that_shows_nothing_is_no_note(emil: User, nothing: str) -> None:
    with pytest.raises(StoryInvalid, match="blank"):
        make.begin(make.wanted("Empty", update_notes=(make.note(nothing),)), user=emil)


def test_reasons_are_cleaned_and_bounded(emil: User) -> None:
    article = make.begin(user=emil)
    revision = make.change(article, user=emil, dek="x", reason="a\x00b\ud800c\r\nd")
    assert revision.reason == "abc\nd"
    with pytest.raises(Refused, match="5,001 characters"):
        make.change(article, user=emil, dek="y", reason="x" * 5001)
    assert Revision.objects.count() == 2


def test_a_published_note_is_amended_in_view_never_edited_away(emil: User) -> None:
    note = make.note("Ten, not eleven.", domain.NoteKind.CORRECTION)
    article = make.begin(user=emil)
    make.go_live(article, user=emil)
    make.change(article, user=emil, update_notes=(note,))
    make.change(article, user=emil, update_notes=(replace(note, text="Ten, not twelve."),))
    make.go_live(article, user=emil, at=make.minutes(1))
    for notes in ((), (replace(note, text="Never mind."),)):
        with pytest.raises(StoryInvalid, match="has been published"):
            make.change(article, user=emil, at=make.minutes(2), update_notes=notes)
    stored_note = latest(article).update_notes[0]
    amendment = make.note("It was nine.", domain.NoteKind.CORRECTION, amends=note.key)
    make.change(article, user=emil, at=make.minutes(2), update_notes=(stored_note, amendment))


def test_names_stay_as_they_were_credited(emil: User) -> None:
    author, section = make.make_author(), make.make_section()
    article = make.begin(
        make.wanted(
            "Credit",
            section=section.pk,
            bylines=(domain.Byline(key=uuid4(), author=author.pk, credited_as=""),),
        ),
        user=emil,
    )
    author.name, section.name = "Ines Calder-Moss", "Tech & Science"
    author.save()
    section.save()
    make.change(article, user=emil, dek="Later")
    story = latest(article)
    assert (story.section_name, story.bylines[0].credited_as) == ("Technology", "Ines Calder")


def test_a_reporter_changes_the_drafts_they_began_until_they_are_published(emil: User) -> None:
    rosa, other = make.make_user(REPORTER), make.make_user(REPORTER, username="ruth")
    article = make.begin(user=rosa)
    make.change(article, user=rosa, dek="Mine")
    with pytest.raises(PermissionDenied):
        make.change(article, user=other, dek="Not mine")
    make.go_live(article, user=emil)
    with pytest.raises(PermissionDenied, match="until it is published"):
        make.change(article, user=rosa, at=make.minutes(1), dek="Late")


@pytest.mark.parametrize("role", [AUDITOR, None])
def test_who_has_no_right_to_write_writes_nothing(emil: User, role: str | None) -> None:
    nobody = make.make_user(role)
    article = make.begin(user=emil)
    with pytest.raises(PermissionDenied):
        make.begin(make.wanted("Mine"), user=nobody)
    with pytest.raises(PermissionDenied):
        make.change(article, user=nobody, dek="Mine")
    assert Revision.objects.count() == 1


def test_a_person_is_kept_by_name_when_their_account_is_deleted(emil: User) -> None:
    article = make.begin(user=emil)
    emil.delete()
    assert Revision.objects.get(article=article).user_name == "Emil Editor"
    assert list(Verification()) == []
