"""Let the public site read from streaming replicas, as long as they are less than half a second behind.

The worker writes the primary's time into one row, several times a second (`stories.actions.outbox.heartbeat`), and a
thread of each web process reads it from each replica. Whoever sees the row of a moment sees whatever was committed
before. A replica that hangs, is away or falls behind shows an old row, or none: readers get the primary, and so they do
if nobody writes the row.

Times are compared by the primary's clock alone, which each process knows as an offset of its monotonic clock.
"""

from __future__ import annotations

import logging
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from threading import Condition, Lock, Thread
from typing import Final

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import DEFAULT_DB_ALIAS, Error, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from newsroom.errors import SAFE, database_loss, is_worth_a_retry
from stories.domain.baking.names import READS_PRIMARY
from stories.models import Heartbeat
from stories.queries.health.checks import State

log = logging.getLogger(__name__)

# In seconds: the oldest heartbeat of a replica that is read from.
LARGEST_LAG: Final = 0.5
# How often a process looks at each replica's heartbeat, and at the primary's clock.
LOOK_EVERY: Final = 0.1
ASK_CLOCK_EVERY: Final = 5.0
# How old a heartbeat is if whoever waits for its replica is to turn to the primary.
ABANDON_AFTER: Final = 1.0
# By how much the primary's clock may run ahead of what is expected of it: it may be adjusted meanwhile.
TOLERANCE: Final = 0.05
# For how long a replica is left alone after it was lost, and the primary's clock after it could not be asked.
PAUSE: Final = 2.0
# For how long requests may wait so that a replica has what readers of the primary were shown, and how often they may.
HANDOVER: Final = 0.4
HANDOVER_EVERY: Final = 5.0

_source: ContextVar[str] = ContextVar("the database that a request is read from", default=DEFAULT_DB_ALIAS)


@contextmanager
def reading_from(alias: str) -> Iterator[None]:
    """Route the queries of a block that read to a database; what it writes goes to the primary."""
    token = _source.set(alias)
    try:
        yield
    finally:
        _source.reset(token)


class ReplicaRouter:
    """Django's router: within `reading_from`, queries that read go to a replica, all of them to the same."""

    def db_for_read(self, model: type[Model], **hints: object) -> str:
        return _source.get()

    def db_for_write(self, model: type[Model], **hints: object) -> str:
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: Model, other: Model, **hints: object) -> bool:
        """Allow all: a replica has the rows of the primary."""
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: object) -> bool:
        return db == DEFAULT_DB_ALIAS


class PrimaryClock:
    """The primary's clock: the latest time that it may show, in seconds since 1970; None until it was asked."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._offset: float | None = None

    def now(self) -> float | None:
        offset = self._offset
        return None if offset is None else self._monotonic() + offset

    def ask(self, look: Callable[[], float]) -> None:
        """Set it by the primary's answer."""
        before = self._monotonic()
        self._offset = look() - before

    def forget(self) -> None:
        """Let nothing be compared with it until the primary was asked again."""
        self._offset = None


@dataclass(eq=False)
class Replica:
    """A replica, as this process has seen it last: `heartbeat` is the newest that it has, by the primary's clock."""

    alias: str
    heartbeat: float = 0.0
    # Until when it is left alone, by the monotonic clock.
    paused_until: float = 0.0

    def lag(self, now: float | None) -> float | None:
        """Return by how many seconds it may be behind the primary at most; None if that is not known."""
        return now - self.heartbeat if now is not None and self.heartbeat else None


