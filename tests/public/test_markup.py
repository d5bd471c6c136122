"""Every public page is valid HTML, as the Nu Html Checker judges it: where Java and its jar are found."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone

from stories.models import User
from stories.public.http.responses import busy
from stories.public.views import corrections, lists
from tests.public.whole_site import ADDRESSES, UNKNOWN, WITHDRAWN, WITHHELD, make_site

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).parent.parent.parent
IN_NODE_MODULES = Path("node_modules") / "vnu-jar" / "build" / "dist" / "vnu.jar"
MISSING = (
    "The Nu Html Checker was not found. Install Java (Debian: apt-get install default-jre-headless) and its jar "
    "(npm install vnu-jar, in this folder), or let VNU_JAR name the jar."
)


def find_checker() -> list[str] | None:
    """Return the command that runs the checker, None if it can't be run."""
    java = shutil.which("java")
    jar = Path(os.environ.get("VNU_JAR") or ROOT / IN_NODE_MODULES)
    return [java, "-jar", str(jar)] if java and jar.exists() else None


def messages_of(checker: list[str], pages: dict[str, bytes], folder: Path) -> list[str]:
    """Return the checker's messages on pages by their addresses, with warnings, one line each."""
    names = {}
    for number, (address, content) in enumerate(pages.items()):
        file = folder / f"{number}.html"
        file.write_bytes(content)
        names[file.name] = address
    # Its exit status is 1 if it has messages.
    run = subprocess.run(  # noqa: S603 - the checker itself, on files of ours
        [*checker, "--format", "json", "--stdout", "--exit-zero-always", *map(str, folder.glob("*.html"))],
        capture_output=True,
        text=True,
        check=True,
    )
    found: list[dict[str, Any]] = json.loads(run.stdout)["messages"]
    return [
        f"{names[each['url'].rpartition('/')[2]]}, line {each.get('lastLine')}: {each['message']} "
        f"[{each.get('extract', '')}]"
        for each in found
    ]


def test_every_page_in_every_state_is_valid(
    client: Client, maya: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checker = find_checker()
    if checker is None:
        pytest.skip(MISSING)
    make_site(maya)
    pages = {"500": render_to_string("500.html").encode(), "503": busy(3, at=timezone.now()).content}
    for address in (
        *ADDRESSES,
        WITHDRAWN,
        WITHHELD,
        UNKNOWN,
        "/search/?q=corvid",
        "/search/?q=nothing+of+it",
    ):
        pages[address] = client.get(address).content
    # Pages of older rows, for which this newsroom has too few.
    monkeypatch.setattr(lists, "FRONT_STORIES", 2)
    monkeypatch.setattr(corrections, "LISTED_LINES", 1)
    for address in ("/", "/corrections/?kind=typo&kind=correction"):
        older = re.search(r'rel="next" href="([^"]+)"', client.get(address).content.decode())
        assert older is not None, address
        older_page = older[1].replace("&amp;", "&")
        pages[older_page] = client.get(older_page).content
    assert not messages_of(checker, pages, tmp_path)
