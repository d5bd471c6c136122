from __future__ import annotations

import re
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

import stories
from stories.actions.editing.pictures import store_picture
from stories.domain.snapshot import ImageBlock, NoteKind, StoryKind
from stories.models import User
from stories.queries.story.snapshots import working_snapshot
from tests.factories import begin, change, go_live, minutes, note, png, text, wanted
from tests.public.stories import make_answer, make_corrected
from tests.public.whole_site import ADDRESSES, make_site
from tests.rendering.markup import faults, visible

pytestmark = pytest.mark.django_db
STATIC = Path(stories.__file__).parent / "static" / "stories" / "site"


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
        "We reached out to Corvid Systems for comment on March 2, 2026, and will update if we hear back.",
        "Updates",
        "Comment added March 2, 2026, 9:30 a.m. UTC version 3 what it changed A comment of the Liberty Watch",
        "Typo fixed March 2, 2026, 9:20 a.m. UTC version 2 what it changed Typographical errors",
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


def test_a_first_version_shows_no_update(client: Client, maya: User) -> None:
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
    assert "It said $40 Corrected to $14" in story
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
    assert '<a href="/pages/corrections-policy/" lang="en" dir="ltr">Corrections policy</a>' in front
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


def test_a_note_leads_to_its_version_and_to_the_words_that_it_changed(client: Client, maya: User) -> None:
    make_corrected(maya)
    html = read(client, "/stories/ferry-budget-approved/")
    note = html[html.index('<li class="note correction">') :]
    assert '<a href="/stories/ferry-budget-approved/versions/2/">version 2</a>' in note
    link = re.search(
        r'<a href="(/stories/ferry-budget-approved/compare/1...2/)#(note-[-0-9a-f]+)">what it changed<', note
    )
    assert link is not None
    compared = read(client, link[1])
    # The words that went and those that came in their place are one change; the name stands where it begins.
    assert f'<del id="change-1" tabindex="-1"><span id="{link[2]}"></span>' in compared


def test_what_a_returning_reader_needs_is_in_the_page_and_shown_to_nobody_else(
    client: Client, maya: User
) -> None:
    article = make_answer(maya)
    html = read(client, "/stories/corvid-answers/")
    since = html[html.index('<p class="since"') :]
    since = since[: since.index("</p>")]
    assert re.search(r"\shidden\s", since)
    assert f'data-story="{article.pk}"' in since
    assert 'data-version="3"' in since
    assert 'data-compare="/stories/corvid-answers/compare/0...3/"' in since
    assert 'data-many="{count} updates since you read this {when}: what changed"' in since


@pytest.mark.parametrize(
    ("to", "address"),
    [
        ("", ""),
        ("errors@example.org", "mailto:errors@example.org?subject=An%20error%20in%20%E2%80%9CCorvid"),
        (
            "https://example.org/report",
            "https://example.org/report?story=http%3A%2F%2Ftestserver%2Fstories%2Fcorvid-answers%2F&amp;version=3",
        ),
        ("https://example.org/report?from=site", "https://example.org/report?from=site&amp;story="),
    ],
)
def test_an_error_is_reported_with_story_and_version_filled_in(
    client: Client, maya: User, settings: Settings, to: str, address: str
) -> None:
    settings.REPORT_ERRORS_TO = to
    make_answer(maya)
    html = read(client, "/stories/corvid-answers/")
    assert ("Report an error" in html) == bool(to)
    assert address in html
    if to.startswith("errors"):
        assert "Version%203" in html
        assert "http%3A%2F%2Ftestserver%2Fstories%2Fcorvid-answers%2F" in html


def test_its_first_picture_is_loaded_at_once_and_the_others_when_they_are_near(
    client: Client, maya: User
) -> None:
    picture = store_picture(content=png(640, 320), user=maya)
    blocks = [
        ImageBlock(key=uuid4(), picture=picture.pk, width=640, height=320, alt_text=f"Field {number}")
        for number in range(3)
    ]
    go_live(begin(wanted("Fields", text(), *blocks), user=maya), user=maya)
    found = re.findall(r"<img[^>]*>", read(client, "/stories/fields/"))
    assert ['loading="lazy"' in each for each in found] == [False, True, True]
    assert all('width="640"' in each and 'height="320"' in each and "srcset=" in each for each in found)


def test_every_page_needs_one_style_sheet_and_no_script_before_it_is_seen(client: Client, maya: User) -> None:
    make_answer(maya)
    html = read(client, "/stories/corvid-answers/")
    assert html.count('rel="stylesheet"') == 1
    scripts = re.findall(r"<script(?![^>]*ld\+json)[^>]*>", html)
    assert scripts == ['<script src="/static/stories/site/site.js" defer>']
    assert " style=" not in html
    assert not re.search(r"\son\w+=", html)


def test_no_page_is_heavy(client: Client, maya: User) -> None:
    make_site(maya)
    for number in range(40):
        headline, dek = f"A story of some length about the town, number {number}", "What it is about. " * 5
        story = wanted(headline, dek=dek, slug=f"town-{number}")
        go_live(begin(story, user=maya, at=minutes(90 + number)), user=maya, at=minutes(90 + number))
    static = sum((STATIC / name).stat().st_size for name in ("site.css", "site.js", "icon.svg"))
    weights = {address: static + len(client.get(address).content) for address in ADDRESSES}
    assert {address: weight for address, weight in weights.items() if weight > 60_000} == {}
