"""Faults, one after the other at random, in a running site."""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from threading import Event
from typing import Final

import psutil

from tests.drills.histories.history import Fault, Log
from tests.drills.site import Server, Site

# How many seconds there are between two faults.
APART: Final = (3.0, 9.0)
# For how many seconds something hangs or is away.
LASTS: Final = (0.3, 3.0)


@dataclass
class Saboteur:
    """Breaks one part after the other, and mends it."""

    site: Site
    log: Log
    random: random.Random

    def live(self, over: Event) -> None:
        faults: dict[str, Callable[[], None]] = {
            "web worker killed": self.kill_web_worker,
            "web worker hung": self.hang_web_worker,
            "gunicorn restarted": self.restart_web,
            "delivering worker killed": self.kill_worker,
            "delivering worker hung": self.hang_worker,
            "database stopped at once": self.stop_database,
            "database hung": lambda: self.hang(self.site.postgres.server),
            "cache stopped": self.stop_cache,
            "cache hung": lambda: self.hang(self.site.redis.server),
        }
        order: list[str] = []
        while not over.wait(self.random.uniform(*APART)):
            # Each as often as the others.
            order = order or self.random.sample(list(faults), len(faults))
            what, began = order.pop(), time.time()
            faults[what]()
            self.log.write(Fault(what=what, began=began, ended=time.time()))

    def last(self) -> None:
        time.sleep(self.random.uniform(*LASTS))

    def hang(self, server: Server) -> None:
        server.hang()
        self.last()
        server.wake()

    def _web_worker(self) -> psutil.Process | None:
        workers = self.site.web_workers()
        return self.random.choice(workers) if workers else None

    def kill_web_worker(self) -> None:
        if worker := self._web_worker():
            with suppress(psutil.NoSuchProcess):
                worker.kill()

    def hang_web_worker(self) -> None:
        if worker := self._web_worker():
            with suppress(psutil.NoSuchProcess):
                worker.suspend()
                self.last()
                worker.resume()

    def restart_web(self) -> None:
        self.site.stop_web()
        self.site.start_web()

    def kill_worker(self) -> None:
        self.site.kill_worker()
        self.site.start_worker()

    def hang_worker(self) -> None:
        assert self.site.worker is not None
        self.site.worker.send_signal(signal.SIGSTOP)
        self.last()
        self.site.worker.send_signal(signal.SIGCONT)

    def stop_database(self) -> None:
        self.site.postgres.stop()
        self.last()
        self.site.postgres.start()

    def stop_cache(self) -> None:
        self.site.redis.stop()
        self.last()
        self.site.redis.start()
