"""How django-allauth treats our accounts."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.utils import user_email
from allauth.core import context
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy

from stories.actions.accounts.attempts import AttemptKind, TooManyAttempts, forget_attempt
from stories.admin.sign_in.attempts import count_attempt_of
from stories.admin.sign_in.confirmation import is_confirmed
from stories.admin.sign_in.known_browsers import remember_browser
from stories.admin.sign_in.log import log_throttle
from stories.admin.sign_in.next_page import is_page_of_this_site
from stories.admin.sign_in.pending import begin_sign_in
from stories.client_address import client_address
from stories.queries.accounts.factors import has_second_factor

# What is stored of a session's address if it is unknown: the column takes nothing else.
UNKNOWN_ADDRESS = "0.0.0.0"  # noqa: S104 - nothing binds to it

WAYS_TO_CONFIRM = {
    "mfa_reauthenticate": gettext_lazy("With a code of the app, or a recovery code"),
    "mfa_reauthenticate:webauthn": gettext_lazy("With a passkey"),
}


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in, passwords and addresses. Accounts are made by invitation alone."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": gettext_lazy(
            "The e-mail address or the password is wrong. Check both, and whether Caps Lock is on."
        ),
        "enter_current_password": gettext_lazy("This is not your present password."),
        "incorrect_password": gettext_lazy("This is not your password."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def format_email_subject(self, subject: str) -> str:
        return f"{settings.SITE_NAME}: {subject}"

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Do nothing: django-allauth would count attempts in the cache."""

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Return whose credentials these are, None for nobody's. Raises ValidationError after too many attempts."""
        try:
            attempt = count_attempt_of(request, AttemptKind.PASSWORD, credentials.get("email", ""))
        except TooManyAttempts as refusal:
            log_throttle(request)
            raise ValidationError(str(refusal)) from refusal
        user = super().authenticate(request, **credentials)
        if user is not None:
            forget_attempt(attempt)
        return user

    def reauthenticate(self, user: AbstractBaseUser, password: str) -> bool:
        """Return whether this is an account's password. Raises ValidationError after too many attempts."""
        email = user_email(user)
        found = self.authenticate(context.request, email=email, password=password)
        return found is not None and found.pk == user.pk

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """Store a password and nothing else: the account may have been shut since the request began."""
        user.set_password(password)
        user.save(update_fields=["password"])

    def pre_login(self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> HttpResponse | None:
        """Remember the account as it is at the first step: the second may come much later."""
        begin_sign_in(request, user)
        response: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return response

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **kwargs)
        remember_browser(request, response, user_email(user))
        return response

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        # Whoever has no desk would only be told so there.
        return reverse("admin:index" if request.user.is_staff else "account_email")

    def is_safe_url(self, url: str | None) -> bool:
        return is_page_of_this_site(url or "")

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request) or UNKNOWN_ADDRESS

    def is_reauthentication_required(self, *, app: str, **kwargs: object) -> bool:
        return not is_confirmed(context.request)

    def get_reauthentication_methods(self, user: AbstractBaseUser | AnonymousUser) -> list[dict[str, Any]]:
        """Return the ways to confirm: whoever has a second factor confirms with it, a passkey first."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        has_factor = user.pk is not None and has_second_factor(user.pk)
        possible = [
            {**each, "description": WAYS_TO_CONFIRM.get(each["id"], each["description"])}
            for each in methods
            if (each["id"] != "reauthenticate") is has_factor
        ]
        return sorted(possible, key=lambda each: each["id"] != "mfa_reauthenticate:webauthn")
