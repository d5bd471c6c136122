"""What docs/operating.md has a newcomer type names what there is."""

from __future__ import annotations

import re
import subprocess

from tests.deploy.files import DEPLOY, UNITS
from tests.settings import BASE_DIR

TEXT = (BASE_DIR / "docs" / "operating.md").read_text()
COMMANDS = "\n".join(re.findall(r"^ {4}\S.*$", TEXT, re.MULTILINE))


def test_each_file_of_deploy_that_is_copied_is_there() -> None:
    named = set(re.findall(r"(?<![\w.])deploy/[\w./*-]+\w|(?<=/srv/newsroom/)deploy/[\w./-]+\w", COMMANDS))
    assert {"deploy/nginx/newsroom.conf", "deploy/commands.sh", "deploy/newsroom.env"} <= named
    assert [name for name in named if not list(BASE_DIR.glob(name))] == []


def test_each_unit_is_enabled_or_run_by_a_timer_that_is() -> None:
    enabled = {unit for line in re.findall(r"enable --now (.+)", COMMANDS) for unit in line.split()}
    names = {path.name for path in UNITS}
    known = {unit if "." in unit else f"{unit}.service" for unit in enabled}
    assert known <= names
    by_timers = {name.replace(".timer", ".service") for name in known if name.endswith(".timer")}
    assert names - known == by_timers


def test_the_folders_that_units_write_are_made_for_their_user() -> None:
    written = {
        name
        for path in UNITS
        for name in re.findall(r"^ReadWritePaths=-?(.+)$", path.read_text(), re.MULTILINE)
    }
    # nginx makes its cache's folder itself.
    for folder in written - {"/var/cache/nginx/newsroom"}:
        assert re.search(
            rf"install -d -m \d+ -o newsroom -g newsroom .*{re.escape(folder)}$", COMMANDS, re.MULTILINE
        )


def test_a_shell_takes_the_functions_that_are_typed() -> None:
    taken = subprocess.run(
        ["sh", "-ec", f'. "{DEPLOY / "commands.sh"}"; type site owner'],
        capture_output=True,
        text=True,
        check=True,
    )
    assert taken.stdout.count("function") == 2
