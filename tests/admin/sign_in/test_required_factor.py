"""Whose rights require a second factor reaches no page of the desks without one, by whatever address or method."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from pytest_django import Settings

from stories.models import RightsChange, User
from stories.models.roles import AUDITOR, EDITOR, MANAGING_EDITOR, REPORTER
from tests import factories as make
from tests.factors import SoftPasskey, code_of, give_app, give_codes, sign_in_by_password
from tests.walking import names_under

pytestmark = pytest.mark.django_db

DESKS = ("admin", "audit", "desk")
# Sign-in and sign-out, a script of texts, and a redirect to a page of one's own account.
OPEN = {"admin:login", "admin:logout", "admin:jsi18n", "admin:password_change"}
# What open forms ask: it says that nobody is signed in.
POLLS = {"admin:stories_article_presence", "admin:stories_article_signed_in"}
GO_ON = '<a class="button default" href="{}">'
# Values of addresses, by the names that they have there.
VALUES: Final[dict[str, Any]] = {
    "slug": "a",
    "name": "a",
    "digest": "0" * 64,
    "key": uuid4(),
    "app_label": "stories",
}


@pytest.fixture(autouse=True)
def required(settings: Settings) -> None:
    settings.REQUIRE_SECOND_FACTOR = True


def addresses(*namespaces: str) -> dict[str, str]:
    """Return an address for each name of some sections, of things that are not there."""
    found = dict(_addresses(get_resolver(), ""))
    return {name: found[name] for name in names_under(*namespaces)}


def account_addresses() -> dict[str, str]:
    """Return an address for each name of a page of one's own account, which has no namespace."""
    starts = ("account_", "mfa_", "usersessions_")
    return {name: each for name, each in _addresses(get_resolver(), "") if name.startswith(starts)}


def _addresses(resolver: URLResolver, before: str) -> Iterator[tuple[str, str]]:
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            yield from _addresses(each, f"{before}{each.namespace}:" if each.namespace else before)
        elif each.name:
            name = f"{before}{each.name}"
            if before.startswith(DESKS) or not before:
                yield name, _address(name, each)


def _address(name: str, pattern: URLPattern) -> str:
    converters = pattern.pattern.converters
    values = {each: VALUES.get(each, 1) for each in converters}
    for given in ({"kwargs": values}, {"args": [1]}, {"args": [1, 1]}, {"args": ["stories"]}):
        try:
            return reverse(name, **given)
        except NoReverseMatch:
            continue
    raise AssertionError(f"The test knows no address of {name}.")


def test_no_page_of_the_desks_is_open_without_a_factor() -> None:
    found = {name: each for name, each in addresses(*DESKS).items() if name not in OPEN | POLLS}
    assert len(found) > 60
    for role in (EDITOR, MANAGING_EDITOR, AUDITOR):
        desk = make.signed_in(make.make_user(role))
        for name, address in found.items():
            for ask in (desk.get, desk.post, desk.head, desk.put):
                response = ask(address)
                assert (response.status_code, response["Location"]) == (302, reverse("mfa_index")), (
                    name,
                    role,
                )
        for name in POLLS:
            assert desk.post(addresses(*DESKS)[name]).json() == {"user": None, "says": []}


def test_scripts_files_and_addresses_that_lead_nowhere_are_not_open_either(editor: User) -> None:
    desk = make.signed_in(editor)
    for address in (
        "/admin/nothing/at/all/",
        "/admin/stories/article/autocomplete/",
        "/admin/autocomplete/?app_label=stories&model_name=article&field_name=section",
        "/admin/audit/dossier/1/public.zip",
        "/admin/r/1/1/",
    ):
        for headers in ({}, {"x-requested-with": "XMLHttpRequest", "accept": "application/json"}):
            response = desk.get(address, headers=headers)
            assert (response.status_code, response.get("Location")) == (302, reverse("mfa_index")), address


