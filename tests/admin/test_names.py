"""Sections and authors: every change of their names is in the ledger."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from stories.actions.archive.import_story import import_story
from stories.domain.archive.stories import load
from stories.models import Author, LedgerEntry, NameChange, Section, User
from stories.models.roles import AUDITOR, REPORTER
from stories.queries.verification import Verification
from tests import factories as make
from tests.archives import line, version

pytestmark = pytest.mark.django_db

KINDS = pytest.mark.parametrize(("kind", "model"), [("section", Section), ("author", Author)])


@pytest.fixture
def desk(editor: User) -> Client:
    return make.signed_in(editor)


def changes() -> list[tuple[str, str, str, str, str]]:
    """Return the recorded changes of names, with their users; and check that the record is intact."""
    assert not list(Verification())
    rows = NameChange.objects.order_by("pk")
    return [(each.user_name, each.of, each.change, each.before, each.name) for each in rows]


@KINDS
def test_a_new_one_and_its_new_name_are_in_the_ledger(desk: Client, kind: str, model: type[Section]) -> None:
    desk.post(reverse(f"admin:stories_{kind}_add"), {"slug": "culture", "name": "Culture"})
    page = reverse(f"admin:stories_{kind}_change", args=["culture"])
    desk.post(page, {"name": "Arts"})
    desk.post(page, {"name": "Arts"})
    assert model.objects.get().name == "Arts"
    assert changes() == [
        ("Emil Editor", kind, "created", "", "Culture"),
        ("Emil Editor", kind, "renamed", "Culture", "Arts"),
    ]
    assert list(LedgerEntry.objects.order_by("sequence").values_list("kind", flat=True)) == ["name", "name"]


@KINDS
def test_a_slug_is_for_ever_and_a_hand_made_post_changes_none(
    desk: Client, kind: str, model: type[Section]
) -> None:
    desk.post(reverse(f"admin:stories_{kind}_add"), {"slug": "culture", "name": "Culture"})
    desk.post(reverse(f"admin:stories_{kind}_change", args=["culture"]), {"name": "Culture", "slug": "arts"})
    assert [each.slug for each in model.objects.all()] == ["culture"]


@KINDS
def test_one_that_goes_is_in_the_ledger_too(client: Client, kind: str, model: type[Section]) -> None:
    client.force_login(make.make_user(None, name="owner", is_superuser=True, is_staff=True))
    client.post(reverse(f"admin:stories_{kind}_add"), {"slug": "culture", "name": "Culture"})
    client.post(reverse(f"admin:stories_{kind}_delete", args=["culture"]), {"post": "yes"})
    assert not model.objects.exists()
    assert changes()[-1][2:] == ("deleted", "Culture", "")


@KINDS
def test_a_reporter_changes_none(kind: str, model: type[Section]) -> None:
    make.make_section("culture", "Culture")
    make.make_author("culture", "Culture")
    reporter = make.signed_in(make.make_user(REPORTER))
    page = reverse(f"admin:stories_{kind}_change", args=["culture"])
    assert reporter.post(page, {"name": "Arts"}).status_code == 403
    assert changes() == []


def test_an_import_enters_those_that_it_makes(editor: User) -> None:
    story = load(line(version(9, bylines=["Ines Calder"]), section="City Hall"))
    import_story(story=story, user=editor, at=make.MORNING)
    assert {each[1:] for each in changes()} == {
        ("section", "created", "", "City Hall"),
        ("author", "created", "", "Ines Calder"),
    }


def test_auditors_read_what_it_was_called(desk: Client) -> None:
    desk.post(reverse("admin:stories_section_add"), {"slug": "culture", "name": "Culture"})
    desk.post(reverse("admin:stories_section_change", args=["culture"]), {"name": "Arts"})
    auditor = make.signed_in(make.make_user(AUDITOR))
    assert "renamed the section “culture”" in auditor.get(reverse("audit:ledger")).content.decode()
    newest = LedgerEntry.objects.order_by("-sequence")[0].sequence
    entry = auditor.get(reverse("audit:entry", args=[newest])).content.decode()
    assert "Culture" in entry
    assert "Arts" in entry
