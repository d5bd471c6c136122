"""`make run` starts the site and its worker; whatever ends one of them ends both, and all that they have started."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import psutil
import pytest

from tests.outbox import dead_port
from tests.worker import ROOT, environment, wait_until

pytestmark = [
    pytest.mark.drill,
    pytest.mark.skipif(shutil.which("make") is None, reason="needs make"),
]


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Create the database once: the first run migrates it and loads the demo."""
    return f"sqlite:///{tmp_path_factory.mktemp('run') / 'db.sqlite3'}"


@contextmanager
def running(
    database: str, media: Path
) -> Iterator[tuple[subprocess.Popen[bytes], list[psutil.Process], int]]:
    """Return a site that answers: make, all the processes under it, the port."""
    port = dead_port()
    make = subprocess.Popen(
        # What is installed is not looked at: the tests run with it.
        ["make", "-o", "setup", "run", f"PORT={port}"],  # noqa: S607 - the make that a person would run
        cwd=ROOT,
        env=environment(database, MEDIA_ROOT=str(media)),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    processes: list[psutil.Process] = []
    try:
        wait_until(lambda: make.poll() is None and answers(port), seconds=240)
        processes = psutil.Process(make.pid).children(recursive=True)
        yield make, processes, port
    finally:
        for process in [*processes, psutil.Process(make.pid)] if make.poll() is None else processes:
            if process.is_running():
                process.kill()
        make.wait()


def answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def named(processes: list[psutil.Process], command: str) -> list[psutil.Process]:
    """Return the processes that run a command, such as the server and its reloader, in the order of their start."""
    return [each for each in processes if command in each.cmdline() and "-c" not in each.cmdline()]


@pytest.mark.parametrize("ended", ["SIGTERM", "Ctrl+C", "worker", "server", "reloader"])
def test_whatever_ends_one_ends_all(database: str, tmp_path: Path, ended: str) -> None:
    with running(database, tmp_path) as (make, processes, port):
        (worker,) = named(processes, "deliver")
        reloader, server = named(processes, "runserver")
        if ended == "SIGTERM":
            make.terminate()
        elif ended == "Ctrl+C":
            os.killpg(make.pid, signal.SIGINT)
        else:
            {"worker": worker, "server": server, "reloader": reloader}[ended].kill()
        make.wait(60)
        _gone, left = psutil.wait_procs(processes, timeout=30)
        assert left == []
        assert not answers(port)
