"""Releases: their tags, their headings in the changelog, and the version that the project says it is."""

from __future__ import annotations

import re
import subprocess
import tomllib
from shutil import which
from typing import Final

import pytest

from tests.settings import BASE_DIR

HEADING: Final = re.compile(r"^## \[(\d+\.\d+\.\d+)\] - \d{4}-\d\d-\d\d$", re.MULTILINE)


def headings() -> list[str]:
    return HEADING.findall((BASE_DIR / "CHANGELOG.md").read_text())


@pytest.mark.skipif(which("git") is None or not (BASE_DIR / ".git").exists(), reason="This is no checkout.")
def test_each_tag_of_a_version_has_its_heading_in_the_changelog() -> None:
    tags = subprocess.run(  # noqa: S603
        [str(which("git")), "tag", "--list", "v[0-9]*"],
        cwd=BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert {tag.removeprefix("v") for tag in tags} <= set(headings())


def test_the_newest_release_is_the_version_of_the_project_and_what_follows_is_unreleased() -> None:
    changelog = (BASE_DIR / "CHANGELOG.md").read_text()
    assert "## [Unreleased]" in changelog
    project = tomllib.loads((BASE_DIR / "pyproject.toml").read_text())["project"]
    found = headings()
    assert found == sorted(found, key=lambda each: [int(part) for part in each.split(".")], reverse=True)
    assert not found or found[0] == project["version"]
