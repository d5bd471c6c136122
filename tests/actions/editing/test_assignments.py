"""Stories are assigned by editors to people who can write, and whoever has one may change it."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from stories.actions.editing.assignments import assign
from stories.actions.errors import Refused
from stories.models import Publication, User
from stories.models.roles import AUDITOR, EDITOR, REPORTER
from stories.queries.verification import Verification
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def emil() -> User:
    return make.make_user(EDITOR)


def test_who_is_given_a_story_may_change_it_until_it_is_taken(emil: User) -> None:
    rosa = make.make_user(REPORTER)
    draft = make.begin(make.wanted("A draft"), user=emil)
    with pytest.raises(PermissionDenied):
        make.change(draft, user=rosa, dek="Mine")
    assign(article=draft, to=rosa, user=emil)
    make.change(draft, user=rosa, dek="Mine")
    assign(article=draft, to=None, user=emil)
    with pytest.raises(PermissionDenied):
        make.change(draft, user=rosa, dek="Still mine")
    assign(article=draft, to=rosa, user=emil)
    make.go_live(draft, user=emil)
    make.change(draft, user=rosa, dek="Once more", at=make.minutes(1))
    assert Publication.objects.count() == 1
    assign(article=draft, to=None, user=emil)
    with pytest.raises(PermissionDenied):
        make.change(draft, user=rosa, dek="Too late")
    assert list(Verification()) == []


def test_a_story_is_given_by_an_editor_to_somebody_who_can_write(emil: User) -> None:
    draft = make.begin(make.wanted("A draft"), user=emil)
    rosa = make.make_user(REPORTER)
    with pytest.raises(PermissionDenied):
        assign(article=draft, to=rosa, user=rosa)
    with pytest.raises(Refused, match="can’t write stories here"):
        assign(article=draft, to=make.make_user(AUDITOR), user=emil)
