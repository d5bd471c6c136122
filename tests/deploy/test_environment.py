"""The example of settings starts a site, and is read alike by all that read it."""

from __future__ import annotations

import os
import re
import subprocess
import sys

from tests.deploy.files import DEPLOY, environment
from tests.newsroom.test_settings import VARIABLES
from tests.settings import BASE_DIR

FILE = DEPLOY / "newsroom.env"


def test_the_site_starts_with_it() -> None:
    settings = "SITE_URL", "SESSION_COOKIE_SECURE", "TRUSTED_PROXIES", "SHARED_CACHE", "PURGE_TOKEN"
    code = f"from newsroom import settings; print([getattr(settings, each) for each in {settings}])"
    inherited = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    started = subprocess.run(
        [sys.executable, "-c", code],
        cwd=BASE_DIR,
        env={**inherited, **environment(FILE)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert started.returncode == 0, started.stderr
    expected = ["https://news.example.org", True, 1, True, "replace-this-by-another-random-text"]
    assert started.stdout.strip() == str(expected)


def test_a_shell_reads_what_systemd_and_docker_read() -> None:
    names = environment(FILE)
    printed = subprocess.run(
        ["sh", "-ec", f'set -a; . "{FILE}"; env'],
        env={},
        capture_output=True,
        text=True,
        check=True,
    )
    read = dict(line.split("=", 1) for line in printed.stdout.splitlines())
    assert {name: read.get(name) for name in names} == names


def test_a_name_with_spaces_is_one_value() -> None:
    line = re.search(r'SITE_NAME="[^"]+"$', FILE.read_text(), re.MULTILINE)
    assert line is not None
    printed = subprocess.run(
        ["sh", "-ec", f'{line[0]}; printf %s "$SITE_NAME"'], capture_output=True, text=True, check=True
    )
    assert printed.stdout == "The Harbour Courier"


def test_what_may_be_uncommented_is_a_setting() -> None:
    assert set(re.findall(r"^#([A-Z_]+)=", FILE.read_text(), re.MULTILINE)) <= set(VARIABLES)


def test_it_names_only_settings_that_there_are() -> None:
    assert environment(FILE).keys() <= {*VARIABLES, "PURGE_URL", "PURGE_TOKEN"}
