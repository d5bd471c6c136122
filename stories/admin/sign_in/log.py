"""Log what happens to sign-ins. It changes no record, so it is not in the ledger.

An account is named by its number, never by its address. Of a failed sign-in nothing is logged that was typed, since
people type their password into the other field.
"""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.signals import password_changed, password_set
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from stories.client_address import client_address
from stories.models import User

logger = logging.getLogger(__name__)


@receiver(user_logged_in)
def log_sign_in(user: User, request: HttpRequest | None = None, **kwargs: Any) -> None:
    logger.info("Account %s signed in, from %s.", user.pk, _origin(request))


@receiver(user_logged_out)
def log_sign_out(user: User | None, request: HttpRequest | None = None, **kwargs: Any) -> None:
    if user is not None:
        logger.info("Account %s signed out, from %s.", user.pk, _origin(request))


@receiver(user_login_failed)
def log_failure(request: HttpRequest | None = None, **kwargs: Any) -> None:
    logger.info("A sign-in failed, from %s.", _origin(request))


@receiver([password_changed, password_set])
def log_password_change(user: User, request: HttpRequest | None = None, **kwargs: Any) -> None:
    logger.info("Account %s changed its password, from %s.", user.pk, _origin(request))


def log_throttle(request: HttpRequest) -> None:
    """Log that an attempt was refused after too many others."""
    logger.warning("Too many attempts have failed; one more was refused, from %s.", _origin(request))


def log_email_change(request: HttpRequest, *, asked: bool) -> None:
    """Log that an account asked for another e-mail address, or has it now."""
    does = "asked for another e-mail address" if asked else "changed its e-mail address"
    logger.info("Account %s %s, from %s.", request.user.pk, does, _origin(request))


def log_ended_sessions(request: HttpRequest, number: int) -> None:
    """Log that an account ended sessions of its own."""
    logger.info(
        "Account %s ended %s of its other sessions, from %s.", request.user.pk, number, _origin(request)
    )


def _origin(request: HttpRequest | None) -> str:
    return client_address(request) or "an unknown address" if request else "a script"
