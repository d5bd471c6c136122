"""Error pages: each says what is wrong, and links on."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.test import Client, RequestFactory
from django.urls import reverse

from newsroom.errors import forbidden, server_error
from stories.models import User
from tests.factories import begin, signed_in, wanted


@pytest.mark.parametrize("path", ["/admin/stories/article/add/", "/admin/"])
def test_who_was_writing_gets_a_link_back_to_their_form(path: str) -> None:
    answer = server_error(RequestFactory().post(path))
    assert answer.status_code == 500
    assert f'<a href="{path}">Open the page again</a>' in answer.content.decode()
    assert "what you typed is kept in this browser" in answer.content.decode()


def test_a_readers_error_page_says_nothing_of_forms() -> None:
    answer = server_error(RequestFactory().get("/stories/council/"))
    assert answer.status_code == 500
    assert "typed" not in answer.content.decode()
    assert "Open the page again" not in answer.content.decode()


class TestRefused:
    def test_the_sentence_that_refuses_is_read_in_the_desks_frame(self, reporter: User) -> None:
        article = begin(wanted("Council meets"), user=reporter)
        answer = signed_in(reporter).get(reverse("admin:stories_article_publish", args=[article.pk]))
        page = answer.content.decode()
        assert answer.status_code == 403
        assert "You may not publish. Ask an editor to publish this story." in page
        assert '<a href="/admin/">Go to the desk</a>' in page
        assert '<nav class="desk-nav"' in page

    def test_a_refusal_without_words_says_whom_to_ask(self, reporter: User) -> None:
        answer = signed_in(reporter).get(reverse("admin:stories_section_add"))
        assert answer.status_code == 403
        assert "It is for these groups: Editor, Managing editor." in answer.content.decode()

    def test_what_no_group_may_is_for_superusers(self, reporter: User) -> None:
        answer = signed_in(reporter).get(reverse("admin:auth_group_add"))
        assert answer.status_code == 403
        assert "it is for superusers" in answer.content.decode()

    def test_what_it_says_is_text(self) -> None:
        request = RequestFactory().get("/admin/")
        request.user = AnonymousUser()
        page = forbidden(request, PermissionDenied("<b>No</b>")).content.decode()
        assert "&lt;b&gt;No&lt;/b&gt;" in page

    def test_a_reader_is_shown_the_way_to_the_front_page(self) -> None:
        answer = forbidden(RequestFactory().get("/stories/council/"), PermissionDenied("Not this."))
        page = answer.content.decode()
        assert (answer.status_code, "Not this." in page) == (403, True)
        assert '<a href="/">Go to the front page</a>' in page
        assert "/admin/" not in page

    def test_a_form_of_another_sign_in_gets_a_link_back_with_its_query(self, db: None) -> None:
        client = Client(enforce_csrf_checks=True)
        answer = client.post("/admin/login/?next=/admin/")
        page = answer.content.decode()
        assert answer.status_code == 403
        assert "<h1>Nothing was saved</h1>" in page
        assert '<a href="/admin/login/?next=/admin/">Open the page again</a>' in page


class TestNotThere:
    @pytest.mark.parametrize(
        "path", ["/admin/nowhere/", "/admin/stories/article/999999/publish/", "/admin/audit/queues/none/"]
    )
    def test_who_is_of_the_house_stays_in_the_desks_frame(self, managing_editor: User, path: str) -> None:
        answer = signed_in(managing_editor).get(path)
        page = answer.content.decode()
        assert answer.status_code == 404
        assert "There is nothing at this address" in page
        assert '<a href="/admin/">Go to the desk</a>' in page

    def test_a_reader_gets_the_sites_page(self, client: Client, db: None) -> None:
        page = client.get("/nothing/here/").content.decode()
        assert "There is nothing at this address" in page
        assert "Go to the desk" not in page
