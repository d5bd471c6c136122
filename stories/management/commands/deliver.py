"""Send outgoing messages: mails, and purges of the cache in front of the site. Bake readers' pages meanwhile."""

from __future__ import annotations

import logging
import signal
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import InterfaceError, InternalError, OperationalError, connections
from django.utils import timezone

from stories.actions.outbox.deliver import Deliverer
from stories.actions.outbox.heartbeat import Heart
from stories.actions.takedown.stale_copies import repeat_invalidation
from stories.actions.times import current_time
from stories.management.baking.watch import BakeWatch

# Seconds between two polls: caches are purged within a second of a change.
PAUSE: Final = 0.25
# Seconds between two looks whether the shared cache knows of the last takedown.
LOOK_EVERY: Final = 1.0
# The longest pause between two attempts to reach a database that is down.
LONGEST_PAUSE: Final = 2.0

_log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Sends the mails that wait, and to PURGE_URL the keys of pages that changed, as a POST of JSON with the token "
        "PURGE_TOKEN. What fails is tried again, later each time. Run it with --watch as a service: one is enough, and "
        "several do no harm. With BAKE_DIR it bakes readers' pages meanwhile. Without --watch it sends what is due "
        "now, and exits with status 1 if something failed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--watch",
            action="store_true",
            help="Go on until SIGTERM or SIGINT, and look several times a second.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["watch"]:
            _Watch(self.stdout.write).run()
            return
        delivered = Deliverer(clock=current_time).deliver()
        self.stdout.write(f"{delivered.sent} delivered, {delivered.failed} to be tried again.")
        if delivered.failed:
            raise CommandError("Something could not be sent; it is tried again by the next run.")


class _Watch:
    """The worker: ends after the current message when asked to, and survives a database outage."""

    def __init__(self, write: Callable[[str], Any]) -> None:
        self._write = write
        self._stopped = False

    def run(self) -> None:
        handlers = {each: signal.signal(each, self._stop) for each in (signal.SIGTERM, signal.SIGINT)}
        deliverer, heart = Deliverer(clock=current_time), Heart()
        heart.start()
        baking = BakeWatch(Path(settings.BAKE_DIR)) if settings.BAKE_DIR else None
        if baking:
            baking.start()
        pause, trouble, looked_at = PAUSE, "", -LOOK_EVERY
        try:
            while not self._stopped:
                try:
                    if time.monotonic() - looked_at >= LOOK_EVERY:
                        looked_at = time.monotonic()
                        repeat_invalidation(at=timezone.now())
                    delivered = deliverer.deliver(stopped=lambda: self._stopped)
                except (OperationalError, InterfaceError, InternalError) as error:
                    if str(error) != trouble:
                        trouble = str(error)
                        _log.warning("The database does not answer; it is asked again. %s", trouble)
                    _disconnect()
                    pause = min(LONGEST_PAUSE, pause * 2)
                else:
                    if trouble:
                        _log.warning("The database answers again.")
                    pause, trouble = PAUSE, ""
                    if delivered.sent or delivered.failed:
                        self._write(f"{delivered.sent} delivered, {delivered.failed} to be tried again.")
                self._sleep(pause)
        finally:
            heart.stop()
            if baking:
                baking.stop()
            for each, handler in handlers.items():
                signal.signal(each, handler)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self._stopped = True
        # A second signal ends it at once, without waiting for the current message.
        signal.signal(number, signal.SIG_DFL)

    def _sleep(self, seconds: float) -> None:
        # In slices: a signal's handler runs, but does not wake a sleeper.
        until = time.monotonic() + seconds
        while not self._stopped and (left := until - time.monotonic()) > 0:
            time.sleep(min(left, 0.1))


def _disconnect() -> None:
    """Close the connections, so that the next query reconnects at once: a pool waits longer at each attempt."""
    for connection in connections.all(initialized_only=True):
        connection.close()
        if close_pool := getattr(connection, "close_pool", None):
            close_pool()
