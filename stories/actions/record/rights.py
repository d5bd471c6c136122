"""Record what becomes of people's rights, whoever changes them: a page of the admin, a script, a shell.

Accounts and groups are models that any code may save. Its signals are the only seam that all of it
passes, so they are heeded here. What sends none (`QuerySet.update`, SQL) leaves no entry.
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
from stories.actions.record.ledger import record
from stories.domain.mailbox import mailbox
from stories.models import RightsChange, User

# Who acts where nobody is signed in: whoever runs a script holds the server anyway.
SCRIPT: Final = SystemActor("a script on the server")
FLAGS: Final = {"is_superuser": "superuser", "is_staff": "staff", "is_active": "active"}

Holder = User | Group
Change = list[str]


@dataclass
class PendingRightsChanges:
    """What one person changes in one request: an entry for each account or group, once all is done."""

    user: Actor
    holders: dict[tuple[type, Any], tuple[Holder, str, list[Change]]] = field(default_factory=dict)

    def note(self, holder: Holder, changes: Iterable[Change]) -> None:
        key = (type(holder), holder.pk)
        # The name as it is now: of an account that goes, nothing is left to ask for it.
        self.holders.setdefault(key, (holder, _name(holder), []))[2].extend(changes)

    def write(self) -> None:
        for (kind, number), (_holder, name, changes) in self.holders.items():
            if changes:
                record(
                    RightsChange(
                        of_group=kind is Group,
                        holder_id=number,
                        holder_name=name,
                        changes=changes,
                        **actor_columns(self.user, timezone.now()),
                    )
                )


_gathered: ContextVar[PendingRightsChanges | None] = ContextVar("rights_gathered", default=None)


@contextmanager
def acting(user: Actor) -> Iterator[None]:
    """Until the block ends, changes of rights are this person's; then they are written, in the same transaction."""
    with transaction.atomic():
        gathered = PendingRightsChanges(user)
        token = _gathered.set(gathered)
        try:
            yield
        finally:
            _gathered.reset(token)
        gathered.write()


def note(holder: Holder, changes: list[Change]) -> None:
    """Record changes of one account's or group's rights: with the request's others, or at once as a script's."""
    if not changes:
        return
    gathered = _gathered.get()
    if gathered is not None:
        gathered.note(holder, changes)
        return
    with transaction.atomic():
        alone = PendingRightsChanges(SCRIPT)
        alone.note(holder, changes)
        alone.write()


def _name(holder: Holder) -> str:
    return holder.name[:200] if isinstance(holder, Group) else name_of(holder)


# ---------------------------------------------------------------------------------- accounts and groups themselves


def keep_before(sender: type[models.Model], instance: Any, update_fields: Any = None, **kwargs: Any) -> None:
    """Keep how an account or a group was, to be compared once it is saved."""
    # A sign-in saves when it was, and nothing else.
    told = {*FLAGS, "password", "email", "username", "display_name", "name"}
    if update_fields is not None and told.isdisjoint(update_fields):
        instance._rights_before = instance
    elif instance.pk is None:
        instance._rights_before = None
    else:
        instance._rights_before = sender._base_manager.filter(pk=instance.pk).first()


def on_account_saved(sender: type[models.Model], instance: Any, **kwargs: Any) -> None:
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
        # Whoever sets another's password can write under their name. Elsewhere a sign-in may have renewed its hash.
        if before is not None and _gathered.get() is not None and before.password != instance.password:
            changes.append(["password", ""])
        # Whoever reads an account's mail can ask for a new password. The address itself is nobody's to read here.
        if before is not None and mailbox(before.email) != mailbox(instance.email):
            changes.append(["email", ""])
    note(instance, changes)


def _flags(before: User | None, user: User) -> Iterator[Change]:
    # An account begins without rights, and able to sign in.
    was = before or User(is_active=True)
    for flag, name in FLAGS.items():
        if getattr(was, flag) != getattr(user, flag):
            yield [name, "yes" if getattr(user, flag) else "no"]


def keep_before_deletion(sender: type[models.Model], instance: Any, **kwargs: Any) -> None:
    """The rows that say who is in which group go with an account, and send no signal of their own."""
    lost = [["group-removed", group.name] for group in instance.groups.all()] if sender is User else []
    instance._rights_lost = [["deleted", ""], *lost]


def on_account_deleted(sender: type[models.Model], instance: Any, **kwargs: Any) -> None:
    """Once the rows are gone: the ledger comes last."""
    note(instance, instance.__dict__.pop("_rights_lost", []))


# ------------------------------------------------------------------------------------------- groups and permissions

# Each table of who has what: the holder's name for what it has, the other side's for who has it, and what it is.
TABLES: Final[dict[Any, tuple[str, str, str]]] = {
    User.groups.through: ("groups", "user_set", "group"),
    User.user_permissions.through: ("user_permissions", "user_set", "permission"),
    Group.permissions.through: ("permissions", "group_set", "permission"),
}


def on_membership_changed(
    sender: Any, instance: Any, action: str, reverse: bool, model: Any, pk_set: Any, **kwargs: Any
) -> None:
    """Record what was given or taken, once it is: the ledger comes last.

    What is to go is read before it goes: the signal names what never was, too.
    """
    forwards, backwards, what = TABLES[sender]
    if action == "post_add":
        fate, others = "added", list(model._base_manager.filter(pk__in=pk_set))
    elif action in ("pre_remove", "pre_clear"):
        held = getattr(instance, backwards if reverse else forwards).all()
        instance._rights_taken = list(held if pk_set is None else held.filter(pk__in=pk_set))
        return
    elif action in ("post_remove", "post_clear"):
        fate, others = "removed", instance.__dict__.pop("_rights_taken", [])
    else:
        return
    for holder in others if reverse else [instance]:
        given = [instance] if reverse else others
        note(holder, [[f"{what}-{fate}", name] for name in sorted(map(_given_name, given))])


def _given_name(given: Group | Permission) -> str:
    if isinstance(given, Permission):
        return f"{given.content_type.app_label}.{given.codename}"
    return given.name


RECEIVERS: Final[list[tuple[Any, Callable[..., None], Any]]] = [
    *((signal, receiver, model)
      for model in (User, Group)
      for signal, receiver in (
          (pre_save, keep_before),
          (post_save, on_account_saved),
          (pre_delete, keep_before_deletion),
          (post_delete, on_account_deleted),
      )),
    *((m2m_changed, on_membership_changed, table) for table in TABLES),
]  # fmt: skip


def connect_receivers() -> None:
    """Record changes of rights from here on."""
    for signal, receiver, sender in RECEIVERS:
        signal.connect(receiver, sender=sender)
