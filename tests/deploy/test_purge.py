"""What drops pages from nginx's cache drops those that are named, for whoever has the token."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path
from types import ModuleType

import pytest
from pytest_django import Settings

from stories.actions.outbox.purges import PurgeChannel
from stories.models import OutboxMessage
from tests.deploy.files import DEPLOY

TOKEN = "of-the-test"


def load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("purge", DEPLOY / "purge.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


purge = load()


def store(folder: Path, name: str, keys: str, body: str = "") -> Path:
    """Store a page as nginx does: a head of its own in bytes, the key, the headers, the page."""
    path = folder / name[-1] / name
    path.parent.mkdir(exist_ok=True)
    headers = f"HTTP/1.1 200 OK\r\nCache-Control: public\r\nSurrogate-Key: {keys}\r\nCache-Tag: {keys}\r\n"
    path.write_bytes(b"\x05\x00\xff\r\n" * 60 + f"\nKEY: news/{name}\n{headers}\r\n{body}".encode())
    return path


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), purge.handler(tmp_path, TOKEN, again=0.1))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def post(address: str, body: bytes, token: str = TOKEN) -> int:
    request = urllib.request.Request(address, data=body, headers={"Authorization": f"Bearer {token}"})
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_the_pages_that_are_named_go_and_the_others_stay(tmp_path: Path) -> None:
    story, front = store(tmp_path, "aa", "story-1 lists"), store(tmp_path, "ab", "lists")
    # Neither a longer number, nor words in a page, are a key.
    others = (
        store(tmp_path, "ac", "story-12"),
        store(tmp_path, "ad", "story-2", "\r\nSurrogate-Key: story-1\r\n"),
    )
    assert purge.purge(tmp_path, frozenset([b"story-1"])) == 1
    assert not story.exists()
    assert front.exists()
    assert all(path.exists() for path in others)


def test_what_is_no_page_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    (tmp_path / "half").write_bytes(b"\x00" * 200 + b"\nKEY: x\nHTTP/1.1 200 OK\r\nSurrogate-K")
    assert purge.purge(tmp_path, frozenset([b"lists"])) == 0
    assert purge.purge(tmp_path / "nothing", frozenset([b"lists"])) == 0


@pytest.mark.parametrize("token", ["", "wrong", TOKEN.upper(), "\xfc"])
def test_without_the_token_nothing_goes(tmp_path: Path, address: str, token: str) -> None:
    path = store(tmp_path, "aa", "lists")
    assert post(address, b'{"keys": ["lists"]}', token) == 403
    assert path.exists()


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[]", b"lists", b'{"keys": 1}', b'{"keys": [1]}', b"\xff", b"[" * 60_000]
)
def test_what_is_no_list_of_keys_is_refused(address: str, body: bytes) -> None:
    assert post(address, body) == 400


def test_too_long_a_list_is_refused(address: str) -> None:
    assert post(address, json.dumps({"keys": ["x" * 70_000]}).encode()) == 400


def test_a_page_that_comes_a_moment_later_goes_too(tmp_path: Path, address: str) -> None:
    assert post(address, b'{"keys": ["story-1"]}') == 200
    path = store(tmp_path, "aa", "story-1")
    for _ in range(100):
        if not path.exists():
            return
        threading.Event().wait(0.05)
    pytest.fail("it stayed")


def test_it_takes_what_the_worker_sends(tmp_path: Path, address: str, settings: Settings) -> None:
    path = store(tmp_path, "aa", "story-1")
    settings.PURGE_URL, settings.PURGE_TOKEN = address, TOKEN
    PurgeChannel().send([OutboxMessage(kind="purge", payload={"keys": ["story-1", "lists"]})])
    assert not path.exists()


def test_it_does_not_start_without_a_token(tmp_path: Path) -> None:
    started = subprocess.run(
        [sys.executable, str(DEPLOY / "purge.py"), str(tmp_path)],
        env={"PURGE_TOKEN": " "},
        capture_output=True,
        text=True,
        check=False,
    )
    assert started.returncode == 1
    assert started.stderr.startswith("PURGE_TOKEN is empty")
