"""Invitations: how accounts are made. The ledger has an entry of each as a change of rights."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Invitation(models.Model):
    """A person's invitation to their account, which is inactive until they accept it.

    `sent_at` and who sent it are those of the newest mail. Names are kept as text: accounts may be deleted.
    """

    account = models.OneToOneField("stories.User", on_delete=models.CASCADE, related_name="invitation")
    # "" if a script on the server invited the person.
    sent_by_name = models.CharField(_("sent by"), max_length=200, blank=True, editable=False)
    invited_at = models.DateTimeField(_("invited"), editable=False)
    sent_at = models.DateTimeField(_("sent"), editable=False)
    accepted_at = models.DateTimeField(_("accepted"), null=True, editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, editable=False)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.account)
