"""Log sign-ins. They change no record, so they are not in the ledger.

Of a failed one neither the password nor the name is logged, since people type the one into the other's field.
"""

from __future__ import annotations

import logging
from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from stories.models import User

logger = logging.getLogger(__name__)


@receiver(user_logged_in)
def log_sign_in(user: User, **kwargs: Any) -> None:
    logger.info("Account %s signed in.", user.pk)


@receiver(user_logged_out)
def log_sign_out(user: User | None, **kwargs: Any) -> None:
    if user is not None:
        logger.info("Account %s signed out.", user.pk)


@receiver(user_login_failed)
def log_failure(request: HttpRequest | None = None, **kwargs: Any) -> None:
    logger.info("A sign-in failed, from %s.", request.META.get("REMOTE_ADDR", "") if request else "a script")
