"""End the sessions of an account: what is open in other browsers, or all that a deactivated account has open."""

from __future__ import annotations

from typing import Any

from allauth.usersessions.models import UserSession
from django.db.models import QuerySet
from django.db.models.signals import post_save
from django.dispatch import receiver

from stories.models import User


def end_session(user: User, number: int) -> int:
    """End one session of an account, by its number; return how many there were of that number."""
    return _end(UserSession.objects.filter(user_id=user.pk, pk=number))


def end_sessions(user: User, *, keep: str = "") -> int:
    """End an account's sessions, but for the one of a key; return how many there were."""
    return _end(UserSession.objects.filter(user_id=user.pk).exclude(session_key=keep))


def _end(sessions: QuerySet[UserSession]) -> int:
    ended = list(sessions)
    for session in ended:
        session.end()
    return len(ended)


@receiver(post_save, sender=User)
def end_sessions_of_inactive(instance: User, created: bool, raw: bool = False, **kwargs: Any) -> None:
    """End what a deactivated account has open. It is dead at once anyway, but would live again with the account."""
    if not (instance.is_active or created or raw):
        end_sessions(instance)
