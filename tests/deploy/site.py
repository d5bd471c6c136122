"""The site as deploy/ describes it: nginx with TLS, gunicorn behind it, and what drops pages from nginx's cache."""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.deploy.files import DEPLOY, command, environment
from tests.drills.site import free_port
from tests.settings import BASE_DIR

HOST: Final = "news.example.org"
METRICS_TOKEN: Final = "a-token-of-the-tests"
PICTURE_HOST: Final = "pictures.example.org"
PATH: Final = f"{os.environ.get('PATH', '')}:/usr/sbin"
NGINX: Final = shutil.which("nginx", path=PATH)
OPENSSL: Final = shutil.which("openssl")
PATIENCE: Final = 180.0


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    text: str


@dataclass
class Served:
    """A site that is served from a folder."""

    folder: Path
    environment: dict[str, str]
    http: int
    https: int
    web: subprocess.Popen[bytes] | None = None

    def ask(
        self,
        path: str,
        *,
        method: str = "GET",
        body: bytes | None = None,
        host: str = HOST,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """Ask nginx over TLS, which has to have the certificate of the test's own authority."""
        plain = socket.create_connection(("127.0.0.1", self.https), timeout=PATIENCE)
        context = ssl.create_default_context(cafile=str(self.folder / "tls" / "fullchain.pem"))
        connection = http.client.HTTPConnection("127.0.0.1")
        connection.sock = context.wrap_socket(plain, server_hostname=host)
        return _ask(connection, method, path, body, {"Host": host, **(headers or {})})

    def ask_plainly(self, path: str, *, host: str = HOST, headers: dict[str, str] | None = None) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.http, timeout=PATIENCE)
        return _ask(connection, "GET", path, None, {"Host": host, **(headers or {})})

    def manage(self, *words: str, **more: str) -> str:
        """Run a command of the site, with its environment; return what it printed."""
        run = subprocess.run(
            [command("newsroom-worker.service")[0], "manage.py", *words],
            cwd=BASE_DIR,
            env={**self.environment, **more},
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 0, run.stdout + run.stderr
        return run.stdout

    def start_web(self) -> None:
        self.web = subprocess.Popen(
            command("newsroom-web.service"),
            cwd=BASE_DIR,
            env=self.environment,
            stderr=(self.folder / "web.log").open("ab"),
        )

    def await_answer(self) -> None:
        """Wait until the site answers through nginx, which takes its time on a busy machine."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with suppress(OSError):
                if self.ask("/healthz").status == 200:
                    return
            time.sleep(0.2)
        raise AssertionError(self.log())

    def stop_web(self) -> None:
        if self.web is not None:
            self.web.terminate()
            self.web.wait(30)
            self.web = None

    def log(self) -> str:
        return (self.folder / "web.log").read_text()


def ask_site(site: Served, path: str, *, method: str = "GET") -> Answer:
    """Ask the site itself, as nginx would."""
    connection = http.client.HTTPConnection("127.0.0.1")
    connection.sock = socket.socket(socket.AF_UNIX)
    connection.sock.settimeout(PATIENCE)
    connection.sock.connect(str(site.folder / "web.sock"))
    headers = {"Host": HOST, "X-Forwarded-Proto": "https", "X-Forwarded-For": "127.0.0.1"}
    return _ask(connection, method, path, None, headers)


@contextmanager
def served(**more: str) -> Iterator[Served]:
    """Serve the demo from SQLite, as root or not, and end all of it on leaving; `more` is for its environment."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="newsroom-", ignore_cleanup_errors=True)))
        purge_port = free_port()
        site = Served(folder, {}, free_port(), free_port())
        inherited = {
            name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "HTTPS"))
        }
        site.environment = {
            **inherited,
            **environment(DEPLOY / "newsroom.env"),
            "DEBUG": "0",
            "HTTPS": "",
            "SECRET_KEY": "a key for tests alone, and long enough that nobody complains of it",
            "ALLOWED_HOSTS": "",
            "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
            "CACHE_URL": f"file://{folder}/cache",
            "EMAIL_URL": "dummy://",
            "MEDIA_ROOT": str(folder / "media"),
            "MEDIA_ORIGIN": f"https://{PICTURE_HOST}",
            "METRICS": "1",
            "METRICS_TOKEN": METRICS_TOKEN,
            "LOG_LEVEL": "INFO",
            "PURGE_URL": f"http://127.0.0.1:{purge_port}/",
            "GUNICORN_CMD_ARGS": f"--bind=unix:{folder}/web.sock",
            "WEB_CONCURRENCY": "2",
            "STATEMENT_TIMEOUT": "",
            **more,
        }
        (folder / "media").mkdir()
        make_certificate(folder / "tls")
        site.manage("migrate", "--verbosity", "0")
        site.manage("collectstatic", "--noinput", "--verbosity", "0")
        site.manage("demo", DEBUG="1", PURGE_URL="")
        stack.callback(site.stop_web)
        site.start_web()
        start_nginx(site, purge_port, configure(site), stack)
        site.await_answer()
        yield site


