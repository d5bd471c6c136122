"""Invite people: the only way in which an account for a person is made.

Until an invitation is accepted its account is inactive. So it counts nowhere as somebody who may do anything.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from stories.actions.actors import Actor, name_of, section_limit
from stories.actions.errors import Refused
from stories.actions.outbox.mailed_links import (
    LinkKind,
    Matter,
    OpenedLink,
    enqueue_link,
    make_link,
    read_link,
    register_link,
)
from stories.actions.permissions import require_account_change, require_invite
from stories.actions.record.rights import record_rights_change, rights_changes_by
from stories.models import Invitation, Section, User
from stories.time_labels import zoned_time_label


class InvitationStanding(StrEnum):
    """Whether an invitation's link works, or why not."""

    OPEN = "open"
    # Somebody typed it, or a mail program cut it off.
    UNKNOWN = "unknown"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"
    # A newer mail has one that works.
    REPLACED = "replaced"
    EXPIRED = "expired"


def lifetime() -> timedelta:
    """Return for how long an invitation can be accepted."""
    return timedelta(days=settings.INVITATION_DAYS)


def expires_at(invitation: Invitation) -> datetime:
    """Return until when an invitation can be accepted."""
    return invitation.sent_at + lifetime()


def is_open(invitation: Invitation) -> bool:
    """Return whether an invitation can be accepted now."""
    return (
        invitation.accepted_at is None
        and invitation.withdrawn_at is None
        and timezone.now() < expires_at(invitation)
    )


def _matter(number: int) -> Matter | None:
    found = Invitation.objects.select_related("account").filter(pk=number).first()
    if found is None or not is_open(found):
        return None
    account = found.account
    roles = get_text_list([group.name for group in account.groups.order_by("name")], _("and"))
    words = {
        "name": account.get_full_name(),
        "inviter": found.sent_by_name,
        "site": settings.SITE_NAME,
        "roles": roles,
        "time": zoned_time_label(expires_at(found)),
    }
    greeting = (
        _("%(name)s, %(inviter)s invites you to the newsroom of %(site)s, as %(roles)s.")
        if found.sent_by_name
        else _("%(name)s, you are invited to the newsroom of %(site)s, as %(roles)s.")
    )
    how = _(
        "Open this page, and choose a password. You can do so once, until %(time)s. If you expected no invitation, do "
        "nothing."
    )
    return Matter(
        to=account.email,
        subject=_("You are invited to the newsroom of %(site)s") % words,
        body=f"{greeting % words}\n\n{how % words}",
        state=(account.password, account.is_active, found.sent_at.isoformat()),
    )


INVITATION: Final = register_link(
    LinkKind(name="invitation", page="account_invitation", lifetime=lifetime, matter=_matter)
)


def invite(
    *, display_name: str, email: str, groups: Collection[Group], user: Actor, mail: bool = True
) -> Invitation:
    """Make an inactive account with some groups, and mail an invitation to it. Raises Refused."""
    require_invite(user, groups)
    if not groups:
        raise Refused(_("Choose at least one group: it says what the person may do."))
    account = User(email=email, display_name=display_name.strip(), is_active=False, is_staff=True)
    account.set_unusable_password()
    try:
        account.full_clean()
        with rights_changes_by(user):
            account.save()
            account.groups.set(groups)
            # Who is limited to sections gives nobody a wider limit than their own.
            account.sections.set(Section.objects.filter(pk__in=section_limit(user)))
            record_rights_change(account, [["invited", ""]])
            now = timezone.now()
            invitation = Invitation.objects.create(
                account=account, sent_by_name=_sender(user), invited_at=now, sent_at=now
            )
            if mail:
                enqueue_link(INVITATION, invitation.pk)
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
    except IntegrityError as error:
        # Two invited the same person at once.
        raise Refused(_("Another account has this e-mail address. Each needs one of its own.")) from error
    return invitation


def renew(account: User, *, user: Actor, mail: bool = True) -> Invitation:
    """Send an invitation again, with a new link; older ones are void. It may have expired or been withdrawn."""
    require_account_change(user, account)
    with rights_changes_by(user):
        invitation = _unaccepted(account)
        invitation.sent_by_name, invitation.sent_at = _sender(user), timezone.now()
        invitation.withdrawn_at = None
        invitation.save()
        if mail:
            enqueue_link(INVITATION, invitation.pk)
        record_rights_change(account, [["invitation-renewed", ""]])
    return invitation


def withdraw(account: User, *, user: Actor) -> Invitation:
    """Withdraw an invitation that was not accepted: its links are void, and a mail that waits is not sent."""
    require_account_change(user, account)
    with rights_changes_by(user):
        invitation = _unaccepted(account)
        if invitation.withdrawn_at is None:
            invitation.withdrawn_at = timezone.now()
            invitation.save()
            record_rights_change(account, [["invitation-withdrawn", ""]])
    return invitation


def invitation_link(invitation: Invitation) -> str:
    """Return the address of a new link to accept an invitation, for whoever runs a script on the server."""
    link = make_link(INVITATION, invitation.pk)
    assert link is not None
    return link


def open_invitation(token: str) -> tuple[Invitation | None, InvitationStanding]:
    """Return the invitation that a link is for, and whether the link works. Changes nothing."""
    opened = read_link(INVITATION, token)
    if opened is None:
        return None, InvitationStanding.UNKNOWN
    found = Invitation.objects.select_related("account").filter(pk=opened.number).first()
    return found, _standing(found, opened)


def accept(token: str, password: str) -> User:
    """Accept an invitation: give its account a password, and let it do what its groups may.

    Raises Refused if the link does not work any more, and ValidationError for a password that is too weak.
    """
    with transaction.atomic():
        opened = read_link(INVITATION, token)
        if opened is not None:
            # Of two at once, the second waits here, and finds the link used. The account first, as where it is changed.
            list(User.objects.select_for_update().filter(invitation=opened.number))
            list(Invitation.objects.select_for_update().filter(pk=opened.number))
        invitation, standing = open_invitation(token)
        if invitation is None or standing is not InvitationStanding.OPEN:
            raise Refused(_("This link does not work any more."))
        account = invitation.account
        validate_password(password, account)
        with rights_changes_by(account):
            record_rights_change(account, [["invitation-accepted", ""]])
            invitation.accepted_at = timezone.now()
            invitation.save()
            account.is_active = True
            account.set_password(password)
            account.save(update_fields=["is_active", "password"])
    return account


def _standing(invitation: Invitation | None, opened: OpenedLink) -> InvitationStanding:
    if invitation is None:
        return InvitationStanding.WITHDRAWN
    if invitation.accepted_at is not None:
        return InvitationStanding.ACCEPTED
    if invitation.withdrawn_at is not None:
        return InvitationStanding.WITHDRAWN
    if opened.is_expired or not is_open(invitation):
        return InvitationStanding.EXPIRED
    return InvitationStanding.REPLACED if opened.is_void else InvitationStanding.OPEN


def _sender(user: Actor) -> str:
    """Return the name that the invited person reads, "" for a script."""
    return name_of(user) if user.pk is not None else ""


def _unaccepted(account: User) -> Invitation:
    """Return an account's invitation, locked. Raises Refused if it has none, or has accepted it."""
    invitation = Invitation.objects.select_for_update().filter(account=account).first()
    if invitation is None or invitation.accepted_at is not None:
        raise Refused(_("%(name)s has no invitation that waits.") % {"name": name_of(account)})
    return invitation
