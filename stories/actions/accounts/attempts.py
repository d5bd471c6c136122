"""Count attempts at passwords and codes, in the database, so that all processes and hosts count together.

An attempt is counted before it is made: two at once can't both be the last that is allowed. What did not fail is
forgotten afterwards. `docs/accounts.md` gives the reasons for what is counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil
from typing import Final

from django.conf import settings
from django.db import connection, transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import ngettext

from stories.actions.errors import Refused
from stories.models import FailedAttempt

# Any number that no other lock of this database uses.
ATTEMPTS_LOCK: Final = 915263


class AttemptKind(StrEnum):
    """What is attempted. Each kind is counted by itself."""

    PASSWORD = "password"  # noqa: S105 - the name of a kind
    CODE = "code"
    # A mail that somebody asks for, which is never forgotten: each goes into somebody's mailbox.
    MAIL = "mail"


@dataclass(frozen=True)
class Limit:
    """How many attempts may fail in how many minutes."""

    attempts: int
    minutes: int


@dataclass(frozen=True)
class CountedAttempt:
    """An attempt that was counted and may be made."""

    rows: tuple[int, ...]


class TooManyAttempts(Refused):
    """An attempt that must not be made yet. The sentence is the same whether or not there is such an account."""

    def __init__(self, kind: AttemptKind, minutes: int) -> None:
        self.minutes = minutes
        if kind is AttemptKind.MAIL:
            sentence = ngettext(
                "This was asked for too often. Wait a minute, then try again.",
                "This was asked for too often. Wait %(minutes)s minutes, then try again.",
                minutes,
            )
        else:
            sentence = ngettext(
                "Too many attempts have failed. Wait a minute, then try again.",
                "Too many attempts have failed. Wait %(minutes)s minutes, then try again.",
                minutes,
            )
        super().__init__(sentence % {"minutes": minutes})


def count_attempt(
    kind: AttemptKind, account: str, *, client: str, browser: str = "", at: datetime
) -> CountedAttempt:
    """Count an attempt before it is made. Raises TooManyAttempts; then nothing is counted, and it must not be made.

    `account` is the e-mail address that was typed, or that of the account that is signed in; `client` the network that
    the request comes from, "" if unknown; `browser` names a browser in which this account was signed in before. Its
    attempts are counted alone, so that nobody who does not have it can keep the account's owner out.
    """
    limits = _limits(kind, account.strip().casefold(), client, browser)
    # Of its own, so that nothing that is rolled back takes the count with it.
    with transaction.atomic(durable=True):
        _lock()
        waits = [_wait(subject, limit, at) for subject, limit in limits.items()]
        if longest := max(waits, default=timedelta()):
            raise TooManyAttempts(kind, ceil(longest / timedelta(minutes=1)))
        window = timedelta(minutes=max(minutes for _attempts, minutes in settings.ATTEMPT_LIMITS.values()))
        FailedAttempt.objects.filter(at__lte=at - window).delete()
        rows = [FailedAttempt.objects.create(subject=subject, at=at).pk for subject in limits]
    return CountedAttempt(rows=tuple(rows))


def forget_attempt(attempt: CountedAttempt) -> None:
    """Forget an attempt that succeeded. Others stay: whoever signs in now and then can't guess for ever."""
    FailedAttempt.objects.filter(pk__in=attempt.rows).delete()


def _limits(kind: AttemptKind, account: str, client: str, browser: str) -> dict[str, Limit]:
    """Return what an attempt is counted for, as keyed digests."""
    limits = {name: Limit(*limit) for name, limit in settings.ATTEMPT_LIMITS.items()}
    if kind is AttemptKind.MAIL:
        counted = {_digest(kind, "account", account): limits["mails"]}
    elif browser:
        return {_digest(kind, "browser", account, browser): limits["account and client"]}
    else:
        counted = {
            _digest(kind, "account and client", account, client): limits["account and client"],
            _digest(kind, "account", account): limits["account"],
        }
    # If nobody's address is known, one person's attempts would keep everybody out.
    if client:
        counted[_digest(kind, "client", client)] = limits["client"]
    return counted


def _digest(*values: str) -> str:
    return salted_hmac("stories.attempts", "\0".join(values), algorithm="sha256").hexdigest()


def _wait(subject: str, limit: Limit, at: datetime) -> timedelta:
    """Return how long to wait until a subject's next attempt."""
    window = timedelta(minutes=limit.minutes)
    newest = FailedAttempt.objects.filter(subject=subject, at__gt=at - window).order_by("-at")
    times = list(newest.values_list("at", flat=True)[: limit.attempts])
    return times[-1] + window - at if len(times) == limit.attempts else timedelta()


def _lock() -> None:
    """Wait until no other attempt is being counted. On SQLite the transaction itself is the lock."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ATTEMPTS_LOCK])
