"""Recognise a browser in which an account was signed in before, so that nobody else can keep its owner out of it.

A cookie has, for each account, a name that was drawn for it in this browser. It opens nothing: attempts are counted
under it, see `stories.actions.accounts.attempts`. It names no account, for whoever finds it in a shared browser.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import get_random_string, salted_hmac

from stories.admin.sign_in.middleware import account_prefix

COOKIE: Final = "known_browser"
SALT: Final = "stories.known_browser"
LIFETIME: Final = timedelta(days=365)
# A browser that many share remembers those who were signed in last; a cookie has 4 KB.
MOST: Final = 20


def browser_name(request: HttpRequest, email: str) -> str:
    """Return what the browser is called for an account, "" if the account was not signed in with it."""
    return _names(request).get(_key(email), "")


def remember_browser(request: HttpRequest, response: HttpResponse, email: str) -> None:
    """Let a browser be known from now on for the account that has been signed in with it."""
    names = _names(request)
    # Put last, for the next year.
    name = names.pop(_key(email), "") or get_random_string(22)
    names = {**dict(list(names.items())[1 - MOST :]), _key(email): name}
    response.set_cookie(
        COOKIE,
        signing.dumps(names, salt=SALT),
        max_age=LIFETIME,
        path=account_prefix(),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _names(request: HttpRequest) -> dict[str, str]:
    try:
        names = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=LIFETIME)
    except signing.BadSignature:
        return {}
    return dict(names)


def _key(email: str) -> str:
    return salted_hmac(SALT, email.strip().lower(), algorithm="sha256").hexdigest()[:16]
