"""Who wrote some words, according to history rows, revisions and publications."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest
from pytest_django import DjangoAssertNumQueries

from stories.actions.actors import SystemActor
from stories.actions.archive.import_story import import_story
from stories.actions.editing.restore import restore
from stories.actions.editing.revise import revise
from stories.actions.publishing.fix import fix
from stories.actions.publishing.publish import publish
from stories.actions.takedown.withdrawals import withdraw
from stories.domain.archive.stories import load
from stories.domain.blame.blame import TransferKind
from stories.domain.snapshot import ImageBlock, NoteKind, QuoteBlock, StorySnapshot, TextBlock
from stories.models import Article, User
from stories.models.roles import EDITOR, MANAGING_EDITOR
from stories.queries.blame.blame import History, find_words, parse_place, place_address, who_wrote
from stories.queries.blame.word_history import TEXT_FIELDS, text_history_of
from stories.queries.story.snapshots import latest_revision, snapshot_at
from tests.archives import line, version
from tests.factories import (
    begin,
    change,
    embed,
    go_live,
    make_user,
    minutes,
    note,
    quote,
    request,
    text,
    wanted,
)

pytestmark = pytest.mark.django_db

MET = "<p>The council met on Monday and heard the staff of the harbour.</p>"
OBJECTED = "<p>They objected to the sale of cameras.</p>"


@pytest.fixture
def emil(db: None) -> User:
    return make_user(EDITOR)


@pytest.fixture
def maya(db: None) -> User:
    return make_user(MANAGING_EDITOR)


def asked(article: Article, words: str, *, revision: int = 0, at: int = 60) -> History:
    """Return the history of words that occur once in a story, at its newest revision or another."""
    number = revision or latest_revision(article.pk)
    story = snapshot_at(article.pk, number)
    (found,) = find_words(story, words)
    (history,) = who_wrote(article.pk, number, [found.selection], story=story, at=minutes(at))
    return history


def test_words_of_a_caption_are_found_without_the_address_of_its_link(emil: User) -> None:
    image = ImageBlock(
        key=uuid4(),
        address="https://example.org/pier.jpg",
        caption="The pier, from [the harbour report](https://example.org/secret) of May.",
    )
    article = begin(wanted("The pier", image, slug="pier"), user=emil)
    assert "harbour report of May" in " ".join(
        asked(article, "the harbour report of May").excerpt.words.split()
    )
    assert not find_words(snapshot_at(article.pk, latest_revision(article.pk)), "secret")


def test_words_are_traced_to_who_when_why_and_the_version_and_note_that_showed_them(
    emil: User, maya: User
) -> None:
    article = begin(wanted("Council", text(MET)), user=emil)
    go_live(article, user=emil)
    correction = note("We gave the wrong day.", NoteKind.CORRECTION)
    later = text(MET.replace("Monday", "Tuesday"), key=snapshot_at(article.pk, 1).blocks[0].key)
    change(
        article,
        user=maya,
        blocks=(later,),
        reason="The clerk called.",
        at=minutes(5),
        update_notes=(correction,),
    )
    publish(article=article, revision=2, user=emil, cause="wrong", at=minutes(10))
    history = asked(article, "tuesday")
    assert (history.brought_in.user_name, history.brought_in.number) == ("Maya Managing", 2)
    assert history.brought_in.recorded_at == minutes(5)
    assert history.brought_in.reason == "The clerk called."
    shown = history.first_published_in
    assert shown is not None
    assert (shown.version, shown.publication.publication_class) == (2, "noted")
    assert [each.text for each in shown.notes] == ["We gave the wrong day."]
    assert history.is_live
    assert history.taken_out is None
    assert asked(article, "Monday", revision=1).taken_out == history.brought_in
    assert asked(article, "Monday", revision=1).last_version == 1
    assert not asked(article, "Monday", revision=1).is_live


def test_words_that_no_publication_has_were_never_shown(emil: User) -> None:
    article = begin(wanted("Council", text(MET)), user=emil)
    assert asked(article, "harbour").first_published_in is None
    go_live(article, user=emil, live_from=minutes(90))
    planned = asked(article, "harbour").first_published_in
    assert planned is not None
    assert planned.version == 0
    assert asked(article, "harbour", at=95).is_live


def test_readers_do_not_see_words_of_a_story_that_is_withdrawn(emil: User, maya: User) -> None:
    article = begin(wanted("Council", text(MET)), user=emil)
    go_live(article, user=emil)
    withdraw(article=article, user=maya, notice="Down.", reason="As agreed", at=minutes(5))
    assert not asked(article, "harbour").is_live
    assert asked(article, "harbour").last_version == 1


def test_the_words_of_two_editors_who_saved_at_once_are_each_their_own(emil: User, maya: User) -> None:
    article = begin(wanted("Council", text(MET), text(OBJECTED)), user=emil)
    base = snapshot_at(article.pk, 1)
    first, second = base.blocks
    change(article, user=maya, blocks=(replace(first, text=MET.replace("Monday", "Friday")), second))  # type: ignore[call-arg]
    mine = replace(base, blocks=(first, replace(second, text=OBJECTED.replace("cameras", "drones"))))  # type: ignore[call-arg]
    revise(article=article, story=mine, base=1, user=emil, at=minutes(2))
    assert asked(article, "Friday").brought_in.user_name == "Maya Managing"
    assert asked(article, "drones").brought_in.user_name == "Emil Editor"


def test_a_block_that_became_a_quote_keeps_whose_words_it_has(emil: User, maya: User) -> None:
    article = begin(wanted("Council", text(MET), text(OBJECTED)), user=maya)
    first, second = snapshot_at(article.pk, 1).blocks
    assert isinstance(second, TextBlock)
    quoted = QuoteBlock(key=second.key, text=second.text, speaker="Dana Whitlock")
    change(article, user=emil, blocks=(first, quoted))
    assert asked(article, "objected").brought_in.user_name == "Maya Managing"
    assert asked(article, "Dana Whitlock").brought_in.user_name == "Emil Editor"
    assert asked(article, "Dana Whitlock").excerpt.label == "quote 1, speaker"
    change(article, user=emil, blocks=(first, second))
    assert asked(article, "objected").brought_in.user_name == "Maya Managing"


def test_a_block_that_is_moved_or_deleted_and_restored_keeps_whose_words_it_has(
    emil: User, maya: User
) -> None:
    article = begin(wanted("Council", text(MET), text(OBJECTED)), user=maya)
    go_live(article, user=maya)
    first, second = snapshot_at(article.pk, 1).blocks
    change(article, user=emil, blocks=(second, first), at=minutes(1))
    change(article, user=emil, blocks=(first,), at=minutes(2))
    restore(article=article, revision=1, seen=3, user=emil, at=minutes(3))
    history = asked(article, "objected")
    assert history.brought_in.number == 1
    assert [(step.passage.kind, step.revision.number) for step in history.steps] == [
        (TransferKind.CARRIED_OVER, 4)
    ]
    assert [(gone.number, back.number) for gone, back in history.absences] == [(3, 4)]
    assert history.first_published_in is not None


def test_edits_that_wait_under_a_fix_stay_whose_they_are(emil: User, maya: User) -> None:
    article = begin(wanted("Council", text(MET)), user=emil)
    go_live(article, user=emil)
    first = snapshot_at(article.pk, 1).blocks[0]
    waiting = text(OBJECTED)
    change(article, user=maya, blocks=(first, waiting), at=minutes(1))
    fixed = replace(
        snapshot_at(article.pk, 1), blocks=(text(MET.replace("Monday", "Friday"), key=first.key),)
    )
    correction = note("We gave the wrong day.", NoteKind.CORRECTION)
    fix(article=article, story=fixed, base=1, user=emil, notes=[correction], cause="wrong", at=minutes(2))
    assert latest_revision(article.pk) == 4
    assert asked(article, "objected").brought_in.number == 2
    assert asked(article, "objected").first_published_in is None
    assert asked(article, "Friday").brought_in.number == 3
    assert asked(article, "harbour").brought_in.number == 1


def test_imported_words_are_their_editors_as_the_archive_names_them(emil: User) -> None:
    body = "<p>Das Konzert beginnt um acht in der alten Halle am Hafen.</p>"
    archived = line(
        version(9, body=body, editor="Ines Calder"),
        version(10, body=body.replace("acht", "neun"), editor="Tom Reyes"),
    )
    import_story(story=load(archived), user=SystemActor("importer"), at=minutes(1))
    article = Article.objects.get()
    assert asked(article, "Konzert").brought_in.user_name == "Ines Calder"
    assert asked(article, "Konzert").imported
    neun = asked(article, "neun")
    assert neun.brought_in.user_name == "Tom Reyes"
    assert neun.first_published_in is not None
    assert neun.first_published_in.version == 2


def test_neighbouring_words_with_one_history_share_an_excerpt(emil: User, maya: User) -> None:
    article = begin(wanted("Council", text(MET)), user=emil)
    key = snapshot_at(article.pk, 1).blocks[0].key
    change(article, user=maya, blocks=(text(MET.replace("on Monday", "late on Tuesday night"), key=key),))
    story = snapshot_at(article.pk, 2)
    (found,) = find_words(story, "met late on Tuesday night and")
    histories = who_wrote(article.pk, 2, [found.selection], story=story, at=minutes(5))
    assert [(each.excerpt.words, each.brought_in.number) for each in histories] == [
        ("met", 1),
        ("late", 2),
        ("on", 1),
        ("Tuesday night", 2),
        ("and", 1),
    ]
    assert histories[0].excerpt.before == "The council "
    assert histories[0].excerpt.after.startswith(" late on Tuesday")


def whole_story() -> StorySnapshot:
    return wanted(
        "Council & staff",
        text(MET),
        quote(OBJECTED, source="A transcript"),
        embed(description="All of it."),
        slug="council",
        dek="One < two",
        dateline="HARROW",
        disclosure="We earn a commission.",
        comment_requests=(request(asked_how="by phone", sentence="They were asked."),),
        update_notes=(note("A name.", was="Smyth", now="Smith"),),
    )


@pytest.mark.parametrize(
    "words",
    (
        "Council & staff|One < two|Harrow|commission|harbour|cameras|Whitlock|transcript|All of it|Corvid|"
        "by phone|were asked|A name|Smyth|Smith"
    ).split("|"),
)
def test_words_are_found_wherever_a_story_holds_them(emil: User, words: str) -> None:
    story = whole_story()
    article = begin(story, user=emil)
    found = find_words(snapshot_at(article.pk, 1), words)
    assert found
    for each in found:
        (history,) = who_wrote(
            article.pk, 1, [each.selection], story=snapshot_at(article.pk, 1), at=minutes(5)
        )
        assert history.brought_in.number == 1
        assert parse_place(place_address(each.selection.place)) == each.selection.place


def test_a_life_has_the_story_as_it_read_at_each_revision(emil: User) -> None:
    article = begin(whole_story(), user=emil)
    change(article, user=emil, blocks=(text(MET),), comment_requests=())
    life = text_history_of(article.pk)
    assert sum(1 for place in life.texts if life.text(place, 1)) == 16
    assert sum(1 for place in life.texts if life.text(place, 2)) == 8


def test_asking_costs_no_more_for_more(emil: User, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    article = begin(wanted("Council", text(MET)), user=emil)
    go_live(article, user=emil)
    for number in range(2, 12):
        key = snapshot_at(article.pk, 1).blocks[0].key
        change(article, user=emil, blocks=(text(MET.replace("Monday", f"day {number}"), key=key),))
    story = snapshot_at(article.pk, 11)
    (found,) = find_words(story, "The council met on day 11 and heard the staff")
    # One for each kind of row that has text.
    with django_assert_num_queries(6 + len(TEXT_FIELDS)):
        histories = who_wrote(article.pk, 11, [found.selection], story=story, at=minutes(5))
    assert [each.brought_in.number for each in histories] == [1, 2, 11, 1]


def test_what_is_no_place_is_none() -> None:
    assert parse_place("nonsense.text") is None
    assert find_words(wanted("Council"), "...") == []
