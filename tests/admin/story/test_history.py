from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from stories.actions.publishing.review_requests import offer
from stories.models import User
from stories.queries.story.snapshots import working_snapshot
from tests.factories import begin, change, go_live, minutes, quote, request, reword, text, wanted

pytestmark = pytest.mark.django_db


def test_djangos_own_address_of_a_history_lists_our_revisions(desk: Client, editor: User) -> None:
    article = begin(wanted(comment_requests=(request(shown=False),)), user=editor)
    go_live(article, user=editor)
    change(article, user=editor, dek="More.", reason="The clerk called back.", at=minutes(5))
    page = desk.get(reverse("admin:stories_article_history", args=[article.pk])).content.decode()
    assert page.index("The clerk called back.") < page.index("began")
    assert "Emil Editor" in page
    assert "version 1" in page
    assert "version 2" not in page


def test_the_list_goes_on_by_number_and_asks_no_more_for_more(
    desk: Client, editor: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    article = begin(user=editor)
    for number in range(2, 56):
        change(article, user=editor, dek=f"Line {number}")
    address = reverse("admin:stories_article_history", args=[article.pk])
    with django_assert_max_num_queries(12):
        page = desk.get(address)
    assert [line.revision.number for line in page.context["lines"]] == list(range(55, 5, -1))
    assert "?before=6" in page.content.decode()
    rest = desk.get(address, {"before": "6"})
    assert [line.revision.number for line in rest.context["lines"]] == [5, 4, 3, 2, 1]
    assert desk.get(address, {"before": "nonsense"}).status_code == 200


def test_a_line_names_kind_and_size_of_the_change_and_what_became_of_it(
    desk: Client, editor: User, reporter: User
) -> None:
    article = begin(wanted("Council", text("<p>The vote was close.</p>")), user=reporter)
    key = working_snapshot(article).blocks[0].key
    body = text("<p>The vote was very close indeed.</p>", key=key)
    change(article, user=reporter, blocks=(body,), at=minutes(1))
    offer(article=article, revision=2, user=reporter, reason="Ready.", at=minutes(2))
    page = desk.get(reverse("admin:stories_article_history", args=[article.pk])).content.decode()
    assert "Text 1 changed (+2 words)." in page
    assert "Begun, with 1 block and 4 words." in page
    assert "sent for review by Rosa Reporter: Ready." in " ".join(page.split())
    assert "09:01" in page


def test_versions_are_numbered_among_all_of_the_story_and_not_of_the_page(desk: Client, editor: User) -> None:
    article = begin(user=editor)
    go_live(article, user=editor)
    for number in range(3):
        reword(article, user=editor, number=number, at=minutes(number + 1))
        values = {"publication_class": "minor", "reason": "A word."}
        go_live(article, user=editor, at=minutes(number + 2), **values)
    page = desk.get(reverse("admin:stories_article_history", args=[article.pk]), {"before": "4"})
    assert [shown.line.version for shown in page.context["lines"]] == [3, 2, 1]


def test_a_revision_is_compared_with_the_one_before(desk: Client, editor: User) -> None:
    article = begin(wanted("Council", text("<p>The vote was close.</p>")), user=editor)
    change(article, user=editor, headline="Council votes", reason="It did.")
    page = desk.get(reverse("admin:stories_article_changes", args=[article.pk, 2])).content.decode()
    assert "votes" in page.split("<ins>")[1].split("</ins>")[0]
    assert "It did." in page
    assert "The change before" in page
    assert desk.get(reverse("admin:stories_article_changes", args=[article.pk, 3])).status_code == 404


def test_every_revision_reads_as_it_did(desk: Client, editor: User) -> None:
    article = begin(wanted("Council", quote("<p>No.</p>"), slug="council"), user=editor)
    change(article, user=editor, blocks=(quote("<p>Yes.</p>"),))
    first = desk.get(reverse("admin:stories_article_revision", args=[article.pk, 1])).content.decode()
    assert "<p>No.</p>" in first
    assert "<p>Yes.</p>" not in first
    assert desk.get(reverse("admin:stories_article_revision", args=[article.pk, 9])).status_code == 404
