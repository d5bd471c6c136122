"""A connection to PostgreSQL that tells a server that hangs from one that is slow."""

from __future__ import annotations

import socket
import struct
import time
from typing import Any, Final, TypeVar

from psycopg import Connection, OperationalError
from psycopg.abc import PQGen

RV = TypeVar("RV")

# How long an answer may take before the server is asked whether it is there, in seconds; and how long it has to say so.
PATIENCE: Final = 0.6
_ANSWERS_WITHIN: Final = 0.3
# PostgreSQL's protocol, "SSLRequest": eight bytes that a server answers with one, whoever asks.
_ARE_YOU_THERE: Final = struct.pack(">II", 8, 80877103)


class WatchedConnection(Connection[Any]):
    """A connection that gives up a query once its server has stopped answering anybody.

    A server that is stopped in its tracks keeps its sockets open: a query waits for ever, and its thread with it. A
    slow query goes on, since the server still answers others.
    """

    def wait(self, gen: PQGen[RV], *args: Any, **options: Any) -> RV:
        return super().wait(self._watched(gen), *args, **options)

    def _watched(self, gen: PQGen[RV]) -> PQGen[RV]:
        asked = time.monotonic()
        try:
            wanted = next(gen)
            while True:
                ready = yield wanted
                if not ready and time.monotonic() - asked > PATIENCE:
                    if not self._server_answers():
                        self.pgconn.finish()
                        raise OperationalError("The server does not answer.")
                    asked = time.monotonic()
                wanted = gen.send(ready)
        except StopIteration as done:
            value: RV = done.value
            return value

    def _server_answers(self) -> bool:
        host, port = self.info.host, self.info.port
        try:
            with _reach(host, port) as reached:
                reached.sendall(_ARE_YOU_THERE)
                return bool(reached.recv(1))
        except OSError:
            return False


def _reach(host: str, port: int) -> socket.socket:
    if not host.startswith("/"):
        return socket.create_connection((host, port), timeout=_ANSWERS_WITHIN)
    reached = socket.socket(socket.AF_UNIX)
    reached.settimeout(_ANSWERS_WITHIN)
    try:
        reached.connect(f"{host}/.s.PGSQL.{port}")
    except OSError:
        reached.close()
        raise
    return reached
