"""A dossier leaves the house: an auditor asks, a managing editor approves, the file proves itself to whoever has it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from stories.models import Article, DossierDownload, User
from stories.queries.ledger.heads import head
from tests import factories as make
from tests.audit.dossier_files import create_story
from tests.browser import barriers, sign_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def story(transactional_db: None) -> Article:
    return create_story(timezone.now())


def enter(page: Page, live_server: LiveServer, name: str) -> None:
    sign_in(page, live_server, User.objects.get(email=f"{name}@example.org"))


def checked(dossier: Path, folder: Path, *arguments: str) -> str:
    """Return the output of the checker inside a dossier, run as the dossier's recipient would."""
    shutil.unpack_archive(dossier, folder)
    ran = subprocess.run(  # noqa: S603
        [sys.executable, "-I", str(folder / "check.py"), *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def test_a_full_dossier_is_asked_for_approved_fetched_and_checked(
    page: Page, reader: Page, live_server: LiveServer, story: Article, tmp_path: Path
) -> None:
    enter(page, live_server, "aldo")
    page.goto(f"/admin/audit/dossier/{story.pk}/")
    expect(page.get_by_role("heading", name="In short: what readers got")).to_be_visible()
    second = page.locator(".dossier-version", has_text="Version 2")
    expect(second.locator("del", has_text="recieve")).to_be_visible()
    expect(second.locator("ins", has_text="receive")).to_be_visible()
    expect(second).to_contain_text("Published by")
    assert barriers(page) == []
    page.get_by_role("link", name="Full dossier as a file").click()
    page.get_by_role("button", name="Ask for the full dossier").click()
    expect(page.get_by_text("Say who wants the dossier, and what for")).to_be_visible()
    page.get_by_label("Why?").fill("The press council asks, letter of March 2")
    page.get_by_role("button", name="Ask for the full dossier").click()
    expect(page.get_by_text("Once somebody else approves it, it is here")).to_be_visible()
    expect(page.get_by_role("button", name="Approve")).to_have_count(0)

    enter(page, live_server, "maya")
    page.goto("/admin/audit/dossiers/")
    expect(page.get_by_text("letter of March 2")).to_be_visible()
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("The dossier is approved")).to_be_visible()

    enter(page, live_server, "aldo")
    page.goto(f"/admin/audit/dossier/{story.pk}/full/")
    with page.expect_download() as download:
        page.get_by_role("button", name="Fetch the file").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    assert "-full-" in file.name
    sequence, digest = head()
    output = checked(file, tmp_path / "unpacked", "--head", str(sequence), digest)
    assert "PROVED: 6 revisions read as their rows say, and were saved by whom" in output
    assert f"The chain goes through the heads that you gave: {sequence}." in output
    assert DossierDownload.objects.get().user_name == "Aldo Brandt"

    reader.goto((tmp_path / "unpacked" / "README.html").as_uri())
    expect(reader.get_by_role("heading", name="Tessellate answers staff")).to_be_visible()
    assert barriers(reader) == []
    reader.get_by_role("link", name="2", exact=True).last.click()
    expect(reader.locator("del", has_text="recieve")).to_be_visible()
    assert barriers(reader) == []


def test_an_outside_auditor_is_given_a_story_and_sees_it_alone(
    page: Page, live_server: LiveServer, story: Article, tmp_path: Path
) -> None:
    make.begin(make.wanted("A secret draft"), user=User.objects.get(email="emil@example.org"))
    enter(page, live_server, "maya")
    page.goto(f"/admin/audit/dossier/{story.pk}/access/")
    page.get_by_label("Outside auditor").select_option(label="Oda Feldmann")
    page.get_by_label("Why?").fill("The press council looks into the quotation")
    page.get_by_role("button", name="Give access").click()
    expect(page.get_by_text("Oda Feldmann sees this story now.")).to_be_visible()
    assert barriers(page) == []

    enter(page, live_server, "oda")
    page.goto("/admin/")
    expect(page.get_by_role("heading", name="Stories given to you")).to_be_visible()
    expect(page.get_by_text("A secret draft")).to_have_count(0)
    assert barriers(page) == []
    page.get_by_role("link", name="Tessellate answers staff").click()
    expect(page.get_by_role("heading", name="Version 4")).to_be_visible()
    expect(page.get_by_text("Typos in Whitlock")).to_have_count(0)
    assert barriers(page) == []
    with page.expect_download() as download:
        page.get_by_role("link", name="Public part as a file").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    assert "The dossier holds." in checked(file, tmp_path / "unpacked")

    enter(page, live_server, "maya")
    page.goto(f"/admin/audit/dossier/{story.pk}/access/")
    page.get_by_role("button", name="End now").click()
    expect(page.get_by_text("Oda Feldmann sees this story no more.")).to_be_visible()
    enter(page, live_server, "oda")
    page.goto("/admin/")
    expect(page.get_by_text("No story is given to you now")).to_be_visible()
