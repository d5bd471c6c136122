"""Which pages of accounts there are, and for whom."""

from __future__ import annotations

import re

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import NoReverseMatch, reverse

from stories.admin.sign_in.menu import MENU
from stories.admin.sign_in.urls import urlpatterns
from stories.models import User
from tests import factories as make

pytestmark = pytest.mark.django_db

# What each page answers to: an outsider's GET and POST, then those of who is signed in. A POST is of an empty form.
PAGES = {
    "account_login": (200, 200, 302, 302),
    "account_logout": (302, 302, 200, 302),
    "account_inactive": (200, 405, 200, 405),
    "account_reauthenticate": (302, 302, 200, 200),
    "account_confirmed": (302, 302, 200, 405),
    "account_email": (302, 302, 200, 200),
    "account_confirm_email": (302, 302, 410, 410),
    "account_change_password": (302, 302, 200, 200),
    "account_set_password": (302, 302, 302, 302),
    "account_reset_password": (200, 200, 200, 200),
    "account_reset_password_done": (200, 405, 200, 405),
    "usersessions_list": (302, 302, 200, 302),
}
# Where mailed links lead: they are tested with their links.
OTHERS = {"account_invitation", "account_reset"}
# A provider of OpenID Connect answers for those: they are tested with one.
OF_A_PROVIDER = {"openid_connect_login", "openid_connect_callback", "socialaccount_login_cancelled"}


@pytest.mark.parametrize("page", PAGES)
def test_each_page_answers_outsiders_and_who_is_signed_in(rosa: User, page: str) -> None:
    outsider, client, address = Client(), make.signed_in(rosa), reverse(page)
    answers = [
        outsider.get(address),
        outsider.post(address, {}),
        client.get(address),
        client.post(address, {}),
    ]
    assert tuple(answer.status_code for answer in answers) == PAGES[page]
    for answer in answers[:2]:
        if answer.status_code == 302 and page != "account_logout":
            assert answer["Location"] == f"{reverse('account_login')}?next={address}"
    for answer in answers:
        # What is somebody's own is kept by no cache, and shown to nobody after a sign-out.
        if answer.status_code == 200 and "no-store" not in answer.get("Cache-Control", ""):
            assert page in ("account_inactive", "account_reset_password", "account_reset_password_done")


def test_every_page_of_ones_account_is_in_the_table() -> None:
    named = {pattern.name for pattern in urlpatterns}
    assert named - OTHERS - OF_A_PROVIDER == set(PAGES)


