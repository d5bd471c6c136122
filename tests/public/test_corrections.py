"""The list of corrections: every note of the site, and every line of a developing story."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from stories.domain.snapshot import NoteKind, UpdateNote
from stories.models import Article, User
from stories.public.views import corrections as module
from stories.queries.story.snapshots import working_snapshot
from tests.factories import begin, change, go_live, make_section, minutes, note, text, wanted
from tests.public.stories import make_answer, make_corrected
from tests.public.test_developing import make_fire
from tests.public.test_story import read
from tests.rendering.markup import visible

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


def make_noted(user: User, count: int, *, at: int = 100, kind: NoteKind = NoteKind.UPDATE) -> Article:
    """Create a story whose second version has so many notes."""
    article = begin(wanted("Noted", section=make_section("city", "City").pk), user=user)
    go_live(article, user=user, at=minutes(at - 1))
    new_notes = tuple(note(f"Told {number:02}.", kind) for number in range(count))
    bring(article, user, new_notes, at=at)
    return article


def bring(article: Article, user: User, new_notes: Sequence[UpdateNote], *, at: int) -> None:
    notes = (*working_snapshot(article).update_notes, *new_notes)
    change(article, user=user, at=minutes(at), update_notes=notes)
    go_live(article, user=user, at=minutes(at))


def test_every_note_stands_there_with_its_story_and_its_words_before_and_after(
    client: Client, maya: User
) -> None:
    make_answer(maya)
    make_corrected(maya)
    html = read(client, "/corrections/")
    page = visible(html)
    assert (
        "Correction March 2, 2026, 10 a.m. UTC Ferry budget approved The budget was given wrongly. "
        "It said $40 Corrected to $14 The words before and after, in version 2" in page
    )
    link = re.search(r'href="(/stories/ferry-budget-approved/compare/1...2/)#(note-[-0-9a-f]+)"', html)
    assert link is not None
    assert f'id="{link[2]}"' in read(client, link[1])
    assert page.index("The budget was given wrongly.") < page.index(
        "A comment of the Liberty Watch was added."
    )


def test_typos_and_developing_lines_are_shown_to_who_asks_for_them(client: Client, maya: User) -> None:
    make_answer(maya)
    make_fire(maya)
    page = visible(read(client, "/corrections/"))
    assert "Typographical" not in page
    assert "Crews from Orland" not in page
    asked = visible(read(client, "/corrections/?kind=typo&kind=developing"))
    assert "Typo fixed March 2, 2026, 9:20 a.m. UTC Corvid answers its staff Typographical" in asked
    assert "Developing March 2, 2026, 2:10 p.m. UTC Fire at the mill Line: Crews from Orland" in asked
    assert "A comment of the Liberty Watch" not in asked


def test_the_boxes_share_a_name_as_html_has_it_and_are_read_as_links_are(client: Client, maya: User) -> None:
    make_answer(maya)
    make_fire(maya)
    form = re.search(r"<form class=\"filter\".*?</form>", read(client, "/corrections/"), re.DOTALL)
    assert form is not None
    names = re.findall(r'name="([^"]+)"', form[0])
    assert {name for name in names if names.count(name) > 1} == {"kind[]"}
    by_boxes = read(client, "/corrections/?kind%5B%5D=typo&kind%5B%5D=developing&section=&month=")
    assert by_boxes == read(client, "/corrections/?kind=typo&kind=developing")
    assert client.get("/corrections/?kind%5B%5D=gossip").status_code == 404


def test_notes_are_found_by_section_and_by_month(
    client: Client, maya: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_answer(maya)
    make_corrected(maya)
    city = read(client, "/corrections/?section=city")
    assert "The budget was given wrongly." in city
    assert "Liberty Watch" not in city
    assert '<option value="city" selected>City</option>' in city
    article = make_noted(maya, 1, at=60 * 24 * 31)
    monkeypatch.setattr("django.utils.timezone.now", lambda: minutes(60 * 24 * 40))
    april, march = (read(client, f"/corrections/?month=2026-0{month}") for month in (4, 3))
    assert "Told 00." in april
    assert "The budget was given wrongly." not in april
    assert "Told 00." not in march
    assert "The budget was given wrongly." in march
    assert '<option value="2026-04" selected>April 2026</option>' in april
    assert "No note fits." in read(client, "/corrections/?month=2025-12")
    assert article.pk


def test_older_notes_follow_page_by_page_each_once(
    client: Client, maya: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LISTED_LINES", 3)
    article = make_noted(maya, 7)
    make_fire(maya)
    bring(article, maya, (note("The last.", NoteKind.CORRECTION),), at=200)
    here, seen = "/corrections/?kind=update&kind=correction&kind=developing", []
    while here:
        html = read(client, here)
        seen += re.findall(r"Told \d\d|The last|Line: Crews", html)
        found = re.search(r'rel="next" href="([^"]+)"', html)
        here = found[1].replace("&amp;", "&") if found else ""
    assert seen == ["Line: Crews", "The last", *(f"Told {number:02}" for number in reversed(range(7)))]


def test_an_amendment_says_that_it_is_one(client: Client, maya: User) -> None:
    article = make_corrected(maya)
    first = working_snapshot(article).update_notes[0]
    bring(article, maya, (note("In the first year.", NoteKind.CLARIFICATION, amends=first.key),), at=70)
    page = visible(read(client, "/corrections/"))
    assert "To an earlier note on this story: In the first year." in page


@pytest.mark.parametrize(
    "query", ["kind=gossip", "month=2026-13", "month=march", "before=x", "before=20260302T090000.000000Z-1"]
)
def test_what_the_page_does_not_offer_is_not_found(client: Client, maya: User, query: str) -> None:
    make_corrected(maya)
    assert client.get(f"/corrections/?{query}").status_code == 404


@pytest.mark.parametrize("query", ["section=%00", "section=nowhere", "section=city&month=1999-01"])
def test_where_nothing_fits_it_says_so(client: Client, maya: User, query: str) -> None:
    make_corrected(maya)
    if query != "section=%00":
        assert "No note fits." in read(client, f"/corrections/?{query}")
    assert client.get(f"/corrections/?{query}").status_code == 200


def test_pending_and_withdrawn_notes_are_not_listed(client: Client, maya: User) -> None:
    article = make_corrected(maya)
    change(
        article,
        user=maya,
        at=minutes(70),
        update_notes=(*working_snapshot(article).update_notes, note("To come.", NoteKind.CORRECTION)),
    )
    go_live(article, user=maya, at=minutes(70), live_from=minutes(700))
    assert "To come." not in read(client, "/corrections/")


def test_its_queries_do_not_grow_with_its_notes(
    client: Client, maya: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_fire(maya)
    every = "&".join(f"kind={kind}" for kind in module.KINDS)
    for at in (100, 150):
        for number in range(3):
            story = wanted(f"Story {at} {number}", text("<p>It is so.</p>"))
            article = begin(story, user=maya)
            go_live(article, user=maya, at=minutes(at))
            bring(article, maya, (note("Told once.", NoteKind.UPDATE),), at=at + number + 1)
        read(client, "/corrections/")
        with django_assert_num_queries(4):
            read(client, f"/corrections/?{every}")
        with django_assert_num_queries(1):
            read(client, "/corrections/")
