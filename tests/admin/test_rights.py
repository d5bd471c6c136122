"""Every change of rights is in the ledger, with its user; sign-ins are in the log."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse

from stories.models import LedgerEntry, RightsChange, User
from stories.models.integrity.registry import JOURNAL_MODELS, TRACKED_MODELS, history_model
from stories.models.roles import AUDITOR, EDITOR, MANAGING_EDITOR, REPORTER
from stories.queries.verification import Verification
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def maya() -> User:
    return make.make_user(MANAGING_EDITOR)


@pytest.fixture
def owner() -> User:
    return make.make_user(None, name="owner", is_superuser=True, is_staff=True)


@pytest.fixture
def rosa() -> User:
    return make.make_user(REPORTER)


@pytest.fixture
def desk(client: Client, maya: User, owner: User, rosa: User, rights_recorded: None) -> Client:
    """Return the managing editor's client. Accounts so far existed before anything was recorded."""
    client.force_login(maya)
    return client


def account(user: User, **values: object) -> dict[str, object]:
    person = {"display_name": user.display_name, "email": user.email}
    return {**person, "is_active": "on", "is_staff": "on", **values}


def recorded() -> list[tuple[str, str, list[Any]]]:
    """Return the recorded changes of rights, with their users, in the ledger's order."""
    assert not list(Verification())
    return [(row.user_name, row.holder_name, row.changes) for row in RightsChange.objects.order_by("pk")]


def test_a_page_that_changes_several_rights_makes_one_entry_under_its_users_name(
    desk: Client, rosa: User
) -> None:
    editors = Group.objects.get(name=EDITOR)
    page = reverse("admin:stories_user_change", args=[rosa.pk])
    assert desk.post(page, account(rosa, groups=[editors.pk], is_staff="")).status_code == 302
    assert recorded() == [
        (
            "Maya Managing",
            "Rosa Reporter",
            [["staff", "no"], ["group-removed", "Reporter"], ["group-added", "Editor"]],
        )
    ]
    assert LedgerEntry.objects.get().kind == "rights"


def test_a_page_that_changes_no_right_makes_no_entry(desk: Client, rosa: User) -> None:
    reporters = Group.objects.get(name=REPORTER)
    page = reverse("admin:stories_user_change", args=[rosa.pk])
    desk.post(page, account(rosa, groups=[reporters.pk]))
    assert recorded() == []


def test_another_address_for_mail_is_recorded_without_the_address(desk: Client, rosa: User) -> None:
    reporters = Group.objects.get(name=REPORTER)
    page = reverse("admin:stories_user_change", args=[rosa.pk])
    desk.post(page, account(rosa, groups=[reporters.pk], email="rosa@elsewhere.example.org"))
    assert recorded() == [("Maya Managing", "Rosa Reporter", [["email", ""]])]
    assert "rosa@elsewhere.example.org" not in LedgerEntry.objects.get().payload


def test_a_new_account_and_a_new_name_are_recorded(desk: Client, rosa: User) -> None:
    new = {"display_name": "Nils Newcomer", "email": "nils@example.org"}
    password = {"password1": "long-and-unusual-7", "password2": "long-and-unusual-7"}
    desk.post(reverse("admin:stories_user_add"), new | password | {"usable_password": "true"})
    page = reverse("admin:stories_user_change", args=[rosa.pk])
    reporters = Group.objects.get(name=REPORTER)
    desk.post(page, account(rosa, groups=[reporters.pk], display_name="Emil Editor"))
    assert recorded() == [
        ("Maya Managing", "Nils Newcomer", [["created", ""]]),
        ("Maya Managing", "Emil Editor", [["renamed", "Rosa Reporter"]]),
    ]


