"""Check what accounts and groups may do against the ledger's entries of changes of rights.

A group that came with the software has what its role names, and more or less only by entries. Addresses and passwords
are nowhere in the record, so they are not checked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from django.contrib.auth.models import Group, Permission

from stories.models import RightsChange, User
from stories.models.roles import ROLES
from stories.queries.accounts.factors import factors_by_account
from stories.queries.verification.findings import FieldChange, Finding, Kind, changed

# A right, or a section that limits rights: its kind ("group", "permission", "factor", "superuser" ...), and its name.
_Right = tuple[str, str]

_FLAGS: Final = {"is_superuser": "superuser", "is_staff": "staff", "is_active": "active"}


@dataclass(slots=True)
class _Recorded:
    """What entries say of an account or a group: whether it was created and deleted, its name, its rights."""

    created: bool = False
    deleted: bool = False
    name: str = ""
    # The original name of a group that came with the software.
    first_name: str = ""
    # For each right that an entry gave or took, whether it has it.
    rights: dict[_Right, bool] = field(default_factory=dict)


_ByNumber = defaultdict[int, _Recorded]
_Holder = User | Group
# The names of permissions in entries, by id.
_Labels = dict[int, str]


def check_rights() -> Iterator[Finding]:
    """Find accounts and groups whose rights or name differ from the entries, or that were made or deleted without one.

    Those from before the first account with an entry are compared with what entries say of them. Every factor has an
    entry. Ten queries.
    """
    users, groups = _recorded()
    first = min((number for number, recorded in users.items() if recorded.created), default=None)
    permissions = {row.pk: _label(row) for row in Permission.objects.select_related("content_type")}
    yield from _check_users(users, permissions, first)
    yield from _check_groups(groups, permissions, is_begun=first is not None)


def _check_users(users: _ByNumber, permissions: _Labels, first: int | None) -> Iterator[Finding]:
    rights_by_user = _permissions_of(permissions, User.user_permissions.through, "user_id")
    for given in (_groups_of(), _sections_of()):
        for number, rights in given.items():
            rights_by_user[number] |= rights
    factors = {number: {("factor", name) for name in names} for number, names in factors_by_account().items()}
    for user in User._base_manager.order_by("pk").iterator():
        has = rights_by_user[user.pk] | {
            (name, "yes") for flag, name in _FLAGS.items() if getattr(user, flag)
        }
        if user.author_id is not None:
            has.add(("author", user.author_id))
        name = user.get_full_name()[:200]
        recorded = users.pop(user.pk, _Recorded())
        if not recorded.created and first is not None and not 0 < user.pk < first:
            yield _finding(user, "is there, and no entry says that it was made.")
        begins = set() if recorded.created else has
        yield from _check(user, name, has | factors.get(user.pk, set()), begins, recorded, permissions)
    yield from _check_gone(User, users)


def _check_groups(groups: _ByNumber, permissions: _Labels, *, is_begun: bool) -> Iterator[Finding]:
    rights_by_group = _permissions_of(permissions, Group.permissions.through, "group_id")
    for group in Group._base_manager.order_by("pk").iterator():
        recorded, has = groups.pop(group.pk, _Recorded()), rights_by_group[group.pk]
        role = None if recorded.created else ROLES.get(recorded.first_name or group.name)
        if not recorded.created and role is None and is_begun:
            yield _finding(group, "is there, and no entry says that it was made.")
        # A role may have grown since: the check is that no group has more than it was given.
        begins = {right for right in has if right[1] in _labels(role or ())} if is_begun else has
        yield from _check(group, group.name, has, begins, recorded, permissions)
    yield from _check_gone(Group, groups)


def _check_gone(model: type[_Holder], recorded: _ByNumber) -> Iterator[Finding]:
    for number, of_one in sorted(recorded.items()):
        if of_one.created and not of_one.deleted:
            yield _finding(model(pk=number), "is gone, and no entry says that it was deleted.")


def _check(
    holder: _Holder, name: str, has: set[_Right], begins: set[_Right], recorded: _Recorded, labels: _Labels
) -> Iterator[Finding]:
    """Check one account or group; `begins` is what it had without an entry."""
    if recorded.deleted:
        yield _finding(holder, "is there, and an entry says that it was deleted.")
    elif recorded.created and name != recorded.name:
        renamed = changed("name", recorded.name, name)
        yield _finding(holder, "is called otherwise than the newest entry of it says.", renamed)
    there = {("permission", label) for label in labels.values()}
    expected = {right for right, is_so in recorded.rights.items() if is_so} | begins - recorded.rights.keys()
    # A permission that the software no longer has can't be lacking.
    less = {right for right in expected - has if right[0] != "permission" or right in there}
    if has - expected:
        yield _finding(holder, f"has what no entry gave: {_describe(has - expected)}.")
    if less:
        yield _finding(holder, f"lacks what no entry took: {_describe(less)}.")


def _recorded() -> tuple[_ByNumber, _ByNumber]:
    """Return what all entries say of accounts and of groups, by id: read in their order."""
    users: _ByNumber = defaultdict(_Recorded)
    groups: _ByNumber = defaultdict(_Recorded)
    for change in RightsChange.objects.exclude(holder_id=None).order_by("pk").iterator():
        recorded = (groups if change.of_group else users)[change.holder_id or 0]
        for what, name in change.changes:
            if what == "created":
                recorded.created, recorded.deleted, recorded.rights = True, False, {}
                if not change.of_group:
                    recorded.rights["active", "yes"] = True
            elif what == "deleted":
                recorded.deleted = True
            elif what in _FLAGS.values():
                recorded.rights[what, "yes"] = name == "yes"
            elif what.endswith(("-added", "-removed")):
                kind, _dash, verb = what.partition("-")
                recorded.rights[kind, name] = verb == "added"
            if change.of_group and what in ("renamed", "deleted"):
                if not recorded.first_name:
                    recorded.first_name = name
                _rename(users.values(), name or change.holder_name, change.holder_name, what == "deleted")
        recorded.name = change.holder_name
    return users, groups


def _rename(users: Iterable[_Recorded], before: str, after: str, is_gone: bool) -> None:
    """Move accounts to a group's new name, or out of it if it is gone."""
    for recorded in users:
        is_in = recorded.rights.pop(("group", before), None)
        if is_in is not None and not is_gone:
            recorded.rights["group", after] = is_in


