"""Several hosts of one site: a primary and streaming replicas, and a gunicorn for each host, behind nginx or not."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from stories.management.demo import PASSWORD
from tests.deploy.site import HOST, NGINX, Served, configure, make_certificate, start_nginx
from tests.drills.site import (
    ROOT,
    Person,
    Postgres,
    Redis,
    _end,
    _quietly,
    await_port,
    free_port,
    site_environment,
)


@dataclass
class Standby(Postgres):
    """A streaming replica, made as docs/operating.md says. `name` is what the primary knows it by."""

    primary: Postgres = field(kw_only=True)
    name: str = field(kw_only=True)

    def __post_init__(self) -> None:
        self._server = self.primary._server
        self._run_as_owner("mkdir", "-m", "700", str(self.folder))
        place = f"host=127.0.0.1 port={self.primary.port} user=postgres application_name={self.name}"
        copy = str(self._server.bin_path / "pg_basebackup")
        self._run_as_owner(copy, "-D", str(self.folder), "-R", "-c", "fast", "-X", "stream", "-d", place)
        with (self.folder / "postgresql.conf").open("a") as configuration:
            configuration.write(
                f"\nport = {self.port}\nwal_receiver_status_interval = 1s\nhot_standby_feedback = on\n"
                "max_standby_streaming_delay = 1s\nwal_retrieve_retry_interval = 200ms\n"
            )
        self.start()

    def _run_as_owner(self, *command: str) -> None:
        owner = self._server.system_user
        words = [*(("runuser", "-u", owner, "--") if owner is not None else ()), *command]
        subprocess.run(words, check=True, cwd="/", stdout=subprocess.DEVNULL)  # noqa: S603

    def pause_replay(self, *, pause: bool = True) -> None:
        """Let it fall behind, or catch up again: it receives all, and applies nothing."""
        function = "pg_wal_replay_pause" if pause else "pg_wal_replay_resume"
        with psycopg.connect(self.address, autocommit=True) as connection:
            connection.execute(f"SELECT {function}()")


def set_on(postgres: Postgres, **settings: str) -> None:
    """Change settings of a server that take effect without a restart."""
    with psycopg.connect(postgres.address, autocommit=True) as connection:
        for name, value in settings.items():
            connection.execute(f"ALTER SYSTEM SET {name} = '{value}'")
        connection.execute("SELECT pg_reload_conf()")


@contextmanager
def running_pair(folder: Path) -> Iterator[tuple[Postgres, Standby]]:
    """Run a primary and a replica of it that takedowns wait for."""
    with ExitStack() as stack:
        primary = Postgres(folder / "primary")
        stack.callback(_quietly, primary.stop)
        (folder / "replica").parent.chmod(0o777)
        standby = Standby(folder / "replica", primary=primary, name="replica1")
        stack.callback(_quietly, standby.stop)
        stack.callback(_quietly, standby.server.wake)
        set_on(primary, synchronous_standby_names="FIRST 1 (replica1)", synchronous_commit="local")
        yield primary, standby


@dataclass
class Host:
    """A web host of the site: one process of four threads, so that what it has shown is known."""

    port: int
    environment: dict[str, str]

    def __post_init__(self) -> None:
        self.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        words = f"newsroom.wsgi --workers 1 --threads 4 --bind 127.0.0.1:{self.port} --log-level critical"
        self.process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "gunicorn", *words.split()], cwd=ROOT, env=self.environment
        )
        await_port(self.port, self.process)

    def stop(self) -> None:
        _end(self.process)

    def reader(self) -> Person:
        return Person(self.address)

    def signed_in(self, name: str) -> Person:
        person = Person(self.address)
        found = person.post(
            "/admin/account/login/", login=f"{name}@example.org", password=PASSWORD, next="/admin/"
        )
        assert found.status == 200
        return person


@dataclass
class Hosts:
    """The running hosts, and what they share."""

    primary: Postgres
    standby: Standby
    redis: Redis
    hosts: list[Host]
    environment: dict[str, str]
    worker: subprocess.Popen[bytes]
    # nginx with the files of deploy/, in front of all; None where it is not installed.
    front: Served | None = None

    def select(self, query: Any, *values: object, of: Postgres | None = None) -> Any:
        with psycopg.connect((of or self.primary).address) as connection:
            (found,) = connection.execute(query, values).fetchone() or (None,)
        return found

    def manage(self, *words: str, **environment: str) -> None:
        subprocess.run(  # noqa: S603
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=self.environment | environment,
            check=True,
            stdout=subprocess.DEVNULL,
        )

    def reads_of(self, postgres: Postgres) -> int:
        """Return how often a server has looked up what is live."""
        query = "SELECT sum(idx_scan)::bigint FROM pg_stat_user_tables WHERE relname = 'stories_liveperiod'"
        return int(self.select(query, of=postgres) or 0)


def start_worker(environment: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "manage.py", "deliver", "--watch"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
    )


@contextmanager
def running_hosts() -> Iterator[Hosts]:
    """Serve the demo from two hosts that share a primary, a replica and a Redis."""
    with ExitStack() as stack:
        folder = Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="newsroom-", ignore_cleanup_errors=True))
        )
        folder.chmod(0o755)
        redis = Redis(folder)
        stack.callback(_quietly, redis.stop)
        primary, standby = stack.enter_context(running_pair(folder))
        ports = [free_port(), free_port()]
        environment = site_environment(folder, ports[0], primary.address) | {
            "CACHE_URL": redis.address,
            "REPLICA_URLS": standby.address,
        }
        front = Served(folder, environment, free_port(), free_port())
        purge_port = free_port()
        if NGINX is not None:
            environment |= {
                "ALLOWED_HOSTS": f"127.0.0.1,{HOST}",
                "PURGE_URL": f"http://127.0.0.1:{purge_port}/",
                "PURGE_TOKEN": "a token for drills",
            }
            front.environment = environment
        hosts = Hosts(primary, standby, redis, [], environment, None)  # type: ignore[arg-type]
        hosts.manage("migrate", "--verbosity", "0")
        hosts.manage("collectstatic", "--noinput", "--verbosity", "0")
        hosts.manage("demo", DEBUG="1")
        hosts.worker = start_worker(environment)
        stack.callback(lambda: _end(hosts.worker))
        for port in ports:
            own = environment | {"LEDGER_HEADS": str(folder / f"heads-{port}")}
            host = Host(port, own)
            stack.callback(host.stop)
            hosts.hosts.append(host)
        if NGINX is not None:
            make_certificate(folder / "tls")
            configuration = configure(front)
            servers = " ".join(f"server 127.0.0.1:{port} fail_timeout=1s;" for port in ports)
            text = re.sub(r"server unix:\S+ fail_timeout=0;", servers, configuration.read_text())
            assert servers in text
            configuration.write_text(text)
            start_nginx(front, purge_port, configuration, stack)
            front.await_answer()
            hosts.front = front
        yield hosts


def eventually(holds: Any, seconds: float = 10.0) -> float:
    """Wait until something holds; return after how many seconds it did."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < seconds, "It never came to hold."
        time.sleep(0.02)
    return time.monotonic() - began
