"""A baked story beside a file that the same nginx serves as nginx does, through the site of deploy/, over TLS."""

from __future__ import annotations

import re
import socket
import ssl
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from stories.management.demo import REFERENCE_SLUG
from tests.deploy.files import command
from tests.deploy.site import HOST, NGINX, OPENSSL, Served, served
from tests.settings import BASE_DIR

STORY: Final = f"/stories/{REFERENCE_SLUG}/"
ROUNDS: Final = 9
# Fewer than nginx answers on one connection.
REQUESTS: Final = 900
# On request, since it serves a site of its own.
ON_REQUEST: Final = True


def run() -> list[tuple[str, float, str, float | None]]:
    if not (NGINX and OPENSSL):
        print("nginx or openssl was not found, so nothing was served.", file=sys.stderr)
        return []
    figures: list[tuple[str, float, str, float | None]] = []
    with served() as site:
        site.environment["BAKE_DIR"] = str(site.folder / "baked")
        site.manage("bake")
        _add_plain_file(site)
        with _worker(site):
            for name, encoding in (("compressed", "gzip"), ("not compressed", "identity")):
                rates: dict[str, list[float]] = {STORY: [], "/plain/page.html": []}
                # In turns, so that whatever else the machine does meets both alike.
                for _ in range(ROUNDS):
                    for path, found in rates.items():
                        found.append(_load(site, path, encoding))
                pairs = zip(rates[STORY], rates["/plain/page.html"], strict=True)
                ratio = statistics.median(mine / plain for mine, plain in pairs)
                figures.append((f"a baked story, {name}", statistics.median(rates[STORY]), "req/s", None))
                figures.append((f"beside nginx’s own file, {name}", ratio, "ratio/s", 0.95))
    return figures


def _add_plain_file(site: Served) -> None:
    link = next(path for path in (site.folder / "baked" / STORY.strip("/")).glob("@") if path.is_symlink())
    plain = site.folder / "plain"
    plain.mkdir()
    for ending in ("", ".gz"):
        (plain / f"page.html{ending}").write_bytes((link.parent / f"{link.readlink()}{ending}").read_bytes())
    file = site.folder / "nginx.conf"
    own = f"location ^~ /plain/ {{ alias {plain}/; default_type text/html; gzip_static on; }}"
    text = re.sub(r"location / \{\s+set", lambda found: f"{own}\n{found[0]}", file.read_text(), count=1)
    # As nginx.conf should have it: names are taken apart by regular expressions.
    file.write_text(f"pcre_jit on;\n{text}")
    subprocess.run(
        [str(NGINX), "-e", str(site.folder / "error.log"), "-c", str(file), "-s", "reload"], check=True
    )
    time.sleep(1)


@contextmanager
def _worker(site: Served) -> Iterator[None]:
    worker = subprocess.Popen(
        command("newsroom-worker.service"), cwd=BASE_DIR, env=site.environment, stderr=subprocess.DEVNULL
    )
    try:
        while "X-Cache" in site.ask(STORY).headers:
            time.sleep(0.1)
        yield
    finally:
        worker.terminate()
        worker.wait(30)


def _load(site: Served, path: str, encoding: str) -> float:
    """Return how many requests a second one kept connection gets answered."""
    context = ssl.create_default_context(cafile=str(site.folder / "tls" / "fullchain.pem"))
    plain = socket.create_connection(("127.0.0.1", site.https))
    asked = f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\nAccept-Encoding: {encoding}\r\n\r\n".encode()
    with context.wrap_socket(plain, server_hostname=HOST) as connection:
        began = time.perf_counter()
        for _ in range(REQUESTS):
            connection.sendall(asked)
            _read(connection)
        return REQUESTS / (time.perf_counter() - began)


def _read(connection: ssl.SSLSocket) -> None:
    text = b""
    while b"\r\n\r\n" not in text:
        text += connection.recv(65_536)
    head, _blank, body = text.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200"), head
    found = re.search(rb"(?i)content-length: (\d+)", head)
    assert found is not None, head
    left = int(found[1]) - len(body)
    while left > 0:
        left -= len(connection.recv(65_536))
