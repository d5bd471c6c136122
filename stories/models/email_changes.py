"""E-mail addresses that people have asked for, and not confirmed yet."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from stories.models.users import LowerEmailField


class EmailChange(models.Model):
    """The address that an account has asked for, until the link that was mailed there is opened. Not of the record."""

    account = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="email_change",
        verbose_name=_("account"),
    )
    address = LowerEmailField(_("new email address"))
    asked_at = models.DateTimeField(_("asked"))

    class Meta:
        verbose_name = _("change of an email address")
        verbose_name_plural = _("changes of email addresses")

    def __str__(self) -> str:
        return str(self.account)
