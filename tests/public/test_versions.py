from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from stories.actions.publishing.developing_mode import start_developing
from stories.domain.snapshot import NoteKind
from stories.models import User
from stories.queries.story.snapshots import working_snapshot
from tests.factories import begin, change, go_live, minutes, note, quote, text, wanted
from tests.public.stories import make_answer, make_corrected
from tests.public.test_story import read
from tests.rendering.markup import visible

pytestmark = pytest.mark.django_db


def test_every_version_is_listed_newest_first_with_what_it_brought(client: Client, maya: User) -> None:
    make_answer(maya)
    html = read(client, "/stories/corvid-answers/versions/")
    listed = visible(html)
    in_order = [
        "Version 3 live now March 2, 2026, 9:30 a.m. UTC By Ines Calder",
        "Comment added A comment of the Liberty Watch was added.",
        "What changed since version 2",
        "Version 2 March 2, 2026, 9:20 a.m. UTC",
        "Typo fixed Typographical errors",
        "What changed since version 1",
        "Version 1 March 2, 2026, 9:10 a.m. UTC",
        "First published",
    ]
    places = [listed.index(words) for words in in_order]
    assert places == sorted(places)
    assert "Changed, with a note to readers" in listed
    assert '<meta name="robots" content="noindex">' in html


def make_one_of_each_class(user: User) -> None:
    """Create a story whose versions 2 to 6 are of every class that has a reason, and one overridden with a note."""
    spoken = quote("<p>We beleive you.</p>")
    article = begin(wanted("Council hears objections", text(), spoken, dek="The hall was full"), user=user)
    go_live(article, user=user, at=minutes(10))
    start_developing(article=article, user=user, reason="Secret of the mode", at=minutes(15))
    steps: list[tuple[dict[str, Any], dict[str, Any]]] = [
        (
            {"blocks": (text("<p>The council votes.</p>"), spoken)},
            {"publication_class": "developing", "reason": "The count goes on.", "cause": "moved-on"},
        ),
        ({"dek": "The hall was full."}, {"publication_class": "minor", "reason": "Secret of the minor"}),
        (
            {"blocks": (text("<p>The council votes.</p>"), replace(spoken, text="<p>We believe you.</p>"))},
            {
                "publication_class": "transcription",
                "reason": "Secret of the words",
                "source": "Secret of the tape",
            },
        ),
        (
            {"headline": "Council hears 12 objections"},
            {"publication_class": "override", "reason": "Secret of the override"},
        ),
        (
            {"headline": "Council hears 21 objections"},
            {
                "publication_class": "override",
                "reason": "Secret of the second",
                "notes": (note("More were heard.", NoteKind.UPDATE),),
            },
        ),
    ]
    for number, (changed, announcement) in enumerate(steps, start=2):
        if number > 2 and "blocks" in changed:
            first = working_snapshot(article).blocks[0]
            changed["blocks"] = (first, changed["blocks"][1])
        change(article, user=user, at=minutes(number * 10), reason="Secret of the draft", **changed)
        go_live(article, user=user, at=minutes(number * 10), **announcement)


def test_every_version_says_in_plain_words_what_it_is(client: Client, maya: User) -> None:
    make_one_of_each_class(maya)
    listed = visible(read(client, "/stories/council-hears-objections/versions/"))
    in_order = [
        "Version 6",
        "Changed, with a note to readers",
        "Update More were heard.",
        "Version 5",
        "Changed, without a note",
        "Version 4",
        "Quote brought in line with its source",
        "Version 3",
        "Minor edit, without a note",
        "Version 2",
        "Changed while the story develops",
        "Developing The count goes on.",
        "Version 1",
        "First published",
    ]
    after = listed[listed.index("live now") - 20 :]
    places = [after.index(words) for words in in_order]
    assert places == sorted(places)


def test_of_a_versions_reason_readers_see_only_the_line_of_a_developing_story(
    client: Client, maya: User
) -> None:
    make_one_of_each_class(maya)
    html = read(client, "/stories/council-hears-objections/versions/")
    assert "The count goes on." in html
    assert "Secret" not in html
    assert "moved-on" not in html


def test_an_old_version_reads_as_it_did_under_a_banner(client: Client, maya: User) -> None:
    make_answer(maya)
    html = read(client, "/stories/corvid-answers/versions/1/")
    page = visible(html)
    assert (
        "You are reading version 1 of 3, as it stood from March 2, 2026, 9:10 a.m. UTC "
        "to March 2, 2026, 9:20 a.m. UTC." in page
    )
    assert "We beleive (sic) in the the service." in page
    assert "We reached out to Corvid Systems and the Liberty Watch for comment" in page
    assert "No one should be a suspect." not in page
    assert "Updates" not in page
    assert '<link rel="canonical" href="http://testserver/stories/corvid-answers/">' in html
    assert '<meta name="robots" content="noindex">' in html
    assert 'href="/stories/corvid-answers/compare/1...3/"' in html


