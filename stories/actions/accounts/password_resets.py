"""Set a new password by a mailed link: who forgot theirs asks for one, or a managing editor lets it be sent.

Whether an address has an account does not show, not even in what is written: each request is a row and a mail to be
made, which the worker drops if there is nobody to send it to.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Final

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext

from stories.actions.accounts.invitations import INVITATION, is_open
from stories.actions.actors import Actor, name_of
from stories.actions.errors import Refused
from stories.actions.mail import send_mail
from stories.actions.outbox.mailed_links import (
    LinkKind,
    Matter,
    OpenedLink,
    enqueue_link,
    read_link,
    register_link,
)
from stories.actions.permissions import require_account_change
from stories.actions.record.rights import record_rights_change, rights_changes_by
from stories.models import Invitation, PasswordReset, User

# How many links managing editors may send to one account within an hour. The sign-in counts what is asked for there.
MOST_AN_HOUR: Final = 3
# For how long a link that no longer works can still say why.
_KEPT: Final = timedelta(days=7)


class ResetStanding(StrEnum):
    """Whether a link to set a new password works, or why not."""

    OPEN = "open"
    # Somebody typed it, or a mail program cut it off.
    UNKNOWN = "unknown"
    USED = "used"
    # A newer mail has one that works.
    REPLACED = "replaced"
    # The person signed in since, or their password or address changed.
    OVERTAKEN = "overtaken"
    EXPIRED = "expired"
    INACTIVE = "inactive"


def lifetime() -> timedelta:
    """Return for how long a link to set a new password works."""
    return timedelta(minutes=settings.PASSWORD_RESET_MINUTES)


def _matter(number: int) -> Matter | None:
    reset = PasswordReset.objects.select_related("account").filter(pk=number).first()
    if reset is None or reset.account is None or reset.used_at is not None or _is_replaced(reset):
        return None
    account = reset.account
    if not account.is_active:
        return None
    why = (
        _("%(name)s sends you a link to set a new password.") % {"name": reset.sent_by_name}
        if reset.sent_by_name
        else _("Somebody, you most likely, asked for a new password for your account.")
    )
    how = ngettext(
        "Set it on this page, once, within %(count)s minute. If you did not want it, do nothing: your password stays "
        "as it is.",
        "Set it on this page, once, within %(count)s minutes. If you did not want it, do nothing: your password "
        "stays as it is.",
        settings.PASSWORD_RESET_MINUTES,
    ) % {"count": settings.PASSWORD_RESET_MINUTES}
    return Matter(
        to=account.email,
        subject=_("A new password for %(site)s") % {"site": settings.SITE_NAME},
        body=f"{why}\n\n{how}",
        state=(account.password, account.last_login and account.last_login.isoformat()),
    )


RESET: Final = register_link(LinkKind(name="reset", page="account_reset", lifetime=lifetime, matter=_matter))


def request_reset(address: str) -> None:
    """Mail a link to set a new password to an address, if it has an account that may be signed in to.

    Who was invited and has not accepted gets the invitation again. Nothing says which of these it was.
    """
    with transaction.atomic():
        account = User.objects.select_for_update().filter(email=address.strip()).first()
        invitation = Invitation.objects.filter(account=account.pk if account is not None else 0).first()
        if account is not None and account.is_active and account.has_usable_password():
            reset = _requested(account)
            enqueue_link(RESET, reset.pk)
        elif invitation is not None and is_open(invitation):
            _requested(None)
            enqueue_link(INVITATION, invitation.pk)
        else:
            reset = _requested(None)
            enqueue_link(RESET, reset.pk)


def send_reset_link(account: User, *, user: Actor) -> None:
    """Mail somebody a link to set a new password. Raises Refused."""
    require_account_change(user, account)
    with rights_changes_by(user):
        account = User.objects.select_for_update().get(pk=account.pk)
        if not account.is_active:
            raise Refused(_("%(name)s can’t sign in, so no link is sent.") % {"name": name_of(account)})
        since = timezone.now() - timedelta(hours=1)
        sent = PasswordReset.objects.filter(account=account, requested_at__gt=since).exclude(sent_by_name="")
        if sent.count() >= MOST_AN_HOUR:
            raise Refused(
                _(
                    "%(name)s was sent %(count)s links within the last hour. Wait, or ask whether they arrived."
                )
                % {"name": name_of(account), "count": MOST_AN_HOUR}
            )
        reset = _requested(account, sent_by_name=name_of(user))
        enqueue_link(RESET, reset.pk)
        record_rights_change(account, [["reset-link-sent", ""]])


def open_reset(token: str) -> tuple[PasswordReset | None, ResetStanding]:
    """Return the request that a link is for, and whether the link works. Changes nothing."""
    opened = read_link(RESET, token)
    if opened is None:
        return None, ResetStanding.UNKNOWN
    found = PasswordReset.objects.select_related("account").filter(pk=opened.number).first()
    return found, _standing(found, opened)


def reset_password(token: str, password: str) -> User:
    """Set a new password, which ends all sessions of the account; notify its owner by mail.

    Raises Refused if the link does not work any more, and ValidationError for a password that is too weak.
    """
    with transaction.atomic():
        opened = read_link(RESET, token)
        if opened is not None:
            # Of two at once, the second waits here, and finds the link used.
            list(PasswordReset.objects.select_for_update().filter(pk=opened.number))
        reset, standing = open_reset(token)
        if reset is None or reset.account is None or standing is not ResetStanding.OPEN:
            raise Refused(_("This link does not work any more."))
        account = reset.account
        validate_password(password, account)
        reset.used_at = timezone.now()
        reset.save()
        account.set_password(password)
        account.save(update_fields=["password"])
        send_mail(
            to=[account.email],
            user=None,
            compose=lambda: (
                _("Your password for %(site)s was changed") % {"site": settings.SITE_NAME},
                _(
                    "Your password was changed by a link that was mailed to you, and you were signed out "
                    "everywhere. If that was not you, ask for a new link on this page, and tell a managing editor "
                    "at once: somebody else may read your mail."
                ),
            ),
            path=reverse("account_reset_password"),
        )
        with rights_changes_by(account):
            record_rights_change(account, [["password-reset", ""]])
    return account


def _requested(account: User | None, *, sent_by_name: str = "") -> PasswordReset:
    now = timezone.now()
    PasswordReset.objects.filter(requested_at__lt=now - _KEPT).delete()
    return PasswordReset.objects.create(account=account, requested_at=now, sent_by_name=sent_by_name)


def _is_replaced(reset: PasswordReset) -> bool:
    return PasswordReset.objects.filter(account=reset.account_id, pk__gt=reset.pk).exists()


def _standing(reset: PasswordReset | None, opened: OpenedLink) -> ResetStanding:
    if reset is None or reset.account is None:
        return ResetStanding.EXPIRED
    if reset.used_at is not None:
        return ResetStanding.USED
    if not reset.account.is_active:
        return ResetStanding.INACTIVE
    if _is_replaced(reset):
        return ResetStanding.REPLACED
    if opened.is_expired:
        return ResetStanding.EXPIRED
    return ResetStanding.OVERTAKEN if opened.is_void else ResetStanding.OPEN
