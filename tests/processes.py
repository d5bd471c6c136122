"""Signals to a server and whatever it has started."""

from __future__ import annotations

import signal
from contextlib import suppress

import psutil


def signal_all(parent: psutil.Process, number: signal.Signals) -> None:
    """Send a signal to a process, then to its children, which may end meanwhile, as those of a server do."""
    parent.send_signal(number)
    for child in parent.children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            child.send_signal(number)
