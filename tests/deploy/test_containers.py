"""The image holds what runs the site and no more; the containers do what the units do."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deploy.files import DEPLOY, environment, unit
from tests.settings import BASE_DIR

DOCKERFILE = (DEPLOY / "Dockerfile").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose" / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"] == "newsroom"}
HADOLINT = shutil.which("hadolint", path=str(Path(sys.executable).parent)) or shutil.which("hadolint")


@pytest.mark.skipif(not HADOLINT, reason="hadolint is not here: install requirements-test.lock")
def test_hadolint_finds_nothing_in_the_dockerfile() -> None:
    linted = subprocess.run(
        [str(HADOLINT), "--failure-threshold", "style", str(DEPLOY / "Dockerfile")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (linted.returncode, linted.stdout) == (0, "")


class TestImage:
    def test_its_base_is_pinned_and_of_a_python_that_is_claimed(self) -> None:
        bases = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
        assert len(set(bases)) == 1
        assert re.fullmatch(r"python:3\.1[1-4]\.\d+-slim-bookworm", bases[0])

    def test_it_installs_what_is_locked_to_run_the_site_alone(self) -> None:
        assert set(re.findall(r"--requirement /(\S+)", DOCKERFILE)) == {
            "requirements.lock",
            "requirements-production.lock",
        }
        assert "requirements-test" not in DOCKERFILE
        assert not re.search(r"apt-get|build-essential|\bcurl\b|\bgit\b", DOCKERFILE)

    def test_it_does_not_run_as_root(self) -> None:
        users = re.findall(r"^USER (\S+)", DOCKERFILE, re.MULTILINE)
        assert users == ["10001"]
        assert DOCKERFILE.index("collectstatic") < DOCKERFILE.index("USER 10001") < DOCKERFILE.index("\nCMD")

    def test_it_holds_no_secret(self) -> None:
        assert not re.search(r"^(ENV|ARG).*(KEY|PASSWORD|TOKEN)", DOCKERFILE, re.MULTILINE)

    def test_what_it_copies_is_there_and_passes_dockerignore(self) -> None:
        ignore = (BASE_DIR / ".dockerignore").read_text().splitlines()
        for line in re.findall(r"^COPY (?!--from)(.+)", DOCKERFILE, re.MULTILINE):
            *sources, _target = line.split()
            for source in sources:
                assert (BASE_DIR / source).exists()
                assert f"!{source}" in ignore
        assert ignore[1] == "*"


class TestContainers:
    @pytest.mark.parametrize(
        ("service", "named"),
        [
            ("web", "newsroom-web.service"),
            ("worker", "newsroom-worker.service"),
            ("verify", "newsroom-verify.service"),
            ("purge", "newsroom-purge.service"),
        ],
    )
    def test_they_run_what_the_units_run(self, service: str, named: str) -> None:
        program, *words = unit(named)["ExecStart"].split()
        words = [word.removeprefix("/srv/newsroom/") for word in words]
        run = [word for word in SERVICES[service]["command"] if word not in ("--host", "0.0.0.0")]  # noqa: S104
        assert run == [Path(program).name.replace("python3", "python"), *words]

    def test_the_image_runs_the_site_by_itself(self) -> None:
        found = re.findall(r"^CMD (\[.+\])", DOCKERFILE, re.MULTILINE)
        assert [yaml.safe_load(command) for command in found] == [SERVICES["web"]["command"]]

    @pytest.mark.parametrize("name", OURS)
    def test_ours_are_read_only_and_without_rights(self, name: str) -> None:
        service = OURS[name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert "no-new-privileges:true" in service["security_opt"]

    def test_the_others_images_are_pinned(self) -> None:
        for name, service in SERVICES.items():
            if name not in OURS:
                assert re.fullmatch(r"[a-z]+:\d+\.\d+(\.\d+)?-bookworm", service["image"]), name

    def test_the_outside_reaches_nginx_alone(self) -> None:
        assert [name for name, service in SERVICES.items() if "ports" in service] == ["nginx"]

    def test_nothing_waits_for_what_is_not_there(self) -> None:
        for service in SERVICES.values():
            assert set(service.get("depends_on", ())) <= SERVICES.keys()
            for volume in service.get("volumes", ()):
                source = volume.split(":")[0]
                if source.startswith("."):
                    assert source == "./tls" or (DEPLOY / "compose" / source).exists()
                else:
                    assert source in COMPOSE["volumes"]

    def test_only_what_migrates_connects_as_the_owner(self) -> None:
        owners = [
            name
            for name, service in SERVICES.items()
            if "newsroom_owner:" in service.get("environment", {}).get("DATABASE_URL", "")
        ]
        assert owners == ["migrate"]

    def test_every_password_that_is_asked_for_is_in_the_example(self) -> None:
        asked = set(re.findall(r"\$\{(\w+)", (DEPLOY / "compose" / "compose.yaml").read_text()))
        assert asked == environment(DEPLOY / "compose" / "compose.env.example").keys()

    def test_the_script_of_roles_is_a_shells(self) -> None:
        script = DEPLOY / "compose" / "roles.sh"
        assert subprocess.run(["sh", "-n", str(script)], check=False).returncode == 0
        assert script.stat().st_mode & 0o111
        assert shlex.split(script.read_text().splitlines()[0]) == ["#!/bin/sh"]
