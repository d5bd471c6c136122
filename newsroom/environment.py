"""Read the environment, strictly: a wrong value stops the start with a sentence that says what it may be.

Every function raises ImproperlyConfigured, naming the variable.
"""

from __future__ import annotations

import os
import re
import secrets
import tempfile
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit
from zoneinfo import available_timezones

import django
from django.conf.global_settings import LANGUAGES as DJANGO_LANGUAGES
from django.core.exceptions import ImproperlyConfigured

YES = frozenset({"1", "true", "yes"})
NO = frozenset({"0", "false", "no"})
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
DATABASE_URL_FORMS = "sqlite:///file.sqlite3 or postgres://user:password@host:port/name"
MEDIA_STORAGE_FORMS = (
    "s3://bucket or s3://bucket/folder, with ?region=... and ?endpoint=https://... for other stores"
)
CACHE_URL_FORMS = "locmem://, redis://host:port/number, file:///folder or dummy://"
EMAIL_URL_FORMS = (
    "console://, smtp://user:password@host:port, smtp+tls://... (STARTTLS), smtps://... (TLS) or dummy://"
)


def read(name: str, default: str = "") -> str:
    """Return the variable's value without surrounding space, the default if it is absent or empty."""
    return os.environ.get(name, "").strip() or default


def read_flag(name: str, *, default: bool) -> bool:
    """Return whether the variable is on."""
    value = read(name, "1" if default else "0").lower()
    if value not in YES | NO:
        raise ImproperlyConfigured(f"{name} is '{value}'; it may be 1, 0, true, false, yes or no.")
    return value in YES


def read_number(name: str, *, least: int, most: int, example: str) -> int | None:
    """Return the whole number from `least` to `most`, None if the variable is absent."""
    value = read(name)
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and least <= int(value) <= most):
        raise ImproperlyConfigured(f"{name} is '{value}'; it may be a number of {example}.")
    return int(value)


def read_list(name: str, default: list[str]) -> list[str]:
    """Return the parts between commas, the default if the variable is absent."""
    return [part.strip() for part in read(name).split(",") if part.strip()] or default


def read_addresses(name: str) -> list[str]:
    """Return the e-mail addresses between commas."""
    addresses = read_list(name, [])
    for address in addresses:
        if not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", address):
            raise ImproperlyConfigured(
                f"{name} holds '{address}'; it may be e-mail addresses with commas between, such as "
                "desk@news.example.org."
            )
    return addresses


def read_report_address(name: str) -> str:
    """Return an e-mail address or a web page's address, "" if the variable is absent."""
    value = read(name)
    if value and not re.fullmatch(r"[^@\s<>/?&]+@[^@\s<>/?&]+|https://[^\s<>/]+\S*", value):
        raise ImproperlyConfigured(
            f"{name} is '{value}'; it may be an e-mail address, such as corrections@news.example.org, or a page's "
            "address that begins with https://."
        )
    return value


def read_choice(name: str, default: str, choices: tuple[str, ...]) -> str:
    """Return one of the choices."""
    value = read(name, default)
    if value not in choices:
        raise ImproperlyConfigured(f"{name} is '{value}'; it may be {', '.join(choices)}.")
    return value


def read_url(name: str, default: str, forms: str, schemes: tuple[str, ...]) -> SplitResult:
    """Return the parsed address of a variable."""
    return parse_url(name, read(name, default), forms, schemes)


def parse_url(name: str, value: str, forms: str, schemes: tuple[str, ...]) -> SplitResult:
    """Return the parsed address that a variable holds. Errors never repeat it, since it may hold a password."""
    try:
        url = urlsplit(value)
        url.port  # noqa: B018 - it is the reading of the port that checks it
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} cannot be read ({error}); it may be {forms}.") from None
    if url.scheme not in schemes:
        problem = f"begins with '{url.scheme}:'" if url.scheme else "is not an address"
        raise ImproperlyConfigured(f"{name} {problem}; it may be {forms}.")
    return url


