"""Sign in with the accounts of the house, at a provider of OpenID Connect."""

from __future__ import annotations

import logging
from collections.abc import Callable

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.openid_connect import views
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from requests import RequestException

from stories.models import User

_log = logging.getLogger(__name__)


class OpenIDAdapter(DefaultSocialAccountAdapter):
    """Lets in whoever the provider vouches for by an account's address.

    Nothing connects the two but that address: a row that did would open an account to whoever slips one in.
    """

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """Return the provider of the settings, and none that a row of the database names."""
        found: list[SocialApp] = super().list_apps(request, provider, client_id)
        return [app for app in found if app._state.adding]

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Find the account by the address that the provider has verified; refuse everybody else."""
        verified = {address.email.lower() for address in sociallogin.email_addresses if address.verified}
        user = User.objects.filter(email__in=verified, is_active=True).first()
        if user is None or sociallogin.state.get("process") != AuthProcess.LOGIN:
            _log.info("A sign-in with OpenID Connect was refused: no account has that address.")
            raise ImmediateHttpResponse(
                _failure(
                    request,
                    _(
                        "No account here has the e-mail address that %(provider)s vouches for. Ask a managing editor "
                        "for an invitation, or sign in with your password."
                    )
                    % {"provider": sociallogin.provider.name},
                    status=403,
                )
            )
        sociallogin.user = user


def openid_login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Send the browser to the provider."""
    return _answered(views.login, request, provider_id)


def openid_callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Take the provider's answer."""
    return _answered(views.callback, request, provider_id)


def openid_failed(request: HttpRequest) -> HttpResponse:
    """Say that the provider let nobody in."""
    return _failure(
        request, _("You were not signed in. Try again, or sign in with your password."), status=403
    )


def _answered(
    view: Callable[[HttpRequest, str], HttpResponse], request: HttpRequest, provider_id: str
) -> HttpResponse:
    try:
        return view(request, provider_id)
    except (RequestException, KeyError, ValueError) as error:
        # Its message could hold a token.
        _log.warning(
            "The provider of OpenID Connect does not answer as it should (%s).", type(error).__name__
        )
        return _failure(
            request,
            _(
                "The service that signs you in does not answer. Try again in a minute, or sign in with your password."
            ),
            status=503,
        )


def _failure(request: HttpRequest, sentence: str, *, status: int) -> HttpResponse:
    return TemplateResponse(
        request, "socialaccount/authentication_error.html", {"sentence": sentence}, status=status
    )
