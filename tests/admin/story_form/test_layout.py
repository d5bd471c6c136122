"""How a story's form is laid out, and what it says before anybody types."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags
from pytest_django import DjangoAssertNumQueries

from stories.domain.snapshot import NoteKind, RequestStatus
from stories.models import Article, User
from stories.queries.story.snapshots import working_snapshot
from tests.admin.typing import add_row, address_of, opened, row_of, sent
from tests.factories import (
    begin,
    change,
    go_live,
    make_section,
    note,
    quote,
    request,
    signed_in,
    text,
    wanted,
)

pytestmark = pytest.mark.django_db


def page_of(client: Client, article: object = None) -> str:
    return client.get(address_of(article)).content.decode()  # type: ignore[arg-type]


def read(html: str) -> str:
    """Return the visible text of the page on one line."""
    return re.sub(r"\s+", " ", strip_tags(html))


class TestOrder:
    def test_headline_dek_and_body_come_before_everything_else(self, desk: Client) -> None:
        html = page_of(desk)
        places = [
            html.index(f'name="{name}"') for name in ("headline", "dek", "textblock_set-0-text", "slug")
        ]
        assert places == sorted(places)
        lists = [html.index(f'id="{name}_set-group"') for name in ("byline", "commentrequest", "updatenote")]
        assert [places[-1], *lists, html.index('name="why"')] == sorted(
            [places[-1], *lists, html.index('name="why"')]
        )

    def test_a_new_story_has_a_text_to_write_in_that_counts_for_nothing_while_blank(
        self, desk: Client
    ) -> None:
        data = opened(desk) | {"headline": "A new mast", "slug": "a-new-mast"}
        assert "textblock_set-0-text" in data
        sent(desk, None, data)
        assert working_snapshot(Article.objects.get()).blocks == ()

    def test_lists_with_rows_stand_open_and_empty_ones_closed(self, desk: Client, editor: User) -> None:
        html = page_of(desk, begin(wanted("Mast", comment_requests=(request(),)), user=editor))
        assert re.search(r'id="commentrequest_set-group"[^>]* open>', html)
        assert not re.search(r'id="updatenote_set-group"[^>]* open>', html)

    def test_about_the_story_opens_where_it_holds_a_mistake(self, desk: Client, editor: User) -> None:
        article = begin(wanted("Mast"), user=editor)
        assert 'about-story">' in page_of(desk, article)
        answer = sent(desk, article, opened(desk, article), slug="no slug at all")
        assert 'about-story" open>' in answer.content.decode()

    def test_the_summaries_say_what_is_inside(self, desk: Client, editor: User) -> None:
        story = wanted(
            "Mast",
            section=make_section().pk,
            comment_requests=(request(), request("the League", status=RequestStatus.DECLINED)),
            update_notes=(note(),),
        )
        words = read(page_of(desk, begin(story, user=editor)))
        for sentence in ("Technology · mast", "Comment requests 1 open", "Update notes 1, not published yet"):
            assert sentence in words

    def test_times_say_their_zone(self, desk: Client, editor: User) -> None:
        html = page_of(desk, begin(wanted("Mast", comment_requests=(request(),)), user=editor))
        assert "asked (UTC)" in html.lower().replace("utc", "UTC")


class TestStatus:
    def test_what_is_live_and_what_waits(self, desk: Client, editor: User) -> None:
        article = begin(wanted("Mast"), user=editor)
        go_live(article, user=editor)
        assert "Nothing waits to be published." in read(page_of(desk, article))
        change(article, user=editor, headline="A tall mast")
        change(article, user=editor, headline="A taller mast")
        words = read(page_of(desk, article))
        assert "Version 1 is live since 2 Mar 2026, 09:00; 2 edits since are not." in words
        assert "Review and publish" in words

    def test_what_is_scheduled_for_the_first_time_is_no_draft(self, desk: Client, editor: User) -> None:
        article = begin(wanted("Mast"), user=editor)
        now = timezone.now()
        go_live(article, user=editor, at=now, live_from=now + timedelta(hours=2))
        words = read(page_of(desk, article))
        assert "Scheduled. Readers have not seen it yet. Revision 1 is to go live on" in words
        assert "A draft" not in words

    def test_who_may_not_publish_offers(self, reporter: User, desk: Client) -> None:
        article = begin(wanted("Mast"), user=reporter)
        theirs, ours = page_of(signed_in(reporter), article), page_of(desk, article)
        assert 'name="_offer"' in theirs
        assert 'name="_publish"' not in theirs
        assert 'name="_publish"' in ours
        assert 'name="_offer"' not in ours


class TestPublishedNotes:
    def test_they_are_shown_and_not_offered_for_typing(self, desk: Client, editor: User) -> None:
        seen = note("A name was misspelt.", NoteKind.TYPO)
        article = begin(wanted("Mast", update_notes=(seen,)), user=editor)
        go_live(article, user=editor)
        html = page_of(desk, article)
        data = opened(desk, article)
        row = row_of(data, seen.key)
        assert f'<input type="hidden" name="{row}-text"' in html
        assert f'data-amend="{seen.key}"' in html
        assert f"{row}-DELETE" not in html
        sent(desk, article, data | {"headline": "Tall mast"})
        assert working_snapshot(article).update_notes == (seen,)

    def test_they_cost_one_query(
        self, desk: Client, editor: User, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        notes = tuple(note(f"Note {n}.") for n in range(12))
        article = begin(wanted("Mast", text(), quote(), update_notes=notes), user=editor)
        with django_assert_max_num_queries(40):
            desk.get(address_of(article))


class TestSentences:
    """What readers would be told, composed while it is typed."""

    address = "admin:stories_article_sentences"

    def test_requests_and_notes_read_as_readers_will_read_them(self, desk: Client) -> None:
        data = opened(desk)
        add_row(data, "commentrequest_set", party="Corvid Systems", status="pending", shown="on")
        add_row(data, "commentrequest_set", party="the League", status="pending", shown="on")
        add_row(data, "updatenote_set", kind="correction", text="We erred.", was="12", now="21")
        reply = desk.post(reverse(self.address), data).json()
        assert "to Corvid Systems and the League for comment" in reply["commentrequest_set"]["preview"]
        assert reply["commentrequest_set"]["summary"] == "2 open"
        note_told = read(reply["updatenote_set"]["preview"])
        assert "Correction We erred. It said 12 Corrected to 21" in note_told

    def test_notes_that_are_published_are_not_previewed_again(self, desk: Client, editor: User) -> None:
        known = note("A name was misspelt.")
        data = opened(desk, begin(wanted("Mast", update_notes=(known,)), user=editor))
        add_row(data, "updatenote_set", kind="update", text="Twice.", amended=str(known.key), parent="7")
        reply = desk.post(reverse(self.address), data | {"published": [str(known.key), "no key"]}).json()
        assert "Twice." in reply["updatenote_set"]["preview"]
        assert "misspelt" not in reply["updatenote_set"]["preview"]

    def test_a_row_with_a_mistake_is_left_out(self, desk: Client) -> None:
        data = opened(desk)
        add_row(data, "commentrequest_set", party="", status="declined", shown="on")
        add_row(data, "commentrequest_set", party="the League", status="pending", shown="on")
        assert (
            "to the League for comment"
            in desk.post(reverse(self.address), data).json()["commentrequest_set"]["preview"]
        )

    def test_what_is_typed_is_shown_as_text(self, desk: Client) -> None:
        data = opened(desk)
        add_row(data, "commentrequest_set", party="<script>x</script>", status="pending", shown="on")
        assert "<script>" not in desk.post(reverse(self.address), data).content.decode()

    @pytest.mark.parametrize("data", [{}, {"commentrequest_set-TOTAL_FORMS": "9999999", "x": "\0"}])
    def test_rubbish_gets_an_empty_answer(self, desk: Client, data: dict[str, str]) -> None:
        assert desk.post(reverse(self.address), data).json() == {}
