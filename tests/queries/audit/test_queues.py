"""What the queues share: pages of rows, windows over rows of which few belong, sign-offs."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from stories.models import Publication, Revision, User
from stories.queries.audit import queues
from stories.queries.audit.queues import newest_number, one_page, page_of_rows, queued, signed_off
from tests.factories import begin, go_live, wanted
from tests.queries.audit.reading import newest_publication, newest_version, sign

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queues, "PAGE_LENGTH", 2)
    monkeypatch.setattr(queues, "WINDOW", 10)


def rows(*numbers: int) -> list[SimpleNamespace]:
    return [SimpleNamespace(pk=number) for number in numbers]


def test_a_full_page_leads_on_from_its_last_row() -> None:
    found, following, looked_back = page_of_rows(rows(30, 29, 28), start=31)
    assert ([row.pk for row in found], following, looked_back) == ([30, 29], 29, False)


def test_a_window_that_found_little_leads_on_from_its_end_until_all_was_read() -> None:
    assert page_of_rows(rows(30), start=31)[1:] == (21, True)
    assert page_of_rows(rows(3), start=10)[1:] == (None, False)


def test_a_window_begins_below_a_number_or_the_newest_row(editor: User) -> None:
    assert newest_number(Publication, None) is None
    article = begin(user=editor)
    go_live(article, user=editor)
    assert newest_number(Publication, None) == newest_publication(article).pk + 1
    assert newest_number(Publication, 7) == 7


def test_a_page_says_whether_there_are_more(editor: User) -> None:
    for number in range(3):
        begin(wanted(f"Story {number}"), user=editor)
    newest = Revision.objects.order_by("-pk")
    found, following = one_page(newest)
    assert (found, following) == (list(newest[:2]), newest[1].pk)
    assert one_page(newest.filter(pk__lt=following)) == (list(newest[2:]), None)


def test_events_are_listed_by_their_entries_with_what_is_displayed_of_them(editor: User) -> None:
    article = begin(user=editor)
    go_live(article, user=editor)
    (line,) = queued([(newest_publication(article), "a fact")])
    assert (line.sequence, line.facts) == (newest_version(article), "a fact")
    assert queued([]) == []


def test_a_row_is_signed_off_with_the_entry_of_its_event(editor: User, auditor: User) -> None:
    for number in range(2):
        article = begin(wanted(f"Story {number}"), user=editor)
        go_live(article, user=editor)
    sign(newest_version(article), auditor)
    assert list(Publication.objects.filter(signed_off("publication"))) == [newest_publication(article)]
