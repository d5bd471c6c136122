"""Names of sections and authors that differ from the ledger are reported."""

from __future__ import annotations

import pytest

from stories.actions.editing.sections_and_authors import (
    create_section_or_author,
    delete_section_or_author,
    rename_section_or_author,
)
from stories.models import Author, Section, User
from stories.queries.verification import Kind, Verification
from tests.tampering import run

pytestmark = pytest.mark.django_db


@pytest.fixture
def emil() -> User:
    """Emil, who may delete authors too."""
    return User.objects.create_superuser("emil", "emil@example.org", display_name="Emil Editor")


@pytest.fixture
def section(emil: User) -> Section:
    section = Section(slug="city", name="City")
    create_section_or_author(row=section, user=emil)
    section.name = "City desk"
    rename_section_or_author(row=section, user=emil)
    return section


def found() -> list[str]:
    return [finding.with_values() for finding in Verification() if finding.kind is Kind.NAME]


def test_names_that_were_changed_by_our_actions_verify(section: Section, emil: User) -> None:
    author = Author(slug="ada-lind", name="Ada Lind")
    create_section_or_author(row=author, user=emil)
    delete_section_or_author(row=author, user=emil)
    assert [str(finding) for finding in Verification()] == []


def test_another_name_is_found(section: Section) -> None:
    run("UPDATE stories_section SET name = 'Propaganda' WHERE slug = 'city'")
    (finding,) = found()
    assert finding == (
        "The section city (in stories_section) is called otherwise than the ledger says. name was “City desk”, is "
        "“Propaganda”."
    )


def test_a_section_that_is_gone_without_an_entry_is_found(section: Section) -> None:
    run("DELETE FROM stories_section WHERE slug = 'city'")
    assert found() == ["The section city (in stories_section) is gone, and the ledger does not say so."]


def test_an_author_who_is_back_without_an_entry_is_found(emil: User) -> None:
    author = Author(slug="ada-lind", name="Ada Lind")
    create_section_or_author(row=author, user=emil)
    delete_section_or_author(row=Author.objects.get(pk="ada-lind"), user=emil)
    Author(slug="ada-lind", name="Ada Lind").save(force_insert=True)
    assert found() == [
        "The author ada-lind (in stories_author) is there, and the ledger says that it was deleted."
    ]