def test_a_password_set_for_somebody_else_is_recorded_without_it(
    desk: Client, owner: User, rosa: User
) -> None:
    desk.force_login(owner)
    new = {"password1": "another-long-one", "password2": "another-long-one", "usable_password": "true"}
    desk.post(
        reverse("admin:auth_user_password_change", args=[rosa.pk]), new | {"set-password": "Change password"}
    )
    assert recorded() == [("Olga Outsider", "Rosa Reporter", [["password", ""]])]
    assert "another-long-one" not in LedgerEntry.objects.get().payload


def test_what_a_group_may_do_is_recorded_as_the_groups(desk: Client, owner: User) -> None:
    desk.force_login(owner)
    auditors = Group.objects.get(name=AUDITOR)
    remaining = [each.pk for each in auditors.permissions.exclude(codename="audit_ledgerentry")]
    page = reverse("admin:auth_group_change", args=[auditors.pk])
    desk.post(page, {"name": "Reviewers", "permissions": remaining})
    desk.post(reverse("admin:auth_group_delete", args=[auditors.pk]), {"post": "yes"})
    assert [(row.of_group, row.holder_name, row.changes) for row in RightsChange.objects.order_by("pk")] == [
        (
            True,
            "Reviewers",
            [["renamed", "Auditor"], ["permission-removed", "stories.audit_ledgerentry"]],
        ),
        (True, "Reviewers", [["deleted", ""]]),
    ]


def test_signing_in_changes_no_right_and_is_logged_without_what_was_typed(
    rosa: User, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="stories.admin.sign_in.log"):
        address = reverse("account_login")
        anybody = Client()
        anybody.post(address, {"login": "nobody@example.org", "password": "my secret word"})
        anybody.post(address, {"login": rosa.email, "password": make.PASSWORD})
    logged = caplog.text
    assert "A sign-in failed, from 127.0.0.1." in logged
    assert f"Account {rosa.pk} signed in." in logged
    assert "my secret word" not in logged
    assert make.PASSWORD not in logged
    assert recorded() == []


def stored() -> dict[str, list[Any]]:
    """Return every row of the record, as stored."""
    models: list[Any] = [*JOURNAL_MODELS, LedgerEntry, *TRACKED_MODELS, *map(history_model, TRACKED_MODELS)]
    return {model.__name__: list(model._base_manager.order_by("pk").values_list()) for model in models}


def test_deleting_an_account_keeps_its_name_on_what_it_did_and_changes_no_row(
    desk: Client, owner: User
) -> None:
    emil = make.make_user(EDITOR)
    RightsChange.objects.get(holder_id=emil.pk, changes=[["group-added", "Editor"]])
    article = make.begin(make.wanted(comment_requests=(make.request(),)), user=emil)
    make.go_live(article, user=emil)
    LogEntry.objects.create(
        user=emil,
        content_type=ContentType.objects.get_for_model(article),
        object_id=str(article.pk),
        object_repr=f"#{article.pk}",
        action_flag=CHANGE,
        change_message="",
    )
    before = stored()
    desk.force_login(owner)
    answer = desk.post(reverse("admin:stories_user_delete", args=[emil.pk]), {"post": "yes"})
    assert answer.status_code == 302
    assert not User.objects.filter(pk=emil.pk).exists()
    after = stored()
    newest = RightsChange.objects.order_by("-pk")[0]
    assert (newest.holder_id, newest.holder_name, newest.changes) == (
        emil.pk,
        "Emil Editor",
        [["deleted", ""], ["group-removed", "Editor"]],
    )
    # One entry more, and nothing else.
    assert after["LedgerEntry"][:-1] == before["LedgerEntry"]
    assert after["RightsChange"][:-1] == before["RightsChange"]
    for name in before.keys() - {"LedgerEntry", "RightsChange"}:
        assert after[name] == before[name]
    assert {row.user_name for row in article.revisions.all()} == {"Emil Editor"}
    assert not list(Verification())
    # Django's own log is deleted with the account: it has nothing on stories that the ledger lacks.
    assert not LogEntry.objects.filter(object_id=str(article.pk)).exists()
