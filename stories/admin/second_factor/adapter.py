"""How django-allauth treats second factors."""

from __future__ import annotations

from urllib.parse import urlsplit

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.translation import gettext, gettext_lazy

from stories.actions.accounts.factors import is_indispensable
from stories.actions.accounts.sealed_secrets import decrypt_secret, encrypt_secret


class FactorAdapter(DefaultMFAAdapter):
    """Authenticator apps, passkeys and recovery codes: in the newsroom's name, and encrypted."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("This code is wrong, or was used already. Take the next one."),
        "cannot_delete_authenticator": gettext_lazy(
            "Your rights require a second step at the sign-in, and this is the only one that you have. Set up another "
            "one first, or replace it."
        ),
    }

    def _get_site_name(self) -> str:
        return str(settings.SITE_NAME)

    def encrypt(self, text: str) -> str:
        return encrypt_secret(text)

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt_secret(encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return not is_indispensable(authenticator)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        # Never the request's host: whoever forges it would get credentials for another site.
        return {"id": urlsplit(settings.SITE_URL).hostname or "", "name": settings.SITE_NAME}

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:  # noqa: A002 - as allauth calls it
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return gettext("Passkey %(number)s") % {"number": number}
