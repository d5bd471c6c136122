"""Requests for a link to set a new password."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class PasswordReset(models.Model):
    """A request for a link, of which an account's newest alone works, and once.

    It names no account if none gets a mail: whether it does, does not change what is written.
    """

    account = models.ForeignKey(
        "stories.User", on_delete=models.CASCADE, null=True, related_name="password_resets"
    )
    # The managing editor who let it be sent, "" if somebody asked for it at the sign-in.
    sent_by_name = models.CharField(_("sent by"), max_length=200, blank=True, editable=False)
    requested_at = models.DateTimeField(_("requested"), db_index=True, editable=False)
    used_at = models.DateTimeField(_("used"), null=True, editable=False)

    class Meta:
        verbose_name = _("request to reset a password")
        verbose_name_plural = _("requests to reset a password")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.pk}"
