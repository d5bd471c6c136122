"""The outbox in tests: delivered by hand, with receivers that answer, refuse, hang or do not exist."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from stories.actions.outbox.deliver import Delivered, Deliverer
from stories.actions.outbox.mails import MailChannel
from stories.models import OutboxMessage
from tests.factories import minutes

START, LATER = minutes(0), minutes(1)


@contextmanager
def mails_delivered() -> Iterator[None]:
    """Deliver the block's mails at its end; mails that were enqueued before are dropped."""
    OutboxMessage.objects.filter(kind=OutboxMessage.Kind.MAIL).delete()
    yield
    deliver_mails()


def deliver_mails() -> None:
    """Send the waiting mails, as the worker does."""
    Deliverer([MailChannel()]).deliver()


def mailed_path(mails: Sequence[Any]) -> str:
    """Return the path of the link in the newest mail that has one."""
    address = next(mail.body for mail in reversed(mails) if "?link=" in mail.body).split()[-1]
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


def mailed_token(mails: Sequence[Any]) -> str:
    """Return the token of the link in the newest mail that has one."""
    return parse_qs(urlsplit(mailed_path(mails)).query)["link"][0]


class Cache:
    """A cache that records the keys of each purge. `status` is its response; it calls `before_answering` first."""

    before_answering: Callable[[], None] | None = None

    def __init__(self, address: str) -> None:
        self.address = address
        self.status = 200
        self.requests: list[list[str]] = []

    @property
    def keys(self) -> list[str]:
        return [key for keys in self.requests for key in keys]


@contextmanager
def running_cache(port: int = 0) -> Iterator[Cache]:
    """Run a cache on this machine that answers purges."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if cache.status < 300:
                cache.requests.append(json.loads(body)["keys"])
            if cache.before_answering is not None:
                cache.before_answering()
            self.send_response(cache.status)
            self.send_header("Content-Length", "0")
            if 300 <= cache.status < 400:
                self.send_header("Location", cache.address)
            self.end_headers()

        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Log nothing: tests assert what arrived."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    cache = Cache(f"http://127.0.0.1:{server.server_address[1]}/purge")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield cache
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def hung_server(drips: bytes = b"", port: int = 0) -> Iterator[int]:
    """Run a server that accepts and never answers, or answers `drips` slowly, byte by byte; yield its port."""
    ended = threading.Event()
    listener = socket.create_server(("127.0.0.1", port))
    taken: list[socket.socket] = []

    def accept() -> None:
        while not ended.is_set():
            try:
                connection, _address = listener.accept()
            except OSError:
                return
            taken.append(connection)
            if drips:
                threading.Thread(target=drip, args=[connection], daemon=True).start()

    def drip(connection: socket.socket) -> None:
        for byte in drips:
            if ended.wait(0.1):
                return
            try:
                connection.sendall(bytes([byte]))
            except OSError:
                return

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        ended.set()
        _stop_listening(listener)
        for connection in taken:
            connection.close()


def dead_port() -> int:
    """Return a port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


class MailServer:
    """What a mail server on this machine accepted: each mail whole. `refuses` are addresses it does not know."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.mails: list[str] = []
        self.refuses: set[str] = set()


@contextmanager
def running_mail_server(port: int = 0) -> Iterator[MailServer]:
    """Run a mail server that knows as much SMTP as smtplib speaks."""
    listener = socket.create_server(("127.0.0.1", port))
    server = MailServer(listener.getsockname()[1])

    def accept() -> None:
        while True:
            try:
                connection, _address = listener.accept()
            except OSError:
                return
            threading.Thread(target=serve, args=[connection], daemon=True).start()

    def serve(connection: socket.socket) -> None:
        # The client has given up, so there is nothing more to send.
        with suppress(OSError), connection, connection.makefile("rwb") as talk:

            def say(line: str) -> None:
                talk.write(f"{line}\r\n".encode())
                talk.flush()

            say("220 here")
            while command := talk.readline().decode().strip():
                verb = command[:4].upper()
                if verb == "DATA":
                    say("354 go on")
                    lines = iter(talk.readline, b".\r\n")
                    server.mails.append(b"".join(lines).decode())
                    say("250 taken")
                elif verb == "RCPT" and any(address in command for address in server.refuses):
                    say("550 nobody of that name")
                elif verb == "QUIT":
                    say("221 bye")
                    return
                else:
                    say("250 well")

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield server
    finally:
        _stop_listening(listener)


def _stop_listening(listener: socket.socket) -> None:
    # A thread that waits in `accept` keeps a merely closed listener, and its port, in use.
    with suppress(OSError):
        listener.shutdown(socket.SHUT_RDWR)
    listener.close()


def purge(
    *keys: str, due: datetime = START, priority: int = OutboxMessage.Priority.PUBLICATION
) -> OutboxMessage:
    """Enqueue a purge of some keys."""
    return OutboxMessage.objects.create(
        kind="purge", payload={"keys": keys}, due_at=due, next_try_at=due, priority=priority
    )


def letter(to: str = "emil@example.org", *, due: datetime = START) -> OutboxMessage:
    """Enqueue a mail."""
    words = {"to": to, "subject": "A subject", "says": "A sentence.", "path": "/admin/"}
    return OutboxMessage.objects.create(kind="mail", payload=words, due_at=due, next_try_at=due)


def deliver(at: datetime = LATER, deliverer: Deliverer | None = None) -> Delivered:
    """Deliver what is due at a time, as the worker does in one round."""
    return (deliverer or Deliverer(clock=lambda: at)).deliver()
