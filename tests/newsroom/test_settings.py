"""The environment is read strictly: a wrong value stops the start with a sentence."""

from __future__ import annotations

import json
import os
import re
import runpy
import stat
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from pytest_django import Settings

from newsroom.environment import secret_key
from newsroom.postgresql import ReplicaConnection, WatchedConnection
from tests.settings import BASE_DIR

PRODUCTION = {"SECRET_KEY": "k" * 50, "SITE_URL": "https://news.example.org"}
LOCAL = {"DEBUG": "1", "SECRET_KEY": "k" * 50}
VARIABLES = [
    "DEBUG",
    "SECRET_KEY",
    "ALLOWED_HOSTS",
    "SITE_URL",
    "SITE_NAME",
    "TIME_ZONE",
    "LANGUAGE_CODE",
    "DATABASE_URL",
    "REPLICA_URLS",
    "CACHE_URL",
    "EMAIL_URL",
    "EMAIL_FROM",
    "DESK_EMAIL",
    "KEEP_DRAFTS",
    "TAKE_BACK_MINUTES",
    "REPORT_ERRORS_TO",
    "OIDC_ISSUER",
    "OIDC_CLIENT_ID",
    "OIDC_CLIENT_SECRET",
    "OIDC_NAME",
    "MEDIA_ROOT",
    "LEDGER_HEADS",
    "BACKUP_STAMP",
    "BAKE_DIR",
    "LOG_LEVEL",
    "METRICS",
    "METRICS_TOKEN",
    "SLOW_QUERY_MS",
    "SENTRY_DSN",
    "MEDIA_STORAGE",
    "MEDIA_ORIGIN",
    "ACCESS_LOG",
    "WEB_THREADS",
    "HTTPS",
    "BEHIND_PROXY",
    "TRUSTED_PROXIES",
    "SESSION_DAYS",
    "STATEMENT_TIMEOUT",
    "SECRET_KEY_FALLBACKS",
    "REQUIRE_SECOND_FACTOR",
    "CONFIRM_AFTER",
]

Start = Callable[..., dict[str, Any]]


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch) -> Start:
    """Evaluate the settings in a fresh process, in an environment of just these variables."""

    def evaluate(**environment: str) -> dict[str, Any]:
        for name in VARIABLES:
            monkeypatch.delenv(name, raising=False)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(BASE_DIR / "newsroom" / "settings.py"))

    return evaluate


def mail_of(settings: dict[str, Any]) -> dict[str, Any]:
    """Return the mail backend and its options, whichever names this Django has for them."""
    if "MAILERS" in settings:
        mailer = settings["MAILERS"]["default"]
        return {"backend": mailer["BACKEND"], **mailer["OPTIONS"]}
    return {
        name.removeprefix("EMAIL_").lower(): value
        for name, value in settings.items()
        if name.startswith("EMAIL_")
    }


