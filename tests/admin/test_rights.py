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
from pytest_django import Settings

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
    editors = Group.objects.get(name=EDITOR)
    new = {"display_name": "Nils Newcomer", "email": "nils@example.org", "groups": [editors.pk]}
    desk.post(reverse("admin:stories_user_add"), new)
    page = reverse("admin:stories_user_change", args=[rosa.pk])
    reporters = Group.objects.get(name=REPORTER)
    desk.post(page, account(rosa, groups=[reporters.pk], display_name="Emil Editor"))
    assert recorded() == [
        (
            "Maya Managing",
            "Nils Newcomer",
            [["created", ""], ["staff", "yes"], ["active", "no"], ["group-added", "Editor"], ["invited", ""]],
        ),
        ("Maya Managing", "Emil Editor", [["renamed", "Rosa Reporter"]]),
    ]


def test_a_link_to_set_a_password_is_recorded(desk: Client, rosa: User) -> None:
    desk.post(reverse("admin:stories_user_access", args=[rosa.pk]), {"reset": "x"})
    assert recorded() == [("Maya Managing", "Rosa Reporter", [["reset-link-sent", ""]])]
    assert rosa.email not in LedgerEntry.objects.get().payload


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
    assert f"Account {rosa.pk} signed in, from 127.0.0.1." in logged
    assert "my secret word" not in logged
    assert make.PASSWORD not in logged
    assert recorded() == []


def test_a_failed_sign_in_behind_a_proxy_is_logged_with_the_clients_address(
    caplog: pytest.LogCaptureFixture, settings: Settings
) -> None:
    settings.TRUSTED_PROXIES = 1
    address, wrong = reverse("account_login"), {"login": "rosa@example.org", "password": "wrong"}
    with caplog.at_level(logging.INFO, logger="stories.admin.sign_in.log"):
        Client().post(address, wrong, headers={"x-forwarded-for": "1.1.1.1, 203.0.113.7"})
        Client().post(address, wrong, REMOTE_ADDR="")
    assert "A sign-in failed, from 203.0.113.7." in caplog.text
    assert "A sign-in failed, from an unknown address." in caplog.text


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


def test_a_limit_to_sections_is_recorded_under_the_name_of_who_set_it(desk: Client, rosa: User) -> None:
    for slug in ("culture", "sports"):
        make.make_section(slug, slug.capitalize())
    page = reverse("admin:stories_user_change", args=[rosa.pk])
    posted = account(rosa, groups=list(rosa.groups.values_list("pk", flat=True)))
    desk.post(page, posted | {"sections": ["culture", "sports"]})
    desk.post(page, posted | {"sections": ["sports"]})
    assert recorded() == [
        ("Maya Managing", "Rosa Reporter", [["section-added", "culture"], ["section-added", "sports"]]),
        ("Maya Managing", "Rosa Reporter", [["section-removed", "culture"]]),
    ]
    aldo = make.make_user(AUDITOR)
    client = make.signed_in(aldo)
    lines = client.get(reverse("audit:ledger")).content.decode()
    assert "limited to the section culture and limited to the section sports" in lines
    assert "no longer limited to the section culture" in lines
