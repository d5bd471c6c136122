"""Sections and authors in the admin, and what is not registered there."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from stories.models import Author, Section, User
from tests.factories import (
    begin,
    byline,
    change,
    make_author,
    make_section,
    make_user,
    signed_in,
    wanted,
)

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


@pytest.fixture
def root(db: None) -> Client:
    return signed_in(make_user(name="root", is_superuser=True, is_staff=True))


def test_a_section_that_a_revision_names_is_not_deleted(root: Client, editor: User) -> None:
    section = make_section()
    article = begin(wanted(section=section.pk), user=editor)
    change(article, user=editor, section="", section_name="")
    address = reverse("admin:stories_section_delete", args=[section.pk])
    page = root.post(address, {"post": "yes"}, follow=True).content.decode()
    assert "“Technology” is named in the history of 1 story" in page
    assert Section.objects.exists()


def test_an_author_with_a_byline_is_not_deleted_and_one_without_is(root: Client, editor: User) -> None:
    author, other = make_author(), make_author("new", "Nora New")
    begin(wanted(bylines=(byline(author),)), user=editor)
    for each in (author, other):
        root.post(reverse("admin:stories_author_delete", args=[each.pk]), {"post": "yes"}, follow=True)
    assert list(Author.objects.all()) == [author]


def test_a_slug_is_for_ever(desk: Client, editor: User) -> None:
    section = make_section()
    address = reverse("admin:stories_section_change", args=[section.pk])
    desk.post(address, {"name": "Tech", "slug": "tech"})
    assert list(Section.objects.values_list("slug", "name")) == [("technology", "Tech")]


def test_nothing_of_the_record_is_registered_to_be_edited(root: Client) -> None:
    index = root.get(reverse("admin:index")).content.decode()
    for name in ("revision", "publication", "ledgerentry", "textblock", "commentrequest"):
        assert f"/admin/stories/{name}/" not in index