def start_nginx(site: Served, purge_port: int, configuration: Path, stack: ExitStack) -> None:
    """Start nginx, and what drops pages from its cache."""
    pages = site.folder / "pages"
    pages.mkdir()
    words = command("newsroom-purge.service")[:2]
    stack.enter_context(_running([*words, str(pages), "--port", str(purge_port)], site.environment))
    stack.enter_context(_running(_nginx(site, configuration), site.environment))
    _await(purge_port)


@contextmanager
def behind_nginx(environment: dict[str, str], *, upstream: str) -> Iterator[Served]:
    """Put nginx with TLS in front of a site that is served at an address of its own."""
    with TemporaryDirectory(prefix="newsroom-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        # Where nginx's own user keeps pages.
        folder.chmod(0o755)
        site = Served(folder, environment, free_port(), free_port())
        make_certificate(folder / "tls")
        (folder / "pages").mkdir()
        with _running(_nginx(site, configure(site, upstream=upstream)), environment):
            site.await_answer()
            yield site


def _nginx(site: Served, configuration: Path) -> list[str]:
    return [str(NGINX), "-e", str(site.folder / "error.log"), "-c", str(configuration)]


def configure(site: Served, *, upstream: str = "") -> Path:
    """Write nginx's configuration: the files of deploy/nginx, each of its places in the site's folder."""
    folder = site.folder
    places = {
        "unix:/run/newsroom/web.sock": upstream or f"unix:{folder}/web.sock",
        "/etc/newsroom/tls": f"{folder}/tls",
        "/etc/nginx/snippets/newsroom-proxy.conf": f"{folder}/proxy.conf",
        "/etc/nginx/snippets/newsroom-baked.conf": f"{folder}/baked.conf",
        "/var/lib/newsroom-baked": f"{folder}/baked",
        "/var/cache/nginx/newsroom": f"{folder}/pages",
        "/var/log/nginx/newsroom.log": f"{folder}/access.log",
        "/var/www/html": f"{folder}/html",
        "listen [::]:80": f"listen [::1]:{site.http}",
        "listen [::]:443": f"listen [::1]:{site.https}",
        "listen 80": f"listen 127.0.0.1:{site.http}",
        "listen 443": f"listen 127.0.0.1:{site.https}",
    }
    # A busy machine may take longer than a reader should have to wait.
    proxy = (DEPLOY / "nginx" / "proxy.conf").read_text()
    (folder / "proxy.conf").write_text(proxy.replace("_timeout 30s;", "_timeout 180s;"))
    shutil.copy(DEPLOY / "nginx" / "baked.conf", folder / "baked.conf")
    text = "".join(
        (DEPLOY / "nginx" / name).read_text() for name in ("upstream.conf", "newsroom.conf", "pictures.conf")
    )
    for place, here in places.items():
        assert place in text, f"deploy/nginx names no {place} any more"
        text = text.replace(place, here)
    if not socket.has_ipv6 or not Path("/proc/net/if_inet6").exists():
        text = "\n".join(line for line in text.splitlines() if "listen [::1]" not in line)
    file = folder / "nginx.conf"
    temporary = "".join(
        f"{name}_temp_path {folder}/{name};\n"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    # What Debian's nginx.conf has around a site.
    file.write_text(
        f"daemon off;\npid {folder}/nginx.pid;\nerror_log {folder}/error.log;\n"
        + ("user root;\n" if os.geteuid() == 0 else "")
        + f"events {{}}\nhttp {{\naccess_log off;\n{temporary}{text}\n}}\n"
    )
    return file


def make_certificate(folder: Path) -> None:
    folder.mkdir()
    subprocess.run(
        [
            *(str(OPENSSL), "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"),
            *(
                "-nodes",
                "-days",
                "2",
                "-subj",
                f"/CN={HOST}",
                "-addext",
                f"subjectAltName=DNS:{HOST},DNS:{PICTURE_HOST}",
            ),
            *("-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem")),
        ],
        capture_output=True,
        check=True,
    )


@contextmanager
def _running(words: list[str], environment: dict[str, str]) -> Iterator[None]:
    process = subprocess.Popen(words, env=environment)
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


def _await(port: int) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise AssertionError(f"Nothing listens on port {port}.")


def _ask(
    connection: http.client.HTTPConnection,
    method: str,
    path: str,
    body: bytes | None,
    headers: dict[str, str],
) -> Answer:
    try:
        connection.request(method, path, body=body, headers=headers)
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read().decode(errors="replace"))
    finally:
        connection.close()
