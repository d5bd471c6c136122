"""Bake while the worker runs: two threads beside the one that sends mails and purges, so that neither waits.

One looks several times a second whether anything changed, drops it, and only then lets nginx serve the folder for some
more tenths of a second. The other bakes again. Whatever ends or stops this process, or keeps it from the database,
stops the first, and so nginx asks the site.
"""

from __future__ import annotations

import logging
import os
import time
from collections import OrderedDict
from pathlib import Path
from threading import Condition, Event, Thread
from typing import Final

from django.db import connections
from django.db.utils import Error as DatabaseFailure
from django.utils import timezone

from stories.domain.baking.folder import TENTHS, BakedFolder, FolderProblem, problem
from stories.management.baking.baker import Baker, Outcome, Work

# In seconds: between two looks, and before a folder that can't be used is tried again.
PAUSE: Final = 0.1
RETRY: Final = 2.0

_log = logging.getLogger(__name__)


class BakeWatch:
    """Bakes into a folder from `start` to `stop`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stopped = Event()
        self._looking = Thread(target=self._look_for_ever, name="look", daemon=True)
        self._trouble = ""

    def start(self) -> None:
        self._looking.start()

    def stop(self) -> None:
        """Let nginx ask the site from now on, and end."""
        self._stopped.set()
        self._looking.join(5)

    def _look_for_ever(self) -> None:
        while not self._stopped.is_set():
            try:
                self._watch()
            except FolderProblem as found:
                self._report(str(found))
            except OSError as error:
                self._report(str(problem(self._path, error)))
            except DatabaseFailure:
                # The thread that sends mails says so.
                self._report("")
            except Exception:
                _log.exception("Pages could not be baked; it is tried again.")
            finally:
                connections.close_all()
            self._stopped.wait(RETRY)

    def _watch(self) -> None:
        folder = BakedFolder.make(self._path)
        baker = folder.try_to_bake()
        if baker is None:
            raise FolderProblem(f"Another process bakes into {self._path}. One worker a folder is enough.")
        queue = _Queue(Baker(folder))
        try:
            folder.stop_serving()
            queue.start()
            self._serve(folder, queue)
        finally:
            folder.stop_serving()
            queue.stop()
            os.close(baker)

    def _serve(self, folder: BakedFolder, queue: _Queue) -> None:
        looked = time.time()
        queue.add(queue.baker.begin())
        while not self._stopped.is_set():
            # From before the look: what changes after it is served until then at most.
            folder.serve_until(looked + TENTHS / 10)
            queue.raise_trouble()
            self._trouble = ""
            self._stopped.wait(PAUSE)
            looked = time.time()
            queue.add(queue.baker.look(timezone.now()))

    def _report(self, sentence: str) -> None:
        if sentence and sentence != self._trouble:
            _log.error("%s", sentence)
        self._trouble = sentence


class _Queue:
    """The thread that bakes, and what it has to bake: what changed last first, then what is missing."""

    def __init__(self, baker: Baker) -> None:
        self.baker = baker
        # How often each was added: what is added again while it is baked is baked again.
        self._works: OrderedDict[Work, int] = OrderedDict()
        self._changed = Condition()
        self._stopped = False
        self._failed: BaseException | None = None
        self._thread = Thread(target=self._run, name="bake", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def add(self, work: Work) -> None:
        if work:
            with self._changed:
                self._works[work] = self._works.get(work, 0) + 1
                # All else waits for what changed just now; of everything it matters least when it is there.
                self._works.move_to_end(work, last=work.everything)
                self._changed.notify()

    def stop(self) -> None:
        with self._changed:
            self._stopped = True
            self._changed.notify()
        self._thread.join(5)

    def raise_trouble(self) -> None:
        """Raise what ended the thread, if anything did."""
        if self._failed is not None:
            raise self._failed

    def _run(self) -> None:
        try:
            while (work := self._next()) is not None:
                self._bake(work)
        except BaseException as error:
            self._failed = error
        finally:
            connections.close_all()

    def _next(self) -> Work | None:
        with self._changed:
            while not self._works and not self._stopped:
                self._changed.wait()
            return None if self._stopped else self._first()

    def _first(self) -> Work:
        return next(iter(self._works))

    def _is_overtaken(self, work: Work) -> bool:
        return self._stopped or self._first() != work

    def _bake(self, work: Work) -> None:
        """Bake all of a work, or leave it for a more urgent one."""
        with self._changed:
            added = self._works[work]
        waiting = list(self.baker.addresses(work, at=timezone.now()))
        while waiting:
            later = []
            for address in waiting:
                with self._changed:
                    if self._is_overtaken(work):
                        return
                if self.baker.bake(address) in (Outcome.AGAIN, Outcome.LATER):
                    later.append(address)
            if later:
                with self._changed:
                    self._changed.wait_for(lambda: self._is_overtaken(work), RETRY / 4)
            waiting = later
        with self._changed:
            if self._works[work] == added:
                del self._works[work]
