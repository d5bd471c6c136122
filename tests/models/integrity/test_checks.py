"""The app's system checks run when the site starts, and not only when a test imports them."""

from __future__ import annotations

import subprocess
import sys

ASK = """
import django
django.setup()
from django.core.checks import registry
print(*(check.__module__ for check in registry.registry.get_checks()))
"""


def test_every_start_asks_whether_all_that_is_recorded_is_guarded() -> None:
    command = [sys.executable, "-c", ASK]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - our own words
    assert "stories.models.integrity.checks" in answer.stdout.split()
