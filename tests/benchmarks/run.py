"""`python -m tests.benchmarks.run [NAME...]` runs the benchmarks and prints one table of their figures.

A benchmark is a module `bench_*.py` beside this one, with `run() -> list[(name, value, unit, target)]`. One
that says `DATABASE = True` is run twice, in an empty test database of each kind. A target (or None) is what
the value should stay under or, where the unit is so many a second, above.
"""

from __future__ import annotations

import importlib
import json
import os
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from types import ModuleType

import django
from django.conf import settings
from django.db import connections
from django.test.utils import get_runner, setup_test_environment, teardown_test_environment

from tests.postgres import MISSING, running_postgres

Figure = tuple[str, float, str, float | None]

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
MARK = "figures: "


def find_modules(names: list[str]) -> list[ModuleType]:
    found = [path.stem for path in sorted(HERE.glob("bench_*.py"))]
    chosen = [stem for stem in found if not names or stem.removeprefix("bench_") in names]
    modules = [importlib.import_module(f"tests.benchmarks.{stem}") for stem in chosen]
    return [module for module in modules if names or not getattr(module, "ON_REQUEST", False)]


def measure(modules: list[ModuleType], *, database: bool) -> list[Figure]:
    figures: list[Figure] = []
    for module in modules:
        if getattr(module, "DATABASE", False) is database:
            print(f"  {module.__name__.rpartition('.')[2]}", file=sys.stderr, flush=True)
            figures += module.run()
    return figures


def measure_in_database(names: list[str]) -> list[Figure]:
    """The figures of the benchmarks that want a database, in an empty one that is gone afterwards."""
    database = connections["default"]
    if database.vendor == "sqlite":
        # A file, as in real life: in memory a write costs nothing.
        database.settings_dict["TEST"]["NAME"] = database.settings_dict["NAME"]
    runner = get_runner(settings)(verbosity=0, interactive=False)
    # Debugging keeps every query in memory, and slows each.
    setup_test_environment(debug=False)
    databases = runner.setup_databases(serialized_aliases=set())
    try:
        return measure(find_modules(names), database=True)
    finally:
        runner.teardown_databases(databases)
        teardown_test_environment()


def figures_on(database_url: str, names: list[str]) -> list[Figure]:
    """The figures of the benchmarks that want a database, measured in a process of its own."""
    answer = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.run", "--in-database", *names],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": database_url},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    line = next(line for line in answer.stdout.splitlines() if line.startswith(MARK))
    return [tuple(figure) for figure in json.loads(line.removeprefix(MARK))]


def judge(value: float, unit: str, target: float | None) -> str:
    if target is None:
        return ""
    held = value >= target if unit.endswith("/s") else value <= target
    ratio = f"{value / target:.2f} of it, " if target else ""
    return ratio + ("held" if held else "MISSED")


def print_table(columns: dict[str, list[Figure]]) -> None:
    rows = [
        (
            where,
            name,
            f"{value:,.3g}" if value < 100 else f"{value:,.0f}",
            unit,
            target,
            judge(value, unit, target),
        )
        for where, figures in columns.items()
        for name, value, unit, target in figures
    ]
    width = max((len(name) for _where, name, *_rest in rows), default=10)
    print(f"\n{'on':<11}{'what':<{width + 2}}{'figure':>10} {'unit':<8}{'target':>8}  ratio")
    for where, name, value, unit, target, verdict in rows:
        shown = "" if target is None else f"{target:,g}"
        print(f"{where:<11}{name:<{width + 2}}{value:>10} {unit:<8}{shown:>8}  {verdict}")


def main(names: list[str]) -> None:
    columns = {"plain": measure(find_modules(names), database=False)}
    with tempfile.TemporaryDirectory() as folder:
        print("On SQLite", file=sys.stderr)
        columns["SQLite"] = figures_on(f"sqlite:///{folder}/bench.sqlite3", names)
    with running_postgres() as address:
        if address is None:
            print(MISSING, file=sys.stderr)
        else:
            print("On PostgreSQL", file=sys.stderr)
            columns["PostgreSQL"] = figures_on(address, names)
    print_table(columns)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    if sys.argv[1:2] == ["--scale"]:
        port = free_port()
        os.environ["DATABASE_URL"] = f"postgres://postgres@127.0.0.1:{port}/postgres"
        django.setup()
        importlib.import_module("tests.benchmarks.scale").main(port, int(sys.argv[2]))
        sys.exit()
    django.setup()
    if sys.argv[1:2] == ["--in-database"]:
        print(MARK + json.dumps(measure_in_database(sys.argv[2:])))
    else:
        main(sys.argv[1:])
