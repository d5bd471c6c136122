"""Pictures come from a host of their own if there is one, while a version shows them, and nothing else does."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from newsroom import database_outage
from stories.actions.editing.pictures import store_picture
from stories.domain.snapshot import ImageBlock
from stories.models import Article, Picture, User
from tests.erasure_orders import erased
from tests.factories import PASSWORD, begin, go_live, png, signed_in, text, wanted
from tests.newsroom.test_settings import LOCAL, Start, start

__all__ = ["start"]

pytestmark = pytest.mark.django_db

ORIGIN = "https://pictures.example.org"
HOST = "pictures.example.org"


@pytest.fixture(autouse=True)
def own_host(settings: Settings) -> None:
    settings.MEDIA_ORIGIN = ORIGIN
    place = settings.MIDDLEWARE.index("newsroom.health.HealthMiddleware")
    settings.MIDDLEWARE = [
        *settings.MIDDLEWARE[:place],
        "newsroom.picture_host.PictureHostMiddleware",
        *settings.MIDDLEWARE[place:],
    ]
    settings.SECURE_CSP = {**settings.SECURE_CSP, "img-src": ["'self'", ORIGIN]}


@pytest.fixture
def fog(maya: User) -> Picture:
    return store_picture(content=png(700, 400), user=maya)


def show(picture: Picture, user: User) -> None:
    block = ImageBlock(
        key=uuid4(), picture=picture.pk, width=picture.width, height=picture.height, alt_text="Fog"
    )
    go_live(begin(wanted("Fog", text(), block), user=user), user=user)


def ask(client: Client, path: str, host: str = HOST, **headers: str) -> HttpResponse:
    response = client.get(path, headers={"Host": host, **headers}, secure=True)
    assert isinstance(response, HttpResponse) or response.streaming
    return response  # type: ignore[return-value]


def test_whatever_names_a_picture_names_that_host(client: Client, maya: User, fog: Picture) -> None:
    show(fog, maya)
    address = f"{ORIGIN}/pictures/{fog.pk}"
    page = client.get("/stories/fog/")
    html = page.content.decode()
    assert f'src="{address}/640"' in html
    assert f"{address}/320 320w" in html
    assert f'property="og:image" content="{address}/' in html
    assert "/pictures/" not in html.replace(f"{ORIGIN}/pictures/", "")
    assert f"img-src 'self' {ORIGIN};" in page["Content-Security-Policy"]
    front = client.get("/").content.decode()
    assert "/pictures/" not in front.replace(f"{ORIGIN}/pictures/", "")
    data = json.loads(client.get(reverse("public:story_data", args=["fog"])).content)
    named = [file["address"] for block in data["blocks"] for file in block.get("files", ())]
    assert named
    assert all(each.startswith(f"{address}/") for each in named)


def test_the_site_leads_old_addresses_there(client: Client, fog: Picture) -> None:
    moved = ask(client, f"/pictures/{fog.pk}/320?x=1", host="testserver")
    assert (moved.status_code, moved["Location"]) == (301, f"{ORIGIN}/pictures/{fog.pk}/320")
    assert moved["Cache-Control"] == "public, max-age=300"
    assert ask(client, "/pictures//evil.example/1", host="testserver").status_code == 404


class TestThatHost:
    def test_serves_a_picture_while_a_version_shows_it(
        self, client: Client, maya: User, fog: Picture
    ) -> None:
        path = f"/pictures/{fog.pk}/320"
        assert ask(client, path).status_code == 404
        show(fog, maya)
        for host in (HOST, HOST.upper(), f"{HOST}:443", f"{HOST}."):
            response = ask(client, path, host=host)
            assert response.status_code == 200
            assert response["Content-Type"] == "image/png"
            assert response["X-Content-Type-Options"] == "nosniff"
            assert response["Cache-Control"] == "public, max-age=300"
            assert response["Surrogate-Key"]
        unchanged = ask(client, path, **{"If-None-Match": response["ETag"]})
        assert unchanged.status_code == 304

    def test_has_no_picture_that_was_erased(self, client: Client, maya: User, fog: Picture) -> None:
        show(fog, maya)
        erased(Article.objects.get(), scope="picture", picture=fog)
        cache.clear()
        response = ask(client, f"/pictures/{fog.pk}/320")
        assert response.status_code == 404
        assert response.content == b"Not Found\n"

    @pytest.mark.parametrize(
        "path",
        [
            "/",
            "/stories/fog/",
            "/admin/",
            "/healthz",
            "/metrics",
            "/static/stories/site/site.css",
            "/robots.txt",
        ],
    )
    def test_serves_nothing_else(self, client: Client, maya: User, fog: Picture, path: str) -> None:
        show(fog, maya)
        for host in (HOST, f"{HOST}."):
            response = ask(client, path, host=host)
            assert (response.status_code, response.content) == (404, b"Not Found\n")
            assert response["Content-Security-Policy"]

    def test_neither_reads_nor_sets_cookies(self, maya: User, fog: Picture) -> None:
        show(fog, maya)
        client = signed_in(maya)
        for path in (f"/pictures/{fog.pk}/320", "/admin/", reverse("account_login")):
            response = ask(client, path)
            assert not response.cookies
            assert "Cookie" not in response.get("Vary", "")
        posted = client.post(
            reverse("account_login"),
            {"login": maya.email, "password": PASSWORD},
            headers={"Host": HOST},
            secure=True,
        )
        assert posted.status_code == 404
        assert not posted.cookies

    def test_takes_nothing(self, client: Client, fog: Picture) -> None:
        response = client.post(f"/pictures/{fog.pk}/320", headers={"Host": HOST}, secure=True)
        assert response.status_code == 405

    def test_asks_for_https_where_the_site_does(
        self, client: Client, fog: Picture, settings: Settings
    ) -> None:
        settings.SECURE_SSL_REDIRECT, settings.SECURE_HSTS_SECONDS = True, 60
        path = f"/pictures/{fog.pk}/320"
        plain = client.get(path, headers={"Host": HOST})
        assert (plain.status_code, plain["Location"]) == (301, f"{ORIGIN}{path}")
        assert client.get("/admin/", headers={"Host": HOST}).status_code == 404
        assert ask(client, path)["Strict-Transport-Security"] == "max-age=60"

    def test_says_at_once_that_the_database_is_away(self, client: Client, fog: Picture) -> None:
        database_outage.OUTAGE.begin()
        try:
            response = ask(client, f"/pictures/{fog.pk}/320")
        finally:
            database_outage.OUTAGE.end()
        assert (response.status_code, response.content) == (503, b"Service Unavailable\n")
        assert response["Retry-After"]


def test_drafts_at_the_desk_show_pictures_of_the_desk(maya: User, fog: Picture) -> None:
    block = ImageBlock(key=uuid4(), picture=fog.pk, width=700, height=400, alt_text="Fog")
    article = begin(wanted("Fog", text(), block), user=maya)
    page = signed_in(maya).get(reverse("admin:stories_article_preview", args=[article.pk])).content.decode()
    assert f"/admin/stories/article/pictures/{fog.pk}/" in page
    assert ORIGIN not in page


class TestTheSetting:
    def test_is_an_origin(self, start: Start) -> None:
        settings = start(**LOCAL, SITE_URL="http://localhost:8000", MEDIA_ORIGIN="http://127.0.0.1:8000/")
        assert settings["MEDIA_ORIGIN"] == "http://127.0.0.1:8000"
        assert "newsroom.picture_host.PictureHostMiddleware" in settings["MIDDLEWARE"]
        assert settings["SECURE_CSP"]["img-src"] == ["'self'", "http://127.0.0.1:8000"]
        assert "127.0.0.1:8000" in str(settings["SECURE_CSP_DESK"]["img-src"])

    @pytest.mark.parametrize(
        "value",
        ["https://localhost", "http://localhost:9", "http://a.example/x", "http://u@a.example", "a.example"],
    )
    def test_of_another_kind_stops_the_start(self, start: Start, value: str) -> None:
        with pytest.raises(Exception, match=r"^MEDIA_ORIGIN .*another host than SITE_URL's"):
            start(**LOCAL, SITE_URL="http://localhost:8000", MEDIA_ORIGIN=value)
