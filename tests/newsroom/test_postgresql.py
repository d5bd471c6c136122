"""A server that hangs is distinguished from one that is slow, in less than a second."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Timer

import psutil
import pytest

from newsroom import postgresql
from newsroom.postgresql import ABANDONED, ReplicaConnection, ServerHangs, WatchedConnection, _Probe
from tests.postgres import OwnServer, own_postgres
from tests.processes import signal_all


@pytest.fixture(scope="module")
def server() -> Iterator[OwnServer]:
    with own_postgres() as server:
        if server is None:
            pytest.skip("there is no PostgreSQL here")
        yield server


def test_a_slow_statement_is_waited_for(server: OwnServer, monkeypatch: pytest.MonkeyPatch) -> None:
    # A busy machine may take longer than a second to answer the probe.
    monkeypatch.setattr(postgresql, "LIMIT", 3.0)
    with WatchedConnection.connect(server.address) as connection:
        slow = connection.execute("SELECT 'done' FROM pg_sleep(%s)", [4]).fetchone()
    assert slow == ("done",)


def test_a_server_counts_as_hung_only_once_it_was_asked(
    server: OwnServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As on a machine so busy that the process itself was suspended: the time limits have passed at the first look.
    monkeypatch.setattr(postgresql, "PATIENCE", 0.0)
    monkeypatch.setattr(postgresql, "LIMIT", 0.0)
    with WatchedConnection.connect(server.address) as connection:
        slow = connection.execute("SELECT 'done' FROM pg_sleep(%s)", [0.5]).fetchone()
    assert slow == ("done",)


def test_an_answer_is_remembered_whoever_looked_first(server: OwnServer) -> None:
    # A process kept waiting between asking and its first look finds the answer there already.
    with WatchedConnection.connect(server.address) as connection:
        probe = _Probe(connection.info.host, connection.info.port)
        while not probe.is_answered():
            pass
        assert probe.is_answered()
        probe.close()


def test_a_statement_of_a_server_that_hangs_is_given_up(server: OwnServer) -> None:
    connection = WatchedConnection.connect(server.address)
    with suspended(server), pytest.raises(ServerHangs):
        connection.execute("SELECT 1")
    assert connection.closed


def test_a_replica_is_given_up_as_soon_as_it_is_known_to_stand_still(server: OwnServer) -> None:
    # It answers the probe, as a server does whose disk alone hangs.
    connection = ReplicaConnection.connect(server.address)
    timer = Timer(0.5, ABANDONED.add, [ReplicaConnection.alias])
    timer.start()
    began = time.monotonic()
    try:
        with pytest.raises(ServerHangs):
            connection.execute("SELECT pg_sleep(30)")
    finally:
        timer.join()
        ABANDONED.discard(ReplicaConnection.alias)
    assert time.monotonic() - began < 20
    assert connection.closed


@contextmanager
def suspended(server: OwnServer) -> Iterator[None]:
    """Suspend a server for a block: it answers nothing, and its connections stay open."""
    parent = psutil.Process(server.pid)
    signal_all(parent, signal.SIGSTOP)
    try:
        yield
    finally:
        signal_all(parent, signal.SIGCONT)
