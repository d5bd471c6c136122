"""Record changes of people's rights, by whatever code they are made: the admin, a script, a shell.

Accounts and groups are models that any code may save. Their signals are the only hook that all of it passes, so the
receivers are here. What sends no signal (`QuerySet.update`, SQL) leaves no entry.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Final

from django.contrib.auth.models import Group, Permission
from django.db import models, transaction
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete, pre_save
from django.utils import timezone

from stories.actions.actors import Actor, SystemActor, actor_columns, name_of
from stories.actions.record.ledger import append_entries, write_event
from stories.domain.mailbox import mailbox
from stories.models import RightsChange, User

# The actor if nobody is signed in: whoever runs a script controls the server anyway.
SCRIPT: Final = SystemActor("a script on the server")
FLAGS: Final = {"is_superuser": "superuser", "is_staff": "staff", "is_active": "active"}

Holder = User | Group
Change = list[str]


@dataclass
class PendingRightsChanges:
    """What one person changes in one request: an entry for each account or group, written at the end."""

    user: Actor
    holders: dict[tuple[type, Any], tuple[Holder, str, list[Change]]] = field(default_factory=dict)

    def note(self, holder: Holder, changes: Iterable[Change]) -> None:
        key = (type(holder), holder.pk)
        # The name is read now: a deleted account has none later.
        self.holders.setdefault(key, (holder, _name(holder), []))[2].extend(changes)

    def write(self) -> None:
        events = [
            RightsChange(
                of_group=kind is Group,
                holder_id=number,
                holder_name=name,
                changes=changes,
                **actor_columns(self.user, timezone.now()),
            )
            for (kind, number), (_holder, name, changes) in self.holders.items()
            if changes
        ]
        append_entries(*[write_event(event) for event in events])


_pending: ContextVar[PendingRightsChanges | None] = ContextVar("rights_gathered", default=None)


@contextmanager
def rights_changes_by(user: Actor) -> Iterator[None]:
    """Attribute changes of rights to a person until the block ends; then write them, in the same transaction."""
    with transaction.atomic():
        pending = PendingRightsChanges(user)
        token = _pending.set(pending)
        try:
            yield
        finally:
            _pending.reset(token)
        pending.write()


def record_rights_change(holder: Holder, changes: list[Change]) -> None:
    """Record changes of one account's or group's rights: with the request's others, or at once as a script's."""
    if not changes:
        return
    pending = _pending.get()
    if pending is not None:
        pending.note(holder, changes)
        return
    with transaction.atomic():
        alone = PendingRightsChanges(SCRIPT)
        alone.note(holder, changes)
        alone.write()


def _name(holder: Holder) -> str:
    return holder.name[:200] if isinstance(holder, Group) else name_of(holder)


# ---------------------------------------------------------------------------------- accounts and groups themselves


def remember_previous(
    sender: type[models.Model], instance: Any, update_fields: Any = None, **kwargs: Any
) -> None:
    """Remember an account or a group as it is stored, to compare it once it is saved."""
    # A sign-in saves its time and nothing else.
    tracked = {*FLAGS, "password", "email", "display_name", "name"}
    if update_fields is not None and tracked.isdisjoint(update_fields):
        instance._rights_before = instance
    elif instance.pk is None:
        instance._rights_before = None
    else:
        instance._rights_before = sender._base_manager.filter(pk=instance.pk).first()


def on_account_saved(sender: type[models.Model], instance: Any, **kwargs: Any) -> None:
    """Record what changed of an account or a group."""
    before = instance.__dict__.pop("_rights_before", None)
    if before is instance:
        return
    changes: list[Change] = []
    if before is None:
        changes.append(["created", ""])
    elif _name(before) != _name(instance):
        changes.append(["renamed", _name(before)])
    if sender is User:
        changes += _flags(before, instance)
        # Whoever sets another's password can act as them. Without a request, a sign-in may have renewed the hash.
        if before is not None and _pending.get() is not None and before.password != instance.password:
            changes.append(["password", ""])
        # Whoever reads an account's mail can reset its password. The address itself is not recorded.
        if before is not None and mailbox(before.email) != mailbox(instance.email):
            changes.append(["email", ""])
    record_rights_change(instance, changes)


def _flags(before: User | None, user: User) -> Iterator[Change]:
    # A new account has no rights, and can sign in.
    was = before or User(is_active=True)
    for flag, name in FLAGS.items():
        if getattr(was, flag) != getattr(user, flag):
            yield [name, "yes" if getattr(user, flag) else "no"]


def remember_before_deletion(sender: type[models.Model], instance: Any, **kwargs: Any) -> None:
    """Remember the groups of an account: the membership rows are deleted with it, and send no signal of their own."""
    lost = [["group-removed", group.name] for group in instance.groups.all()] if sender is User else []
    instance._rights_lost = [["deleted", ""], *lost]


def on_account_deleted(sender: type[models.Model], instance: Any, **kwargs: Any) -> None:
    """Record a deletion once the rows are gone: the ledger entry comes last."""
    record_rights_change(instance, instance.__dict__.pop("_rights_lost", []))


# ------------------------------------------------------------------------------------------- groups and permissions

# By table: the attribute of the holder, the attribute of the other side, and the kind of right.
MEMBERSHIP_TABLES: Final[dict[Any, tuple[str, str, str]]] = {
    User.groups.through: ("groups", "user_set", "group"),
    User.user_permissions.through: ("user_permissions", "user_set", "permission"),
    Group.permissions.through: ("permissions", "group_set", "permission"),
}


def on_membership_changed(
    sender: Any, instance: Any, action: str, reverse: bool, model: Any, pk_set: Any, **kwargs: Any
) -> None:
    """Record what was given or taken, after it was: the ledger entry comes last.

    What is to be removed is read before it is: the signal also names what was never there.
    """
    forwards, backwards, what = MEMBERSHIP_TABLES[sender]
    if action == "post_add":
        change, others = "added", list(model._base_manager.filter(pk__in=pk_set))
    elif action in ("pre_remove", "pre_clear"):
        current = getattr(instance, backwards if reverse else forwards).all()
        instance._rights_taken = list(current if pk_set is None else current.filter(pk__in=pk_set))
        return
    elif action in ("post_remove", "post_clear"):
        change, others = "removed", instance.__dict__.pop("_rights_taken", [])
    else:
        return
    for holder in others if reverse else [instance]:
        given = [instance] if reverse else others
        record_rights_change(holder, [[f"{what}-{change}", name] for name in sorted(map(_given_name, given))])


def _given_name(given: Group | Permission) -> str:
    if isinstance(given, Permission):
        return f"{given.content_type.app_label}.{given.codename}"
    return given.name


RECEIVERS: Final[list[tuple[Any, Callable[..., None], Any]]] = [
    *((signal, receiver, model)
      for model in (User, Group)
      for signal, receiver in (
          (pre_save, remember_previous),
          (post_save, on_account_saved),
          (pre_delete, remember_before_deletion),
          (post_delete, on_account_deleted),
      )),
    *((m2m_changed, on_membership_changed, table) for table in MEMBERSHIP_TABLES),
]  # fmt: skip


def connect_receivers() -> None:
    """Record changes of rights from here on."""
    for signal, receiver, sender in RECEIVERS:
        signal.connect(receiver, sender=sender)
