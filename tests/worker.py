"""`manage.py deliver --watch` as a separate process, on the test's database."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlencode

from django.db import connection

ROOT = Path(__file__).parent.parent


def database_address() -> str:
    """Return the DATABASE_URL of the database that the test is connected to."""
    told = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{told['NAME']}"
    user = ":".join(quote(str(part), safe="") for part in (told["USER"], told["PASSWORD"]) if part)
    host, port = str(told["HOST"]), f":{told['PORT']}" if told["PORT"] else ""
    query = "?" + urlencode({"host": host}) if host.startswith("/") else ""
    return f"postgres://{user}@{'' if query else host}{port}/{quote(told['NAME'])}{query}"


def environment(database: str, **values: str) -> dict[str, str]:
    """Return the environment of a local site on a database."""
    site = {"DJANGO_SETTINGS_MODULE": "newsroom.settings", "DEBUG": "1", "SECRET_KEY": "of a test"}
    local = {"DATABASE_URL": database, "LOG_LEVEL": "INFO", "EMAIL_URL": "dummy://", "LEDGER_HEADS": "off"}
    return {**os.environ, "PYTHONUNBUFFERED": "1", **site, **local, **values}


class Worker:
    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def send_signal(self, number: int) -> None:
        self.process.send_signal(number)

    def end(self, number: int = signal.SIGTERM) -> tuple[int, str]:
        """Ask it to end; return its exit code and its output."""
        self.send_signal(number)
        output, _nothing = self.process.communicate(timeout=60)
        return self.process.returncode, output


@contextmanager
def running_worker(database: str, *arguments: str, **values: str) -> Iterator[Worker]:
    """Run a worker; it is killed at the block's end if it still runs."""
    command = [sys.executable, "manage.py", "deliver", *(arguments or ("--watch",))]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment(database, **values),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield Worker(process)
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()


def wait_until(holds: Callable[[], object], *, seconds: float = 60) -> float:
    """Wait until a condition is true; return after how many seconds it was."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < seconds, "It never came to hold."
        time.sleep(0.02)
    return time.monotonic() - began