def read_purge_address(name: str) -> str:
    """Return the web address of a cache, "" if the variable is absent."""
    if read(name):
        read_url(name, "", "https://..., or http://... inside your own network", ("http", "https"))
    return read(name)


def read_metrics_token() -> str:
    """Return what whoever reads `/metrics` has to send, "" if METRICS is off."""
    if not read_flag("METRICS", default=False):
        return ""
    _need("prometheus_client", "METRICS is on")
    token = read("METRICS_TOKEN")
    if not re.fullmatch(r"[!-~]{16,}", token):
        raise ImproperlyConfigured(
            "METRICS_TOKEN is too short or has a character that no header takes; with METRICS on it may be 16 letters "
            "and digits or more, which Prometheus sends. "
            "This prints one: python -c 'import secrets; print(secrets.token_urlsafe(32))'"
        )
    return token


def read_sentry_dsn() -> str:
    """Return the address that errors are reported to, "" if there is none."""
    if read("SENTRY_DSN"):
        _need("sentry_sdk", "SENTRY_DSN is set")
        url = read_url("SENTRY_DSN", "", "https://key@host/project, as Sentry shows it", ("http", "https"))
        if not (url.username and url.hostname and url.path.rpartition("/")[2].isdigit()):
            raise ImproperlyConfigured(
                "SENTRY_DSN names no key, host or project; it may be https://key@host/project, as Sentry shows it."
            )
    return read("SENTRY_DSN")


def _need(package: str, reason: str) -> None:
    """Raise ImproperlyConfigured if a package is not installed that only some settings need."""
    if find_spec(package) is None:
        raise ImproperlyConfigured(
            f"{reason}, and the package {package} is not installed. Run: pip install -r requirements-production.lock"
        )


def read_openid() -> dict[str, Any]:
    """Return django-allauth's settings for the provider of OpenID Connect; without one they name none."""
    names = ("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET")
    values = [read(name) for name in names]
    if not any(values):
        return {}
    for name, value in zip(names, values, strict=True):
        if not value:
            raise ImproperlyConfigured(f"{name} is empty; OpenID Connect needs {', '.join(names)}.")
    issuer, client_id, secret = values
    address = read_url(
        "OIDC_ISSUER", "", "the provider's address, such as https://login.example.org", ("https",)
    )
    app = {
        "provider_id": "house",
        "name": read("OIDC_NAME", address.hostname or issuer),
        "client_id": client_id,
        "secret": secret,
        "settings": {"server_url": issuer},
    }
    return {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}


def read_site_url(*, debug: bool) -> SplitResult:
    """Return the parsed address of the site."""
    example = "the address that readers use, such as https://news.example.org"
    value = read("SITE_URL", "http://localhost:8000" if debug else "")
    if not value:
        raise ImproperlyConfigured(f"SITE_URL is empty; with DEBUG off it must be {example}.")
    url = read_url("SITE_URL", value, example, ("http", "https"))
    if not url.hostname or url.path.strip("/") or url.query or url.fragment or url.username:
        raise ImproperlyConfigured(
            f"SITE_URL is '{value}'; it may be {example}, with no path, query or user after it."
        )
    return url


def read_media_origin(site: SplitResult) -> str:
    """Return the origin that pictures come from, "" if it is the site's own."""
    value = read("MEDIA_ORIGIN").rstrip("/")
    if not value:
        return ""
    example = (
        "another host than SITE_URL's that leads to the same server, such as https://pictures.example.org"
    )
    url = read_url("MEDIA_ORIGIN", "", example, (site.scheme,))
    if (
        value != f"{url.scheme}://{url.netloc}"
        or not url.hostname
        or url.username
        or url.hostname == site.hostname
    ):
        raise ImproperlyConfigured(f"MEDIA_ORIGIN is '{value}'; it may be {example}, with nothing after it.")
    return value.lower()


