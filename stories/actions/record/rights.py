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

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group, Permission
from django.db import models, transaction
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete, pre_save
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from stories.actions.actors import Actor, SystemActor, actor_columns, name_of
from stories.actions.mail import send_mail
from stories.actions.record.ledger import append_entries, write_event
from stories.actions.times import current_time
from stories.domain.mailbox import mailbox
from stories.models import RightsChange, Section, User
from stories.queries.accounts.factors import factor_name

# The actor if nobody is signed in: whoever runs a script controls the server anyway.
SCRIPT: Final = SystemActor("a script on the server")
FLAGS: Final = {"is_superuser": "superuser", "is_staff": "staff", "is_active": "active"}

Holder = User | Group
Change = list[str]


@dataclass
class PendingRightsChanges:
    """What one person changes in one request: an entry for each account or group, written at the end."""

    user: Actor
    reason: str = ""
    holders: dict[tuple[type, Any], tuple[Holder, str, list[Change]]] = field(default_factory=dict)

    def note(self, holder: Holder, changes: Iterable[Change]) -> None:
        # A request's user is of a type of its own.
        key = (Group if isinstance(holder, Group) else User, holder.pk)
        # The name is read now: a deleted account has none later.
        self.holders.setdefault(key, (holder, _name(holder), []))[2].extend(changes)

    def write(self) -> None:
        for holder, _name_then, changes in self.holders.values():
            if isinstance(holder, User):
                _notify_of_factors(holder, changes, self.user)
        events = [
            RightsChange(
                of_group=kind is Group,
                holder_id=number,
                holder_name=name,
                changes=changes,
                reason=self.reason,
                **actor_columns(self.user, current_time()),
            )
            for (kind, number), (_holder, name, changes) in self.holders.items()
            if changes
        ]
        append_entries(*[write_event(event) for event in events])


_pending: ContextVar[PendingRightsChanges | None] = ContextVar("rights_gathered", default=None)


@contextmanager
def rights_changes_by(user: Actor, *, reason: str = "") -> Iterator[None]:
    """Attribute changes of rights to a person until the block ends; then write them, in the same transaction.

    A block inside another of the same person leaves them to that: the ledger's entries come last.
    """
    around = _pending.get()
    if around is not None and around.user == user:
        yield
        return
    with transaction.atomic():
        pending = PendingRightsChanges(user, reason)
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
    tracked = {*FLAGS, "password", "email", "display_name", "name", "author", "author_id"}
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
        changes += _authors(before, instance)
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


def _authors(before: User | None, user: User) -> Iterator[Change]:
    # Whoever is an author may edit the author's profile.
    was = before.author_id if before is not None else None
    if was != user.author_id:
        if was:
            yield ["author-removed", was]
        if user.author_id:
            yield ["author-added", user.author_id]


def remember_before_deletion(sender: type[models.Model], instance: Any, **kwargs: Any) -> None:
    """Remember the groups, sections and factors of an account, whose rows are deleted with it, before its own."""
    lost: list[Change] = []
    if sender is User:
        lost += [["group-removed", group.name] for group in instance.groups.all()]
        lost += [["section-removed", section.pk] for section in instance.sections.all()]
        lost += [
            ["factor-removed", factor_name(each)] for each in Authenticator.objects.filter(user=instance)
        ]
    instance._rights_lost = [["deleted", ""], *lost]


def on_account_deleted(sender: type[models.Model], instance: Any, **kwargs: Any) -> None:
    """Record a deletion once the rows are gone: the ledger entry comes last."""
    record_rights_change(instance, instance.__dict__.pop("_rights_lost", []))


# ------------------------------------------------------------------------------------------------ second factors

FACTOR_SENTENCES: Final = {
    "factor-added totp": gettext_lazy("An authenticator app was added."),
    "factor-removed totp": gettext_lazy("The authenticator app was removed."),
    "factor-added webauthn": gettext_lazy("A passkey was added."),
    "factor-removed webauthn": gettext_lazy("A passkey was removed."),
    "factor-added recovery_codes": gettext_lazy("New recovery codes were made."),
    "factor-removed recovery_codes": gettext_lazy("The recovery codes from before are void."),
}


def on_factor_saved(sender: type[models.Model], instance: Any, created: bool, **kwargs: Any) -> None:
    """Record a new factor. A factor that is used, or called otherwise, is saved too."""
    if created:
        record_rights_change(instance.user, [["factor-added", factor_name(instance)]])


def on_factor_deleted(
    sender: type[models.Model], instance: Any, origin: models.Model | models.QuerySet[Any], **kwargs: Any
) -> None:
    """Record a factor's removal, unless its account is deleted, whose entry says so."""
    begun_at = origin.model if isinstance(origin, models.QuerySet) else type(origin)
    if begun_at is not User:
        record_rights_change(instance.user, [["factor-removed", factor_name(instance)]])


def _notify_of_factors(holder: User, changes: Iterable[Change], user: Actor) -> None:
    """Tell a person what became of their factors: whoever signs in as them would change those first."""
    kinds = [(what, name.partition(" ")[0]) for what, name in changes]
    if ("deleted", "") in kinds:
        return
    sentences = [FACTOR_SENTENCES[key] for kind in kinds if (key := " ".join(kind)) in FACTOR_SENTENCES]
    if not sentences:
        return

    def compose() -> tuple[str, str]:
        by = "" if user.pk == holder.pk else _("It was done by %(name)s.") % {"name": name_of(user)}
        parts = (*map(str, sentences), by, _("If you do not know why, tell a managing editor at once."))
        return _("The second step of your sign-in has changed"), " ".join(part for part in parts if part)

    send_mail(to=[holder.email], user=None, compose=compose, path=reverse("mfa_index"))


# --------------------------------------------------------------------------------- groups, permissions and sections

# By table: the attribute of the holder, the attribute of the other side, and the kind of right.
MEMBERSHIP_TABLES: Final[dict[Any, tuple[str, str, str]]] = {
    User.groups.through: ("groups", "user_set", "group"),
    User.user_permissions.through: ("user_permissions", "user_set", "permission"),
    Group.permissions.through: ("permissions", "group_set", "permission"),
    User.sections.through: ("sections", "limited_accounts", "section"),
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


def _given_name(given: Group | Permission | Section) -> str:
    if isinstance(given, Permission):
        return f"{given.content_type.app_label}.{given.codename}"
    if isinstance(given, Section):
        return str(given.pk)
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
    (post_save, on_factor_saved, Authenticator),
    (post_delete, on_factor_deleted, Authenticator),
    *((m2m_changed, on_membership_changed, table) for table in MEMBERSHIP_TABLES),
]  # fmt: skip


def connect_receivers() -> None:
    """Record changes of rights from here on."""
    for signal, receiver, sender in RECEIVERS:
        signal.connect(receiver, sender=sender)
