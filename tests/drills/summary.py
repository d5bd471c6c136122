"""The drills' table, printed at the end. A drill leaves its row in its report, which may come from another process."""

from __future__ import annotations

import os

import pytest

ROW = "row of the drills' table"
HISTORY = "figures of a recorded history"
HEAD = "| broken | readers | editors | well again: readers, editors, mails and purges |\n| --- | --- | --- | --- |"
_rows: list[str] = []
_histories: list[str] = []


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Keep the row of a drill that has ended."""
    if report.when == "call":
        _rows.extend(str(value) for name, value in report.user_properties if name == ROW)
        _histories.extend(str(value) for name, value in report.user_properties if name == HISTORY)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what was broken, and what people got."""
    if _rows:
        load = os.getloadavg()[0]
        terminalreporter.section(
            f"what people got; the machine's load is {load:.1f} on {os.cpu_count()} cores"
        )
        for line in (HEAD, *_rows):
            terminalreporter.write_line(line)
    if _histories:
        terminalreporter.section("recorded histories")
        for line in _histories:
            terminalreporter.write_line(line)
