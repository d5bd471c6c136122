"""The systemd units are such as systemd takes, and let a service do no more than it needs."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.deploy.files import DEPLOY, UNITS, command, unit
from tests.settings import BASE_DIR

SERVICES = [path.name for path in UNITS if path.suffix == ".service"]
# systemd's own measure of what a service is exposed to, from 0 to 100: what passes for well protected ends at 25.
EXPOSURE = 25

needs_systemd = pytest.mark.skipif(
    not shutil.which("systemd-analyze"), reason="systemd-analyze is not here: install systemd"
)


@pytest.fixture
def installed(tmp_path: Path) -> list[str]:
    """Copy the units to a folder, with this checkout in the place of the documented one."""
    for path in UNITS:
        text = path.read_text().replace("/srv/newsroom", str(BASE_DIR))
        (tmp_path / path.name).write_text(text)
    return [str(tmp_path / path.name) for path in UNITS]


@needs_systemd
def test_systemd_takes_them(installed: list[str]) -> None:
    verified = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", *installed],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (verified.returncode, verified.stdout + verified.stderr) == (0, "")


@needs_systemd
@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_exposed_to_little(installed: list[str], name: str) -> None:
    path = next(path for path in installed if path.endswith(name))
    measured = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", f"--threshold={EXPOSURE}", "--no-pager", path],
        capture_output=True,
        text=True,
        check=False,
    )
    assert measured.returncode == 0, measured.stdout


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_no_root_and_gets_no_rights(name: str) -> None:
    service = unit(name)
    assert service["User"] in ("newsroom", "www-data")
    assert (service["NoNewPrivileges"], service["ProtectSystem"]) == ("yes", "strict")
    assert service["CapabilityBoundingSet"] == ""


@pytest.mark.parametrize("name", SERVICES)
def test_what_it_runs_is_in_the_checkout(name: str) -> None:
    program, *words = command(name)
    assert Path(program).exists()
    for word in words:
        if word.endswith(".py"):
            assert (BASE_DIR / word).exists()


def test_what_the_units_are_hardened_with_is_the_same_in_all() -> None:
    def hardening(name: str) -> list[str]:
        text = (DEPLOY / "systemd" / name).read_text()
        return text[text.index("NoNewPrivileges") :].partition("\n\n")[0].splitlines()

    assert [name for name in SERVICES if hardening(name) != hardening(SERVICES[0])] == []
