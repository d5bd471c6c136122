"""How many readers a warm page serves, beside a bare view of as many bytes in a process of its own, in turns.

On PostgreSQL if there is one, through gunicorn as production serves the site. With wrk if it is installed; otherwise
with threads of this process, which take a share of the machine from both alike: ratios come out a little closer to 1.
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
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

from tests.postgres import running_postgres

ROOT = Path(__file__).parent.parent.parent
STORY = "/stories/harrow-bridge-cracks/"
PAGES = {
    "story": STORY,
    "front page": "/",
    "section": "/section/technology/",
    "versions": f"{STORY}versions/",
}
ROUNDS = 5
SECONDS = 3
WORKERS = 2
CONNECTIONS = 8


def run() -> list[tuple[str, float, str, float | None]]:
    with ExitStack() as stack:
        database = stack.enter_context(running_postgres())
        address = stack.enter_context(serving(database))
        with urlopen(address + STORY) as page:  # noqa: S310 - on this machine
            etag, size = page.headers["ETag"], len(page.read())
        with urlopen(f"{address}/queries/") as told:  # noqa: S310 - on this machine
            queries = int(told.read())
        bare = stack.enter_context(serving_bare(size))
        asks: dict[str, tuple[str, str]] = {name: (address + path, "") for name, path in PAGES.items()}
        asks |= {"304": (address + STORY, etag), "bare": (bare, "")}
        found: dict[str, list[float]] = {name: [] for name in asks}
        # In turns, so that whatever else the machine does meets all of them alike.
        for _ in range(ROUNDS):
            for name, (where, has) in asks.items():
                found[name].append(load(where, has))
    where = "PostgreSQL" if database else "SQLite"
    figures: list[tuple[str, float, str, float | None]] = [
        ("queries of a warm story page", queries, "queries", 1),
        (f"a bare view of {size:,} bytes", statistics.median(found["bare"]), "req/s", None),
    ]
    for name in (*PAGES, "304"):
        ratio = statistics.median(mine / bare for mine, bare in zip(found[name], found["bare"], strict=True))
        figures.append((f"warm on {where}: {name}", statistics.median(found[name]), "req/s", None))
        figures.append(("  as a ratio to the bare view", ratio, "ratio/s", 0.85))
    return figures


def load(address: str, etag: str = "") -> float:
    """Requests a second of one address."""
    wrk = shutil.which("wrk")
    if wrk is None:
        return load_by_threads(address, etag)
    header = ["-H", f"If-None-Match: {etag}"] if etag else []
    told = subprocess.run(
        [wrk, "-t2", f"-c{CONNECTIONS}", f"-d{SECONDS}s", address, *header],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    rate = re.search(r"Requests/sec:\s+([\d.]+)", told)
    assert rate is not None, told
    assert "Non-2xx or 3xx" not in told, told
    return float(rate[1])


def load_by_threads(address: str, etag: str) -> float:
    parts = urlsplit(address)
    conditions = f"If-None-Match: {etag}\r\n" if etag else ""
    request = (
        f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\n{conditions}Connection: close\r\n\r\n".encode()
    )
    until = time.monotonic() + SECONDS

    def ask(_thread: int) -> int:
        answered = 0
        while time.monotonic() < until:
            with socket.create_connection((parts.hostname, parts.port)) as connection:
                connection.sendall(request)
                begin = connection.recv(65_536)
                assert begin.startswith((b"HTTP/1.1 200", b"HTTP/1.1 304")), begin[:200]
                while connection.recv(262_144):
                    pass
            answered += 1
        return answered

    with ThreadPoolExecutor(CONNECTIONS) as threads:
        return sum(threads.map(ask, range(CONNECTIONS))) / SECONDS


@contextmanager
def serving(database: str | None) -> Iterator[str]:
    """The demo newsroom, as production serves it; gives its address."""
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        address = f"http://127.0.0.1:{port}"
        environment = {
            **os.environ,
            "DATABASE_URL": database or f"sqlite:///{folder}/load.sqlite3",
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
        with gunicorn("newsroom.wsgi", port, environment):
            wait_for(*(address + path for path in PAGES.values()))
            yield address


@contextmanager
def serving_bare(size: int) -> Iterator[str]:
    port = free_port()
    address = f"http://127.0.0.1:{port}/"
    with gunicorn("tests.benchmarks.bare_site", port, {**os.environ, "BARE_BYTES": str(size)}):
        wait_for(address)
        yield address


@contextmanager
def gunicorn(application: str, port: int, environment: dict[str, str]) -> Iterator[None]:
    options: Sequence[str] = (f"--workers={WORKERS}", f"--bind=127.0.0.1:{port}")
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", *options, application],
        cwd=ROOT,
        env=environment,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        server.terminate()
        server.wait()


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


def wait_for(*addresses: str) -> None:
    for _ in range(100):
        try:
            # Every worker makes its own copy first.
            for _ in range(8 * WORKERS):
                for address in addresses:
                    urlopen(address).close()  # noqa: S310 - on this machine
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"{addresses} do not answer.")
