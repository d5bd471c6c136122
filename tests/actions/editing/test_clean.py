"""What is stored of a submitted story: cleaned, completed, or refused with its place."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from uuid import uuid4

import pytest

from stories.actions.editing.revise import revise
from stories.actions.errors import StoryInvalid
from stories.domain import snapshot as domain
from stories.models import Article, LedgerEntry, Revision, User
from stories.models.integrity.registry import TRACKED_MODELS, history_model
from stories.models.roles import EDITOR
from stories.queries.story.snapshots import working_snapshot
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def emil() -> User:
    return make.make_user(EDITOR)


def rows_of_history() -> int:
    return sum(history_model(model).objects.count() for model in TRACKED_MODELS)


def latest(article: Article) -> domain.StorySnapshot:
    return working_snapshot(Article.objects.get(pk=article.pk))


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
