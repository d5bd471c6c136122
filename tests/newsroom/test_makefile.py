"""What `make` does: where it serves, what it installs, what it runs though something failed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="There is no make here.")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a checkout in which all is installed, so that make has nothing to set up."""
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").symlink_to(sys.executable)
    for name in ("requirements.lock", "requirements-test.lock"):
        shutil.copy(ROOT / name, tmp_path / name)
        shutil.copy(ROOT / name, tmp_path / ".venv" / name)
    shutil.copy(ROOT / "Makefile", tmp_path / "Makefile")
    return tmp_path


def make(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    # The make that runs these tests passes its flags and arguments to its children.
    variables_of_make = ("MAKE", "MFLAGS", "HOST", "PORT", "SITE_URL", "ARGS")
    own = {name: value for name, value in os.environ.items() if not name.startswith(variables_of_make)}
    return subprocess.run(  # noqa: S603
        [str(shutil.which("make")), *arguments],
        cwd=folder,
        env=own | variables,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("arguments", "variables", "bound", "address"),
    [
        ([], {}, "127.0.0.1:8000", "http://localhost:8000"),
        (["PORT=8020"], {}, "127.0.0.1:8020", "http://localhost:8020"),
        ([], {"PORT": "8020"}, "127.0.0.1:8020", "http://localhost:8020"),
        (["HOST=127.0.0.1", "PORT=8021"], {}, "127.0.0.1:8021", "http://127.0.0.1:8021"),
        (["HOST=news.local"], {}, "news.local:8000", "http://news.local:8000"),
        (["HOST=0.0.0.0"], {}, "0.0.0.0:8000", "http://localhost:8000"),
        ([], {"SITE_URL": "https://news.example/"}, "127.0.0.1:8000", "https://news.example"),
    ],
)
def test_every_address_of_the_site_is_the_one_that_make_run_serves(
    folder: Path, arguments: list[str], variables: dict[str, str], bound: str, address: str
) -> None:
    output = make(folder, "--dry-run", "run", *arguments, **variables).stdout
    # Exported for both, since the worker needs the same addresses.
    assert re.findall(r"manage\.py runserver (.*?) & web=", output) == [bound]
    assert re.search(r'^export [^;]*SITE_URL="[^;]*;[^&]* manage\.py deliver ', output, re.MULTILINE)
    assert set(re.findall(r'SITE_URL="([^"]*)"', output)) == {address}
    assert f"Readers    {address}/" in output


def test_make_run_installs_nothing_but_what_runs_the_site(folder: Path) -> None:
    (folder / ".venv" / "requirements.lock").unlink()
    assert "requirements-test.lock" not in make(folder, "--dry-run", "run").stdout
    assert "-r requirements-test.lock" in make(folder, "--dry-run", "test-sqlite").stdout


def test_what_is_installed_already_is_left_alone(folder: Path) -> None:
    done = make(folder, "setup-tests")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_no_part_of_make_test_keeps_another_from_being_run(folder: Path) -> None:
    part = folder / "part"
    part.write_text('#!/bin/sh\necho "Ran $2"\n[ "$2" != test-sqlite ]\n')
    part.chmod(0o755)
    done = make(folder, "test", f"MAKE={part}")
    assert done.returncode != 0
    ran = re.findall(r"^Ran (.*)$", done.stdout, re.MULTILINE)
    assert ran == [
        "style",
        "types",
        "layers",
        "templates",
        "scripts",
        "deploy",
        "weaknesses",
        "test-sqlite",
        "test-postgres",
    ]
    assert done.stdout.endswith("FAILED: test-sqlite. The other parts hold.\n")


def test_an_environment_that_others_share_is_not_emptied(folder: Path) -> None:
    shared = folder.with_name(f"{folder.name}-shared")
    (folder / ".venv").rename(shared)
    (folder / ".venv").symlink_to(shared)
    (shared / "requirements.lock").unlink()
    done = make(folder, "setup")
    assert done.returncode != 0
    assert done.stdout.startswith(".venv is a link")
    assert (shared / "bin" / "python").exists()


class TestWeaknessesOfPackages:
    @pytest.mark.parametrize("answer", [None, "{}", "<html></html>"])
    def test_that_nobody_could_be_asked_for_are_said_to_be_unknown(
        self, folder: Path, answer: str | None
    ) -> None:
        page = folder / "answer.json"
        if answer is not None:
            page.write_text(answer)
        done = make(folder, "weaknesses", f"ADVISORIES=file://{page}")
        assert done.returncode == 0
        assert "NOT LOOKED FOR" in done.stdout

    @pytest.mark.parametrize("code", [0, 1])
    def test_that_are_known_fail(self, folder: Path, code: int) -> None:
        page = folder / "answer.json"
        page.write_text('{"vulnerabilities": []}')
        auditor = folder / "auditor" / "bin" / "pip-audit"
        auditor.parent.mkdir(parents=True)
        auditor.write_text(f'#!/bin/sh\necho "Asked for: $@"\nexit {code}\n')
        auditor.chmod(0o755)
        done = make(folder, "weaknesses", f"ADVISORIES=file://{page}", "AUDIT=auditor")
        assert (done.returncode == 0) is (code == 0)
        assert "--strict" in done.stdout
        assert "-r requirements.lock -r requirements-production.lock" in done.stdout


@pytest.mark.parametrize(
    ("first_line", "without"), [("import re", True), ("from django.conf import settings", False)]
)
def test_a_domain_test_without_django_is_started_without_it(
    folder: Path, first_line: str, without: bool
) -> None:
    (folder / "tests" / "domain").mkdir(parents=True)
    (folder / "tests" / "domain" / "test_it.py").write_text(f"{first_line}\n")
    python = folder / "python"
    python.write_text('#!/bin/sh\necho "$@"\n')
    python.chmod(0o755)
    done = make(folder, "t", "T=tests/domain/test_it.py::test_it", f"PYTHON={python}")
    assert ("-p no:django" in done.stdout) is without
    assert "tests/domain/test_it.py::test_it" in done.stdout


def test_make_t_asks_which_test(folder: Path) -> None:
    done = make(folder, "t")
    assert done.returncode != 0
    assert done.stdout.startswith("Say which test")