@pytest.mark.parametrize(
    "name",
    [
        "account_signup",
        "account_email_verification_sent",
        "account_request_login_code",
        "account_confirm_login_code",
        "account_request_reauthentication_code",
        "account_confirm_reauthentication_code",
        "account_change_phone",
        "account_verify_phone",
        "mfa_signup_webauthn",
        "mfa_trust",
    ],
)
def test_what_nobody_here_needs_has_no_address(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


@pytest.mark.parametrize(
    "path",
    [
        "signup/",
        "confirm-email/",
        "confirm-email/MQ:1/",
        "login/code/",
        "login/code/confirm/",
        "reauthenticate/code/",
    ],
)
def test_what_django_allauth_would_have_there_is_not_found(rosa: User, path: str) -> None:
    for client in (Client(), make.signed_in(rosa)):
        assert client.get(f"/admin/account/{path}").status_code in (302, 404)
        assert make.signed_in(rosa).post(f"/admin/account/{path}").status_code in (403, 404)
        assert make.signed_in(rosa).get(f"/admin/account/{path}").status_code == 404


def test_not_even_a_superuser_edits_the_tables_of_django_allauth() -> None:
    assert not [model for model in admin.site._registry if model.__module__.startswith("allauth.")]
    owner = make.signed_in(make.make_user(None, name="owner", is_staff=True, is_superuser=True))
    assert owner.get("/admin/account/emailaddress/").status_code == 404


def test_the_sign_in_offers_no_account_and_a_way_for_who_forgot_the_password() -> None:
    page = Client().get(reverse("account_login")).text
    assert "ign up" not in page
    assert f'<a href="{reverse("account_reset_password")}">Forgot your password?</a>' in page
    assert "Sign in with a passkey" in page
    assert page.count("<h1>") == 1
    assert re.search(r"<title>\s*Sign in\s*\| The Example Courier", page)


def test_no_page_has_a_script_or_a_style_in_itself(rosa: User) -> None:
    pages = [Client().get(reverse("account_login"))]
    pages += [make.signed_in(rosa).get(reverse(entry.page)) for entry in MENU]
    for answer in pages:
        assert answer.status_code == 200
        assert not re.search(r"<style|\sstyle=|\son\w+=", answer.text)
        for tag in re.findall(r"<script[^>]*>", answer.text):
            # What is of no type that runs is data.
            assert "src=" in tag or 'type="application/json"' in tag


def test_the_menu_marks_where_one_is_and_leads_everywhere(rosa: User) -> None:
    client = make.signed_in(rosa)
    for entry in MENU:
        page = client.get(reverse(entry.page)).text
        (current,) = re.findall(r'<a href="([^"]+)" aria-current="page">', page)
        assert current == reverse(entry.page)
        assert page.count("<h1>") == 1
        assert all(reverse(other.page) in page for other in MENU)
    desk = client.get(reverse("admin:index"))
    assert f'<a href="{reverse("account_email")}">Your account</a>' in desk.text


def test_who_has_no_desk_lands_at_their_account_and_is_told_so_at_the_desk() -> None:
    olga = make.make_user(None)
    client = Client()
    answer = client.post(
        reverse("account_login"), {"login": olga.email, "password": make.PASSWORD}, follow=True
    )
    assert answer.redirect_chain == [(reverse("account_email"), 302)]
    assert "Your account" in answer.text
    for page in ("admin:index", "admin:stories_article_changelist", "audit:front"):
        answer = client.get(reverse(page), follow=True)
        assert answer.status_code == 403
        assert len(answer.redirect_chain) <= 1
        assert f'<a href="{reverse("account_email")}">Your account</a>' in answer.text
        assert "Go to the desk" not in answer.text
    assert client.get(reverse("account_login"))["Location"] == reverse("account_email")


def test_whoever_asked_for_a_page_without_a_right_to_it_is_not_sent_in_circles() -> None:
    olga = make.make_user(None)
    answer = Client().post(
        reverse("account_login"),
        {"login": olga.email, "password": make.PASSWORD, "next": reverse("admin:index")},
        follow=True,
    )
    assert answer.status_code == 403
    assert [address for address, _status in answer.redirect_chain] == [
        "/admin/",
        "/admin/login/?next=/admin/",
    ]


def test_a_closed_account_is_told_so_by_who_knows_its_password_alone(rosa: User) -> None:
    rosa.is_active = False
    rosa.save()
    right = Client().post(
        reverse("account_login"), {"login": rosa.email, "password": make.PASSWORD}, follow=True
    )
    assert right.redirect_chain == [(reverse("account_inactive"), 302)]
    assert "Nobody can sign in to it any more." in right.text
    wrong = Client().post(reverse("account_login"), {"login": rosa.email, "password": "wrong"})
    assert "The e-mail address or the password is wrong." in wrong.text


def test_errors_and_help_are_tied_to_their_fields(rosa: User) -> None:
    page = make.signed_in(rosa).post(reverse("account_change_password"), {}).text
    field = re.search(r'<input[^>]*id="id_password1"[^>]*>', page)
    assert field is not None
    assert 'aria-describedby="id_password1_helptext id_password1_error"' in field.group()
    assert 'aria-invalid="true"' in field.group()
    assert 'id="id_password1_helptext"' in page
    assert 'id="id_password1_error"' in page


def test_an_account_without_a_password_can_set_one(rosa: User) -> None:
    rosa.set_unusable_password()
    rosa.save()
    client = make.signed_in(rosa)
    assert client.get(reverse("account_change_password"))["Location"] == reverse("account_set_password")
    assert "Choose a password" in client.get(reverse("account_set_password")).text
    assert "Present password" not in client.get(reverse("account_email")).text


@pytest.mark.parametrize("page", ["account_login", "account_reset_password", "account_email"])
@pytest.mark.parametrize(
    "address", ["a" * 5000 + "@example.org", "rosa@example.org\x00", "é@é", "\ud83d@x.org", "rosa"]
)
def test_whatever_is_typed_for_an_address_is_no_fault_of_the_site(
    rosa: User, page: str, address: str
) -> None:
    typed = address.encode("utf-8", "replace").decode()
    data = {"login": typed, "email": typed, "address": typed, "password": make.PASSWORD}
    assert make.signed_in(rosa).post(reverse(page), data).status_code < 500
    assert Client().post(reverse(page), data).status_code < 500
