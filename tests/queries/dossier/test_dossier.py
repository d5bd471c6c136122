"""A story's dossier: each page has its own entries with the rows behind them, and how the story read then."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from stories.actions.comment_desk.desk_records import log_attempt, save_desk_record
from stories.models import Article, User
from stories.queries.dossier import dossier as module
from stories.queries.dossier.dossier import asked_parties, dossier_page, people_of
from stories.queries.story.snapshots import snapshot_at, working_snapshot
from tests.factories import change, minutes
from tests.tampering import run

pytestmark = pytest.mark.django_db

AT = minutes(60)


def test_a_page_has_each_entry_with_its_event_and_how_the_story_read(article: Article) -> None:
    page = dossier_page(article.pk, 1, at=AT)
    assert [each.entry.kind for each in page.entries] == [*["revision", "publication"] * 3, "revision"]
    assert [each.event.pk for each in page.entries] == [each.entry.event_id for each in page.entries]
    assert [version.published.version for version in page.versions()] == [1, 2, 3]
    assert [[each.number for each in version.brought] for version in page.versions()] == [[1], [2], [3]]
    assert page.snapshots[3] == snapshot_at(article.pk, 3)


def test_it_comes_in_pages_and_the_last_one_stands_for_those_beyond(
    article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PAGE_LENGTH", 3)
    pages = [dossier_page(article.pk, number, at=AT) for number in (0, 1, 2, 3, 9)]
    assert [(page.number, page.pages, page.total, page.before) for page in pages] == [
        (1, 3, 7, 0),
        (1, 3, 7, 0),
        (2, 3, 7, 3),
        (3, 3, 7, 6),
        (3, 3, 7, 6),
    ]
    assert [len(page.entries) for page in pages[1:4]] == [3, 3, 1]


def test_a_version_counts_the_revisions_on_pages_before(
    article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PAGE_LENGTH", 1)
    (version,) = dossier_page(article.pk, 2, at=AT).versions()
    assert (version.brought, version.earlier) == ([], 1)


def test_an_event_that_is_gone_leaves_its_entry(article: Article) -> None:
    run("DELETE FROM stories_revision WHERE number = 4")
    assert dossier_page(article.pk, 1, at=AT).entries[-1].event is None


def test_a_long_history_costs_no_more_queries(
    article: Article,
    editor: User,
    django_assert_num_queries: DjangoAssertNumQueries,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_max_num_queries(30) as queries:
        dossier_page(article.pk, 1, at=AT)
    for number in range(6):
        change(article, user=editor, dek=f"Dek {number}", at=minutes(50 + number))
    with django_assert_num_queries(len(queries)):
        dossier_page(article.pk, 1, at=AT)


def test_everybody_who_did_something_is_listed_with_what_and_when(
    article: Article, managing_editor: User
) -> None:
    change(article, user=managing_editor, dek="Hers", at=minutes(50))
    emil, maya = people_of(article.pk)
    assert (emil.name, emil.kinds, emil.first, emil.last) == (
        "Emil Editor",
        {"revision": 4, "publication": 3},
        minutes(5),
        minutes(40),
    )
    assert (maya.name, maya.kinds, maya.first) == ("Maya Managing", {"revision": 1}, minutes(50))


def test_who_was_asked_is_listed_and_a_request_that_was_removed_by_its_record(
    article: Article, editor: User
) -> None:
    company, group = working_snapshot(Article.objects.get()).comment_requests
    record = save_desk_record(article=article, request_key=company.key, user=editor)
    attempt = log_attempt(record=record, user=editor, at=minutes(7), channel="phone", terms="on-the-record")
    change(article, user=editor, comment_requests=(group,), at=minutes(50))
    asked = asked_parties(article.pk)
    assert [each.party for each in asked] == ["the Liberty Watch", "Corvid Systems"]
    assert (asked[0].record, asked[1].request, asked[1].attempts) == (None, None, [attempt])
