"""The list of stories: states in words, filters, search, and queries that do not grow."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags

from stories.actions.editing.assignments import assign
from stories.actions.editing.drafts import discard
from stories.actions.editing.presence import touch_presence
from stories.actions.publishing.developing_mode import start_developing
from stories.actions.publishing.review_requests import offer
from stories.actions.takedown.withdrawals import withdraw
from stories.domain.snapshot import ImageBlock
from stories.models import Article, User
from stories.queries.desk.presence import OPEN_FOR
from tests.factories import (
    begin,
    byline,
    change,
    go_live,
    make_author,
    make_section,
    minutes,
    request,
    signed_in,
    text,
    wanted,
)

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]
NOW = minutes(60)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def stories(editor: User, reporter: User, managing_editor: User) -> dict[str, Article]:
    """Create one story in every state, each with its state as headline."""
    names = (
        "Draft",
        "Live",
        "Waiting",
        "Scheduled",
        "Offered",
        "Developing",
        "Withdrawn",
        "Discarded",
        "Mine",
        "Lacking",
    )
    section = make_section()
    made = {
        name: begin(
            wanted(name, section=section.pk if name == "Live" else ""), user=reporter, at=minutes(number)
        )
        for number, name in enumerate(names)
    }
    for name in ("Live", "Waiting", "Developing", "Withdrawn"):
        go_live(made[name], user=editor)
    change(made["Waiting"], user=editor, dek="Waits.", comment_requests=(request(),), at=minutes(50))
    go_live(made["Scheduled"], user=editor, at=NOW, live_from=NOW + timedelta(days=1))
    offer(article=made["Offered"], revision=1, user=reporter, at=NOW)
    start_developing(article=made["Developing"], user=editor, at=NOW)
    withdraw(article=made["Withdrawn"], user=managing_editor, notice="Down.", reason="As agreed", at=NOW)
    discard(article=made["Discarded"], user=editor, at=NOW)
    assign(article=made["Mine"], to=editor, user=editor, at=NOW)
    lacking = ImageBlock(key=uuid4(), address="old/bridge.png", alt_text="")
    change(made["Lacking"], user=reporter, blocks=(text(), lacking), at=minutes(9))
    return made


def rows_of(client: Client, query: str = "") -> dict[str, str]:
    """Return the rows of the list as plain text, by headline."""
    page = client.get(f"{reverse('admin:stories_article_changelist')}?{query}").content.decode()
    if 'id="result_list"' not in page:
        return {}
    rows = page.split("<tbody>")[1].split("</tbody>")[0].split("<tr>")[1:]
    words = [" ".join(strip_tags(row.replace("</t", " </t")).split()) for row in rows]
    return {line.split()[0]: line for line in words}


def test_each_says_where_it_stands(desk: Client, stories: dict[str, Article]) -> None:
    rows = rows_of(desk)
    assert "Discarded" not in rows
    assert "live, version 1" in rows["Live"]
    assert "live, version 1 edits waiting Review Fix what is live 1 request" in rows["Waiting"]
    assert "scheduled for 3 Mar 2026, 10:00" in rows["Scheduled"]
    assert "draft" not in rows["Scheduled"]
    assert "draft waiting for review" in rows["Offered"]
    assert "developing" in rows["Developing"]
    assert "withdrawn" in rows["Withdrawn"]
    assert "live" not in rows["Withdrawn"]
    assert "Emil Editor" in rows["Mine"]


def test_each_says_who_has_it_open(
    desk: Client, stories: dict[str, Article], editor: User, reporter: User
) -> None:
    touch_presence(article=stories["Draft"], user=editor, at=NOW)
    touch_presence(article=stories["Draft"], user=reporter, at=NOW)
    touch_presence(article=stories["Mine"], user=editor, at=NOW - OPEN_FOR)
    rows = rows_of(desk)
    assert "draft open: Emil Editor and Rosa Reporter" in rows["Draft"]
    assert "open:" not in rows["Mine"]


def test_each_says_who_edited_it_last_and_when_and_the_newest_edit_comes_first(
    desk: Client, stories: dict[str, Article]
) -> None:
    rows = rows_of(desk)
    assert "2 Mar 2026, 09:50 by Emil Editor" in rows["Waiting"]
    assert list(rows)[:3] == ["Waiting", "Lacking", "Mine"]


def test_a_filter_leaves_what_is_asked_for(desk: Client, stories: dict[str, Article]) -> None:
    wanted: dict[str, set[str]] = {
        "standing=draft": {"Draft", "Offered", "Mine", "Lacking"},
        "standing=my-drafts": set(),
        "standing=live": {"Live", "Waiting", "Developing"},
        "standing=waiting": {"Waiting"},
        "standing=scheduled": {"Scheduled"},
        "standing=offered": {"Offered"},
        "standing=developing": {"Developing"},
        "standing=owed": set(),
        "standing=withdrawn": {"Withdrawn"},
        "standing=discarded": {"Discarded"},
        "standing=mine": {"Mine"},
        "standing=lacking": {"Lacking"},
        "section__slug__exact=technology": {"Live"},
        "q=wait": {"Waiting"},
        "q=wait+live": set(),
    }
    assert {query: set(rows_of(desk, query)) for query in wanted} == wanted


def test_by_who_edited_last(desk: Client, stories: dict[str, Article], editor: User) -> None:
    assert set(rows_of(desk, f"editor={editor.pk}")) == {"Waiting"}
    assert len(rows_of(desk, "editor=nobody")) == 9


def test_by_the_day_of_the_last_edit(desk: Client, editor: User) -> None:
    for name, days in (("Today", 0), ("Week", 6), ("Month", 20), ("Older", 60)):
        begin(wanted(name), user=editor, at=NOW - timedelta(days=days))
    assert set(rows_of(desk, "edited=today")) == {"Today"}
    assert set(rows_of(desk, "edited=week")) == {"Today", "Week"}
    assert set(rows_of(desk, "edited=month")) == {"Today", "Week", "Month"}


def test_an_author_is_found_once_by_either_name(desk: Client, editor: User) -> None:
    author, other = make_author(), make_author("nora-new", "Nora New")
    credited = (byline(author, credited_as="I. Harbour"), byline(other, credited_as="N. Harbour"))
    begin(wanted("Credited", bylines=credited), user=editor)
    begin(wanted("Uncredited"), user=editor)
    for query in ("q=harbour", "q=calder", "q=nora+credited"):
        assert list(rows_of(desk, query)) == ["Credited"]
    assert "1 story" in desk.get(f"{reverse('admin:stories_article_changelist')}?q=harbour").content.decode()


def test_ways_on_are_for_who_publishes(desk: Client, stories: dict[str, Article], reporter: User) -> None:
    assert "Review Fix what is live" in rows_of(desk)["Waiting"]
    assert "Fix what is live" not in rows_of(signed_in(reporter))["Waiting"]


def test_the_queries_are_fixed(desk: Client, editor: User) -> None:
    counts = []
    for number in range(25):
        go_live(
            article := begin(wanted(f"Live {number}", bylines=(byline(make_author()),)), user=editor),
            user=editor,
        )
        change(article, user=editor, dek="Waits.")
        if number in (1, 24):
            with CaptureQueriesContext(connection) as queries:
                rows_of(desk, "standing=waiting&q=live")
            counts.append(len(queries))
    assert counts[0] == counts[1] <= 11


def test_an_editor_finds_links_to_next_steps_at_the_stories_of_their_sections(
    editor: User, managing_editor: User
) -> None:
    sections = [make_section(slug, slug.capitalize()).pk for slug in ("culture", "sports")]
    editor.sections.add(make_section("culture"))
    desk = signed_in(editor)
    for count in (1, 20):
        for number in range(count):
            for section in sections:
                article = begin(wanted(f"{section} {count} {number}", section=section), user=managing_editor)
                go_live(article, user=managing_editor)
        with CaptureQueriesContext(connection) as counted:
            page = desk.get(reverse("admin:stories_article_changelist")).content.decode()
        assert page.count("Fix what is live") == Article.objects.filter(section="culture").count()
        # One of them for the sections.
        assert len(counted) <= 14
