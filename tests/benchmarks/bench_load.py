"""How many readers a warm story page serves, beside a bare view that returns the same bytes through the same server.

The bare view goes through the whole site's middleware, as a view of Django's does. A story's page is answered before
sessions and sign-in, which it has no use for, and so it can come close though it asks the database.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

ROOT = Path(__file__).parent.parent.parent
STORY = "/stories/harrow-bridge-cracks/"
BARE = "/bare/"
ROUNDS = 5
SECONDS = 3
WORKERS = 2
CONNECTIONS = 8


def run() -> list[tuple[str, float, str, float | None]]:
    wrk = shutil.which("wrk")
    if wrk is None:
        print(
            "wrk was not found, so no load was made. Install it (Debian: apt-get install wrk).",
            file=sys.stderr,
        )
        return []
    with serving() as address:
        with urlopen(address + STORY) as page:  # noqa: S310 - on this machine
            etag, size = page.headers["ETag"], len(page.read())
        with urlopen(f"{address}/queries/") as told:  # noqa: S310 - on this machine
            queries = int(told.read())
        asks: dict[str, list[str]] = {
            "bare": [address + BARE],
            "story": [address + STORY],
            "304": [address + STORY, "-H", f"If-None-Match: {etag}"],
        }
        found: dict[str, list[float]] = {name: [] for name in asks}
        # In turns, so that whatever else the machine does meets all of them alike.
        for _ in range(ROUNDS):
            for name, what in asks.items():
                found[name].append(load(wrk, *what))
    rates = {name: statistics.median(several) for name, several in found.items()}
    ratios = {
        name: statistics.median(mine / bare for mine, bare in zip(found[name], found["bare"], strict=True))
        for name in ("story", "304")
    }
    return [
        ("queries of a warm story page", queries, "queries", 1),
        (f"a bare view of {size:,} bytes", rates["bare"], "req/s", None),
        ("the warm story page", rates["story"], "req/s", None),
        ("  as a ratio to the bare view", ratios["story"], "ratio/s", 0.85),
        ("a 304 of the story page", rates["304"], "req/s", None),
        ("  as a ratio to the bare view", ratios["304"], "ratio/s", 0.85),
    ]


def load(wrk: str, *what: str) -> float:
    """Requests a second of one address."""
    told = subprocess.run(
        [wrk, "-t2", f"-c{CONNECTIONS}", f"-d{SECONDS}s", *what], capture_output=True, text=True, check=True
    ).stdout
    rate = re.search(r"Requests/sec:\s+([\d.]+)", told)
    assert rate is not None, told
    assert "Non-2xx or 3xx" not in told, told
    return float(rate[1])


@contextmanager
def serving() -> Iterator[str]:
    """The demo newsroom, as production serves it; gives its address."""
    with socket.socket() as free, tempfile.TemporaryDirectory() as folder:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        address = f"http://127.0.0.1:{port}"
        environment = {
            **os.environ,
            "DATABASE_URL": f"sqlite:///{folder}/load.sqlite3",
            "MEDIA_ROOT": f"{folder}/media",
            "LEDGER_HEADS": f"{folder}/heads",
            "SECRET_KEY": "a key for benchmarks alone, longer than fifty characters as is asked",
            "SITE_URL": address,
            "LOG_LEVEL": "ERROR",
            "REQUIRE_SECOND_FACTOR": "0",
            "DEBUG": "1",
            "DJANGO_SETTINGS_MODULE": "newsroom.settings",
        }
        for command in (["migrate", "-v0"], ["demo"]):
            subprocess.run(
                [sys.executable, "manage.py", *command],
                cwd=ROOT,
                env=environment,
                stdout=subprocess.DEVNULL,
                check=True,
            )
        environment |= {"DEBUG": "0", "DJANGO_SETTINGS_MODULE": "tests.benchmarks.load_settings"}
        server = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "gunicorn",
                f"--workers={WORKERS}",
                f"--bind=127.0.0.1:{port}",
                "newsroom.wsgi",
            ],
            cwd=ROOT,
            env=environment,
            stderr=subprocess.DEVNULL,
        )
        try:
            wait_for(address + STORY)
            yield address
        finally:
            server.terminate()
            server.wait()


def wait_for(address: str) -> None:
    for _ in range(100):
        try:
            # Every worker makes its own copy first.
            for _ in range(8 * WORKERS):
                urlopen(address).close()  # noqa: S310 - on this machine
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"{address} does not answer.")
