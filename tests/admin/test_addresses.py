"""Every address behind the sign-in, asked by everybody, by GET and POST: `addresses.tsv` has what each is answered.

An address that is not in the table fails, and so does one that answers otherwise. After a change that is meant, run
`WRITE_ADDRESSES=1 make t T=tests/admin/test_addresses.py` and read the difference that Git shows: each of its lines is
somebody who may do more, or less, than before.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import URLPattern, get_resolver, resolve, reverse
from pytest_django import Settings

from stories.actions.audit.dossier_orders import order_dossier
from stories.audit.queues import QUEUES
from stories.models import DossierOrder, LedgerEntry, Question, User
from stories.models.roles import AUDITOR, EDITOR, MANAGING_EDITOR, OUTSIDE_AUDITOR, REPORTER
from tests import factories as make
from tests.admin.test_roles import TABLE, Stage, stage_for
from tests.factors import give_app, sign_in_by_password
from tests.ledger_last import undone

pytestmark = pytest.mark.django_db

FILE = Path(__file__).with_name("addresses.tsv")
# Addresses without a name: each leads to one that has one, or is a file that is not there.
NAMELESS = {
    "admin/password_change/": "/admin/password_change/",
    "any other": "/admin/nowhere/",
    "bytes that are no text": "/admin/%ff/",
}

WHO: dict[str, Callable[[], User | None]] = {
    "nobody": lambda: None,
    "stranger": make.make_user,
    "reporter": lambda: make.make_user(REPORTER),
    "editor": lambda: User.objects.get(email="emil@example.org"),
    "editor of another section": lambda: limited(make.make_user(EDITOR, name="edda")),
    "managing editor": lambda: make.make_user(MANAGING_EDITOR),
    "auditor": lambda: User.objects.get(email="aldo@example.org"),
    "outside auditor": lambda: make.make_user(OUTSIDE_AUDITOR),
    "superuser": lambda: make.make_user(name="root", is_staff=True, is_superuser=True),
    # A managing editor who must have a second factor, and has none yet.
    "factor due": lambda: make.make_user(MANAGING_EDITOR),
    # One who has given the password, and not yet the code.
    "second step due": lambda: with_app(make.make_user(MANAGING_EDITOR)),
}


def limited(user: User) -> User:
    user.sections.add(make.make_section("culture", "Culture"))
    return user


def with_app(user: User) -> User:
    give_app(user)
    return user


def window_of(who: str, user: User | None) -> Client:
    """Return a window in which somebody is as far as they got with signing in."""
    client = Client()
    if who == "second step due" and user is not None:
        sign_in_by_password(client, user)
    elif user is not None:
        client.force_login(user)
    return client


def names() -> Iterator[str]:
    """Return the name of every address under /admin/, from the URL configuration."""

    def walk(resolver: Any, before: str, prefix: str) -> Iterator[str]:
        for each in resolver.url_patterns:
            path = prefix + str(each.pattern)
            if isinstance(each, URLPattern):
                if each.name and path.startswith("admin/"):
                    yield f"{before}{each.name}"
            else:
                yield from walk(each, f"{before}{each.namespace}:" if each.namespace else before, path)

    return walk(get_resolver(), "", "")


def arguments(stage: Stage) -> dict[str, list[Any]]:
    """Return what the addresses that are not in the table of pages are made of, by name."""
    rosa = User.objects.get(email="ruth@example.org")
    group = Group.objects.get(name=REPORTER)
    order = DossierOrder.objects.get()
    article = stage.live.pk
    key = "0" * 64
    return {
        "audit:entry": [LedgerEntry.objects.earliest("pk").pk],
        "audit:queue": [next(iter(QUEUES))],
        "audit:dossier_decide": [order.pk],
        "audit:dossier_take": [order.pk],
        **{f"audit:dossier{rest}": [article] for rest in ("", "_public_file", "_order", "_access")},
        "audit:dossier_picture": [article, key],
        "desk:question": [Question.objects.get().pk],
        "admin:view_on_site": [ContentType.objects.get_for_model(Group).pk, group.pk],
        **{f"admin:auth_group_{name}": [group.pk] for name in ("history", "delete", "change")},
        **{f"admin:stories_user_{name}": [rosa.pk] for name in ("history", "delete", "change")},
        "admin:auth_user_password_change": [rosa.pk],
        "admin:app_list": ["stories"],
        "mfa_remove_webauthn": [1],
        "mfa_edit_webauthn": [1],
        "openid_connect_login": ["house"],
        "openid_connect_callback": ["house"],
    }


def addresses(stage: Stage) -> dict[str, str]:
    """Return an example of every address, by name."""
    found = dict(NAMELESS)
    given = {name: row.args(stage) for name, row in TABLE.items()} | arguments(stage)
    for name in names():
        found[name] = reverse(name, args=given.get(name, []))
    return found


@pytest.fixture
def stage() -> Stage:
    stage = stage_for(EDITOR)
    make.make_user(REPORTER, name="ruth")
    order_dossier(article=stage.live, user=make.make_user(AUDITOR), reason="A court asks")
    return stage


def in_a_word(answer: Any) -> str:
    """Return an answer's status, or where it leads."""
    if answer.status_code in (301, 302):
        name = resolve(unquote(urlsplit(answer["Location"]).path)).view_name
        return "sign-in" if name in ("sign_in", "account_login") else name.partition(":")[2] or name
    return str(answer.status_code)


