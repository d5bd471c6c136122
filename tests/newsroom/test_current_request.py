"""Each request has an id, of our own proxy or made, which no stored page carries."""

from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import Settings

from newsroom.current_request import REQUEST_ID, VIEW, RequestIdMiddleware, request_id, view_name
from stories.models import Publication, User
from tests.factories import begin, go_live, signed_in, wanted

OF_THE_PROXY = "0123456789abcdef0123456789abcdef"


def answered(headers: dict[str, str] | None = None, cached: str = "") -> tuple[str, HttpResponse]:
    """Return the id that a request had meanwhile, and its answer."""
    seen = []

    def answer(_request: HttpRequest) -> HttpResponse:
        seen.append(request_id())
        return HttpResponse(headers={"Cache-Control": cached})

    found = RequestIdMiddleware(answer)(RequestFactory().get("/", headers=headers))
    assert isinstance(found, HttpResponse)
    return seen[0], found


def live(user: User) -> Publication:
    return go_live(begin(wanted("Council meets"), user=user), user=user)


class TestWhoseId:
    def test_one_is_made_for_each_request_without(self) -> None:
        (first, _a), (second, _b) = answered(), answered()
        assert len(first) == 32
        assert first != second

    def test_our_own_proxys_is_taken(self, settings: Settings) -> None:
        settings.TRUSTED_PROXIES = 1
        assert answered({"X-Request-Id": OF_THE_PROXY})[0] == OF_THE_PROXY

    def test_a_clients_is_not_taken(self) -> None:
        assert answered({"X-Request-Id": OF_THE_PROXY})[0] != OF_THE_PROXY

    @pytest.mark.parametrize(
        "malformed", ["short", "a" * 65, 'a"},{"b":"', "a line\nof the log", "ünïcödé-letters"]
    )
    def test_what_is_no_id_is_not_taken_from_a_proxy_either(self, settings: Settings, malformed: str) -> None:
        settings.TRUSTED_PROXIES = 1
        assert answered({"X-Request-Id": malformed})[0] != malformed

    def test_between_requests_there_is_none(self) -> None:
        answered()
        assert (request_id(), view_name()) == ("", "-")


class TestWhereItIsShown:
    @pytest.mark.parametrize("directives", ["no-store", "private, max-age=0"])
    def test_an_answer_for_one_person_carries_it(self, directives: str) -> None:
        identity, response = answered(cached=directives)
        assert response["X-Request-Id"] == identity

    @pytest.mark.parametrize("directives", ["public, max-age=60", "max-age=0, s-maxage=30"])
    def test_an_answer_that_caches_may_store_does_not(self, directives: str) -> None:
        assert "X-Request-Id" not in answered(cached=directives)[1]

    @pytest.mark.django_db
    def test_readers_pages_have_none_and_the_desks_have_one(self, client: Client, editor: User) -> None:
        published = live(editor)
        story = reverse("public:story", args=[published.article.slug])
        for path in ("/", story, reverse("public:versions", args=[published.article.slug])):
            assert "X-Request-Id" not in client.get(path), path
        # Nor has what says that a stored page is still good.
        etag = client.get(story)["ETag"]
        unchanged = client.get(story, headers={"If-None-Match": etag})
        assert unchanged.status_code == 304
        assert "X-Request-Id" not in unchanged
        assert signed_in(editor).get(reverse("admin:index"))["X-Request-Id"]


@pytest.mark.django_db
def test_views_are_named_alike_however_they_are_found(client: Client, editor: User) -> None:
    slug = live(editor).article.slug
    paths = {
        reverse("public:story", args=[slug]): "story",
        reverse("public:versions", args=[slug]): "versions",
        "/admin/": "desk:front",
        f"/stories/{slug}/no-such-page/": "elsewhere",
        "/healthz": "-",
    }
    named = {path: client.get(path).wsgi_request.META for path in paths}
    assert {path: meta[VIEW] for path, meta in named.items()} == paths
    assert all(meta[REQUEST_ID] for meta in named.values())