def _permissions_of(permissions: _Labels, through: Any, holder: str) -> defaultdict[int, set[_Right]]:
    found: defaultdict[int, set[_Right]] = defaultdict(set)
    for number, permission in through._base_manager.values_list(holder, "permission_id"):
        found[number].add(("permission", permissions.get(permission, str(permission))))
    return found


def _groups_of() -> dict[int, set[_Right]]:
    names = dict(Group._base_manager.values_list("pk", "name"))
    found: defaultdict[int, set[_Right]] = defaultdict(set)
    through: Any = User.groups.through
    for number, group in through._base_manager.values_list("user_id", "group_id"):
        found[number].add(("group", names.get(group, str(group))))
    return found


def _sections_of() -> dict[int, set[_Right]]:
    found: defaultdict[int, set[_Right]] = defaultdict(set)
    for number, section in User.sections.through.objects.values_list("user_id", "section_id"):
        found[number].add(("section", section))
    return found


def _labels(codenames: Iterable[str]) -> set[str]:
    return {f"{app}.{name}" for name in codenames for app in ("auth", "stories")}


def _label(permission: Permission) -> str:
    return f"{permission.content_type.app_label}.{permission.codename}"


def _describe(rights: set[_Right]) -> str:
    return ", ".join(what if name == "yes" else f"the {what} “{name}”" for what, name in sorted(rights))


def _finding(holder: _Holder, how: str, *changes: FieldChange) -> Finding:
    what = "group" if isinstance(holder, Group) else "account"
    return Finding(None, Kind.RIGHTS, f"The {what} {holder.pk} (in {holder._meta.db_table}) {how}", changes)
