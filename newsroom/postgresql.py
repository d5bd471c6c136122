"""A connection to PostgreSQL that tells a server that hangs from one that is slow."""

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

# After how many seconds without an answer the server is asked whether it is there, and after how many, counted from
# the same moment, it counts as hung: a busy machine is given nearly all the time there is. With the tenth of a second
# between two looks this stays below a second.
PATIENCE: Final = 0.15
LIMIT: Final = 0.75
# How often it is looked at least whether the server has answered, a tenth of a second apart: of a process that was
# itself kept waiting for long, the time alone would say that nobody answered what was never asked.
LOOKS: Final = 5
# For how many seconds a request waits for one of the pool's connections.
POOL_PATIENCE: Final = 0.75
# PostgreSQL's protocol, "SSLRequest": eight bytes that a server answers with one, whoever asks.
_ARE_YOU_THERE: Final = struct.pack(">II", 8, 80877103)


class ServerHangs(OperationalError):
    """The server has stopped answering anybody."""


def was_waited_for(error: BaseException | None) -> bool:
    """Return whether an error was waited for: to ask again would take as long once more."""
    return isinstance(error, ServerHangs | PoolTimeout)


class WatchedConnection(Connection[Any]):
    """A connection that gives up a query once its server has stopped answering anybody.

    A server that is stopped in its tracks keeps its sockets open: a query waits for ever, and its thread with it. A
    slow query goes on, since the server still answers others.
    """

    def wait(self, gen: PQGen[RV], *args: Any, **options: Any) -> RV:
        return super().wait(self._watched(gen), *args, **options)

    def _watched(self, gen: PQGen[RV]) -> PQGen[RV]:
        silent_since = time.monotonic()
        question: _Question | None = None
        try:
            wanted = next(gen)
            while True:
                ready = yield wanted
                silent_for = time.monotonic() - silent_since
                if ready or (question is not None and question.is_answered()):
                    _close(question)
                    silent_since, question = time.monotonic(), None
                elif question is None:
                    if silent_for > PATIENCE:
                        question = _Question(self.info.hostaddr or self.info.host, self.info.port)
                elif silent_for > LIMIT and question.looks >= LOOKS:
                    self.pgconn.finish()
                    raise ServerHangs("The server does not answer.")
                wanted = gen.send(ready)
        except StopIteration as done:
            value: RV = done.value
            return value
        finally:
            _close(question)


class _Question:
    """Asks a server whether it is there, on a connection of its own, and waits for nothing meanwhile."""

    def __init__(self, host: str, port: int) -> None:
        self._family, self._address = _place(host, port)
        self._socket = socket.socket(self._family)
        self._socket.setblocking(False)
        self._asked = False
        self._answered = False
        self.looks = 0
        self.is_answered()

    def is_answered(self) -> bool:
        """Return whether the server has answered by now; it answers once, whoever looks first."""
        self.looks += 1
        # What is not connected yet, or has nothing to read, is an error of a socket that does not wait.
        with suppress(OSError):
            if not self._asked:
                self._socket.connect_ex(self._address)
                self._asked = self._socket.send(_ARE_YOU_THERE) > 0
            self._answered = self._answered or bool(self._socket.recv(1))
        return self._answered

    def close(self) -> None:
        self._socket.close()


def _place(host: str, port: int) -> tuple[int, Any]:
    """Return the family and the address of a socket that reaches a server at a folder, or at a number."""
    if host.startswith("/"):
        return socket.AF_UNIX, f"{host}/.s.PGSQL.{port}"
    family, *_kind, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    return family, address


def _close(question: _Question | None) -> None:
    if question is not None:
        question.close()
