"""Who may do what to a story. Asked by every action, so that a script is held to it as a page is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from stories.models import Article, Publication, Revision


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
    """The name that the record keeps for a person: their full name, else their user name."""
    full_name = getattr(user, "get_full_name", lambda: "")()
    return full_name or user.get_username()


def may_start(user: Actor) -> bool:
    """Whether somebody may begin a story."""
    return user.has_perm("stories.add_article")


def may_see(user: Actor, article: Article) -> bool:
    """Whether somebody may read an article's working copy."""
    return user.has_perm("stories.view_article") or may_edit(user, article)


def may_edit(user: Actor, article: Article) -> bool:
    """Whether somebody may change an article: any, or a draft that they began and nobody published."""
    if user.has_perm("stories.change_article"):
        return True
    if not user.has_perm("stories.change_own_draft") or user.pk is None:
        return False
    began = Revision.objects.filter(article=article, number=1, user_id=user.pk).exists()
    return began and not Publication.objects.standing().filter(article=article).exists()


def may_publish(user: Actor) -> bool:
    """Whether somebody may publish, schedule and cancel."""
    return user.has_perm("stories.publish_article")


def may_override(user: Actor) -> bool:
    """Whether somebody may publish a substantive change without a note."""
    return user.has_perm("stories.override_article")


def require(allowed: bool, what: str) -> None:
    """Raise PermissionDenied unless allowed; `what` is a translated sentence that says who may."""
    if not allowed:
        raise PermissionDenied(what)


def require_start(user: Actor) -> None:
    require(may_start(user), _("You may not begin stories. Ask an editor to give you the right to."))


def require_edit(user: Actor, article: Article) -> None:
    require(
        may_edit(user, article),
        _("You may not change this story. An editor may; so may who began it, until it is published."),
    )


def require_publish(user: Actor) -> None:
    require(may_publish(user), _("You may not publish. Ask an editor to publish this story."))


def require_override(user: Actor) -> None:
    require(
        may_override(user),
        _("Only a managing editor may publish a change of substance without a note. Add a note instead."),
    )
