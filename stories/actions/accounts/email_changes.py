"""Change the e-mail address of one's own account.

It changes once a link is opened that was mailed to the new address, by whoever is signed in to the account. Nobody
learns from it which addresses have accounts.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from stories.actions.errors import Refused
from stories.actions.mail import send_mail
from stories.actions.outbox.mailed_links import LinkKind, Matter, enqueue_link, read_link, register_link
from stories.actions.record.rights import rights_changes_by
from stories.models import EmailChange, User
from stories.queries.accounts.email_changes import LIFETIME


def _matter(number: int) -> Matter | None:
    change = EmailChange.objects.filter(pk=number).select_related("account").first()
    if change is None or not change.account.is_active:
        return None
    return Matter(
        to=change.address,
        subject=_("Confirm your new e-mail address"),
        body=_(
            "%(name)s asked for this to be the e-mail address of their account. To confirm it, open this link within "
            "an hour, in the browser in which you are signed in. If that was not you, do nothing: the address stays "
            "as it is."
        )
        % {"name": change.account.get_full_name()},
        # A link is void once the account has another address or password.
        state=(change.account.email, change.account.password, change.asked_at.isoformat()),
    )


EMAIL_CHANGE: Final = register_link(
    LinkKind(name="email-change", page="account_confirm_email", lifetime=lambda: LIFETIME, matter=_matter)
)


def request_email_change(*, user: User, address: str, at: datetime) -> None:
    """Ask for another address of one's own account, in place of what was asked for before. Raises Refused.

    If another account has the address, its owner is notified, and nobody else learns of it.
    """
    # As the pages of accounts store it: no two that look the same.
    address = User.normalize_username(address.strip()).lower()
    try:
        validate_email(address)
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
    if address == user.email:
        raise Refused(_("This is the address that you have."))
    with transaction.atomic():
        # The lock on the account lets two requests at once follow each other.
        User.objects.select_for_update().get(pk=user.pk)
        EmailChange.objects.filter(account=user).delete()
        EmailChange.objects.filter(asked_at__lt=at - LIFETIME).delete()
        change = EmailChange.objects.create(account=user, address=address, asked_at=at)
        send_mail(
            to=[user.email],
            user=None,
            compose=lambda: (
                _("Another e-mail address was asked for"),
                _(
                    "Somebody who is signed in to your account asked for another e-mail address. It changes once "
                    "the link in the mail to the new address is opened. If that was not you, change your password "
                    "at once: that makes the link void, and signs everybody else out."
                ),
            ),
            path=reverse("account_change_password"),
        )
        if User.objects.filter(email=address).exists():
            send_mail(
                to=[address],
                user=None,
                compose=lambda: (
                    _("Somebody asked for your e-mail address"),
                    _(
                        "Somebody asked for this to be the e-mail address of their account. It is that of yours, "
                        "so that nothing was changed. If it was you: an address can have one account."
                    ),
                ),
                path=reverse("account_login"),
            )
        else:
            enqueue_link(EMAIL_CHANGE, change.pk)


def cancel_email_change(*, user: User) -> None:
    """Forget the address that was asked for; its link is void."""
    EmailChange.objects.filter(account=user).delete()


def email_change_of(*, user: User, token: str) -> EmailChange:
    """Return the change that a link confirms. Raises Refused, with what is wrong with the link."""
    link = read_link(EMAIL_CHANGE, token)
    change = EmailChange.objects.filter(pk=link.number).first() if link is not None and link.works else None
    if change is None:
        raise Refused(
            _(
                "This link has expired, or was used already, or another has been mailed since. Ask for a new one."
            )
        )
    if change.account_id != user.pk:
        raise Refused(
            _(
                "This link is for another account than the one that you are signed in to. Sign out, sign in to the "
                "account whose address is to change, and open the link again."
            )
        )
    return change


def confirm_email_change(*, user: User, token: str) -> None:
    """Give an account the address that a link confirms. Raises Refused. Works once."""
    with rights_changes_by(user):
        person = User.objects.select_for_update().get(pk=user.pk)
        change = email_change_of(user=person, token=token)
        former, person.email = person.email, change.address
        try:
            with transaction.atomic():
                person.save(update_fields=["email"])
        except IntegrityError as error:
            # Whoever can open the link reads the mail of the address, and may know.
            raise Refused(
                _("Another account has this address by now. An address can have one account.")
            ) from error
        change.delete()
        send_mail(
            to=[former],
            user=None,
            compose=lambda: (
                _("Your e-mail address was changed"),
                _(
                    "The account that had this e-mail address has another one now. Nobody signs in with this one "
                    "any more. If that was not you, tell a managing editor at once."
                ),
            ),
            path=reverse("account_login"),
        )
