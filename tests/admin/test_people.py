"""A managing editor gives people their groups, and can make neither them nor herself a superuser."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from stories.models.roles import EDITOR, MANAGING_EDITOR, REPORTER
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def maya() -> User:
    return make.make_user(MANAGING_EDITOR)


@pytest.fixture
def desk(client: Client, maya: User) -> Client:
    client.force_login(maya)
    return client


def account(user: User, **values: object) -> dict[str, object]:
    """What the page of an account posts."""
    joined = {"date_joined_0": "2026-03-02", "date_joined_1": "09:00:00"}
    return {"username": user.username, "is_active": "on", "is_staff": "on", **joined, **values}


def test_she_gives_a_person_a_group(desk: Client) -> None:
    rosa = make.make_user(REPORTER)
    editors = Group.objects.get(name=EDITOR)
    answer = desk.post(reverse("admin:auth_user_change", args=[rosa.pk]), account(rosa, groups=[editors.pk]))
    assert answer.status_code == 302
    assert list(rosa.groups.all()) == [editors]


def test_a_hand_made_post_makes_no_superuser(desk: Client, maya: User) -> None:
    for user in (make.make_user(REPORTER), maya):
        desk.post(
            reverse("admin:auth_user_change", args=[user.pk]),
            account(user, is_superuser="on", user_permissions=["1"]),
        )
        user.refresh_from_db()
        assert not user.is_superuser
        assert not user.user_permissions.exists()


def test_she_can_change_no_superuser_nor_their_password(desk: Client) -> None:
    owner = make.make_user(None, username="owner", is_superuser=True, is_staff=True)
    page = reverse("admin:auth_user_change", args=[owner.pk])
    assert desk.post(page, account(owner, username="mine")).status_code == 403
    password = reverse("admin:auth_user_password_change", args=[owner.pk])
    assert desk.post(password, {"password1": "another", "password2": "another"}).status_code == 403
    owner.refresh_from_db()
    assert owner.username == "owner"
    assert owner.check_password(make.PASSWORD)


@pytest.mark.parametrize("role", [REPORTER, EDITOR])
def test_others_do_not_see_the_accounts(client: Client, role: str) -> None:
    client.force_login(make.make_user(role))
    assert client.get(reverse("admin:auth_user_changelist")).status_code == 403
