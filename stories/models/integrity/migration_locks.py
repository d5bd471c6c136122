"""How long a migration waits for a lock.

One that waits for a table that somebody is using makes everybody who comes after it wait too, readers among them. So it
gives up soon, and is run again at a better moment.
"""

from __future__ import annotations

from typing import Final

from django.db import connections

# As PostgreSQL writes it.
LOCK_TIMEOUT: Final = "5s"


def limit_waiting(*, using: str, **_signal: object) -> None:
    """Let the statements that follow on this connection give up if they wait too long for a lock."""
    _set_lock_timeout(using, LOCK_TIMEOUT)


def wait_as_always(*, using: str, **_signal: object) -> None:
    """Let statements wait for locks as long as they always do."""
    _set_lock_timeout(using, "0")


def _set_lock_timeout(using: str, value: str) -> None:
    connection = connections[using]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, false)", [value])