def asked(who: str, stage: Stage) -> dict[str, str]:
    """Return the answers to somebody, each as `GET POST`, by the name of the address."""
    user = WHO[who]()
    found = {}
    for name, address in sorted(addresses(stage).items()):
        answers = []
        for method in ("get", "post"):
            with undone():
                answers.append(in_a_word(getattr(window_of(who, user), method)(address)))
        found[name] = " ".join(answers)
    return found


def table() -> dict[str, dict[str, str]]:
    """Return the table as it is written: by the name of the address, who is answered what."""
    if not FILE.exists():
        return {}
    with FILE.open(newline="") as file:
        return {row.pop("address"): row for row in csv.DictReader(file, delimiter="\t")}


def write(who: str, found: dict[str, str]) -> None:
    rows = table()
    with FILE.open("w", newline="") as file:
        out = csv.DictWriter(file, ["address", *WHO], delimiter="\t", lineterminator="\n", restval="")
        out.writeheader()
        for name in sorted(found):
            row = {each: rows.get(name, {}).get(each, "") for each in WHO}
            out.writerow({"address": name, **row, who: found[name]})


@pytest.mark.parametrize("who", WHO)
def test_every_address_answers_each_as_the_table_says(who: str, stage: Stage, settings: Settings) -> None:
    settings.REQUIRE_SECOND_FACTOR = who == "factor due"
    found = asked(who, stage)
    if os.environ.get("WRITE_ADDRESSES"):
        write(who, found)
    assert found == {name: row.get(who, "") for name, row in table().items()}


def answered(who: str, *answers: str) -> set[str]:
    """Return the addresses whose GET or POST is answered to somebody in one of some ways."""
    return {name for name, row in table().items() if not set(row[who].split()).isdisjoint(answers)}


# What brings people in, and back in. None of it says anything of the newsroom.
OPEN_TO_ALL = {"account_inactive", "account_login", "account_reset_password", "account_reset_password_done"}
# These answer a script of the desk's pages that nobody is signed in any more.
FOR_SCRIPTS = {"admin:stories_article_presence", "admin:stories_article_signed_in"}


def test_who_is_not_signed_in_gets_what_brings_people_in_and_nothing_else() -> None:
    assert answered("nobody", "200") == OPEN_TO_ALL | FOR_SCRIPTS


def test_who_has_not_given_the_second_step_gets_no_more_than_who_is_not_signed_in() -> None:
    assert answered("second step due", "200") == answered("nobody", "200") - {"account_login"} | {
        "mfa_authenticate"
    }


def test_who_must_set_up_a_factor_reaches_their_own_account_alone() -> None:
    desk = {name for name in answered("factor due", "200") if ":" in name}
    # The words of the admin's scripts are nobody's.
    assert desk == FOR_SCRIPTS | {"admin:jsi18n", "admin:logout"}


def test_an_editor_of_another_section_may_nowhere_do_more_than_one_of_that_section() -> None:
    for name, row in table().items():
        elsewhere, here = row["editor of another section"], row["editor"]
        assert elsewhere == here or "403" in elsewhere, name
