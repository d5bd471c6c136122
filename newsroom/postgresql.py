"""A connection to PostgreSQL that distinguishes a server that hangs from one that is slow."""

from __future__ import annotations

import socket
import struct
import time
from contextlib import suppress
from typing import Any, Final, TypeVar

from psycopg import Connection, OperationalError
from psycopg.abc import PQGen
from psycopg_pool import PoolTimeout

RV = TypeVar("RV")

# After how many seconds without an answer the server is probed, and after how many, counted from the same moment, it
# counts as hung: a busy machine gets nearly all the time there is. With a tenth of a second between two looks, this
# stays below a second.
PATIENCE: Final = 0.15
LIMIT: Final = 0.75
# How often at least to look for the probe's answer, a tenth of a second apart: if this process was itself suspended,
# the time alone would count a server as hung that was never probed.
LOOKS: Final = 5
# For how many seconds a request waits for a connection of the pool.
POOL_PATIENCE: Final = 0.75
# For how many seconds a reader waits for a replica, or for a connection to it, before the primary is asked.
REPLICA_PATIENCE: Final = 0.3
REPLICA_LOOKS: Final = 2
# The aliases of replicas that are given up by whoever waits for them: newsroom.replicas knows.
ABANDONED: Final[set[str]] = set()
# The SSLRequest of PostgreSQL's protocol: eight bytes that a server answers with one, without authentication.
_SSL_REQUEST: Final = struct.pack(">II", 8, 80877103)


class ServerHangs(OperationalError):
    """The server has stopped answering."""


def was_waited_for(error: BaseException | None) -> bool:
    """Return whether an error came after a wait, so that a retry would take as long again."""
    return isinstance(error, ServerHangs | PoolTimeout)


class WatchedConnection(Connection[Any]):
    """A connection that gives up a query once its server has stopped answering.

    A suspended server leaves its sockets open: a query would wait for ever, and its thread with it. A slow query goes
    on, since the server still answers the probe.
    """

    def is_hung(self, silent_for: float, looks: int) -> bool:
        """Return whether a server counts as hung after so many seconds, and looks for the probe’s answer."""
        return silent_for > LIMIT and looks >= LOOKS

    def is_abandoned(self) -> bool:
        """Return whether to give the server up although it answers."""
        return False

    def wait(self, gen: PQGen[RV], *args: Any, **options: Any) -> RV:
        return super().wait(self._watched(gen), *args, **options)

    def _watched(self, gen: PQGen[RV]) -> PQGen[RV]:
        silent_since = time.monotonic()
        probe: _Probe | None = None
        try:
            waits_for = next(gen)
            while True:
                ready = yield waits_for
                if not ready and self.is_abandoned():
                    self.pgconn.finish()
                    raise ServerHangs("The replica is behind.")
                silent_for = time.monotonic() - silent_since
                if ready or (probe is not None and probe.is_answered()):
                    _close(probe)
                    silent_since, probe = time.monotonic(), None
                elif probe is None:
                    if silent_for > PATIENCE:
                        probe = _Probe(self.info.hostaddr or self.info.host, self.info.port)
                elif self.is_hung(silent_for, probe.looks):
                    self.pgconn.finish()
                    raise ServerHangs("The server does not answer.")
                waits_for = gen.send(ready)
        except StopIteration as done:
            value: RV = done.value
            return value
        finally:
            _close(probe)


class ReplicaConnection(WatchedConnection):
    """A connection to a replica, which is given up sooner: the primary has the same pages.

    A replica that stands still but for its answer to the probe, as with a disk that hangs, shows no new heartbeat.
    """

    alias = ""

    def is_hung(self, silent_for: float, looks: int) -> bool:
        return silent_for > REPLICA_PATIENCE and looks >= REPLICA_LOOKS

    def is_abandoned(self) -> bool:
        return self.alias in ABANDONED


class _Probe:
    """A probe of whether a server answers, on a connection of its own, without blocking."""

    def __init__(self, host: str, port: int) -> None:
        self._family, self._address = _place(host, port)
        self._socket = socket.socket(self._family)
        self._socket.setblocking(False)
        self._is_sent = False
        self._answered = False
        self.looks = 0
        self.is_answered()

    def is_answered(self) -> bool:
        """Return whether the server has answered yet; it answers once, whoever looks first."""
        self.looks += 1
        # A non-blocking socket raises an error while it is not connected or has nothing to read.
        with suppress(OSError):
            if not self._is_sent:
                self._socket.connect_ex(self._address)
                self._is_sent = self._socket.send(_SSL_REQUEST) > 0
            self._answered = self._answered or bool(self._socket.recv(1))
        return self._answered

    def close(self) -> None:
        self._socket.close()


def _place(host: str, port: int) -> tuple[int, Any]:
    """Return the family and the address of a socket for a server at a folder or an IP address."""
    if host.startswith("/"):
        return socket.AF_UNIX, f"{host}/.s.PGSQL.{port}"
    family, *_kind, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    return family, address


def _close(probe: _Probe | None) -> None:
    if probe is not None:
        probe.close()
