"""Sections and authors are created, renamed and deleted in the ledger; one that a story names stays."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import ProtectedError

from stories.actions.actors import SystemActor
from stories.actions.editing.sections_and_authors import (
    create_section_or_author,
    delete_section_or_author,
    rename_section_or_author,
    stories_naming,
)
from stories.actions.errors import Refused
from stories.models import Author, LedgerEntry, NameChange, Section, User
from stories.queries.verification import Verification
from tests.factories import begin, byline, change, make_author, make_section, wanted

pytestmark = pytest.mark.django_db

OWNER = SystemActor("the owner")


def changes() -> list[tuple[str, str, str, str]]:
    return list(NameChange.objects.order_by("pk").values_list("change", "slug", "before", "name"))


def test_each_change_of_a_name_is_in_the_ledger_with_what_it_was_before() -> None:
    create_section_or_author(row=Section(slug="city", name="City"), user=OWNER)
    rename_section_or_author(row=Section(slug="city", name="The city"), user=OWNER)
    delete_section_or_author(row=Section.objects.get(), user=OWNER)
    assert changes() == [
        ("created", "city", "", "City"),
        ("renamed", "city", "City", "The city"),
        ("deleted", "city", "The city", ""),
    ]
    assert not Section.objects.exists()
    assert LedgerEntry.objects.count() == 3
    assert list(Verification()) == []


def test_the_same_name_again_is_no_change() -> None:
    section = make_section("city", "City")
    assert rename_section_or_author(row=section, user=OWNER) is None
    assert changes() == []


def test_a_slug_that_is_taken_or_none_is_refused() -> None:
    make_section("city", "City")
    for slug in ("city", "two words"):
        with pytest.raises(ValidationError):
            create_section_or_author(row=Section(slug=slug, name="Another"), user=OWNER)
    assert changes() == []


def test_one_that_somebody_deleted_just_now_is_not_renamed() -> None:
    with pytest.raises(Refused, match="Somebody deleted it just now"):
        rename_section_or_author(row=Author(slug="gone", name="Gone"), user=OWNER)


def test_one_that_a_story_named_at_any_revision_stays(editor: User) -> None:
    author, section = make_author(), make_section()
    article = begin(wanted("Council", section=section.pk, bylines=(byline(author),)), user=editor)
    change(article, user=editor, section="", bylines=())
    assert (stories_naming(Section, section.pk), stories_naming(Author, author.pk)) == (1, 1)
    for named in (section, author):
        with pytest.raises(Refused, match="is named in the history of stories"):
            delete_section_or_author(row=named, user=OWNER)
    assert changes() == []


def test_one_that_is_put_over_a_story_just_now_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    section = make_section()

    def protected(*args: object, **values: object) -> None:
        raise ProtectedError("It is named.", set())

    monkeypatch.setattr(Section, "delete", protected)
    with pytest.raises(Refused, match="was put over a story just now"):
        delete_section_or_author(row=section, user=OWNER)


def test_a_reporter_changes_none(reporter: User) -> None:
    section = make_section()
    with pytest.raises(PermissionDenied):
        create_section_or_author(row=Section(slug="city", name="City"), user=reporter)
    with pytest.raises(PermissionDenied):
        rename_section_or_author(row=Section(slug=section.pk, name="Another"), user=reporter)
    with pytest.raises(PermissionDenied):
        delete_section_or_author(row=section, user=reporter)


def test_a_section_that_accounts_are_limited_to_stays_so_that_their_limit_does(editor: User) -> None:
    section = make_section()
    editor.sections.add(section)
    with pytest.raises(Refused, match="Give them another section first: Emil Editor"):
        delete_section_or_author(row=section, user=OWNER)
    editor.sections.clear()
    delete_section_or_author(row=section, user=OWNER)
    assert not Section.objects.exists()