def test_the_live_version_says_that_it_is(client: Client, maya: User) -> None:
    make_answer(maya)
    page = visible(read(client, "/stories/corvid-answers/versions/3/"))
    assert "You are reading version 3 of 3, the one that is live" in page
    assert "See what has changed since" not in page


def test_an_old_version_is_headed_by_what_was_corrected_since(client: Client, maya: User) -> None:
    article = make_corrected(maya)
    html = read(client, "/stories/ferry-budget-approved/versions/1/")
    page = visible(html)
    assert page.index("Corrected since this version") < page.index("The ferries cost $40")
    assert page.index("The budget was given wrongly.") < page.index("The ferries cost $40")
    assert "Corrected since" not in read(client, "/stories/ferry-budget-approved/versions/2/")
    notes = (*working_snapshot(article).update_notes, note("It is withdrawn.", NoteKind.RETRACTION))
    change(article, user=maya, at=minutes(70), update_notes=notes)
    go_live(article, user=maya, at=minutes(70))
    assert "It is withdrawn." in read(client, "/stories/ferry-budget-approved/versions/2/")


def test_what_was_corrected_later_is_noted_at_the_passage(client: Client, maya: User) -> None:
    make_corrected(maya)
    html = read(client, "/stories/ferry-budget-approved/versions/1/")
    assert '<mark class="put-right" id="corrected-1">$40</mark>' in html
    assert "The ferries cost $40 Correction, March 2, 2026: corrected to “$14” million." in visible(html)
    link = re.search(r'<a href="#(later-[^"]+)">Correction', html)
    assert link is not None
    assert f'id="{link[1]}"' in html
    assert '<a href="#corrected-1">Where it stands below</a>' in html
    assert "put-right" not in read(client, "/stories/ferry-budget-approved/versions/2/")
    assert "put-right" not in read(client, "/stories/ferry-budget-approved/")


def test_words_in_a_headline_that_were_put_right_are_marked_there(client: Client, maya: User) -> None:
    article = begin(wanted("Ferries cost $40", text("<p>It is $40, they say.</p>"), slug="cost"), user=maya)
    go_live(article, user=maya, at=minutes(10))
    wrong = note("The cost was wrong.", NoteKind.CORRECTION, was="$40", now="$14")
    change(article, user=maya, at=minutes(20), headline="Ferries cost $14", update_notes=(wrong,))
    go_live(article, user=maya, at=minutes(20))
    html = read(client, "/stories/cost/versions/1/")
    heading = html[html.index("<h1") : html.index("</h1>")]
    assert 'id="corrected-1">$40</mark>' in heading
    assert 'id="corrected-2">$40</mark>' in html
    assert html.count('id="corrected-') == 2


@pytest.mark.parametrize("number", ["0", "4", "99999999999999999999"])
def test_a_version_that_is_not_there_is_not_found(client: Client, maya: User, number: str) -> None:
    make_answer(maya)
    assert client.get(f"/stories/corvid-answers/versions/{number}/").status_code == 404


def test_a_version_to_come_is_not_there_yet(client: Client, maya: User) -> None:
    article = make_answer(maya)
    go_live(
        article,
        user=maya,
        at=minutes(500),
        live_from=minutes(700),
        publication_class="override",
        reason="A dek before its time.",
    )
    assert "of 3" in visible(read(client, "/stories/corvid-answers/versions/2/"))
    assert client.get("/stories/corvid-answers/versions/4/").status_code == 404
    assert client.get("/stories/corvid-answers/compare/3...4/").status_code == 404


def test_text_in_a_story_is_text_on_its_pages(client: Client, maya: User) -> None:
    hostile = "<script>alert(1)</script>"
    article = begin(
        wanted(f"A {hostile} headline", slug="hostile", dek=hostile, disclosure=hostile), user=maya
    )
    go_live(article, user=maya, at=minutes(10))
    change(
        article, user=maya, at=minutes(20), update_notes=(note(hostile, NoteKind.CORRECTION, was=hostile),)
    )
    go_live(article, user=maya, at=minutes(20))
    for address in ("", "versions/", "versions/1/", "compare/1...2/"):
        assert hostile not in read(client, f"/stories/hostile/{address}")
    assert hostile not in read(client, "/corrections/")
    assert hostile not in read(client, "/")
