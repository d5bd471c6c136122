#!/usr/bin/env python3
"""Drop pages from nginx's cache by surrogate key: what PURGE_URL names where nginx keeps pages.

nginx without additions can't drop a page from its cache. But its cache is a folder with a file for each page, which
begins with the page's headers, and it makes a page anew whose file is gone. So this program looks for the files whose
Surrogate-Key is named, and removes them. It needs Python alone, and runs as the user that nginx runs as.

    PURGE_TOKEN=... purge.py /var/cache/nginx/newsroom --port 8081
"""

from __future__ import annotations

import argparse
import hmac
import json
import os
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

# More than nginx's own head of a file and the headers of our pages take.
HEAD: Final = 16_384
# The largest request: the site asks for 250 keys at most.
LARGEST: Final = 65_536
# After so many seconds the keys are looked for again: a page that was being fetched when it changed is there by then.
AGAIN: Final = 2.0
NAME: Final = b"\r\nsurrogate-key:"


def keys_of(path: Path) -> frozenset[bytes]:
    """Return the keys of the page in a file of the cache; none if the file is gone or holds no page."""
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
    except OSError:
        return frozenset()
    head = head.partition(b"\r\n\r\n")[0]
    at = head.lower().find(NAME)
    if at < 0:
        return frozenset()
    return frozenset(head[at + len(NAME) :].partition(b"\r\n")[0].split())


def purge(folder: Path, keys: frozenset[bytes]) -> int:
    """Remove the pages that have one of the keys; return how many there were."""
    count = 0
    for path in folder.rglob("*"):
        if path.is_file() and keys & keys_of(path):
            path.unlink(missing_ok=True)
            count += 1
    return count


def handler(folder: Path, token: str, again: float = AGAIN) -> type[BaseHTTPRequestHandler]:
    """Return a handler that purges a folder for whoever has the token."""

    class Purge(BaseHTTPRequestHandler):
        timeout = 5

        def do_POST(self) -> None:
            given = self.headers.get("Authorization", "")
            if not hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
                return self._answer(403, "The token is missing, or another one.")
            length = self.headers.get("Content-Length", "")
            if not (length.isascii() and length.isdigit() and int(length) <= LARGEST):
                return self._answer(400, "Its length is not said, or too large.")
            try:
                keys = frozenset(key.encode() for key in json.loads(self.rfile.read(int(length)))["keys"])
            except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
                return self._answer(400, 'It may be {"keys": ["story-1", "lists"]}.')
            count = purge(folder, keys)
            _later(again, lambda: purge(folder, keys))
            return self._answer(200, f"{count} pages dropped.")

        def _answer(self, status: int, sentence: str) -> None:
            body = f"{sentence}\n".encode()
            self.send_response(status)
            self.send_header("Content-Type", "text/plain; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as its base names it
            """Log nothing: the worker's row says what could not be purged."""

    return Purge


def _later(seconds: float, call: Callable[[], object]) -> None:
    timer = threading.Timer(seconds, call)
    timer.daemon = True
    timer.start()


def main() -> None:
    parser = argparse.ArgumentParser(description="Drop pages from nginx's cache by surrogate key.")
    parser.add_argument("folder", type=Path, help="nginx's proxy_cache_path")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8081)
    options = parser.parse_args()
    token = os.environ.get("PURGE_TOKEN", "").strip()
    if not token:
        parser.exit(1, "PURGE_TOKEN is empty; it must be the same text as in the site's settings.\n")
    ThreadingHTTPServer((options.host, options.port), handler(options.folder, token)).serve_forever()


if __name__ == "__main__":
    main()
