"""Say what a site still lacks to be served to readers, and what to do about it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.mail.backends.smtp import EmailBackend
from django.core.management.base import BaseCommand, CommandError
from django.db.utils import Error as DatabaseFailure
from django.utils import timezone

from stories.actions.outbox.channels import run_with_timeout
from stories.actions.outbox.mails import new_connection
from stories.queries.health.checks import Check, State, ok, warning, wrong
from stories.queries.health.database import (
    check_clock,
    check_encoding,
    check_migrations,
    check_rights,
    check_statistics,
    time_limit,
)
from stories.queries.health.host import check_baked_pages, check_cache, check_media, check_static_files
from stories.queries.health.replicas import check_replicas
from stories.queries.health.work import (
    check_auditors,
    check_ledger_head,
    check_people,
    check_second_factors,
    check_verification,
    check_worker,
)

# In milliseconds, for all questions to the database together.
TIME_LIMIT: Final = 10_000
# In seconds: a mail server that takes longer would hold up the worker.
MAIL_TIMEOUT: Final = 10.0
BACK_UP_WITHIN: Final = timedelta(hours=36)
# How secrets begin in the example of settings (deploy/newsroom.env), which everybody can read.
PLACEHOLDER: Final = "replace-this"


class Command(BaseCommand):
    help = (
        "Says what is still missing before readers come, a line each: ok, warning or wrong, with what to do. Run it as "
        "the user and with the environment that serve the site. Exits with status 1 if something is wrong."
    )
    # They would fail on the first thing that is wrong.
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        checks = list(examine(timezone.now()))
        for check in checks:
            style = {State.OK: self.style.SUCCESS, State.WARNING: self.style.WARNING}.get(
                check.state, self.style.ERROR
            )
            self.stdout.write(f"{style(f'{check.state:<8}')} {check.name}: {check.found}")
            if check.remedy:
                self.stdout.write(f"         {check.remedy}")
        if found := sum(check.state is State.WRONG for check in checks):
            raise CommandError(f"Wrong: {found} of {len(checks)}.")


def examine(at: datetime) -> Iterator[Check]:
    """Check everything. Whatever is away makes its own check wrong, and no other."""
    yield from (check_debug(), check_secrets(), check_https(), check_proxies())
    yield from _examine_database(at)
    yield from (check_cache(), check_static_files(), check_media(remote=True), check_baked_pages())
    yield from (check_mail(), check_backup(at))


def check_debug() -> Check:
    if settings.DEBUG:
        return wrong(
            "debug",
            "DEBUG is on: readers see the code of pages that fail.",
            "Take DEBUG out of the environment.",
        )
    return ok("debug", "It is off.")


def check_secrets() -> Check:
    """Look whether a secret is still the one of the example."""
    secrets = {"SECRET_KEY": settings.SECRET_KEY, "PURGE_TOKEN": settings.PURGE_TOKEN}
    if public := [name for name, secret in secrets.items() if secret.startswith(PLACEHOLDER)]:
        return wrong(
            "secrets",
            f"{' and '.join(public)} can be read by everybody: it is the example's.",
            "Put a long random text there, and restart what serves the site.",
        )
    return ok("secrets", "None is the example's.")


def check_https() -> Check:
    if not settings.SESSION_COOKIE_SECURE:
        return wrong(
            "https",
            "Passwords and cookies go over the network in the clear.",
            "Give SITE_URL with https://, and let nginx end it (deploy/nginx/newsroom.conf).",
        )
    return ok("https", "Cookies are for HTTPS alone.")


def check_proxies() -> Check:
    if getattr(settings, "SECURE_PROXY_SSL_HEADER", None) and not settings.TRUSTED_PROXIES:
        return warning(
            "proxies",
            "Failed sign-ins are logged with the address of the proxy.",
            "Set TRUSTED_PROXIES to the number of proxies in front of the site.",
        )
    return ok("proxies", f"{settings.TRUSTED_PROXIES} are trusted to name the client.")


def check_mail() -> Check:
    """Connect and sign in to the mail server, and send nothing."""
    connection = new_connection()
    if not isinstance(connection, EmailBackend):
        return warning(
            "mail", "Mails are printed or dropped, and reach nobody.", "Name a mail server in EMAIL_URL."
        )
    try:
        run_with_timeout(MAIL_TIMEOUT, partial(_open, connection))
        run_with_timeout(MAIL_TIMEOUT, connection.close)
    except OSError as error:
        # The type alone: the server's words may repeat a name or an address.
        return wrong(
            "mail",
            f"The mail server does not take mails ({type(error).__name__}).",
            "See whether EMAIL_URL names it as it is, with user and password.",
        )
    return ok("mail", "The mail server takes mails.")


def _open(connection: EmailBackend) -> None:
    connection.open()


def check_backup(at: datetime) -> Check:
    """Look how old the file is that a backup touches."""
    if not settings.BACKUP_STAMP:
        return warning(
            "backup",
            "Nothing says when the last one was made.",
            "Let the backup touch a file when it is complete, and name that in BACKUP_STAMP.",
        )
    try:
        made = Path(settings.BACKUP_STAMP).stat().st_mtime
    except OSError:
        return wrong("backup", "None was made: the file of BACKUP_STAMP is missing.", "Make one.")
    age = timedelta(seconds=max(0.0, at.timestamp() - made))
    if age > BACK_UP_WITHIN:
        return wrong("backup", f"The last one is {age.days} days old.", "See why none was made since.")
    return ok(
        "backup", f"The last one was complete on {time.strftime('%Y-%m-%d at %H:%M', time.gmtime(made))} UTC."
    )


def _examine_database(at: datetime) -> Iterator[Check]:
    # What the others ask for is there only if all migrations were applied.
    always: tuple[Callable[[], Check], ...] = (check_clock, check_encoding, check_migrations)
    migrated: tuple[Callable[[], Check], ...] = (
        check_rights,
        check_statistics,
        check_people,
        check_auditors,
        check_second_factors,
        check_ledger_head,
        check_replicas,
        lambda: check_worker(at),
        lambda: check_verification(at),
    )
    try:
        with time_limit(TIME_LIMIT):
            found = [check() for check in always]
            if all(check.name != "migrations" or check.state is not State.WRONG for check in found):
                found += [check() for check in migrated]
    except DatabaseFailure as error:
        # The type alone: the message may hold an address and a user.
        yield wrong(
            "database",
            f"It does not answer ({type(error).__name__}).",
            "See whether it runs, and whether DATABASE_URL names it as it is, with user and password.",
        )
        return
    yield ok("database", "It answers.")
    yield from found