class TestWrongValues:
    @pytest.mark.parametrize(
        ("name", "value", "sentence"),
        [
            ("DEBUG", "maybe", "DEBUG is 'maybe'; it may be 1, 0, true, false, yes or no."),
            ("HTTPS", "on", "HTTPS is 'on'; it may be 1, 0, true, false, yes or no."),
            ("TIME_ZONE", "Mars/Olympus", "TIME_ZONE is 'Mars/Olympus'; it may be the name of a zone"),
            ("LANGUAGE_CODE", "tlh", "LANGUAGE_CODE is 'tlh'; it may be the code of a language"),
            ("LOG_LEVEL", "loud", "LOG_LEVEL is 'loud'; it may be DEBUG, INFO, WARNING, ERROR, CRITICAL."),
            (
                "DESK_EMAIL",
                "desk@example.org, nobody",
                "DESK_EMAIL holds 'nobody'; it may be e-mail addresses",
            ),
            ("METRICS", "yes", "METRICS_TOKEN is too short"),
            ("MEDIA_STORAGE", "/var/media", "MEDIA_STORAGE is not an address; it may be s3://bucket"),
            ("MEDIA_STORAGE", "s3://", "MEDIA_STORAGE cannot be read; it may be s3://bucket"),
            ("MEDIA_STORAGE", "s3://b?acl=public", "MEDIA_STORAGE cannot be read; it may be s3://bucket"),
            ("MEDIA_STORAGE", "s3://key:word@b", "MEDIA_STORAGE holds a key; keys are in AWS_ACCESS_KEY_ID"),
            (
                "MEDIA_STORAGE",
                "s3://b?endpoint=store",
                "The endpoint in MEDIA_STORAGE is no address of the web",
            ),
            ("SENTRY_DSN", "https://sentry.example.org/1", "SENTRY_DSN names no key, host or project"),
            ("SENTRY_DSN", "sentry.example.org", "SENTRY_DSN is not an address; it may be https://key@host"),
            ("SLOW_QUERY_MS", "soon", "SLOW_QUERY_MS is 'soon'; it may be a number of milliseconds"),
            ("KEEP_DRAFTS", "a year", "KEEP_DRAFTS is 'a year'; it may be a number of days"),
            ("KEEP_DRAFTS", "0", "KEEP_DRAFTS is '0'; it may be a number of days"),
            ("TAKE_BACK_MINUTES", "61", "TAKE_BACK_MINUTES is '61'; it may be a number of minutes"),
            ("REPORT_ERRORS_TO", "nobody", "REPORT_ERRORS_TO is 'nobody'; it may be an e-mail address"),
            (
                "REPORT_ERRORS_TO",
                "http://example.org/report",
                "REPORT_ERRORS_TO is 'http://example.org/report'",
            ),
            (
                "OIDC_CLIENT_ID",
                "newsroom",
                "OIDC_ISSUER is empty; OpenID Connect needs OIDC_ISSUER, OIDC_CLIENT_ID",
            ),
            ("SITE_URL", "news.example.org", "SITE_URL is not an address; it may be the address"),
            ("SITE_URL", "ftp://example.org", "SITE_URL begins with 'ftp:'; it may be the address"),
            ("SITE_URL", "https://example.org/news", "SITE_URL is 'https://example.org/news'; it may be"),
            ("DATABASE_URL", "mysql://db/news", "DATABASE_URL begins with 'mysql:'; it may be sqlite:///"),
            ("DATABASE_URL", "news.sqlite3", "DATABASE_URL is not an address; it may be sqlite:///"),
            ("DATABASE_URL", "sqlite://news.sqlite3", "DATABASE_URL names no SQLite file; it may be"),
            ("DATABASE_URL", "postgres://db", "DATABASE_URL names no database; it may be"),
            ("DATABASE_URL", "postgres://db:port/news", "DATABASE_URL cannot be read (Port could not"),
            (
                "DATABASE_URL",
                "postgres://db/news?pol=1",
                "DATABASE_URL has the option 'pol'; its options may be",
            ),
            (
                "DATABASE_URL",
                "postgres://db/news?pool=lots",
                "DATABASE_URL has pool=lots; it may be how many",
            ),
            (
                "DATABASE_URL",
                "postgres://db/news?pool=0",
                "DATABASE_URL has pool=0; it may be how many connections a process holds at most, 1 or more.",
            ),
            ("DATABASE_URL", "postgres://db/news?pool=00", "DATABASE_URL has pool=00; it may be how many"),
            ("DATABASE_URL", "postgres://db/news?pool=", "DATABASE_URL has pool=; it may be how many"),
            ("CACHE_URL", "memcached://cache", "CACHE_URL begins with 'memcached:'; it may be locmem://"),
            ("CACHE_URL", "file://", "CACHE_URL names no folder; it may be file:///folder."),
            ("SESSION_DAYS", "0", "SESSION_DAYS is '0'; it may be a number of days, such as 14."),
            (
                "TRUSTED_PROXIES",
                "10.0.0.1",
                "TRUSTED_PROXIES is '10.0.0.1'; it may be a number of proxies, from 0 to 9.",
            ),
            ("TRUSTED_PROXIES", "-1", "TRUSTED_PROXIES is '-1'; it may be a number of proxies, from 0 to 9."),
            ("TRUSTED_PROXIES", "10", "TRUSTED_PROXIES is '10'; it may be a number of proxies, from 0 to 9."),
            ("EMAIL_URL", "pigeon://roof", "EMAIL_URL begins with 'pigeon:'; it may be console://"),
        ],
    )
    def test_stop_the_start_with_a_sentence(self, start: Start, name: str, value: str, sentence: str) -> None:
        with pytest.raises(ImproperlyConfigured, match=re.escape(sentence)):
            start(**{**LOCAL, name: value})

    def test_take_a_provider_of_openid_connect_by_https_alone(self, start: Start) -> None:
        names = {"OIDC_CLIENT_ID": "newsroom", "OIDC_CLIENT_SECRET": "a secret"}
        assert start(**LOCAL)["SOCIALACCOUNT_PROVIDERS"] == {}
        with pytest.raises(
            ImproperlyConfigured, match="OIDC_ISSUER begins with 'http:'; it may be the provider's"
        ):
            start(**LOCAL, **names, OIDC_ISSUER="http://login.example.org")
        found = start(**LOCAL, **names, OIDC_ISSUER="https://login.example.org/newsroom")
        (app,) = found["SOCIALACCOUNT_PROVIDERS"]["openid_connect"]["APPS"]
        assert app["name"] == "login.example.org"
        assert app["settings"] == {"server_url": "https://login.example.org/newsroom"}

    @pytest.mark.parametrize(
        ("value", "sentence"),
        [
            (
                "mysql://b/news",
                "REPLICA_URLS begins with 'mysql:'; it may be addresses of the form postgres://",
            ),
            ("10.0.0.11", "REPLICA_URLS is not an address; it may be addresses of the form postgres://"),
            ("postgres://b", "REPLICA_URLS names no database"),
            ("postgres://b/news?pol=1", "REPLICA_URLS has the option 'pol'"),
            ("postgres://db/news", "REPLICA_URLS names the same server twice, or the one of DATABASE_URL."),
            ("postgres://b/news, postgres://x@b/news", "REPLICA_URLS names the same server twice"),
        ],
    )
    def test_name_replicas_by_addresses_of_postgresql(self, start: Start, value: str, sentence: str) -> None:
        with pytest.raises(ImproperlyConfigured, match=re.escape(sentence)):
            start(**LOCAL, DATABASE_URL="postgres://db/news", REPLICA_URLS=value)

    def test_name_no_replicas_of_a_file(self, start: Start) -> None:
        with pytest.raises(
            ImproperlyConfigured, match="REPLICA_URLS names replicas, and DATABASE_URL a SQLite"
        ):
            start(**LOCAL, REPLICA_URLS="postgres://b/news")

    def test_never_show_a_password(self, start: Start) -> None:
        with pytest.raises(ImproperlyConfigured) as refusal:
            start(**LOCAL, DATABASE_URL="mysql://desk:hunter2@db/news")
        assert "hunter2" not in str(refusal.value)

    def test_are_told_to_the_operator_without_a_traceback(self) -> None:
        answer = subprocess.run(
            [sys.executable, "manage.py", "check"],
            cwd=BASE_DIR,
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "newsroom.settings", "DEBUG": "maybe"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert answer.returncode == 1
        assert answer.stderr.strip() == (
            "The site did not start. DEBUG is 'maybe'; it may be 1, 0, true, false, yes or no."
        )


class TestProduction:
    def test_is_what_an_empty_environment_means_and_asks_for_a_key(self, start: Start) -> None:
        with pytest.raises(ImproperlyConfigured, match="SECRET_KEY is empty; with DEBUG off it must be"):
            start()

    def test_asks_for_the_address_that_readers_use(self, start: Start) -> None:
        with pytest.raises(ImproperlyConfigured, match="SITE_URL is empty; with DEBUG off it must be"):
            start(SECRET_KEY=PRODUCTION["SECRET_KEY"])

    def test_over_https_keeps_cookies_and_pages_to_it(self, start: Start) -> None:
        settings = start(**PRODUCTION)
        assert not settings["DEBUG"]
        assert settings["ALLOWED_HOSTS"] == ["news.example.org"]
        assert settings["CSRF_TRUSTED_ORIGINS"] == ["https://news.example.org"]
        assert settings["SECURE_SSL_REDIRECT"]
        assert settings["SESSION_COOKIE_SECURE"]
        assert settings["CSRF_COOKIE_SECURE"]
        assert settings["SECURE_HSTS_SECONDS"] > 0

    def test_believes_a_proxy_only_when_told_to(self, start: Start) -> None:
        assert "SECURE_PROXY_SSL_HEADER" not in start(**PRODUCTION)
        assert start(**PRODUCTION, BEHIND_PROXY="yes")["SECURE_PROXY_SSL_HEADER"]

    @pytest.mark.parametrize(("value", "number"), [("", 0), ("0", 0), ("2", 2)])
    def test_trusts_as_many_proxies_as_are_named(self, start: Start, value: str, number: int) -> None:
        assert start(**PRODUCTION, TRUSTED_PROXIES=value)["TRUSTED_PROXIES"] == number

    @pytest.mark.parametrize(("value", "days"), [("", 14), ("1", 1)])
    def test_signs_people_out_after_as_many_days_as_are_named(
        self, start: Start, value: str, days: int
    ) -> None:
        assert start(**PRODUCTION, SESSION_DAYS=value)["SESSION_COOKIE_AGE"] == days * 24 * 60 * 60

    def test_over_plain_http_redirects_nobody(self, start: Start) -> None:
        settings = start(SECRET_KEY="k" * 50, SITE_URL="http://intranet:8080")
        assert not settings["SECURE_SSL_REDIRECT"]
        assert settings["CSRF_TRUSTED_ORIGINS"] == ["http://intranet:8080"]

    def test_passes_djangos_deployment_check(self) -> None:
        # The latter is set by browser tests, never in production.
        ours = {*VARIABLES, "DJANGO_ALLOW_ASYNC_UNSAFE"}
        environment = {name: value for name, value in os.environ.items() if name not in ours}
        answer = subprocess.run(
            [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
            cwd=BASE_DIR,
            env={
                **environment,
                **PRODUCTION,
                "SECRET_KEY": "rJ3-qk8Zb_vT1xWm6YcH0sLpNe5UaGdFo2iRzXwBtQyMhVuKjE",
                "DJANGO_SETTINGS_MODULE": "newsroom.settings",
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert answer.returncode == 0, answer.stderr

    def test_serves_static_files_under_hashed_names(
        self, start: Start, settings: Settings, tmp_path: Path
    ) -> None:
        settings.STORAGES = start(**PRODUCTION)["STORAGES"]
        settings.STATIC_ROOT = tmp_path
        # It fails if a style sheet refers to a missing picture or font.
        call_command("collectstatic", verbosity=0, interactive=False)
        hashed = json.loads((tmp_path / "staticfiles.json").read_text())["paths"]
        assert re.fullmatch(r"admin/css/base\.[0-9a-f]{12}\.css", hashed["admin/css/base.css"])
        assert (tmp_path / (hashed["admin/css/base.css"] + ".gz")).exists()


class TestLocalUse:
    def test_needs_nothing_but_debug(self, start: Start) -> None:
        settings = start(**LOCAL)
        assert settings["SITE_URL"] == "http://localhost:8000"
        assert {"127.0.0.1", "localhost"} <= set(settings["ALLOWED_HOSTS"])
        assert settings["DATABASES"]["default"]["NAME"] == BASE_DIR / "db.sqlite3"
        assert mail_of(settings)["backend"] == "django.core.mail.backends.console.EmailBackend"
        assert not settings["SECURE_SSL_REDIRECT"]

    def test_makes_a_key_once_and_keeps_it_from_others(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.delenv("SECRET_KEY")
        file = tmp_path / ".secret_key"
        key = secret_key(debug=True, key_file=file)
        assert len(key) >= 50
        assert secret_key(debug=True, key_file=file) == key
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert [path.name for path in tmp_path.iterdir()] == [".secret_key"]

    def test_prefers_the_key_of_the_environment(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setenv("SECRET_KEY", "told")
        assert secret_key(debug=True, key_file=tmp_path / ".secret_key") == "told"
        assert not list(tmp_path.iterdir())


class TestLedgerHeads:
    def test_heads_are_kept_beside_the_pictures_and_the_database_and_not_among_them(
        self, start: Start
    ) -> None:
        settings = start(**LOCAL)
        assert settings["LEDGER_HEADS"] == str(BASE_DIR / "ledger-heads")
        assert not Path(settings["LEDGER_HEADS"]).is_relative_to(settings["MEDIA_ROOT"])

    def test_they_may_be_anywhere_or_nowhere(self, start: Start) -> None:
        assert start(**LOCAL, LEDGER_HEADS="/var/lib/heads")["LEDGER_HEADS"] == "/var/lib/heads"
        assert start(**LOCAL, LEDGER_HEADS="off")["LEDGER_HEADS"] == ""


class TestDatabase:
    @pytest.mark.parametrize(
        "folder", ["media", "media/baked", ".", "..", "staticfiles", "ledger-heads", "/"]
    )
    def test_baked_pages_share_no_folder_with_what_they_would_delete(self, start: Start, folder: str) -> None:
        with pytest.raises(Exception, match=r"^BAKE_DIR .* a folder that nothing else is in"):
            start(**LOCAL, BAKE_DIR=folder)

    @pytest.mark.parametrize("folder", ["baked", "/var/lib/newsroom-baked"])
    def test_baked_pages_have_a_folder_of_their_own(self, start: Start, folder: str) -> None:
        assert start(**LOCAL, BAKE_DIR=folder)["BAKE_DIR"].endswith(folder)

    def test_sqlite_waits_its_turn_to_write(self, start: Start) -> None:
        options = start(**LOCAL)["DATABASES"]["default"]["OPTIONS"]
        assert options["transaction_mode"] == "IMMEDIATE"
        assert options["timeout"] == 20
        assert "journal_mode=WAL" in options["init_command"]
        assert "synchronous=FULL" in options["init_command"]

    def test_sqlite_may_lie_anywhere(self, start: Start) -> None:
        settings = start(**LOCAL, DATABASE_URL="sqlite:////srv/news%20room/news.sqlite3")
        assert settings["DATABASES"]["default"]["NAME"] == Path("/srv/news room/news.sqlite3")

    def test_postgres_takes_passwords_with_signs_in_them(self, start: Start) -> None:
        address = "postgres://desk:p%40ss%2Fw%25rd@db.example.org:5433/news?sslmode=require"
        found = start(**LOCAL, DATABASE_URL=address)["DATABASES"]["default"]
        assert (found["USER"], found["PASSWORD"], found["HOST"], found["PORT"], found["NAME"]) == (
            "desk",
            "p@ss/w%rd",
            "db.example.org",
            "5433",
            "news",
        )
        assert found["OPTIONS"]["sslmode"] == "require"

    def test_postgres_is_reached_by_a_socket_and_through_a_pool(self, start: Start) -> None:
        found = start(**LOCAL, DATABASE_URL="postgresql://desk@/news?host=/run/postgresql&pool=4")[
            "DATABASES"
        ]
        assert found["default"]["HOST"] == "/run/postgresql"
        assert found["default"]["OPTIONS"]["pool"]["max_size"] == 4

    @pytest.mark.parametrize("query", ["", "?pool=1", "?pool=4&sslmode=require"])
    def test_every_connection_to_postgres_is_watched_for_a_server_that_hangs(
        self, start: Start, query: str
    ) -> None:
        pool = start(**LOCAL, DATABASE_URL=f"postgres://db/news{query}")["DATABASES"]["default"]["OPTIONS"][
            "pool"
        ]
        assert pool["connection_class"] is WatchedConnection
        assert pool["timeout"] < 1

    def test_replicas_are_databases_of_their_own_that_take_no_writes(self, start: Start) -> None:
        settings = start(
            **LOCAL,
            DATABASE_URL="postgres://db/news",
            REPLICA_URLS="postgres://web:a@b/news, postgres://web:a@c/news?pool=4",
            STATEMENT_TIMEOUT="2500",
        )
        assert settings["REPLICAS"] == ("replica1", "replica2")
        replica = settings["DATABASES"]["replica2"]
        assert replica["HOST"] == "c"
        expected = "-c statement_timeout=2500 -c default_transaction_read_only=on"
        assert replica["OPTIONS"]["options"] == expected
        pool = replica["OPTIONS"]["pool"]
        assert issubclass(pool["connection_class"], ReplicaConnection)
        assert (pool["connection_class"].alias, pool["max_size"]) == ("replica2", 4)
        assert "read_only" not in settings["DATABASES"]["default"]["OPTIONS"]["options"]
        assert settings["DATABASE_ROUTERS"] == ["newsroom.replicas.ReplicaRouter"]
        assert start(**LOCAL)["DATABASE_ROUTERS"] == []

    def test_postgres_gives_up_a_statement_after_the_time_that_is_said(self, start: Start) -> None:
        settings = start(**LOCAL, DATABASE_URL="postgres://db/news", STATEMENT_TIMEOUT="2500")
        assert settings["DATABASES"]["default"]["OPTIONS"]["options"] == "-c statement_timeout=2500"

    def test_postgres_lets_commands_take_their_time(self, start: Start) -> None:
        assert (
            "options"
            not in start(**LOCAL, DATABASE_URL="postgres://db/news")["DATABASES"]["default"]["OPTIONS"]
        )

    def test_a_web_process_has_ten_seconds_for_a_statement(self) -> None:
        unset = {*VARIABLES, "DJANGO_SETTINGS_MODULE"}
        answer = subprocess.run(
            [sys.executable, "-c", "import os, newsroom.wsgi; print(os.environ['STATEMENT_TIMEOUT'])"],
            cwd=BASE_DIR,
            env={**{name: value for name, value in os.environ.items() if name not in unset}, **LOCAL},
            capture_output=True,
            text=True,
            check=True,
        )
        assert answer.stdout.split() == ["10000"]


class TestMailAndCache:
    @pytest.mark.parametrize("address", ["", "errors@example.org", "https://example.org/report?from=site"])
    def test_errors_are_reported_where_it_is_said(self, start: Start, address: str) -> None:
        assert start(**LOCAL, REPORT_ERRORS_TO=address)["REPORT_ERRORS_TO"] == address

    @pytest.mark.parametrize(
        ("address", "port", "starttls", "tls"),
        [
            ("smtp://mail", 25, False, False),
            ("smtp+tls://desk:s%3Ay@mail", 587, True, False),
            ("smtps://mail:4650", 4650, False, True),
        ],
    )
    def test_mail_goes_by_the_server_that_is_named(
        self, start: Start, address: str, port: int, starttls: bool, tls: bool
    ) -> None:
        mail = mail_of(start(**LOCAL, EMAIL_URL=address))
        assert mail["backend"] == "django.core.mail.backends.smtp.EmailBackend"
        assert mail["host"] == "mail"
        assert (mail["port"], mail["use_tls"], mail["use_ssl"]) == (port, starttls, tls)

    @pytest.mark.parametrize(
        ("address", "backend"),
        [("", "ProcessCache"), ("dummy://", "DummyCache"), ("file:///var/cache/news", "SoftFileCache")],
    )
    def test_the_cache_is_the_one_that_is_named(self, start: Start, address: str, backend: str) -> None:
        assert start(**LOCAL, CACHE_URL=address)["CACHES"]["default"]["BACKEND"].endswith(backend)

    def test_two_sites_that_share_a_redis_have_no_key_in_common(self, start: Start) -> None:
        sites = ("https://news.example.org", "https://courier.example.org", "http://news.example.org:8443")
        settings = [
            start(**PRODUCTION | {"SITE_URL": site}, CACHE_URL="redis://cache:6379/0") for site in sites
        ]
        prefixes = [f"{each['CACHES']['default']['KEY_PREFIX']}:" for each in settings]
        assert len(set(prefixes)) == 3
        assert not any(a != b and b.startswith(a) for a in prefixes for b in prefixes)


def test_logs_hold_no_story_text_however_loud_they_are(start: Start) -> None:
    logging = start(**LOCAL, LOG_LEVEL="DEBUG")["LOGGING"]
    assert logging["loggers"]["django.db.backends"]["level"] == "INFO"
    assert set(logging["handlers"]) == {"console"}


def test_the_commands_that_empty_histories_are_not_installed(settings: Settings) -> None:
    assert "simple_history" not in settings.INSTALLED_APPS


def test_the_documentation_lists_every_variable() -> None:
    operating = (BASE_DIR / "docs" / "operating.md").read_text()
    assert [name for name in VARIABLES if f"`{name}`" not in operating] == []


def locked(name: str) -> dict[str, str]:
    """Return the versions in a lock file for the lowest Python that is claimed."""
    smallest = {"python_version": "3.11", "python_full_version": "3.11.2"}
    lines = (BASE_DIR / name).read_text().splitlines()
    packages = [Requirement(line) for line in lines if not line.startswith("#")]
    assert [str(package) for package in packages if package.url or len(package.specifier) != 1] == []
    return {
        canonicalize_name(package.name): next(iter(package.specifier)).version
        for package in packages
        if package.marker is None or package.marker.evaluate(smallest)
    }


def test_a_second_factor_and_confirmations_are_demanded_but_while_developing(start: Start) -> None:
    protected, local = start(**PRODUCTION), start(**LOCAL)
    assert (protected["REQUIRE_SECOND_FACTOR"], protected["CONFIRM_AFTER"]) == (True, 15)
    assert (local["REQUIRE_SECOND_FACTOR"], local["CONFIRM_AFTER"]) == (False, 0)
    assert start(**PRODUCTION, CONFIRM_AFTER="0")["CONFIRM_AFTER"] == 0
    assert not protected["MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN"]
    with pytest.raises(ImproperlyConfigured, match="CONFIRM_AFTER is 'soon'"):
        start(**PRODUCTION, CONFIRM_AFTER="soon")


def test_former_keys_are_read(start: Start) -> None:
    assert start(**PRODUCTION)["SECRET_KEY_FALLBACKS"] == []
    assert start(**PRODUCTION, SECRET_KEY_FALLBACKS="one, two")["SECRET_KEY_FALLBACKS"] == ["one", "two"]


def test_the_lock_files_hold_every_dependency_at_a_version_that_fits() -> None:
    read = tomllib.loads((BASE_DIR / "pyproject.toml").read_text())
    runs, tests = locked("requirements.lock"), locked("requirements-test.lock")
    for lines, packages in (
        (read["project"]["dependencies"], runs),
        (read["dependency-groups"]["dev"], runs | tests),
    ):
        wanted = [Requirement(line) for line in lines]
        assert [
            str(one) for one in wanted if packages.get(canonicalize_name(one.name), "0") not in one.specifier
        ] == []
    assert runs.keys().isdisjoint(tests), "A package is locked twice."


def test_what_only_tests_the_site_is_not_installed_to_run_it() -> None:
    read = tomllib.loads((BASE_DIR / "pyproject.toml").read_text())
    tools = {canonicalize_name(Requirement(line).name) for line in read["dependency-groups"]["dev"]}
    assert tools.isdisjoint(locked("requirements.lock"))


@pytest.mark.django_db
def test_the_test_database_is_of_the_kind_that_is_asked_for(settings: Settings) -> None:
    engine = settings.DATABASES["default"]["ENGINE"]
    assert engine.endswith(
        "postgresql" if os.environ.get("DATABASE_URL", "").startswith("postgres") else "sqlite3"
    )
