"""The forms of second factors: django-allauth's, with codes that work once, and passkeys of this site alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, BaseAuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from allauth.mfa.webauthn.internal.auth import parse_authentication_response, parse_registration_response
from django import forms
from django.conf import settings
from django.db import DataError
from django.utils.translation import gettext_lazy
from fido2.webauthn import AuthenticationResponse, RegistrationResponse

from stories.actions.accounts.attempts import AttemptKind, forget_attempt
from stories.actions.accounts.factor_codes import period_of_code, use_code
from stories.actions.errors import Refused
from stories.admin.sign_in.attempts import count_attempt_of

LONGEST_NAME = 100
# With whatever spaces and dashes people type into it.
LONGEST_CODE = 50


def _code_widget() -> forms.TextInput:
    return forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True})


class ActivateAppForm(ActivateTOTPForm):
    """Sets up an authenticator app: its first code shows that it was read rightly."""

    code = forms.CharField(
        label=gettext_lazy("Code of the app"), max_length=LONGEST_CODE, widget=_code_widget()
    )

    # The period of the code, which must not work a second time.
    period = 0

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        period = period_of_code(self.secret, code)
        if period is None:
            raise get_adapter().validation_error("incorrect_code")
        self.period = period
        return code


class _CodeFormMixin(BaseAuthenticateForm):
    """Uses a code of an authenticator app or a recovery code."""

    code = forms.CharField(label=gettext_lazy("Code"), max_length=LONGEST_CODE, widget=_code_widget())

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        try:
            attempt = count_attempt_of(context.request, AttemptKind.CODE, self.user.email)
            factor = use_code(self.user, code)
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        if factor is None:
            raise get_adapter().validation_error("incorrect_code")
        forget_attempt(attempt)
        factor.user = self.user
        self.authenticator = factor
        return code


class CodeForm(_CodeFormMixin, AuthenticateForm):
    """The second step of a sign-in."""


class ConfirmCodeForm(_CodeFormMixin, ReauthenticateForm):
    """A confirmation by a code."""


class AddPasskeyForm(AddWebAuthnForm):
    """Adds a passkey."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = gettext_lazy("What you call it")
        self.fields["passwordless"].label = gettext_lazy(
            "Sign in with this passkey alone, without the password"
        )
        self.fields["passwordless"].help_text = gettext_lazy(
            "It then asks for your fingerprint, face or PIN each time."
        )
        self.fields["passwordless"].initial = True

    def clean_name(self) -> str:
        return str(super().clean_name())[:LONGEST_NAME]

    def clean(self) -> dict[str, Any]:
        with _malformed_is_wrong():
            if credential := self.cleaned_data.get("credential"):
                _check_origin(parse_registration_response(credential))
            cleaned: dict[str, Any] = super().clean()
        return cleaned


class _PasskeyFormMixin(AuthenticateWebAuthnForm):
    def clean_credential(self) -> Authenticator:
        with _malformed_is_wrong():
            _check_origin(parse_authentication_response(self.cleaned_data["credential"]))
            factor: Authenticator = super().clean_credential()
        return factor


class PasskeyForm(_PasskeyFormMixin):
    """The second step of a sign-in, by a passkey."""


class ConfirmPasskeyForm(_PasskeyFormMixin, ReauthenticateWebAuthnForm):
    """A confirmation by a passkey."""


class PasskeyAloneForm(LoginWebAuthnForm, _PasskeyFormMixin):
    """A sign-in by a passkey alone, which has to have recognised its owner."""


def _check_origin(response: RegistrationResponse | AuthenticationResponse) -> None:
    """Raise ValidationError for what a passkey signed for another site, or another name of this one."""
    origin = response.response.client_data.origin
    if origin == settings.SITE_URL:
        return
    # While developing, on whatever port.
    is_same_host = urlsplit(origin).hostname == urlsplit(settings.SITE_URL).hostname
    if not (settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN and is_same_host):
        raise get_adapter().validation_error("incorrect_code")


@contextmanager
def _malformed_is_wrong() -> Iterator[None]:
    """Refuse what is no credential at all as a wrong one; django-allauth and fido2 fail on some of it."""
    try:
        yield
    except (ArithmeticError, AttributeError, DataError, LookupError, TypeError, ValueError) as error:
        raise get_adapter().validation_error("incorrect_code") from error