@dataclass(eq=False)
class Readers:
    """Which database this process reads the public site from: one replica while it keeps up, else the primary.

    A process that changes from one database to another shows nothing older than it has shown: a replica is taken only
    once it has all that readers of the others were shown. Where readers of the primary leave no gap for that, they wait
    for a moment, together and rarely.
    """

    replicas: Sequence[Replica]
    clock: PrimaryClock = field(default_factory=PrimaryClock)
    monotonic: Callable[[], float] = time.monotonic
    _current: Replica | None = None
    # How many requests are reading, by what they read from: None for the primary.
    _reading: Counter[Replica | None] = field(default_factory=Counter)
    # Until when, by the primary's clock, this process has shown other databases than the current one.
    _shown_until: float = 0.0
    _handover_until: float = 0.0
    _next_handover: float = 0.0
    _changed: Condition = field(default_factory=Condition)

    @contextmanager
    def reading(self, *, primary: bool = False) -> Iterator[Replica | None]:
        """Yield the replica to read a request from; None for the primary, and if that is asked for."""
        with self._changed:
            replica = None if primary else self._choose()
            self._reading[replica] += 1
        try:
            yield replica
        finally:
            with self._changed:
                self._reading[replica] -= 1
                if replica is None or replica is not self._current:
                    self._shown_until = self.clock.now() or self._shown_until
                    self._changed.notify_all()

    def saw(self, replica: Replica, heartbeat: float) -> None:
        """Take a replica's newest heartbeat down."""
        with self._changed:
            replica.heartbeat = heartbeat
            now = self.clock.now()
            if now is not None and heartbeat > now + TOLERANCE:
                # This process was suspended with its machine, or the primary's clock was set.
                self.clock.forget()
            self._changed.notify_all()

    def pause(self, replica: Replica) -> None:
        """Leave a replica alone for a while, since a request lost it."""
        with self._changed:
            replica.paused_until = self.monotonic() + PAUSE
            replica.heartbeat = 0.0

    def abandoned(self) -> set[str]:
        """Return the aliases of the replicas that nobody should wait for any longer."""
        now = self.clock.now()
        return {
            replica.alias
            for replica in self.replicas
            if self.monotonic() < replica.paused_until or (replica.lag(now) or 0.0) > ABANDON_AFTER
        }

    def state(self) -> State:
        """Return whether all replicas keep up. A process that has just begun does not know yet, and says so."""
        now = self.clock.now()
        keeps_up = all(self._keeps_up(replica, now) for replica in self.replicas)
        return State.OK if keeps_up else State.WARNING

    def _keeps_up(self, replica: Replica, now: float | None) -> bool:
        lag = replica.lag(now)
        return lag is not None and lag <= LARGEST_LAG and self.monotonic() >= replica.paused_until

    def _choose(self) -> Replica | None:
        now = self.clock.now()
        current = self._current
        if current is not None:
            if self._keeps_up(current, now):
                return current
            self._current, self._shown_until = None, now or current.heartbeat + LARGEST_LAG
            self._next_handover = self.monotonic() + HANDOVER_EVERY
            log.warning("%s is behind or away: readers get the primary.", current.alias)
        candidate = next((each for each in self._in_order() if self._keeps_up(each, now)), None)
        if candidate is None:
            return None
        if not self._has_all_shown(candidate):
            if self.monotonic() >= self._next_handover:
                self._handover_until = self.monotonic() + HANDOVER
                self._next_handover = self._handover_until + HANDOVER_EVERY
            left = self._handover_until - self.monotonic()
            if left > 0:
                self._changed.wait_for(
                    lambda: self._current is not None or self._has_all_shown(candidate), left
                )
        if (
            self._current is None
            and self._has_all_shown(candidate)
            and self._keeps_up(candidate, self.clock.now())
        ):
            self._current = candidate
            log.info("Readers get %s.", candidate.alias)
        return self._current

    def _has_all_shown(self, candidate: Replica) -> bool:
        elsewhere = self._reading.total() - self._reading[candidate]
        return not elsewhere and candidate.heartbeat > self._shown_until

    def _in_order(self) -> list[Replica]:
        """Return the replicas, the first another one for each process."""
        first = os.getpid() % len(self.replicas)
        return [*self.replicas[first:], *self.replicas[:first]]


class Watch:
    """The threads of a process that look at its replicas. They begin with the first request, after any fork."""

    def __init__(self, readers: Readers) -> None:
        self._readers = readers
        self._pid = 0
        self._lock = Lock()

    def start(self) -> None:
        if self._pid == os.getpid():
            return
        with self._lock:
            if self._pid == os.getpid():
                return
            self._pid = os.getpid()
        Thread(target=self._watch_clock, name="primary's clock", daemon=True).start()
        for replica in self._readers.replicas:
            Thread(target=self._watch, args=(replica,), name=replica.alias, daemon=True).start()

    def _watch_clock(self) -> None:
        while True:
            try:
                self._readers.clock.ask(_primary_time)
            except Error:
                # By the clock as it was, heartbeats become old.
                time.sleep(PAUSE)
            finally:
                connections[DEFAULT_DB_ALIAS].close()
            until = time.monotonic() + ASK_CLOCK_EVERY
            while self._readers.clock.now() is not None and time.monotonic() < until:
                abandon(self._readers.abandoned())
                time.sleep(LOOK_EVERY)

    def _watch(self, replica: Replica) -> None:
        connection = connections[replica.alias]
        while True:
            try:
                while time.monotonic() >= replica.paused_until:
                    self._readers.saw(replica, _heartbeat(connection))
                    time.sleep(LOOK_EVERY)
            except Error:
                self._readers.pause(replica)
            # Its connections may be dead, and a request would find that out one by one.
            connection.close()
            connection.close_pool()  # type: ignore[attr-defined]
            time.sleep(max(0.0, replica.paused_until - time.monotonic()))


def abandon(aliases: set[str]) -> None:
    """Let whoever waits for these replicas, and no others, give them up."""
    from newsroom.postgresql import ABANDONED  # noqa: PLC0415 - SQLite needs no driver

    ABANDONED.difference_update(ABANDONED - aliases)
    ABANDONED.update(aliases)


def _primary_time() -> float:
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())::float8")
        (found,) = cursor.fetchone()
    return float(found)


def _heartbeat(connection: BaseDatabaseWrapper) -> float:
    """Return the newest heartbeat that a replica has, 0 if there was none yet."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT extract(epoch FROM max(beat_at))::float8 FROM {Heartbeat._meta.db_table}"  # noqa: S608
        )
        (found,) = cursor.fetchone()
    return float(found or 0.0)


READERS: Final = Readers([Replica(alias) for alias in settings.REPLICAS])
WATCH: Final = Watch(READERS)


class ReplicaMiddleware:
    """Read the public site from a replica, and from the primary if the replica fails meanwhile.

    Whoever has a session reads the primary: the desk's people see what they have just saved. So does the worker that
    bakes pages.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if not settings.REPLICAS:
            raise MiddlewareNotUsed
        self._get_response = get_response
        self._desk = reverse("admin:index")

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if (
            request.method not in SAFE
            or settings.SESSION_COOKIE_NAME in request.COOKIES
            or request.path_info.startswith(self._desk)
            or READS_PRIMARY in request.META
        ):
            return self._get_response(request)
        WATCH.start()
        with READERS.reading() as replica:
            if replica is None:
                return self._get_response(request)
            with reading_from(replica.alias):
                response = self._get_response(request)
        if not is_worth_a_retry(response):
            return response
        if database_loss(response) is not None:
            READERS.pause(replica)
        with READERS.reading(primary=True):
            return self._get_response(request)
