"""Write the worker's heartbeat, from which web hosts read how far behind a replica is."""

from __future__ import annotations

import logging
from threading import Event, Thread
from typing import Final

from django.conf import settings
from django.db import Error, connection

from stories.models import Heartbeat

# In seconds. With what replicating and looking take, replicas appear to be about a quarter of a second behind.
INTERVAL: Final = 0.15
# How long to wait after the database did not answer.
PAUSE: Final = 1.0

_log = logging.getLogger(__name__)

# In one statement, a transaction by itself. It waits for the disk, since what is not there is not replicated, and for
# no replica. The time is read once the row is locked, so that it never goes back.
_BEAT: Final = (
    f"INSERT INTO {Heartbeat._meta.db_table} (id, beat_at) "
    "SELECT 1, clock_timestamp() WHERE set_config('synchronous_commit', 'local', true) IS NOT NULL "
    "ON CONFLICT (id) DO UPDATE SET beat_at = clock_timestamp()"
)


def beat() -> None:
    """Write the present time of the database. One statement; does nothing on SQLite."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(_BEAT)


class Heart:
    """A thread that beats on a connection of its own, so that no message delays it, and it delays none."""

    def __init__(self) -> None:
        self._stopped = Event()
        self._thread = Thread(target=self._run, name="heartbeat", daemon=True)

    def start(self) -> None:
        """Begin, if there are replicas."""
        if settings.REPLICAS:
            self._thread.start()

    def stop(self) -> None:
        """End, and wait until it has."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join(PAUSE)

    def _run(self) -> None:
        trouble = ""
        pause = INTERVAL
        while not self._stopped.wait(pause):
            try:
                beat()
            except Error as error:
                if str(error) != trouble:
                    trouble = str(error)
                    _log.warning("The heartbeat can't be written; readers get the primary. %s", trouble)
                connection.close()
                pause = PAUSE
            else:
                pause, trouble = INTERVAL, ""
        connection.close()
