"""The drills' table, printed at the end."""

from __future__ import annotations

import os

import pytest

from tests.drills.table import HEAD, TABLE


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what was broken, and what people got."""
    if TABLE:
        load = os.getloadavg()[0]
        terminalreporter.section(
            f"what people got; the machine's load is {load:.1f} on {os.cpu_count()} cores"
        )
        terminalreporter.write_line(HEAD)
        for row in TABLE:
            terminalreporter.write_line(str(row))
