from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from stories.domain.snapshot import NoteKind, StoryKind
from stories.queries.snapshots import working_snapshot
from tests.factories import begin, change, go_live, minutes, note, text, wanted
from tests.public.stories import make_answer, make_corrected
from tests.rendering.markup import faults, visible

pytestmark = pytest.mark.django_db


def read(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    html = response.content.decode()
    assert not faults(html), address
    return html


def test_a_story_is_read_from_its_headline_to_its_updates(client: Client, maya: User) -> None:
    make_answer(maya)
    html = read(client, "/stories/corvid-answers/")
    story = visible(html)
    in_order = [
        "Technology",
        "Corvid answers its staff",
        "A first answer",
        "By Ines Calder",
        "Published March 2, 2026, 9:10 a.m. UTC",
        "Updated March 2, 2026, 9:30 a.m. UTC",
        "Version 3: see what changed",
        "We may earn a commission.",
        "Seattle",
        "Corvid Systems answered its staff on Monday.",
        "We believe in the service.",
        "Dana Whitlock",
        "No one should be a suspect.",
        "We’ve reached out to Corvid Systems for comment and will update if we hear back.",
        "Updates",
        "Comment added March 2, 2026, 9:30 a.m. UTC version 3 A comment of the Liberty Watch was added.",
        "Typo fixed March 2, 2026, 9:20 a.m. UTC version 2 Typographical errors",
        "All 3 versions of this story",
    ]
    story = story[story.index("Skip to the text") :]
    places = [
        story.index(words, story.index("By Ines") if number > 3 else 0)
        for number, words in enumerate(in_order)
    ]
    assert places == sorted(places)
    assert html.count("<h1") == 1
    assert 'href="/stories/corvid-answers/compare/2...3/"' in html
    assert '<link rel="canonical" href="http://testserver/stories/corvid-answers/">' in html


def test_a_draft_changes_nothing_for_readers(client: Client, maya: User) -> None:
    make_answer(maya)
    assert "A dek that nobody published" not in read(client, "/stories/corvid-answers/")


def test_a_first_version_has_no_update_to_tell_of(client: Client, maya: User) -> None:
    go_live(begin(user=maya), user=maya)
    story = visible(read(client, "/stories/council-hears-objections/"))
    assert "Updated" not in story
    assert "see what changed" not in story
    assert "This is the only version so far" in story


def test_a_minor_edit_does_not_count_as_an_update_but_is_shown(client: Client, maya: User) -> None:
    article = begin(wanted("Council hears objections", dek="The hall was full"), user=maya)
    go_live(article, user=maya, at=minutes(10))
    change(article, user=maya, at=minutes(20), dek="The hall was full.")
    go_live(article, user=maya, at=minutes(20), publication_class="minor", reason="a dek")
    story = visible(read(client, "/stories/council-hears-objections/"))
    assert "Updated" not in story
    assert "Version 2: see what changed" in story


def test_a_correction_stands_above_the_text(client: Client, maya: User) -> None:
    make_corrected(maya)
    story = visible(read(client, "/stories/ferry-budget-approved/"))
    assert story.index("Correction March 2, 2026") < story.index("The ferries cost $14 million.")
    assert "It said $40 Right is $14" in story
    assert "Updates" not in story


def test_an_amendment_stands_under_the_correction_that_it_amends(client: Client, maya: User) -> None:
    article = make_corrected(maya)
    notes = working_snapshot(article).update_notes
    amendment = note("It is $14 million in the first year.", NoteKind.CLARIFICATION, amends=notes[0].key)
    change(article, user=maya, at=minutes(70), update_notes=(*notes, amendment))
    go_live(article, user=maya, at=minutes(70))
    html = read(client, "/stories/ferry-budget-approved/")
    below = html[html.index('<ol class="amendments">') :]
    assert "It is $14 million in the first year." in below
    assert "version 3" in visible(below)


def test_a_page_stands_among_the_pages_and_in_every_footer(client: Client, maya: User) -> None:
    page = wanted("Corrections policy", text("<p>We say so.</p>"), kind=StoryKind.PAGE)
    go_live(begin(page, user=maya), user=maya)
    assert "We say so." in read(client, "/pages/corrections-policy/")
    moved = client.get("/stories/corrections-policy/")
    assert (moved.status_code, moved["Location"]) == (301, "/pages/corrections-policy/")
    front = read(client, "/")
    assert '<a href="/pages/corrections-policy/">Corrections policy</a>' in front
    assert "No story has been published yet." in front


def test_a_story_says_which_language_it_is_in_and_which_way_it_runs(client: Client, maya: User) -> None:
    go_live(begin(wanted("عنوان", slug="arabic", language="ar"), user=maya), user=maya)
    assert '<h1 lang="ar" dir="rtl">' in read(client, "/stories/arabic/")


def test_a_warm_story_takes_one_query(
    client: Client, maya: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_answer(maya)
    read(client, "/stories/corvid-answers/")
    with django_assert_num_queries(1):
        read(client, "/stories/corvid-answers/")