def read_bake_dir(folder: Path, *others: Path) -> str:
    """Return the path of the folder of baked pages, "" for none. All that is in it may be deleted at any time."""
    value = read("BAKE_DIR")
    if not value:
        return ""
    path = folder / value
    for other in (folder, *others):
        mine, theirs = path.resolve(), other.resolve()
        if mine == theirs or mine in theirs.parents or (other != folder and theirs in mine.parents):
            raise ImproperlyConfigured(
                f"BAKE_DIR is '{value}', and baked pages would share a folder with what is in {other}, and delete it. "
                "It may be a folder that nothing else is in, such as /var/lib/newsroom-baked."
            )
    return str(path)


def read_time_zone() -> str:
    """Return the name of a time zone."""
    value = read("TIME_ZONE", "UTC")
    if value not in available_timezones():
        raise ImproperlyConfigured(
            f"TIME_ZONE is '{value}'; it may be the name of a zone, such as UTC or Europe/Berlin."
        )
    return value


def read_language() -> str:
    """Return the code of one of Django's languages."""
    value = read("LANGUAGE_CODE", "en-us").lower()
    # "en-us" is Django's default, but not in its list.
    codes = {"en-us", *(code for code, _name in DJANGO_LANGUAGES)}
    if value not in codes:
        raise ImproperlyConfigured(
            f"LANGUAGE_CODE is '{value}'; it may be the code of a language of Django's, such as en."
        )
    return value


def secret_key(*, debug: bool, key_file: Path) -> str:
    """Return the key from the environment; in local use, one that is generated once and stored in a file."""
    if key := read("SECRET_KEY"):
        return key
    if not debug:
        raise ImproperlyConfigured(
            "SECRET_KEY is empty; with DEBUG off it must be a long random text that stays the same and is "
            "told to nobody. This prints one: python -c 'import secrets; print(secrets.token_urlsafe(50))'"
        )
    if not key_file.exists():
        # Linked into place when complete: of two processes that start at once, one wins and the other reads its key.
        descriptor, temporary = tempfile.mkstemp(dir=key_file.parent, prefix=".secret_key-")
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(50))
        with suppress(FileExistsError):
            os.link(temporary, key_file)
        Path(temporary).unlink()
    return key_file.read_text().strip()


def database(url: SplitResult, *, folder: Path) -> dict[str, Any]:
    """Return Django's settings for a database address; a relative SQLite file is in `folder`."""
    return sqlite(url, folder=folder) if url.scheme == "sqlite" else postgresql(url)


def sqlite(url: SplitResult, *, folder: Path) -> dict[str, Any]:
    """Return Django's settings for a SQLite file."""
    if url.netloc or url.path in ("", "/"):
        raise ImproperlyConfigured(
            "DATABASE_URL names no SQLite file; it may be sqlite:///file.sqlite3 (in the project folder) "
            "or sqlite:////folder/file.sqlite3 (anywhere)."
        )
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": folder / unquote(url.path[1:]),
        # Persistent: closing the last connection writes the WAL back and deletes it, while a reader waits.
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            # A transaction that reads first and writes later would fail at once if another wrote in
            # between; one that takes its lock at the start waits its turn.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # In WAL mode, NORMAL would lose the newest commits when the power fails: heads that were published.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
            # What is erased must not remain in the file's free pages.
            "PRAGMA secure_delete=ON;",
        },
    }


def replicas(database: SplitResult) -> dict[str, dict[str, Any]]:
    """Return Django's settings for the replicas of a database by alias, in the order of REPLICA_URLS."""
    name, found = "REPLICA_URLS", {}
    seen = [(database.hostname, database.port, database.query)]
    forms = f"addresses of the form {DATABASE_URL_FORMS.rpartition(' ')[2]}, with commas between"
    for number, address in enumerate(read_list(name, []), 1):
        if database.scheme == "sqlite":
            raise ImproperlyConfigured(
                f"{name} names replicas, and DATABASE_URL a SQLite file, which has none. "
                "Empty one of them, or name a PostgreSQL in DATABASE_URL."
            )
        url = parse_url(name, address, forms, ("postgres", "postgresql"))
        place = (url.hostname, url.port, url.query)
        if place in seen:
            raise ImproperlyConfigured(
                f"{name} names the same server twice, or the one of DATABASE_URL. It may name each replica once."
            )
        seen.append(place)
        alias = f"replica{number}"
        found[alias] = replica(postgresql(url, name=name), alias)
    return found


