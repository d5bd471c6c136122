"""A form is saved completely and once, or not at all."""

from __future__ import annotations

import threading

import pytest
from django.db import connections
from django.test import Client

from stories.admin.story_form import story_form
from stories.models import Article, User
from stories.models.roles import EDITOR
from stories.queries.story.snapshots import latest_revision, working_snapshot
from tests.admin.typing import add_row, address_of, opened, row_of, sent, typed_in
from tests.factories import begin, change, make_author, make_user, quote, signed_in, text, wanted

pytestmark = pytest.mark.django_db

NOT_WHOLE = "This form did not arrive as it was sent"


@pytest.fixture
def article(editor: User) -> Article:
    return begin(wanted("Council", text("<p>One.</p>"), text("<p>Two.</p>"), quote()), user=editor)


class TestMergeMessages:
    def test_a_save_between_the_refusal_and_the_page_is_reported_too(
        self, desk: Client, editor: User, article: Article, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first, second, spoken = working_snapshot(article).blocks
        mine = opened(desk, article)
        mine[f"{row_of(mine, first.key)}-text"] = "<p>One, by me.</p>"
        mine[f"{row_of(mine, second.key)}-text"] = "<p>Two, by me.</p>"
        by_them = text("<p>One, by them.</p>", key=first.key)
        change(article, user=editor, blocks=(by_them, second, spoken))

        def overtaken(article_id: int) -> int:
            """Save as a third user, between the refusal and the page that follows it."""
            by_a_third = text("<p>Two, by a third.</p>", key=second.key)
            change(article, user=editor, blocks=(by_them, by_a_third, spoken), dek="A third’s dek.")
            return latest_revision(article_id)

        monkeypatch.setattr(story_form, "latest_revision", overtaken)
        response = sent(desk, article, mine)
        one, two = response.context["conflict_panel"].conflicts
        assert "by them" in one.readings[0].theirs
        assert "by a third" in two.readings[0].theirs
        page = response.content.decode()
        assert "changed 2 of the same places" in page
        assert "A third’s dek." in page.split('class="merged-in"')[1].split("</details>")[0]
        assert typed_in(response)["base"] == "3"

    def test_a_form_that_holds_both_sides_is_whole(
        self, desk: Client, editor: User, article: Article
    ) -> None:
        first, _second, spoken = working_snapshot(article).blocks
        mine = opened(desk, article)
        mine[f"{row_of(mine, first.key)}-text"] = "<p>One, by me.</p>"
        mine[f"{row_of(mine, spoken.key)}-DELETE"] = "on"
        add_row(mine, "textblock_set", text="<p>Mine alone.</p>")
        theirs = (text("<p>One, by them.</p>", key=first.key), spoken)
        change(article, user=editor, blocks=theirs)
        retried = typed_in(sent(desk, article, mine))
        assert sent(desk, article, retried).status_code == 302
        texts = [getattr(block, "text", "") for block in working_snapshot(article).blocks]
        assert texts == ["<p>One, by me.</p>", "<p>Mine alone.</p>"]


class TestIncompleteForms:
    def test_a_form_whose_parts_did_not_all_arrive_saves_nothing(
        self, desk: Client, article: Article
    ) -> None:
        complete = opened(desk, article) | {"headline": "Typed meanwhile"}
        for broken in (
            {"textblock_set-TOTAL_FORMS": "-1"},
            {"textblock_set-TOTAL_FORMS": "1"},
            {"textblock_set-TOTAL_FORMS": "0", "textblock_set-INITIAL_FORMS": "0"},
            {"textblock_set-INITIAL_FORMS": "-1"},
            {"textblock_set-INITIAL_FORMS": "999999999"},
            {"textblock_set-INITIAL_FORMS": "1"},
            {"textblock_set-0-part_key": ""},
            {"textblock_set-0-part_key": "no key"},
            {"textblock_set-0-part_key": "6f1b6a52-52a5-4f2f-9a35-2f6a3fdc2f6a"},
            {"quoteblock_set-TOTAL_FORMS": "", "quoteblock_set-INITIAL_FORMS": ""},
            {"shown": ""},
            {"shown": "é" * 43},
        ):
            response = sent(desk, article, complete | broken)
            assert response.status_code == 200, broken
            assert NOT_WHOLE in response.content.decode(), broken
            assert typed_in(response)["headline"] == "Typed meanwhile"
            assert latest_revision(article.pk) == 1

    def test_a_row_twice_is_refused(self, desk: Client, article: Article) -> None:
        data = opened(desk, article)
        data["textblock_set-1-part_key"] = data["textblock_set-0-part_key"]
        assert NOT_WHOLE in sent(desk, article, data).content.decode()
        assert latest_revision(article.pk) == 1

    def test_rows_that_the_browser_numbered_anew_are_as_good(self, desk: Client, article: Article) -> None:
        data = opened(desk, article)
        for name in [name for name in data if name.startswith("textblock_set-0-")]:
            other = name.replace("-0-", "-1-")
            data[name], data[other] = data[other], data[name]
        response = desk.post(address_of(article), data | {"_continue": "Save"}, follow=True)
        assert "Nothing changed" in response.content.decode()


class TestANewStorySentTwice:
    def test_a_headline_alone_begins_one_story(self, desk: Client) -> None:
        data = opened(desk) | {"headline": "A mast", "slug": "a-mast"}
        sent(desk, None, data)
        response = desk.post(address_of(None), data | {"_continue": "Save"}, follow=True)
        article = Article.objects.get()
        assert response.redirect_chain == [(address_of(article), 302)]
        assert "This form was sent twice" in response.content.decode()
        assert latest_revision(article.pk) == 1

    def test_so_does_one_with_parts(self, desk: Client) -> None:
        make_author()
        data = opened(desk) | {"headline": "A mast", "slug": "a-mast"}
        add_row(data, "textblock_set", text="<p>It went up.</p>")
        add_row(data, "byline_set", author="ines-calder")
        add_row(data, "commentrequest_set", party="Corvid Systems", status="pending", shown="on")
        for _time in range(3):
            sent(desk, None, data)
        assert latest_revision(Article.objects.get().pk) == 1

    def test_what_was_typed_in_between_is_an_edit_of_it(self, desk: Client) -> None:
        data = opened(desk) | {"headline": "A mast", "slug": "a-mast"}
        add_row(data, "textblock_set", text="<p>It went up.</p>")
        sent(desk, None, data)
        sent(desk, None, data | {"headline": "A tall mast"})
        article = Article.objects.get()
        assert (article.headline, latest_revision(article.pk)) == ("A tall mast", 2)
        assert len(working_snapshot(article).blocks) == 1

    def test_and_where_others_changed_it_meanwhile_both_are_shown(self, desk: Client, editor: User) -> None:
        data = opened(desk) | {"headline": "A mast", "slug": "a-mast"}
        sent(desk, None, data)
        article = Article.objects.get()
        change(article, user=editor, headline="A short mast")
        response = sent(desk, None, data | {"headline": "A tall mast"})
        assert "A short mast" in response.content.decode()
        assert f'action="{address_of(article)}"' in response.content.decode()
        sent(desk, article, typed_in(response))
        assert [each.headline for each in Article.objects.all()] == ["A tall mast"]

    def test_two_forms_begin_two_stories(self, desk: Client) -> None:
        for slug in ("one", "two"):
            sent(desk, None, opened(desk) | {"headline": "A mast", "slug": slug})
        assert Article.objects.count() == 2

    def test_a_form_of_somebody_else_is_another(self, desk: Client, reporter: User) -> None:
        data = opened(desk) | {"headline": "A mast", "slug": "a-mast"}
        sent(desk, None, data)
        sent(signed_in(reporter), None, data)
        assert Article.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_clicks_at_once_begin_one_story() -> None:
    desk = signed_in(make_user(EDITOR))
    data = opened(desk) | {"headline": "A mast", "slug": "a-mast", "_continue": "Save"}
    add_row(data, "textblock_set", text="<p>It went up.</p>")
    start = threading.Barrier(4)
    answers: list[int] = []

    def click() -> None:
        window = Client()
        window.cookies.load(desk.cookies.output(header="", sep=";"))
        start.wait(timeout=300)
        try:
            answers.append(window.post(address_of(None), data).status_code)
        finally:
            connections.close_all()

    clicks = [threading.Thread(target=click) for _each in range(4)]
    for each in clicks:
        each.start()
    for each in clicks:
        each.join(timeout=300)
    assert answers == [302] * 4
    assert latest_revision(Article.objects.get().pk) == 1
