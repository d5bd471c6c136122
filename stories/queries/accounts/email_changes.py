"""E-mail addresses that were asked for and are not confirmed yet."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from stories.models import EmailChange, User

# For how long the link to the new address works.
LIFETIME: Final = timedelta(hours=1)


def pending_email_change(user: User, *, at: datetime) -> EmailChange | None:
    """Return what an account has asked for and may still confirm, None if nothing."""
    return EmailChange.objects.filter(account=user, asked_at__gt=at - LIFETIME).first()
