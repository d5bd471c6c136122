"""A statement goes from the desk into the story, as a quote or a paragraph, or is deleted."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from stories.actions.comment_desk.desk_records import save_desk_record
from stories.actions.comment_desk.outcomes import PartyAnswer, RequestOutcome, receive_answer
from stories.actions.comment_desk.statements import (
    Placement,
    PlacementStyle,
    place_statement,
    position_at_end,
    remove_statement,
)
from stories.actions.errors import Refused
from stories.domain.snapshot import ImageBlock, QuoteBlock, RequestStatus, StorySnapshot, TextBlock
from stories.models import Article, ContactAttempt, DeskRecord, Revision, User
from stories.queries.story.snapshots import working_snapshot
from stories.queries.verification import Verification
from tests.factories import embed, minutes, quote, text

pytestmark = pytest.mark.django_db

RECEIVED = RequestOutcome(status=RequestStatus.RECEIVED, responded_at=minutes(30))


def story(article: Article) -> StorySnapshot:
    return working_snapshot(Article.objects.get(pk=article.pk))


def placement(**values: Any) -> Placement:
    return Placement(
        **{
            "key": uuid4(),
            "style": PlacementStyle.QUOTE,
            "words": "We hear you.",
            "speaker": "Dana Whitlock",
            **values,
        }
    )


def place(article: Article, user: User, where: Placement, **values: Any) -> Revision | None:
    key = story(article).comment_requests[0].key
    return place_statement(
        article=article, request_key=key, user=user, placement=where, outcome=RECEIVED, **values
    )


def store(article: Article, user: User, terms: str = "on-the-record") -> None:
    """Store a statement with the desk."""
    answer = PartyAnswer(at=minutes(30), channel="email", terms=terms, statement="We hear you.")
    key = story(article).comment_requests[0].key
    receive_answer(article=article, request_key=key, user=user, answer=answer)


def test_a_stored_statement_becomes_a_quote_and_leaves_the_desk(article: Article, reporter: User) -> None:
    store(article, reporter)
    where = placement(speaker_title="Head of press")
    assert place(article, reporter, where) is not None
    block = story(article).blocks[-1]
    assert block == QuoteBlock(
        key=where.key, text="<p>We hear you.</p>", speaker="Dana Whitlock", speaker_title="Head of press"
    )
    assert story(article).comment_requests[0].status is RequestStatus.RECEIVED
    assert DeskRecord.objects.get().statement == ""
    assert place(article, reporter, where) is None
    assert list(Verification()) == []


def test_an_answer_that_came_just_now_is_logged_and_never_stored_with_the_desk(
    article: Article, reporter: User
) -> None:
    answer = PartyAnswer(at=minutes(30), channel="phone", terms="on-the-record", statement="We hear you.")
    place(article, reporter, placement(), answer=answer)
    assert ContactAttempt.objects.get().answered
    assert DeskRecord.objects.get().statement == ""


def test_a_paragraph_opens_each_paragraph_of_what_was_said_and_closes_the_last(
    article: Article, reporter: User
) -> None:
    store(article, reporter)
    words = "We “hear” you.\n\nAnd we\nact & listen."
    place(article, reporter, placement(style=PlacementStyle.PARAGRAPH, words=words, speaker="the company"))
    block = story(article).blocks[-1]
    assert isinstance(block, TextBlock)
    assert block.text == "<p>The company said: “We ‘hear’ you.</p><p>“And we act &amp; listen.”</p>"


def test_on_background_nobody_is_named_and_readers_learn_why(article: Article, reporter: User) -> None:
    store(article, reporter, terms="background")
    for values, refusal in (
        ({"speaker": "a manager of corvid systems"}, "must not learn that it was Corvid Systems"),
        ({"speaker": "a manager"}, "why they are not named"),
        ({"speaker": " ", "unnamed_because": "for fear"}, "as readers may know them"),
    ):
        with pytest.raises(Refused, match=refusal):
            place(article, reporter, placement(**values))
    place(article, reporter, placement(speaker="a manager", unnamed_because="for fear of reprisal"))
    block = story(article).blocks[-1]
    assert isinstance(block, QuoteBlock)
    assert (block.anonymous, block.speaker, block.description, block.anonymity_reason) == (
        *(True, ""),
        "a manager",
        "for fear of reprisal",
    )


def test_without_words_or_a_speaker_nothing_is_placed(article: Article, reporter: User) -> None:
    store(article, reporter)
    with pytest.raises(Refused, match="there are no words"):
        place(article, reporter, placement(words=" \n\n "))
    with pytest.raises(Refused, match="whose words these are"):
        place(article, reporter, placement(speaker=""))
    assert Revision.objects.count() == 1


def test_what_is_not_there_disputed_or_off_the_record_is_not_placed(article: Article, reporter: User) -> None:
    with pytest.raises(Refused, match="No statement that can be used"):
        place(article, reporter, placement())
    answer = PartyAnswer(at=minutes(31), channel="phone", terms="off-the-record")
    with pytest.raises(Refused, match="Off the record, nothing"):
        place(article, reporter, placement(), answer=answer)
    store(article, reporter)
    DeskRecord.objects.update(terms="disputed")
    with pytest.raises(Refused, match="are disputed"):
        place(article, reporter, placement())


def test_it_follows_the_block_that_was_chosen_or_the_last_words() -> None:
    picture = ImageBlock(key=uuid4(), address="https://example.org/a.png")
    assert position_at_end([text(), quote(), picture, embed()]) == 2
    assert position_at_end([picture]) == 1
    assert position_at_end([]) == 0


def test_after_a_chosen_block(article: Article, reporter: User) -> None:
    (first,) = story(article).blocks
    store(article, reporter)
    place(article, reporter, placement())
    store(article, reporter)
    second = placement(after=first.key)
    place(article, reporter, second)
    assert [block.key for block in story(article).blocks][:2] == [first.key, second.key]


def test_a_statement_that_is_not_needed_is_deleted(article: Article, reporter: User) -> None:
    key = story(article).comment_requests[0].key
    save_desk_record(article=article, request_key=key, user=reporter, statement="We hear you.")
    remove_statement(article=article, request_key=key, user=reporter)
    assert DeskRecord.objects.get().statement == ""
    assert Revision.objects.count() == 1
