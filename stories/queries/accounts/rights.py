"""Whose rights lie within whose: nobody gives more than they have, or changes somebody who has more."""

from __future__ import annotations

from typing import Any, Protocol

from django.contrib.auth.models import Group, Permission
from django.db.models import Q, QuerySet

from stories.models import User
from stories.models.roles import NARROWED


class RightsHolder(Protocol):
    """An account, or the system."""

    def has_perm(self, perm: str, obj: Any = None) -> bool: ...


def groups_with(permission: str) -> list[str]:
    """Return the names of the groups that grant a permission. One query."""
    app, _dot, codename = permission.partition(".")
    found = Group.objects.filter(
        permissions__codename=codename, permissions__content_type__app_label=app
    ).distinct()
    return list(found.order_by("name").values_list("name", flat=True))


def groups_within(user: User) -> QuerySet[Group]:
    """Return the groups that grant no permission this user lacks; a superuser lacks none."""
    if user.is_superuser:
        return Group.objects.all()
    above = Permission.objects.exclude(pk__in=permissions_within(user).values("pk"))
    return Group.objects.exclude(pk__in=Group.objects.filter(permissions__in=above).values("pk"))


def permissions_within(user: User) -> QuerySet[Permission]:
    """Return the permissions that this user has; a superuser has all."""
    if user.is_superuser:
        return Permission.objects.all()
    return Permission.objects.filter(Q(user=user) | Q(group__user=user)).distinct()


def is_above(group: Group, user: User) -> bool:
    """Return whether a group, or somebody in it, may do more than this user: then the group is not theirs to change."""
    if user.is_superuser:
        return False
    if user.section_limit or not groups_within(user).filter(pk=group.pk).exists():
        return True
    return any(has_more_rights(member, than=user) for member in User.objects.filter(groups=group))


def has_more_rights(person: User, than: RightsHolder) -> bool:
    """Return whether a person may do more than another, now or once their account is active again."""
    if getattr(than, "is_superuser", False):
        return False
    # An account that is not active has no permissions, but gets them back.
    whole = User(pk=person.pk, is_superuser=person.is_superuser, is_active=True)
    if whole.is_superuser:
        return not than.has_perm("a permission that nobody is given")
    permissions = whole.get_all_permissions()
    if any(not than.has_perm(permission) for permission in permissions):
        return True
    limit: frozenset[str] = getattr(than, "section_limit", frozenset())
    if not limit:
        return False
    # Without a limit of their own they may do more only if their rights are such as a limit narrows.
    return not whole.section_limit <= limit if whole.section_limit else not NARROWED.isdisjoint(permissions)
