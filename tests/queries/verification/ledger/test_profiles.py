"""Profiles of authors that differ from what the ledger proves are reported."""

from __future__ import annotations

import pytest

from stories.actions.editing.profiles import Profile, change_profile
from stories.models import Author, User
from stories.queries.verification import Kind, Verification
from tests import factories as make
from tests.tampering import run

pytestmark = pytest.mark.django_db

BIO = Profile(bio="Ines covers the council.", contact="ines@example.org")


@pytest.fixture
def ines(editor: User) -> Author:
    author = make.make_author()
    change_profile(author=author, profile=BIO, user=editor)
    return author


def found() -> list[str]:
    return [finding.with_values() for finding in Verification() if finding.kind is Kind.PROFILE]


def test_profiles_that_our_actions_changed_verify(ines: Author) -> None:
    assert [str(finding) for finding in Verification()] == []


@pytest.mark.parametrize(
    "change",
    ["bio = 'Ines is for sale.'", "contact = ''", "bio = '', contact = ''", "contact = 'eve@example.org'"],
)
def test_another_profile_is_found_and_the_finding_has_none_of_its_words(ines: Author, change: str) -> None:
    run(f"UPDATE stories_author SET {change} WHERE slug = 'ines-calder'")  # noqa: S608 - the test's own
    assert found() == [
        "The profile of the author ines-calder (in stories_author) is not what the ledger says."
    ]


def test_a_profile_without_any_entry_is_found(ines: Author) -> None:
    make.make_author("ada-lind", "Ada Lind")
    run("UPDATE stories_author SET bio = 'Ada.' WHERE slug = 'ada-lind'")
    assert found() == [
        "The profile of the author ada-lind (in stories_author) is there, and no entry says so."
    ]


def test_a_profile_that_is_gone_with_its_author_is_found(ines: Author) -> None:
    run("DELETE FROM stories_author WHERE slug = 'ines-calder'")
    assert found() == [
        "The profile of the author ines-calder (in stories_author) is gone, and the ledger does not say so."
    ]


def test_a_former_profile_put_back_is_found(ines: Author, editor: User) -> None:
    before = Author.objects.get()
    change_profile(author=ines, profile=Profile(bio="Ines covers trams."), user=editor)
    run(
        "UPDATE stories_author SET bio = %s, contact = %s, profile_salt = %s",
        before.bio,
        before.contact,
        bytes(before.profile_salt),
    )
    assert len(found()) == 1