def replica(database: dict[str, Any], alias: str) -> dict[str, Any]:
    """Return the settings of a database as those of a replica, for which nobody waits long: there is the primary."""
    from newsroom.postgresql import REPLICA_PATIENCE, ReplicaConnection  # noqa: PLC0415 - SQLite needs no driver

    options = database["OPTIONS"]
    read_only = f"{options.get('options', '')} -c default_transaction_read_only=on".strip()
    connection_class = type("ReplicaConnection", (ReplicaConnection,), {"alias": alias})
    pool = options["pool"] | {"connection_class": connection_class, "timeout": REPLICA_PATIENCE}
    # Tests have one database, whatever alias they ask for.
    return {
        **database,
        "OPTIONS": {**options, "options": read_only, "pool": pool},
        "TEST": {"MIRROR": "default"},
    }


def postgresql(url: SplitResult, *, name: str = "DATABASE_URL") -> dict[str, Any]:
    """Return Django's settings for a PostgreSQL database, with a pool of connections. `name` is the variable's."""
    from newsroom.postgresql import POOL_PATIENCE, WatchedConnection  # noqa: PLC0415 - SQLite needs no driver

    allowed = (
        "host",
        "sslmode",
        "sslrootcert",
        "sslcert",
        "sslkey",
        "connect_timeout",
        "application_name",
        "pool",
    )
    options: dict[str, Any] = dict(parse_qsl(url.query, keep_blank_values=True))
    if unknown := sorted(options.keys() - set(allowed)):
        raise ImproperlyConfigured(
            f"{name} has the option '{unknown[0]}'; its options may be {', '.join(allowed)}."
        )
    # One for each thread of gunicorn, which never needs more; elsewhere threads are not counted.
    pool = options.pop("pool", read("WEB_THREADS", "10"))
    if not (pool.isdecimal() and int(pool)):
        raise ImproperlyConfigured(
            f"{name} has pool={pool}; it may be how many connections a process holds at most, 1 or more. "
            "Without a pool, nobody would be answered while the server hangs."
        )
    if not url.path.strip("/"):
        raise ImproperlyConfigured(f"{name} names no database; it may be {DATABASE_URL_FORMS}.")
    # The minimum of libpq. Nobody waits so long: the pool connects in the background, and requests wait for the pool.
    options.setdefault("connect_timeout", "2")
    example = "milliseconds, such as 10000"
    if milliseconds := read_number("STATEMENT_TIMEOUT", least=0, most=3_600_000, example=example):
        options["options"] = f"-c statement_timeout={milliseconds}"
    # A pool that fails to connect doubles its pauses, and would pause on after the server is back.
    options["pool"] = {
        "connection_class": WatchedConnection,
        "min_size": 1,
        "max_size": int(pool),
        "timeout": POOL_PATIENCE,
        "reconnect_timeout": 1,
    }
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path[1:]),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        # A URL's host can't be a socket's folder, which is given as ?host=/folder.
        "HOST": options.pop("host", "") or unquote(url.hostname or ""),
        "PORT": str(url.port or ""),
        # The pool holds the connections.
        "CONN_MAX_AGE": 0,
        # A dead connection is noticed by using it (see newsroom.database_outage): a check would double round trips.
        "CONN_HEALTH_CHECKS": False,
        "OPTIONS": options,
    }


