"""Whoever the house's provider of OpenID Connect vouches for is signed in to the account of that address."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount, SocialApp
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from stories.models import User
from stories.models.roles import EDITOR
from tests import factories as make
from tests.factors import code_of, give_app

pytestmark = pytest.mark.django_db
LOGIN = "/admin/account/openid/house/login/"


class Provider:
    """A provider that vouches for whoever the test says."""

    def __init__(self) -> None:
        self.person: dict[str, Any] = {"sub": "42", "email": "emil@example.org", "email_verified": True}
        self.asked_for_token: dict[str, list[str]] = {}
        self.broken = ""
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if provider.broken == urlsplit(self.path).path:
                    self.answer("<h1>Down for maintenance</h1>")
                elif self.path.startswith("/.well-known/"):
                    self.answer(json.dumps(provider.configuration()))
                else:
                    self.answer(json.dumps(provider.person))

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                provider.asked_for_token = parse_qs(body)
                self.answer(json.dumps({"access_token": "a token", "token_type": "Bearer"}))

            def answer(self, text: str) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"

    def configuration(self) -> dict[str, Any]:
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "userinfo_endpoint": f"{self.address}/userinfo",
            "jwks_uri": f"{self.address}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }


@pytest.fixture
def provider(settings: Settings) -> Iterator[Provider]:
    provider = Provider()
    app = {
        "provider_id": "house",
        "name": "Example House",
        "client_id": "newsroom",
        "secret": "a secret",
        "settings": {"server_url": provider.address},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}
    thread = threading.Thread(target=provider.server.serve_forever, args=(0.01,))
    thread.start()
    yield provider
    provider.server.shutdown()
    thread.join()
    provider.server.server_close()


@pytest.fixture
def emil() -> User:
    return make.make_user(EDITOR)


def sign_in(client: Client, **query: str) -> Any:
    """Go to the provider and come back with its answer."""
    away = client.post(LOGIN + "?process=" + query.pop("process", "login"))
    assert away.status_code == 302, away.content
    asked = parse_qs(urlsplit(away["Location"]).query)
    assert asked["redirect_uri"] == ["http://testserver/admin/account/openid/house/login/callback/"]
    assert asked["code_challenge_method"] == ["S256"]
    return client.get(LOGIN + "callback/", {"code": "a code", "state": asked["state"][0], **query})


def who_is_signed_in(client: Client) -> int | None:
    number = client.session.get("_auth_user_id")
    return int(number) if number else None


def test_an_address_that_the_provider_has_verified_opens_its_account(provider: Provider, emil: User) -> None:
    client = Client()
    page = client.get(reverse("account_login")).content.decode()
    assert 'value="Sign in with Example House"' in page
    provider.person["email"] = "Emil@Example.org"
    assert sign_in(client)["Location"] == "/admin/"
    assert who_is_signed_in(client) == emil.pk
    assert provider.asked_for_token["code_verifier"]
    emil.refresh_from_db()
    assert emil.has_usable_password()


def test_who_has_a_second_factor_gives_it_after_the_provider_too(provider: Provider, emil: User) -> None:
    secret = give_app(emil)
    client = Client()
    assert sign_in(client)["Location"] == reverse("mfa_authenticate")
    assert who_is_signed_in(client) is None
    client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert who_is_signed_in(client) == emil.pk


@pytest.mark.parametrize(
    "person",
    [
        {"email": "nobody@example.org"},
        {"email_verified": False},
        {"email_verified": "false"},
        {"email_verified": None},
        {"email": None},
        {"email": ""},
        {"email": "emil@example.org\n"},
        {"email": "еmil@example.org"},  # the first letter is Cyrillic
    ],
)
def test_nobody_else_is_let_in_and_no_account_is_made(
    provider: Provider, emil: User, person: dict[str, Any]
) -> None:
    client = Client()
    provider.person |= person
    answer = sign_in(client)
    assert answer.status_code == 403
    assert "No account here has the e-mail address that Example House vouches for." in answer.content.decode()
    assert who_is_signed_in(client) is None
    assert User.objects.count() == 1


def test_an_account_that_is_shut_stays_shut(provider: Provider, emil: User) -> None:
    User.objects.filter(pk=emil.pk).update(is_active=False)
    client = Client()
    assert sign_in(client).status_code == 403
    assert who_is_signed_in(client) is None


def test_a_row_that_connects_an_identity_opens_nothing(provider: Provider, emil: User) -> None:
    SocialAccount.objects.create(user=emil, provider="house", uid="42")
    provider.person["email"] = "mallory@example.org"
    client = Client()
    assert sign_in(client).status_code == 403
    assert who_is_signed_in(client) is None


def test_a_provider_in_the_database_is_none(emil: User) -> None:
    SocialApp.objects.create(
        provider="openid_connect",
        provider_id="house",
        name="Evil",
        client_id="x",
        settings={"server_url": "http://x"},
    )
    client = Client()
    assert client.post(LOGIN).status_code == 404
    assert "Evil" not in client.get(reverse("account_login")).content.decode()


def test_an_answer_that_nobody_asked_for_signs_nobody_in(provider: Provider, emil: User) -> None:
    client = Client()
    answer = client.get(LOGIN + "callback/", {"code": "a code", "state": "invented"})
    assert answer.status_code == 401
    assert "You were not signed in." in answer.content.decode()
    assert who_is_signed_in(client) is None
    # Nor one that another browser asked for.
    asked = parse_qs(urlsplit(Client().post(LOGIN)["Location"]).query)
    client.get(LOGIN + "callback/", {"code": "a code", "state": asked["state"][0]})
    assert who_is_signed_in(client) is None


def test_whoever_is_signed_in_can_connect_no_identity(provider: Provider, emil: User) -> None:
    client = make.signed_in(emil)
    assert sign_in(client, process="connect").status_code == 403
    assert not SocialAccount.objects.exists()


def test_a_sign_in_that_is_called_off_says_so(provider: Provider, emil: User) -> None:
    client = Client()
    asked = parse_qs(urlsplit(client.post(LOGIN)["Location"]).query)
    answer = client.get(
        LOGIN + "callback/", {"error": "access_denied", "state": asked["state"][0]}, follow=True
    )
    assert answer.status_code == 403
    assert "You were not signed in." in answer.content.decode()


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/userinfo"])
def test_a_provider_that_is_down_is_said_to_be(
    provider: Provider, emil: User, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    client = Client()
    if path == "/userinfo":
        provider.broken = path
        answer = sign_in(client)
    else:
        provider.broken = path
        answer = client.post(LOGIN)
    assert answer.status_code in (401, 503)
    assert who_is_signed_in(client) is None
    assert "a token" not in caplog.text


@pytest.mark.parametrize(
    "next_page", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:x"]
)
def test_nobody_is_led_to_another_site(provider: Provider, emil: User, next_page: str) -> None:
    client = Client()
    away = client.post(LOGIN, {"next": next_page, "process": "login"}, QUERY_STRING="process=login")
    asked = parse_qs(urlsplit(away["Location"]).query)
    answer = client.get(LOGIN + "callback/", {"code": "a code", "state": asked["state"][0]})
    assert "evil" not in answer["Location"]
    assert "javascript" not in answer["Location"]


def test_without_a_provider_there_is_no_such_page(emil: User) -> None:
    client = Client()
    assert client.post(LOGIN).status_code == 404
    assert client.get(LOGIN + "callback/").status_code == 404
    assert "Sign in with Example" not in client.get(reverse("account_login")).content.decode()
