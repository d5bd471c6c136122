"""Who acts: somebody who is signed in, or a command that stands for the newsroom; and who has which right."""

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
    """A command that acts on the newsroom's behalf: whoever can run it holds the server anyway."""

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
    """The name that the record keeps for a person: their display name, or that of their account without one."""
    full_name = getattr(user, "get_full_name", lambda: "")()
    return (full_name or user.get_username())[:200]


def actor_columns(user: Actor, at: datetime) -> dict[str, Any]:
    """What a journal's row says of who did it, and when."""
    return {"user_id": user.pk, "user_name": name_of(user), "recorded_at": at}


def holders_of(permission: str) -> QuerySet[User]:
    """Everybody who has a permission now and may sign in."""
    return User.objects.with_perm(permission, backend="django.contrib.auth.backends.ModelBackend").order_by(
        "pk"
    )


def publishers() -> QuerySet[User]:
    """Everybody who may publish now."""
    return holders_of("stories.publish_article")


def auditors() -> list[int]:
    """The numbers of everybody who audits now. One query."""
    return [person.pk for person in holders_of("stories.audit_ledgerentry")]


def assigned_to(article_id: int) -> int | None:
    """The number of who has a story, None where it is nobody's. One query."""
    assignment = assignee_of(article_id)
    return assignment.assignee_id if assignment is not None else None


def addresses_of(people: Iterable[int | None]) -> list[str]:
    """The e-mail addresses of people by their numbers, of those who still work here. One query."""
    numbers = {number for number in people if number is not None}
    found = User.objects.filter(pk__in=numbers, is_active=True)
    return list(found.order_by("pk").values_list("email", flat=True))
