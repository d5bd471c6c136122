"""The front page: what needs whose attention, each thing in one group, in a fixed number of queries."""

from __future__ import annotations

from uuid import uuid4

import pytest
from pytest_django import DjangoAssertNumQueries

from stories.actions.comment_desk.desk_records import save_desk_record
from stories.actions.editing.assignments import assign
from stories.actions.editing.drafts import discard
from stories.actions.publishing.developing_mode import start_developing
from stories.actions.publishing.review_requests import offer, take_back
from stories.domain.snapshot import ImageBlock, NoteKind
from stories.models import Article, StoryStatus, User
from stories.queries.desk.front_page import (
    MOST_LISTED,
    DeskFrontPage,
    DeskGroup,
    filter_by_status,
    front_page_of,
    search_articles,
    with_story_status,
)
from tests.factories import (
    begin,
    byline,
    change,
    go_live,
    make_author,
    minutes,
    note,
    request,
    reword,
    text,
    wanted,
)

pytestmark = pytest.mark.django_db

AT = minutes(60)


def page(user: User, *, everything: bool = True) -> DeskFrontPage:
    return front_page_of(user.pk, everything=everything, of_the_desk=False, at=AT)


def stories(statuses: list[StoryStatus]) -> list[Article]:
    return [status.article for status in statuses]


def with_status(which: str, user: User) -> set[Article]:
    return set(filter_by_status(with_story_status(Article.objects.all()), which, at=AT, user_id=user.pk))


def test_a_request_is_in_the_first_group_that_fits(editor: User) -> None:
    for party, deadline in (("Overdue", 5), ("Today", 120), ("Tomorrow", 60 * 24 + 1)):
        wants = request(party)
        article = begin(wanted(f"Story of {party}", comment_requests=(wants,)), user=editor)
        save_desk_record(article=article, request_key=wants.key, user=editor, deadline=minutes(deadline))
    old = request("Old", requested_at=minutes(-60 * 24 * 31))
    begin(wanted("An old story", comment_requests=(old,)), user=editor)
    found = {group: [line.party for line in lines] for group, lines in page(editor).requests.items()}
    assert found == {DeskGroup.OVERDUE: ["Overdue"], DeskGroup.TODAY: ["Today"], DeskGroup.LONG_OPEN: ["Old"]}


def test_what_is_offered_scheduled_or_owed_is_listed_and_what_waits(editor: User, reporter: User) -> None:
    offered, scheduled, owing = (begin(wanted(name), user=reporter) for name in ("One", "Two", "Three"))
    offer(article=offered, revision=1, user=reporter, at=minutes(1))
    go_live(scheduled, user=editor, live_from=minutes(90))
    go_live(owing, user=editor, at=minutes(1))
    start_developing(article=owing, user=editor, until=minutes(50), at=minutes(2))
    reword(owing, user=editor, at=minutes(3))
    found = page(editor)
    assert {group: stories(lines) for group, lines in found.cards.items()} == {
        DeskGroup.OFFERED: [offered],
        DeskGroup.PENDING: [scheduled],
        DeskGroup.OWED: [owing],
    }
    assert stories(found.waiting) == [owing]
    assert [publication.article for publication in found.published] == [owing]


def test_a_writer_sees_their_own_and_what_came_back(editor: User, reporter: User) -> None:
    own, given, others = (
        begin(wanted("Own"), user=reporter),
        begin(wanted("Given"), user=editor),
        begin(
            wanted("Others", comment_requests=(request(requested_at=minutes(-60 * 24 * 31)),)), user=editor
        ),
    )
    assign(article=given, to=reporter, user=editor)
    offer(article=own, revision=1, user=reporter, at=minutes(1))
    take_back(article=own, user=editor, reason="Ask the harbour master", at=minutes(2))
    found = page(reporter, everything=False)
    assert {group: stories(lines) for group, lines in found.cards.items()} == {
        DeskGroup.GIVEN: [given],
        DeskGroup.DRAFT: [own],
    }
    assert [offered.article for offered in found.returned] == [own]
    assert others not in [line.parent for lines in found.requests.values() for line in lines]


def test_what_readers_lack_is_for_editors(editor: User) -> None:
    picture = ImageBlock(key=uuid4(), address="https://example.org/a.png")
    article = begin(wanted("Council", text(), picture), user=editor)
    go_live(article, user=editor)
    change(article, user=editor, update_notes=(note(kind=NoteKind.CORRECTION),), at=minutes(1))
    found = page(editor)
    assert [row.parent for row in (*found.corrections, *found.pictures)] == [article, article]
    assert with_status("lacking", editor) == {article}


def test_a_list_of_stories_is_narrowed_to_where_they_stand(editor: User, reporter: User) -> None:
    draft, live, gone = (begin(wanted(name), user=reporter) for name in ("Draft", "Live", "Gone"))
    go_live(live, user=editor)
    reword(live, user=editor, at=minutes(1))
    discard(article=gone, user=editor)
    assign(article=draft, to=editor, user=editor)
    for which, found in (
        ("draft", {draft}),
        ("my-drafts", set()),
        ("mine", {draft}),
        ("live", {live}),
        ("waiting", {live}),
        ("discarded", {gone}),
        ("", {draft, live}),
    ):
        assert with_status(which, editor) == found, which


def test_every_word_is_in_the_headline_the_slug_or_an_authors_name(editor: User) -> None:
    article = begin(wanted("Council meets", bylines=(byline(make_author()),)), user=editor)
    begin(wanted("Council votes"), user=editor)
    assert list(search_articles(Article.objects.all(), "COUNCIL calder")) == [article]
    assert not search_articles(Article.objects.all(), "council ferry").exists()


def test_a_group_has_as_many_lines_as_are_listed_and_one_more_in_as_many_queries(
    editor: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(MOST_LISTED + 3):
        begin(wanted(f"Story {number}"), user=editor, at=minutes(number))
    with django_assert_num_queries(8):
        found = page(editor)
    assert len(found.cards[DeskGroup.DRAFT]) == MOST_LISTED + 1
