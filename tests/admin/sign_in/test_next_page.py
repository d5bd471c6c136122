"""No page of the sign-in leads anywhere but to this site."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse

from stories.admin.sign_in.next_page import is_page_of_this_site
from stories.models import User
from tests import factories as make

pytestmark = pytest.mark.django_db

ELSEWHERE = [
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "https://evil.example",
    "https:evil.example",
    "https:/evil.example",
    "https:///evil.example",
    "HTTPS://evil.example",
    "http:\\\\evil.example",
    "\\\\evil.example",
    "/\\evil.example",
    "\\/evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "\x00//evil.example",
    "\x08//evil.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "\x01javascript:alert(1)",
    "data:text/html,x",
    "／／evil.example",
    "⁄⁄evil.example",
    "//evil。example",
    "//evil.example/%2f..",
    "http://testserver@evil.example/",
    "http://testserver.evil.example/",
    "ftp://testserver/",
    "evil.example",
    "admin:index",
    "account_login",
    "?next=//evil.example",
    "",
]
HERE = [
    "/",
    "/admin/",
    "/admin/stories/article/?q=a b",
    "/admin/?x=https://evil.example",
    "/admin/#//evil.example",
]


@pytest.mark.parametrize("address", ELSEWHERE)
def test_an_address_elsewhere_is_no_page_of_this_site(address: str) -> None:
    assert not is_page_of_this_site(address)


@pytest.mark.parametrize("address", HERE)
def test_a_path_is_a_page_of_this_site(address: str) -> None:
    assert is_page_of_this_site(address)


def leads_here(location: str) -> bool:
    """Return whether a redirect's address is a path that no browser takes for another host."""
    path, _, query = location.partition("?next=")
    if query:
        # To the sign-in, which decides on its next page itself.
        return path == reverse("account_login") and query.startswith("%2F") and "evil" not in query
    return path.startswith("/") and not path.startswith(("//", "/\\")) and "evil" not in path


@pytest.mark.parametrize("how", ["get", "post", "both", "twice"])
def test_no_sign_in_or_sign_out_leads_elsewhere(rosa: User, how: str) -> None:
    for wanted in ELSEWHERE:
        for page, answer in answers(rosa, wanted, how):
            assert answer.status_code == 302, (page, wanted)
            assert leads_here(answer["Location"]), (page, wanted, answer["Location"])


def answers(rosa: User, wanted: str, how: str) -> Iterator[tuple[str, Any]]:
    """Yield what each page answers that is asked to lead on to an address, in its address or in its form."""
    good = "/admin/stories/article/"
    query = {
        "get": f"?next={quote(wanted)}",
        "post": "",
        "both": f"?next={quote(good)}",
        "twice": f"?next={quote(good)}&next={quote(wanted)}",
    }[how]
    posted = {"next": wanted} if how in ("post", "both") else {}
    login, logout = reverse("account_login"), reverse("account_logout")
    yield "sign-in", Client().post(login + query, {"login": rosa.email, "password": make.PASSWORD} | posted)
    client = make.signed_in(rosa)
    yield "sign-in of who is signed in", client.get(login + query)
    yield "the admin's sign-in", client.get(reverse("admin:login") + query)
    yield (
        "confirmation",
        client.post(reverse("account_reauthenticate") + query, {"password": make.PASSWORD} | posted),
    )
    new = {"oldpassword": make.PASSWORD, "password1": make.PASSWORD * 2, "password2": make.PASSWORD * 2}
    yield "password", client.post(reverse("account_change_password") + query, new | posted)
    rosa.set_password(make.PASSWORD)
    rosa.save()
    client.force_login(rosa)
    yield "sign-out", client.post(logout + query, posted)
    yield "sign-out of who is signed out", client.get(logout + query)
    yield "the admin's sign-in, signed out", client.get(reverse("admin:login") + query)


@pytest.mark.parametrize("wanted", HERE[1:])
def test_a_sign_in_leads_to_the_page_that_was_asked_for(rosa: User, wanted: str) -> None:
    answer = Client().post(
        reverse("account_login"), {"login": rosa.email, "password": make.PASSWORD, "next": wanted}
    )
    assert answer["Location"].startswith(wanted.partition("?")[0])


def test_the_page_that_was_asked_for_is_remembered_over_a_wrong_password(rosa: User) -> None:
    asked = Client().get("/admin/stories/article/", follow=True)
    assert asked.redirect_chain[-1][0] == "/admin/account/login/?next=%2Fadmin%2Fstories%2Farticle%2F"
    wrong = Client().post(
        reverse("account_login"),
        {"login": rosa.email, "password": "wrong", "next": "/admin/stories/article/"},
    )
    assert '<input type="hidden" name="next" value="/admin/stories/article/">' in wrong.text


def test_a_page_that_was_asked_for_is_escaped(rosa: User) -> None:
    page = Client().get(reverse("account_login"), {"next": '/"><script>alert(1)</script>'})
    assert "<script>alert" not in page.text
