"""A managing editor gives people their groups, and can make neither them nor herself a superuser."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from stories.models import User
from stories.models.roles import EDITOR, MANAGING_EDITOR, REPORTER
from tests import factories as make

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


@pytest.fixture
def maya() -> User:
    return make.make_user(MANAGING_EDITOR)


@pytest.fixture
def desk(client: Client, maya: User) -> Client:
    client.force_login(maya)
    return client


def account(user: User, **values: object) -> dict[str, object]:
    """Return what the page of an account posts."""
    person = {"display_name": user.display_name, "email": user.email}
    return {**person, "is_active": "on", "is_staff": "on", **values}


def test_she_gives_a_person_a_group(desk: Client) -> None:
    rosa = make.make_user(REPORTER)
    editors = Group.objects.get(name=EDITOR)
    answer = desk.post(
        reverse("admin:stories_user_change", args=[rosa.pk]), account(rosa, groups=[editors.pk])
    )
    assert answer.status_code == 302
    assert list(rosa.groups.all()) == [editors]


NEW = {
    "display_name": "Nils Newcomer",
    "email": "Nils@Example.ORG",
    "usable_password": "true",
    "password1": "long-and-unusual-7",
    "password2": "long-and-unusual-7",
}


def test_she_makes_an_account_with_a_name_and_an_address(desk: Client) -> None:
    assert desk.post(reverse("admin:stories_user_add"), NEW).status_code == 302
    nils = User.objects.get(email="nils@example.org")
    assert (nils.get_full_name(), nils.email) == ("Nils Newcomer", "nils@example.org")


@pytest.mark.parametrize("field", ["display_name", "email"])
def test_an_account_without_a_name_or_an_address_is_not_made(desk: Client, field: str) -> None:
    page = desk.post(reverse("admin:stories_user_add"), NEW | {field: ""})
    assert page.context["errors"] == [["This field is required."]]
    assert not User.objects.filter(email="nils@example.org").exists()


def test_an_address_that_another_account_has_is_refused_beside_its_field(desk: Client, maya: User) -> None:
    page = desk.post(reverse("admin:stories_user_add"), NEW | {"email": maya.email.upper()})
    refused = "Another account has this e-mail address. Each needs one of its own."
    assert page.context["adminform"].form.errors == {"email": [refused]}
    rosa = make.make_user(REPORTER)
    page = desk.post(
        reverse("admin:stories_user_change", args=[rosa.pk]), account(rosa, email=maya.email.upper())
    )
    assert page.context["adminform"].form.errors == {"email": [refused]}


def test_accounts_are_found_by_name_and_address(desk: Client) -> None:
    rosa = make.make_user(REPORTER)
    for words in ("Reporter", "ROSA@example.org"):
        page = desk.get(reverse("admin:stories_user_changelist"), {"q": words})
        assert list(page.context["cl"].queryset) == [rosa]


def test_a_hand_made_post_makes_no_superuser(desk: Client, maya: User) -> None:
    for user in (make.make_user(REPORTER), maya):
        desk.post(
            reverse("admin:stories_user_change", args=[user.pk]),
            account(user, is_superuser="on", user_permissions=["1"]),
        )
        user.refresh_from_db()
        assert not user.is_superuser
        assert not user.user_permissions.exists()


def test_she_can_change_no_superuser_nor_their_password(desk: Client) -> None:
    owner = make.make_user(None, name="owner", is_superuser=True, is_staff=True)
    page = reverse("admin:stories_user_change", args=[owner.pk])
    assert desk.post(page, account(owner, display_name="Mine")).status_code == 403
    password = reverse("admin:auth_user_password_change", args=[owner.pk])
    assert desk.post(password, {"password1": "another", "password2": "another"}).status_code == 403
    owner.refresh_from_db()
    assert owner.display_name == "Olga Outsider"
    assert owner.check_password(make.PASSWORD)


def test_a_group_that_may_do_more_than_she_is_neither_offered_nor_accepted(desk: Client, maya: User) -> None:
    owners = Group.objects.create(name="Owners")
    owners.permissions.add(Permission.objects.get(codename="change_permission"))
    before = list(maya.groups.all())
    page = reverse("admin:stories_user_change", args=[maya.pk])
    offered = desk.get(page).content.decode()
    assert ">Owners<" not in offered
    assert ">Editor<" in offered
    # Managing editors must not choose their own auditors.
    assert ">Auditor<" not in offered
    answer = desk.post(page, account(maya, groups=[before[0].pk, owners.pk]))
    assert answer.status_code == 200
    assert list(maya.groups.all()) == before


def test_she_changes_nobody_who_may_do_more_even_while_they_are_away(desk: Client) -> None:
    owners = Group.objects.create(name="Owners")
    owners.permissions.add(Permission.objects.get(codename="delete_user"))
    away = make.make_user(None, name="otto", is_staff=True, is_active=False)
    away.groups.add(owners)
    page = reverse("admin:stories_user_change", args=[away.pk])
    assert desk.get(page).status_code == 200
    assert desk.post(page, account(away, groups=[])).status_code == 403
    away.refresh_from_db()
    assert not away.is_active
    assert list(away.groups.all()) == [owners]


def test_she_takes_no_superuser_out_of_service(desk: Client) -> None:
    owner = make.make_user(None, name="owner", is_superuser=True, is_staff=True)
    desk.post(
        reverse("admin:stories_user_change", args=[owner.pk]), account(owner, is_active="", is_staff="")
    )
    owner.refresh_from_db()
    assert (owner.is_active, owner.is_staff) == (True, True)


def test_she_sets_nobodys_password_and_the_page_says_who_does(desk: Client, maya: User) -> None:
    rosa = make.make_user(REPORTER)
    page = desk.get(reverse("admin:stories_user_change", args=[rosa.pk])).content.decode()
    assert "asks a superuser of this site for a new one" in page
    assert f"/{rosa.pk}/password/" not in page
    assert "../password/" not in page
    new = {"password1": "another-long-one", "password2": "another-long-one", "usable_password": "true"}
    address = reverse("admin:auth_user_password_change", args=[rosa.pk])
    assert desk.get(address).status_code == 403
    assert desk.post(address, new).status_code == 403
    rosa.refresh_from_db()
    assert rosa.check_password(make.PASSWORD)


def test_a_superuser_sets_a_password_that_was_forgotten(client: Client) -> None:
    rosa = make.make_user(REPORTER)
    client.force_login(make.make_user(None, name="owner", is_superuser=True, is_staff=True))
    new = {"password1": "another-long-one", "password2": "another-long-one", "usable_password": "true"}
    client.post(reverse("admin:auth_user_password_change", args=[rosa.pk]), new | {"set-password": "x"})
    rosa.refresh_from_db()
    assert rosa.check_password("another-long-one")


@pytest.mark.parametrize("role", [REPORTER, EDITOR])
def test_others_do_not_see_the_accounts(client: Client, role: str) -> None:
    client.force_login(make.make_user(role))
    assert client.get(reverse("admin:stories_user_changelist")).status_code == 403
