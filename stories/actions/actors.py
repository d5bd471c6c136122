"""The people and commands that act, and who holds which right."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.db.models import QuerySet

from stories.models import Article, User
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


def section_limit(user: Actor) -> frozenset[str]:
    """Return the slugs of the sections that somebody's rights are limited to, empty for no limit."""
    limit: frozenset[str] = getattr(user, "section_limit", frozenset())
    return limit


def holders_of(permission: str, article: Article | None = None) -> QuerySet[User]:
    """Return the active accounts that hold a permission now: over a story, if one is given."""
    holders = User.objects.with_perm(permission, backend="django.contrib.auth.backends.ModelBackend")
    if article is not None:
        holders = holders.filter(User.not_limited_from(article.section_id)).distinct()
    return holders.order_by("pk")


def publishers(article: Article) -> QuerySet[User]:
    """Return the accounts that may publish a story now."""
    return holders_of("stories.publish_article", article)


def managing_editors() -> QuerySet[User]:
    """Return the accounts that may withdraw stories now, in whatever sections."""
    return holders_of("stories.withdraw_article")


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


def site_locale() -> AbstractContextManager[None]:
    """Write texts and times as the site does, for what is stored or read by anybody, until the block ends."""
    return User().locale()


def site_text(compose: Callable[[], str]) -> str:
    """Return a text of ours that is stored, or that readers see: in the site's language, whoever acts."""
    with site_locale():
        return compose()
