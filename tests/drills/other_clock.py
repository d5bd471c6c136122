"""`python -m tests.drills.other_clock SECONDS MODULE...` runs a module on a host whose clock is so far off.

As Python and Django read it. The clock of the machine is everybody's, and libfaketime makes `time.sleep` fail or never
return under Python 3.11 and newer.
"""

from __future__ import annotations

import runpy
import sys
import time
from datetime import datetime, timedelta

from django.utils import timezone


def set_clock(seconds: float) -> None:
    """Let this process read the time with an offset."""
    read_seconds, read_moment = time.time, timezone.now

    def seconds_since_1970() -> float:
        return read_seconds() + seconds

    def now() -> datetime:
        return read_moment() + timedelta(seconds=seconds)

    time.time = seconds_since_1970
    timezone.now = now


if __name__ == "__main__":
    set_clock(float(sys.argv[1]))
    sys.argv = sys.argv[2:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