def media_storage() -> dict[str, Any]:
    """Return Django's settings for the storage of pictures: a folder, unless MEDIA_STORAGE names a store."""
    if not read("MEDIA_STORAGE"):
        return {"BACKEND": "newsroom.durable_storage.DurableStorage"}
    _need("storages", "MEDIA_STORAGE names a store")
    _need("boto3", "MEDIA_STORAGE names a store")
    url = read_url("MEDIA_STORAGE", "", MEDIA_STORAGE_FORMS, ("s3",))
    options = dict(parse_qsl(url.query, keep_blank_values=True))
    if url.username or url.password:
        raise ImproperlyConfigured(
            "MEDIA_STORAGE holds a key; keys are in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
        )
    if not url.hostname or url.port or options.keys() - {"endpoint", "region"}:
        raise ImproperlyConfigured(f"MEDIA_STORAGE cannot be read; it may be {MEDIA_STORAGE_FORMS}.")
    endpoint = options.get("endpoint") or None
    if endpoint and urlsplit(endpoint).scheme not in ("http", "https"):
        raise ImproperlyConfigured(
            "The endpoint in MEDIA_STORAGE is no address of the web; it may be https://store.example.org, or "
            "http://... inside your own network."
        )
    return {
        "BACKEND": "newsroom.s3_storage.S3Storage",
        "OPTIONS": {
            "bucket_name": url.netloc,
            "location": unquote(url.path.strip("/")),
            "endpoint_url": endpoint,
            "region_name": options.get("region") or None,
        },
    }


def cache(url: SplitResult, *, site: str) -> dict[str, Any]:
    """Return Django's settings for a cache address. `site` is the host of the site that uses it."""
    if url.scheme in ("redis", "rediss"):
        _need("redis", "CACHE_URL asks for Redis")
        return {
            "BACKEND": "newsroom.soft_cache.SoftRedisCache",
            "LOCATION": url.geturl(),
            # Sites that share a Redis must not read or clear each other's pages.
            "KEY_PREFIX": f"newsroom({site})",
            # Rendering a page takes tens of milliseconds: waiting longer for a cached one saves nothing.
            "OPTIONS": {"socket_timeout": 0.25, "socket_connect_timeout": 0.25, "retry": no_retries()},
        }
    if url.scheme == "file":
        if url.netloc or url.path in ("", "/"):
            raise ImproperlyConfigured("CACHE_URL names no folder; it may be file:///folder.")
        return {
            "BACKEND": "newsroom.soft_cache.SoftFileCache",
            "LOCATION": unquote(url.path),
        }
    if url.scheme == "dummy":
        return {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
    return {
        "BACKEND": "newsroom.process_cache.ProcessCache",
        "OPTIONS": {"MAX_BYTES": 64_000_000},
    }


def no_retries() -> object:
    """Return a retry policy of one attempt for Redis' client, whose default is four, with pauses between."""
    from redis.backoff import NoBackoff  # noqa: PLC0415 - optional
    from redis.retry import Retry  # noqa: PLC0415

    return Retry(NoBackoff(), 0)


def email(url: SplitResult, timeout: float = 10) -> dict[str, Any]:
    """Return Django's settings for an outgoing mail server's address, which are named otherwise from Django 6.1 on.

    `timeout` is that of each step of sending a mail, in seconds.
    """
    if not url.scheme.startswith("smtp"):
        return _mail_backend(url.scheme, {})
    return _mail_backend(
        "smtp",
        {
            "host": url.hostname or "localhost",
            "port": url.port or {"smtp": 25, "smtp+tls": 587, "smtps": 465}[url.scheme],
            "username": unquote(url.username or ""),
            "password": unquote(url.password or ""),
            "use_tls": url.scheme == "smtp+tls",
            "use_ssl": url.scheme == "smtps",
            "timeout": timeout,
        },
    )


def _mail_backend(name: str, options: dict[str, object]) -> dict[str, Any]:
    backend = f"django.core.mail.backends.{name}.EmailBackend"
    if django.VERSION >= (6, 1):
        return {"MAILERS": {"default": {"BACKEND": backend, "OPTIONS": options}}}
    before = {"username": "host_user", "password": "host_password"}
    named = {f"EMAIL_{before.get(option, option).upper()}": value for option, value in options.items()}
    return {"EMAIL_BACKEND": backend, **named}
