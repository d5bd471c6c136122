"""gunicorn takes its configuration, with threads that each find a connection to the database."""

from __future__ import annotations

import os
import runpy
import subprocess
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

import pytest

from newsroom.environment import database
from tests.deploy.files import DEPLOY, command
from tests.settings import BASE_DIR

FILE = DEPLOY / "gunicorn.conf.py"


def read() -> dict[str, Any]:
    return runpy.run_path(str(FILE))


def test_gunicorn_takes_every_setting() -> None:
    variables = {"DEBUG": "0", "SECRET_KEY": "k" * 50, "SITE_URL": "https://news.example.org"}
    checked = subprocess.run(
        [*command("newsroom-web.service"), "--print-config"],
        cwd=BASE_DIR,
        env={**os.environ, **variables, "DJANGO_SETTINGS_MODULE": "newsroom.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stderr
    printed = dict(line.split(" = ", 1) for line in checked.stdout.splitlines() if " = " in line)
    taken = {name.strip(): value.strip() for name, value in printed.items()}
    for name, value in read().items():
        if (
            not name.startswith("_")
            and not callable(value)
            and not isinstance(value, ModuleType | type(annotations))
        ):
            assert name in taken, f"gunicorn knows no setting {name}"
            assert taken[name] in (str(value), repr(value), f"['{value}']")


@pytest.mark.parametrize(("asked", "threads"), [("", 4), ("12", 12)])
def test_every_thread_finds_a_connection_in_its_processs_pool_which_makes_no_more(
    monkeypatch: pytest.MonkeyPatch, asked: str, threads: int
) -> None:
    monkeypatch.setenv("WEB_THREADS", asked)
    configured = read()
    assert configured["threads"] == threads
    # What gunicorn puts into the environment of its workers.
    for name, value in (each.split("=") for each in configured["raw_env"]):
        monkeypatch.setenv(name, value)
    options = database(urlsplit("postgres://db/news"), folder=BASE_DIR)["OPTIONS"]
    assert options["pool"]["max_size"] == threads
    # No query more for each request: a connection that has died is noticed by using it.
    assert "check" not in options["pool"]
    own = database(urlsplit("postgres://db/news?pool=7"), folder=BASE_DIR)["OPTIONS"]
    assert own["pool"]["max_size"] == 7


@pytest.mark.parametrize(("asked", "workers"), [("", None), ("7", 7)])
def test_there_is_a_worker_for_each_core_and_two_at_least(
    monkeypatch: pytest.MonkeyPatch, asked: str, workers: int | None
) -> None:
    monkeypatch.setenv("WEB_CONCURRENCY", asked)
    for cores in (1, 2, 16):
        monkeypatch.setattr(os, "sched_getaffinity", lambda _pid, cores=cores: set(range(cores)))
        assert read()["workers"] == (workers or max(2, cores))


def test_a_statement_that_is_given_up_is_answered_before_the_worker_is_ended() -> None:
    assert read()["timeout"] > 10
