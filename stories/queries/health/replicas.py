"""Whether the replicas that readers' pages are read from keep up, and whether takedowns wait for them."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, Error, connections

from stories.models import Heartbeat
from stories.queries.health.checks import Check, ok, warning, wrong

# In seconds. Several heartbeats may be missing, and a look takes its time.
OLD: Final = 2.0

_AGE: Final = (
    f"SELECT extract(epoch FROM clock_timestamp() - max(beat_at))::float8 FROM {Heartbeat._meta.db_table}"  # noqa: S608
)
_SETTINGS: Final = (
    "SELECT current_setting('synchronous_standby_names'), current_setting('synchronous_commit')"
)
# In the form of a time of the primary, since the replica's own clock may be another.
_SEEN: Final = (
    f"SELECT pg_is_in_recovery(), extract(epoch FROM max(beat_at))::float8 FROM {Heartbeat._meta.db_table}"  # noqa: S608
)
_NOW: Final = "SELECT extract(epoch FROM clock_timestamp())::float8"


def check_replicas() -> Check:
    """Ask the primary and each replica for the heartbeat. Two queries, and two for each replica."""
    name = "replicas"
    if not settings.REPLICAS:
        return ok(name, "There are none: the primary serves all.")
    (age,) = _ask(DEFAULT_DB_ALIAS, _AGE)
    if age is None or age > OLD:
        return warning(
            name,
            "No worker writes the heartbeat: readers get the primary.",
            "Run `manage.py deliver --watch` as a service, with the same REPLICA_URLS.",
        )
    for number, alias in enumerate(settings.REPLICAS, 1):
        try:
            is_replica, seen = _ask(alias, _SEEN)
        except Error as error:
            # The type alone: the message may hold an address and a user.
            return warning(
                name,
                f"Number {number} of REPLICA_URLS does not answer ({type(error).__name__}): others are read.",
                "See whether it runs, and whether REPLICA_URLS names it as it is.",
            )
        if not is_replica:
            return wrong(
                name,
                f"Number {number} of REPLICA_URLS is no replica: it takes writes.",
                "Name streaming replicas of the database of DATABASE_URL (docs/operating.md).",
            )
        (now,) = _ask(DEFAULT_DB_ALIAS, _NOW)
        if seen is None or now - seen > OLD:
            return warning(
                name,
                f"Number {number} of REPLICA_URLS is behind: others are read.",
                "See on the primary, in pg_stat_replication, whether it is connected.",
            )
    return _check_waiting()


def _check_waiting() -> Check:
    """Check that takedowns wait for replicas, and nothing else does."""
    name = "replicas"
    names, commit = _ask(DEFAULT_DB_ALIAS, _SETTINGS)
    if not names:
        return warning(
            name,
            "Takedowns do not wait for replicas: what is withheld may be shown for half a second more.",
            "Name the replicas in the primary’s synchronous_standby_names (docs/operating.md).",
        )
    if commit not in ("local", "off"):
        return warning(
            name,
            "Every save waits for replicas, for ever if one is away.",
            "Set synchronous_commit = local on the primary: takedowns ask for more by themselves.",
        )
    return ok(name, "They keep up, and takedowns wait for them.")


def _ask(alias: str, query: str) -> tuple[Any, ...]:
    with connections[alias].cursor() as cursor:
        cursor.execute(query)
        row: tuple[Any, ...] = cursor.fetchone()
    return row
