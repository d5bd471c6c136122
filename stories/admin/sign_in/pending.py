"""A sign-in whose first step is done and whose second is not: it ends if the account changes meanwhile."""

from __future__ import annotations

from typing import Final

from allauth.account.internal.stagekit import clear_login, unstash_login
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from stories.models import User
from stories.queries.accounts.factors import has_second_factor

# Where a session has what names the password of the first step.
FIRST_STEP: Final = "first_step_of_sign_in"


def begin_sign_in(request: HttpRequest, user: AbstractBaseUser) -> None:
    """Remember which password an account has at the first step."""
    request.session[FIRST_STEP] = user.get_session_auth_hash()


def end_stale_sign_in(request: HttpRequest) -> bool:
    """Forget the first step of a sign-in that must not go on; return whether there was one.

    It was made with a password that is none any more, or the account is shut, or its factors were reset: then no second
    step is left, and django-allauth would lead to and fro between its two pages.
    """
    if request.user.is_authenticated:
        return False
    login = unstash_login(request, peek=True)
    if login is None:
        return False
    user = login.user
    if (
        isinstance(user, User)
        and user.is_active
        and constant_time_compare(request.session.get(FIRST_STEP, ""), user.get_session_auth_hash())
        and has_second_factor(user.pk)
    ):
        return False
    clear_login(request)
    return True
