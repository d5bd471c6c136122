"""The files under deploy/, as tests use them."""

from __future__ import annotations

import configparser
from pathlib import Path
from typing import Final

from tests.settings import BASE_DIR

DEPLOY: Final = BASE_DIR / "deploy"
UNITS: Final = sorted((DEPLOY / "systemd").iterdir())


def unit(name: str) -> configparser.SectionProxy:
    """Return the [Service] of a unit. Of a setting that is there twice, the last."""
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(DEPLOY / "systemd" / name)
    return parser["Service"]


def command(name: str) -> list[str]:
    """Return what a unit runs, with the folder of this checkout in the place of the documented one."""
    return [word.replace("/srv/newsroom", str(BASE_DIR)) for word in unit(name)["ExecStart"].split()]


def environment(path: Path) -> dict[str, str]:
    """Return the variables of a file that systemd, Docker and a shell read."""
    lines = [line for line in path.read_text().splitlines() if line and not line.startswith("#")]
    pairs = (line.partition("=") for line in lines)
    return {name: value for name, _is, value in pairs}