def test_what_sets_a_factor_up_and_ones_account_are_open(editor: User) -> None:
    desk = make.signed_in(editor)
    for name in ("mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "account_email", "account_logout"):
        assert desk.get(reverse(name)).status_code == 200
    assert desk.get("/admin/jsi18n/").status_code == 200
    page = desk.get(reverse("mfa_index")).content.decode()
    assert "Your rights require a second step" in page
    assert desk.post(reverse("account_logout")).status_code == 302
    assert "_auth_user_id" not in desk.session


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_page_that_was_asked_for_comes_after_the_set_up(editor: User, method: str) -> None:
    desk = make.signed_in(editor)
    wanted = reverse("admin:stories_article_changelist")
    getattr(desk, method)(wanted, headers={"accept": "text/html"})
    # A script of another window asks meanwhile.
    desk.get("/admin/stories/article/presence/")
    assert GO_ON.format(wanted) not in desk.get(reverse("mfa_index")).content.decode()
    secret = desk.get(reverse("mfa_activate_totp")).context["form"].secret
    desk.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert GO_ON.format(wanted) in desk.get(reverse("mfa_index")).content.decode()
    assert desk.get(wanted).status_code == 200
    assert GO_ON.format(wanted) not in desk.get(reverse("mfa_index")).content.decode()


def test_nothing_that_was_posted_is_put_into_the_session(editor: User) -> None:
    desk = make.signed_in(editor)
    desk.post(
        reverse("admin:stories_article_add"), {"headline": "A secret draft"}, headers={"accept": "text/html"}
    )
    assert "secret draft" not in str(dict(desk.session))


def test_recovery_codes_alone_do_not_do(editor: User) -> None:
    give_codes(editor)
    assert make.signed_in(editor).get("/admin/").status_code == 302


def test_an_app_or_a_passkey_does(editor: User, auditor: User) -> None:
    give_app(editor)
    SoftPasskey().give(auditor)
    assert make.signed_in(editor).get("/admin/").status_code == 200
    assert make.signed_in(auditor).get("/admin/audit/").status_code == 200


def test_whose_rights_grow_meets_it_at_the_next_request() -> None:
    rosa = make.make_user(REPORTER)
    desk = make.signed_in(rosa)
    assert desk.get("/admin/").status_code == 200
    rosa.groups.add(Group.objects.get(name=EDITOR))
    assert desk.get("/admin/")["Location"] == reverse("mfa_index")


def test_whose_factor_is_gone_meets_it_at_the_next_request(editor: User) -> None:
    give_app(editor)
    desk = make.signed_in(editor)
    assert desk.get("/admin/").status_code == 200
    editor.authenticator_set.all().delete()
    assert desk.get("/admin/")["Location"] == reverse("mfa_index")


def test_it_costs_a_page_one_query(editor: User, settings: Settings) -> None:
    give_app(editor)
    desk = make.signed_in(editor)
    address = reverse("admin:stories_article_changelist")
    counted = []
    for is_required in (False, False, True):
        settings.REQUIRE_SECOND_FACTOR = is_required
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(address).status_code == 200
        counted.append(len(queries))
    assert counted[2] - counted[1] == 1


# --------------------------------------------------------------------------- between the password and the second step


def test_a_sign_in_that_waits_for_its_second_step_opens_nothing() -> None:
    """Neither a page of the desks nor one of the account: nobody is signed in yet."""
    owner = make.make_user(None, name="owner", is_superuser=True, is_staff=True)
    give_app(owner)
    window = Client()
    response = sign_in_by_password(window, owner)
    assert response["Location"] == reverse("mfa_authenticate")
    assert "_auth_user_id" not in window.session
    for name, address in addresses(*DESKS).items():
        if name in OPEN:
            continue
        for method in ("get", "post"):
            response, stranger = (getattr(each, method)(address) for each in (window, Client()))
            if name in POLLS and method == "post":
                assert response.json() == {"user": None, "says": []}
                continue
            assert response.status_code in (302, 403, 405), name
            assert (response.status_code, response.get("Location")) == (
                stranger.status_code,
                stranger.get("Location"),
            ), name
    assert len(account_addresses()) > 20
    for name, address in account_addresses().items():
        for ask in (window.get, window.post):
            ask(address)
        assert "_auth_user_id" not in window.session, name
    assert RightsChange.objects.count() == 0
    assert owner.authenticator_set.count() == 1


def test_a_wrong_second_step_signs_nobody_in(editor: User) -> None:
    secret = give_app(editor)
    window = Client()
    sign_in_by_password(window, editor)
    wrong = f"{(int(code_of(secret)) + 1) % 1_000_000:06}"
    window.post(reverse("mfa_authenticate"), {"code": wrong})
    assert window.get("/admin/").status_code == 302
    assert "_auth_user_id" not in window.session
