"""What follows when somebody changes the address of an account in the admin."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from stories.actions.accounts.invitations import is_open, renew
from stories.actions.actors import Actor, name_of
from stories.actions.mail import send_mail
from stories.models import Invitation, User


def follow_address_change(account: User, *, old_address: str, user: Actor) -> None:
    """Notify the old address, which its owner may still read; an invitation that waits is sent to the new one.

    In the transaction of the change.
    """
    invitation = Invitation.objects.filter(account=account, accepted_at=None).first()
    if invitation is not None:
        if is_open(invitation):
            renew(account, user=user)
        return
    send_mail(
        to=[old_address],
        user=None,
        compose=lambda: (
            _("Your e-mail address for %(site)s was changed") % {"site": settings.SITE_NAME},
            _(
                "%(name)s changed the e-mail address of your account: you sign in with the new one, and mails go "
                "there. If you did not agree to this, tell another managing editor at once."
            )
            % {"name": name_of(user)},
        ),
        path=reverse("account_login"),
    )
