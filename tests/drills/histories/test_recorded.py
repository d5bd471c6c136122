"""Eight clients save, publish, fix, withhold and withdraw at random while parts fail; the site keeps its word.

`make drill HISTORY_MINUTES=10` goes on for so long; HISTORY_LOG names the file that the history is written to.
"""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from typing import Final

import pytest

from tests.drills.histories.checker import check
from tests.drills.histories.clients import Client, Newsroom, Reader
from tests.drills.histories.faults import Saboteur
from tests.drills.histories.history import History, Log, read_log
from tests.drills.histories.record import NAMES, SETUP, rows, stories
from tests.drills.site import Site, running_site
from tests.drills.summary import HISTORY
from tests.worker import wait_until

pytestmark = pytest.mark.drill

MINUTES: Final = float(os.environ.get("HISTORY_MINUTES") or 1.2)
READERS: Final = 3
# On a machine that does much else.
FEWEST: Final = 10


def test_whatever_fails_every_answer_is_kept(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    path = Path(os.environ.get("HISTORY_LOG") or tmp_path / "history.jsonl")
    seed = random.SystemRandom().randrange(1_000_000)
    with path.open("w") as file, running_site() as site:
        site.manage("shell", "-c", SETUP)
        began = time.monotonic()
        newsroom = record(site, Log(file), seed)
        seconds = time.monotonic() - began
        assert newsroom.failures == []
        wait_until(lambda: site.reader().get("/readyz").status == 200, seconds=120)
        for row in rows(site.postgres.address):
            newsroom.log.write(row)
        site.manage("verify_ledger")
    history = read_log(path)
    for line in described(history, seconds, seed):
        record_property(HISTORY, line)
    findings = check(history)
    assert findings == [], f"{len(findings)} findings; the history is in {path}."
    assert sum(write.outcome == "ok" for write in history.writes) > FEWEST
    assert sum(read.status == 200 for read in history.reads) > FEWEST


def record(site: Site, log: Log, seed: int) -> Newsroom:
    """Let clients and readers live for the drill's minutes while parts fail, and mend all of them at the end."""
    newsroom = Newsroom(site, log, stories(site.postgres.address))
    clients = [Client(newsroom, name, random.Random(f"{seed} {name}")) for name in NAMES]
    readers = [
        Reader(newsroom, f"reader {number}", random.Random(f"{seed} {number}")) for number in range(READERS)
    ]
    over = Event()
    saboteur = Saboteur(site, log, random.Random(seed))
    breaking = Thread(target=saboteur.live, args=[over])
    lives = [*(client.live for client in clients), *(reader.live for reader in readers)]
    threads = [Thread(target=live) for live in lives]
    for thread in (*threads, breaking):
        thread.start()
    over.wait(60 * MINUTES)
    over.set()
    breaking.join()
    newsroom.over.set()
    for thread in threads:
        thread.join()
    return newsroom


def described(history: History, seconds: float, seed: int) -> list[str]:
    """Return the figures of a history, a line each."""
    counted = Counter((write.kind, write.outcome) for write in history.writes)
    lines = [
        f"Recorded for {seconds:.0f} s with the seed {seed}.",
        "| write | ok | refused | unknown |",
        "| --- | --- | --- | --- |",
    ]
    for kind in sorted({write.kind for write in history.writes}):
        ok, refused, unknown = (counted[kind, outcome] for outcome in ("ok", "refused", "unknown"))
        lines += [f"| {kind} | {ok} | {refused} | {unknown} |"]
    again = sum(write.sent > 1 for write in history.writes)
    reads = Counter("a copy" if read.is_copy else str(read.status) for read in history.reads)
    faults = Counter(fault.what for fault in history.faults)
    lines.append(f"Sent again since the answer was lost: {again}.")
    lines.append(f"Reads: {', '.join(f'{kind} ({number})' for kind, number in sorted(reads.items()))}.")
    lines.append(f"Faults: {', '.join(f'{what} ({number})' for what, number in sorted(faults.items()))}.")
    return lines
