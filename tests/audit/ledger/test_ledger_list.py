"""The ledger's list: every event, with any filter, in pages that cost the same."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from stories.actions.editing.assignments import assign
from stories.actions.takedown.withdrawals import withdraw
from stories.models import Article, User
from stories.queries.ledger import filters, page as paging
from stories.queries.ledger.page import LedgerFilters, ledger_page, people_of_ledger
from tests.audit.conftest import page_html
from tests.factories import begin, change, go_live, minutes, signed_in, wanted

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


def listed(client: Client, **query: Any) -> list[int]:
    """Return the sequences of the entries that a page lists."""
    answer = client.get(reverse("audit:ledger"), query)
    assert answer.status_code == 200
    return [line.entry.sequence for line in answer.context["lines"]]


class TestWhoMayReadIt:
    def test_auditors_and_managing_editors(self, auditor: User, managing_editor: User) -> None:
        for user in (auditor, managing_editor):
            assert signed_in(user).get(reverse("audit:ledger")).status_code == 200

    def test_nobody_else(self, editor: User, reporter: User) -> None:
        for user in (editor, reporter):
            assert signed_in(user).get(reverse("audit:ledger")).status_code == 403
        assert Client().get(reverse("audit:ledger")).status_code == 302

    def test_the_desk_leads_there_who_may(self, auditor: User, editor: User) -> None:
        link = f'href="{reverse("audit:front")}"'
        assert link in signed_in(auditor).get(reverse("admin:index")).content.decode()
        assert link not in signed_in(editor).get(reverse("admin:index")).content.decode()


class TestDays:
    @pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Kiritimati"])
    @pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
    def test_a_day_at_the_calendars_end_is_refused_in_words(
        self, desk: Client, settings: Any, zone: str, day: str
    ) -> None:
        settings.TIME_ZONE = zone
        for name in ("since", "until"):
            answer = desk.get(reverse("audit:ledger"), {name: day})
            assert "No entry can be of that day." in answer.content.decode()


class TestWhatItTells:
    def test_who_did_what_to_which_story_when_and_why(self, desk: Client, article: Article) -> None:
        page = page_html(desk, "ledger")
        assert "<strong>Emil Editor</strong> published revision 2 as a minor change, without a note" in page
        assert "<q>An adverb</q>" in page
        assert "Council meets" in page
        assert "09:30" in page
        assert "<strong>Rosa Reporter</strong> began the story as revision 1" in page

    def test_newest_first(self, desk: Client, article: Article) -> None:
        assert listed(desk) == [4, 3, 2, 1]

    def test_what_people_typed_is_escaped(self, desk: Client, editor: User, article: Article) -> None:
        change(article, user=editor, reason="<script>alert(1)</script>", dek="New.")
        assert "<script>alert(1)" not in page_html(desk, "ledger")


class TestFilters:
    @pytest.fixture
    def other(self, editor: User, managing_editor: User) -> Article:
        """Return another story, assigned and withdrawn: entries 5 to 8."""
        other = begin(wanted("Ferry sails"), user=managing_editor, at=minutes(60))
        go_live(other, user=editor, at=minutes(70))
        assign(
            article=other, to=editor, user=managing_editor, reason="Chase the harbour master", at=minutes(80)
        )
        withdraw(article=other, user=managing_editor, notice="Gone.", reason="Untrue", at=minutes(60 * 24))
        return other

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ({"kind": "publication"}, [6, 4, 2]),
            ({"kind": "embargo"}, []),
            ({"publication_class": "minor"}, [4]),
            ({"size": "1"}, [5, 4, 3, 1]),
            ({"size": "0"}, [8, 7, 6, 2]),
            ({"person": "Rosa Reporter"}, [1]),
            ({"person": "maya"}, [8, 7, 5]),
            ({"story": "ferry-sails"}, [8, 7, 6, 5]),
            ({"story": "FERRY"}, [8, 7, 6, 5]),
            ({"since": "2026-03-03"}, [8]),
            ({"until": "2026-03-02"}, [7, 6, 5, 4, 3, 2, 1]),
            ({"since": "2026-03-02", "until": "2026-03-02", "kind": "assignment"}, [7]),
            ({"words": "harbour"}, [7]),
            ({"words": "HARBOUR chase"}, [7]),
            ({"words": "harbour adverb"}, []),
            ({"words": "gone"}, [8]),
            ({"person": "emil", "kind": "publication"}, [6, 4, 2]),
            ({"person": "emil", "kind": "publication", "story": "ferry-sails"}, [6]),
            ({"person": "emil", "words": "adverb", "size": "1"}, [4]),
            ({"kind": "publication", "publication_class": "first", "since": "2026-03-02"}, [6, 2]),
        ],
    )
    def test_each_by_itself_and_together(
        self, desk: Client, article: Article, other: Article, query: dict[str, str], found: list[int]
    ) -> None:
        assert listed(desk, **query) == found

    def test_and_so_they_find_it_where_many_entries_fit_each(
        self, desk: Client, article: Article, other: Article, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """If more entries fit than are read at once, a page says how far it looked, and the next one goes on."""
        for module in (paging, filters):
            monkeypatch.setattr(module, "MOST", 2)
        for query in ({"person": "emil", "kind": "publication"}, {"kind": "publication", "words": "adverb"}):
            found, before = [], None
            for _ in range(9):
                answer = desk.get(reverse("audit:ledger"), query | ({"before": before} if before else {}))
                found += [line.entry.sequence for line in answer.context["lines"]]
                before = answer.context["found"].older_before
                if before is None:
                    break
                assert "The ledger was looked through back to entry" in answer.content.decode()
            assert found == ([6, 4, 2] if "person" in query else [4])

    def test_an_imports_entry_is_found_by_when_it_happened(
        self, desk: Client, article: Article, editor: User
    ) -> None:
        begin(wanted("Old story"), user=editor, at=minutes(-60 * 24 * 400))
        assert listed(desk, until="2025-12-31") == [5]
        assert listed(desk, since="2025-12-31") == [4, 3, 2, 1]
        assert listed(desk, until="2026-12-31", before="2") == [1, 5]

    def test_a_renamed_and_a_deleted_person_stay_findable(
        self, desk: Client, editor: User, article: Article
    ) -> None:
        editor.display_name = "Emil Okafor"
        editor.save()
        change(article, user=editor, dek="New.")
        editor.delete()
        assert listed(desk, person="Emil Editor") == [4, 3, 2]
        assert listed(desk, person="emil") == [5, 4, 3, 2]

    def test_a_story_is_found_by_a_slug_that_it_had(
        self, desk: Client, editor: User, article: Article
    ) -> None:
        change(article, user=editor, slug="council-again")
        assert listed(desk, story="council-meets") == [5, 4, 3, 2, 1]

    def test_words_that_are_erased_are_found_no_more(self, desk: Client, article: Article) -> None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE stories_entrytext SET text = '[erased]' WHERE entry_id = 4")
        assert listed(desk, words="adverb") == []
        assert listed(desk, words="erased") == [4]

    @pytest.mark.parametrize("words", ['"', "a:b*", "NEAR(", "' OR 1=1 --", "-", "\\", "%", "and not"])
    def test_whatever_is_typed_is_looked_for_as_words(
        self, desk: Client, article: Article, words: str
    ) -> None:
        assert desk.get(reverse("audit:ledger"), {"words": words}).status_code == 200

    @pytest.mark.parametrize(
        "query",
        [
            {"kind": "nonsense"},
            {"size": "9"},
            {"since": "yesterday"},
            {"before": "x"},
            {"before": "9" * 30},
            {"story": "\x00"},
            {"person": "\x00emil"},
            {"since": "2026-03-09", "until": "2026-03-01"},
        ],
    )
    def test_a_wrong_address_is_no_error(self, desk: Client, article: Article, query: dict[str, str]) -> None:
        assert desk.get(reverse("audit:ledger"), query).status_code == 200

    def test_what_is_not_found_is_said(self, desk: Client, article: Article) -> None:
        assert "Nobody in the ledger is called “zoe”." in page_html(desk, "ledger", person="zoe")
        assert "No story has the slug or the headline “zebra”." in page_html(desk, "ledger", story="zebra")
        assert "No entry fits all of this." in page_html(desk, "ledger", kind="embargo")


class TestPages:
    def test_each_entry_stands_on_one_page(self, article: Article) -> None:
        for wants in (
            LedgerFilters(),
            LedgerFilters(kind="publication"),
            LedgerFilters(since=minutes(-10)),
            LedgerFilters(people=people_of_ledger()),
        ):
            whole, found, before = ledger_page(wants).sequences, [], None
            while True:
                page = ledger_page(wants, before=before, length=1)
                found += page.sequences
                before = page.older_before
                if before is None:
                    break
            assert found == whole

    def test_the_address_of_the_next_page_keeps_the_filters(self, desk: Client, article: Article) -> None:
        for number in range(60):
            change(article, user=User.objects.get(email="emil@example.org"), dek=f"{number}.")
        answer = desk.get(reverse("audit:ledger"), {"kind": "revision", "size": "", "person": "emil"})
        assert answer.context["next_page"] == (
            f"{reverse('audit:ledger')}?kind=revision&person=emil&before={answer.context['found'].older_before}"
        )

    @pytest.mark.parametrize("many", [1, 30])
    def test_as_many_queries_however_long_a_page_is(self, desk: Client, article: Article, many: int) -> None:
        emil = User.objects.get(email="emil@example.org")
        for number in range(many):
            change(article, user=emil, dek=f"{number}.", reason="Word")
        for query, most in (({}, 12), ({"kind": "revision"}, 12), ({"person": "emil", "words": "word"}, 14)):
            with CaptureQueriesContext(connection) as counted:
                desk.get(reverse("audit:ledger"), query)
            assert len(counted) <= most
