"""The people and commands that act, and who holds which right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.db.models import QuerySet

from stories.models import User
from stories.queries.publishing.withdrawals import assignee_of


class Actor(Protocol):
    """A signed-in user, or the system acting for one."""

    @property
    def pk(self) -> Any: ...

    def has_perm(self, perm: str, obj: Any = None) -> bool: ...

    def get_username(self) -> str: ...


@dataclass(frozen=True)
class SystemActor:
    """A command that acts for the newsroom. Whoever can run it controls the server anyway."""

    name: str
    pk: None = None
    is_active: bool = True

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return True

    def get_username(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name


def name_of(user: Actor) -> str:
    """Return the name under which the record lists a person: the display name."""
    full_name = getattr(user, "get_full_name", lambda: "")()
    return (full_name or user.get_username())[:200]


def actor_columns(user: Actor, at: datetime) -> dict[str, Any]:
    """Return the columns of a journal row that say who acted, and when."""
    return {"user_id": user.pk, "user_name": name_of(user), "recorded_at": at}


def holders_of(permission: str) -> QuerySet[User]:
    """Return the active accounts that hold a permission now."""
    return User.objects.with_perm(permission, backend="django.contrib.auth.backends.ModelBackend").order_by(
        "pk"
    )


def publishers() -> QuerySet[User]:
    """Return the accounts that may publish now."""
    return holders_of("stories.publish_article")


def auditors() -> list[int]:
    """Return the ids of the accounts that may audit now. One query."""
    return [person.pk for person in holders_of("stories.audit_ledgerentry")]


def assigned_to(article_id: int) -> int | None:
    """Return the id of the person a story is assigned to, None if nobody has it. One query."""
    assignment = assignee_of(article_id)
    return assignment.assignee_id if assignment is not None else None


def addresses_of(people: Iterable[int | None]) -> list[str]:
    """Return the e-mail addresses of active accounts, by their ids. One query."""
    numbers = {number for number in people if number is not None}
    found = User.objects.filter(pk__in=numbers, is_active=True)
    return list(found.order_by("pk").values_list("email", flat=True))
