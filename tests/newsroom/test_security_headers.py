"""No answer is without a policy: pages, feeds, files, redirects, refusals, outages."""

from __future__ import annotations

import logging
import re
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from pytest_django import Settings

from newsroom.database_outage import OUTAGE
from newsroom.security_headers import SecurityHeadersMiddleware, import_map_hashes
from stories.models import User
from stories.models.roles import MANAGING_EDITOR
from tests.factories import make_user, signed_in
from tests.public.whole_site import ADDRESSES, UNKNOWN, WITHDRAWN, WITHHELD, make_site

STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'; frame-ancestors 'none'"
)
OTHERS = [
    *("/healthz", "/readyz", "/feed/", "/feed.json", "/sitemap.xml", "/robots.txt", "/schemas/story-1.json"),
    *("/ledger/heads.json", "/stories/corvid-answers", "/static/stories/site/site.css", "/nothing/", "/%ff/"),
]

pytestmark = pytest.mark.django_db


@pytest.fixture
def maya() -> User:
    return make_user(MANAGING_EDITOR)


def assert_protected(answer: Any, policy: str = STRICT) -> None:
    assert answer["Content-Security-Policy"] == policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "camera=()" in answer["Permissions-Policy"]


def test_every_public_answer_has_the_strict_policy(client: Client, maya: User) -> None:
    make_site(maya)
    for address in (*ADDRESSES, WITHDRAWN, WITHHELD, UNKNOWN, *OTHERS):
        answer = client.get(address)
        assert_protected(answer)
        if etag := answer.get("ETag"):
            again = client.get(address, headers={"if-none-match": etag})
            assert again.status_code in (304, 412)
            assert_protected(again)
        assert_protected(client.head(address))
        assert_protected(client.post(address))


def test_refusals_redirects_and_faults_have_it(client: Client, settings: Settings) -> None:
    logging.disable(logging.CRITICAL)
    try:
        assert_protected(client.get("/", headers={"host": "evil.example"}))
        settings.SECURE_SSL_REDIRECT = True
        redirect = Client().get("/")
        assert redirect.status_code == 301
        assert_protected(redirect)
        settings.SECURE_SSL_REDIRECT = False
        OUTAGE.begin()
        away = client.get("/corrections/")
        assert away.status_code == 503
        assert_protected(away)
        OUTAGE.end()
        client.raise_request_exception = False
        with connection.execute_wrapper(broken_query):
            broken = client.get("/corrections/")
        assert broken.status_code == 500
        assert_protected(broken)
    finally:
        OUTAGE.end()
        logging.disable(logging.NOTSET)


def broken_query(*_args: Any) -> Any:
    raise ValueError


class TestDesk:
    def test_its_pages_run_no_script_of_their_own_but_the_editors_maps(self, maya: User) -> None:
        desk = signed_in(maya)
        for address in ("/admin/", "/admin/login/", "/admin/stories/article/add/", "/admin/nothing/"):
            policy = desk.get(address)["Content-Security-Policy"]
            scripts = re.findall(r"script-src ([^;]+);", policy)
            assert scripts == [" ".join(["'self'", *import_map_hashes()])]
            assert policy.endswith("; frame-ancestors 'none'")
            assert "default-src 'none'" in policy
            assert "*" not in policy
            assert "http" not in policy

    def test_strangers_are_answered_with_it_too(self, client: Client) -> None:
        for address in ("/admin/", "/admin/stories/article/add/", "/admin/login/"):
            assert "connect-src 'self'" in client.get(address)["Content-Security-Policy"]
        wrong = Client(enforce_csrf_checks=True).post("/admin/login/")
        assert wrong.status_code == 403
        assert "connect-src 'self'" in wrong["Content-Security-Policy"]

    def test_the_hashes_are_of_the_names_that_are_collected(self, settings: Settings, tmp_path: Any) -> None:
        plain = import_map_hashes()
        settings.STATIC_ROOT = tmp_path
        settings.STORAGES = {
            **settings.STORAGES,
            "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
        }
        assert import_map_hashes() == [], "nothing was collected yet"
        call_command("collectstatic", verbosity=0, interactive=False)
        assert len(import_map_hashes()) == len(plain)
        assert set(import_map_hashes()).isdisjoint(plain)


def test_no_other_answer_may_come_before_it(settings: Settings) -> None:
    first = f"{SecurityHeadersMiddleware.__module__}.{SecurityHeadersMiddleware.__name__}"
    # What comes before names requests, and answers none.
    assert settings.MIDDLEWARE[:2] == ["newsroom.current_request.RequestIdMiddleware", first]


def test_djangos_own_pages_for_programmers_keep_their_styles(client: Client, settings: Settings) -> None:
    settings.DEBUG = True
    assert "Content-Security-Policy" not in client.get("/admin/nothing-%ff/")
    assert "Content-Security-Policy" in client.get("/")


def test_no_policy_allows_what_another_site_says(settings: Settings) -> None:
    for policy in (settings.SECURE_CSP, settings.SECURE_CSP_DESK):
        values = {value for values in policy.values() for value in values}
        assert values <= {"'none'", "'self'", "'script'", "blob:", "data:", "'unsafe-inline'"}
    assert not any("'unsafe-inline'" in values for values in settings.SECURE_CSP.values())
    inline = [name for name, values in settings.SECURE_CSP_DESK.items() if "'unsafe-inline'" in values]
    assert inline == ["style-src"]
