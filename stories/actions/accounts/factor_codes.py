"""Use codes of authenticator apps and recovery codes. Each works once, on whichever server it arrives."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Final

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.db import transaction

from stories.actions.accounts.sealed_secrets import decrypt_secret
from stories.models import User

# Where a factor's row has the number of the period whose code was used last.
LAST_PERIOD: Final = "last_period"


def period_of_code(secret: str, code: str, *, after: int = 0) -> int | None:
    """Return the number of the period that a code belongs to, None if it is wrong, too old or used."""
    for period in _periods():
        expected = format_hotp_value(hotp_value(secret, period))
        if period > after and compare_user_code(actual=code, expected=expected):
            return period
    return None


def use_code(user: User, code: str) -> Authenticator | None:
    """Use a code of an account's authenticator app, or a recovery code of it; None if it is wrong or was used.

    Of two requests with the same code one waits for the other. Raises SecretUnreadable.
    """
    with transaction.atomic():
        kinds = (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES)
        factors = Authenticator.objects.select_for_update().filter(user=user, type__in=kinds)
        for factor in sorted(factors, key=lambda each: each.type != Authenticator.Type.TOTP):
            is_app = factor.type == Authenticator.Type.TOTP
            if _use_app(factor, code) if is_app else RecoveryCodes(factor).validate_code(code):
                factor.refresh_from_db()
                return factor
    return None


def _use_app(factor: Authenticator, code: str) -> bool:
    period = period_of_code(
        decrypt_secret(factor.data["secret"]), code, after=int(factor.data.get(LAST_PERIOD, 0))
    )
    if period is None:
        return False
    factor.data[LAST_PERIOD] = period
    factor.save(update_fields=["data"])
    return True


def _periods() -> Iterator[int]:
    now = int(time.time()) // app_settings.TOTP_PERIOD
    yield from range(now - app_settings.TOTP_TOLERANCE, now + app_settings.TOTP_TOLERANCE + 1)
