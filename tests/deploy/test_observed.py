"""gunicorn's workers count together, and log each request by its view and never by its address."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.deploy.files import command
from tests.drills.site import free_port
from tests.newsroom.test_settings import VARIABLES
from tests.settings import BASE_DIR

TOKEN = "a-token-of-the-tests"
PATIENCE = 60.0
MEMORY = Path(os.sep, "dev", "shm")


class Site:
    """gunicorn with its configuration, and a database without tables."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.log = folder / "log"
        inherited = {name: value for name, value in os.environ.items() if name not in VARIABLES}
        environment = {
            **inherited,
            "DJANGO_SETTINGS_MODULE": "newsroom.settings",
            "SECRET_KEY": "k" * 50,
            "SITE_URL": "http://127.0.0.1",
            "DATABASE_URL": f"sqlite:///{folder}/empty.sqlite3",
            "LEDGER_HEADS": "off",
            "METRICS": "1",
            "METRICS_TOKEN": TOKEN,
            "ACCESS_LOG": "1",
            "TRUSTED_PROXIES": "1",
        }
        collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
        subprocess.run(collect, cwd=BASE_DIR, env=environment, check=True)
        self.process = subprocess.Popen(
            [*command("newsroom-web.service"), f"--bind=127.0.0.1:{self.port}", "--workers=3"],
            cwd=BASE_DIR,
            env=environment,
            stdout=self.log.open("ab"),
            stderr=subprocess.STDOUT,
        )

    def ask(self, path: str, **headers: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request("GET", path, headers={"Host": "127.0.0.1", **headers})
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def figures(self) -> str:
        status, text = self.ask("/metrics", Authorization=f"Bearer {TOKEN}")
        assert status == 200
        return text

    def lines(self) -> list[dict[str, object]]:
        """Return the lines of the log that are JSON; those of gunicorn's own start are not."""
        return [json.loads(line) for line in self.log.read_text().splitlines() if line.startswith("{")]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    found = Site(tmp_path_factory.mktemp("site"))
    until = time.monotonic() + PATIENCE
    try:
        while time.monotonic() < until:
            with suppress(OSError):
                if found.ask("/healthz")[0] == 200:
                    break
            time.sleep(0.1)
        else:
            raise AssertionError(found.log.read_text())
        yield found
    finally:
        found.process.terminate()
        found.process.wait(PATIENCE)
    assert not (MEMORY / f"newsroom-figures-{found.process.pid}").exists()


def test_the_figures_are_those_of_all_workers(site: Site) -> None:
    for _time in range(30):
        assert site.ask("/robots.txt")[0] == 200
    asked = 'newsroom_requests_total{method="GET",status="200",view="robots"} 30.0'
    assert [asked in site.figures() for _time in range(6)] == [True] * 6
    folder = MEMORY / f"newsroom-figures-{site.process.pid}"
    assert folder.stat().st_mode & 0o077 == 0


def test_each_request_is_logged_by_its_view_with_the_proxys_id(site: Site) -> None:
    identity = "f" * 32
    path = "/stories/zinnober-draft/versions/?q=zinnober-word"
    status, _page = site.ask(
        path, **{"X-Request-Id": identity, "User-Agent": "zinnober", "Referer": "http://zinnober/"}
    )
    assert status >= 500
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and not any(line.get("event") == "Request" for line in of(site, identity)):
        time.sleep(0.05)
    lines = of(site, identity)
    request = next(line for line in lines if line["event"] == "Request")
    assert (request["view"], request["method"], request["status"]) == ("versions", "GET", status)
    failure = next(line for line in lines if "exception" in line)
    assert failure["view"] == "versions"
    assert "zinnober" not in site.log.read_text()
    assert not any("127.0.0.1" in json.dumps(line) for line in site.lines())


def test_what_is_no_request_is_logged_without_what_was_sent_and_by_whom(site: Site) -> None:
    with socket.create_connection(("127.0.0.1", site.port), timeout=PATIENCE) as raw:
        raw.sendall(b"GET /zinnober draft HTTP/9.9\r\n\r\n")
        while raw.recv(1_000):
            pass
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and not any(line["event"] == "Invalid request" for line in site.lines()):
        time.sleep(0.05)
    assert any(line["event"] == "Invalid request" for line in site.lines())
    assert "zinnober" not in site.log.read_text()


def of(site: Site, identity: str) -> list[dict[str, object]]:
    return [line for line in site.lines() if line.get("request_id") == identity]
