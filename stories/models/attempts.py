"""Attempts at a password or a code that are not known to have succeeded."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class FailedAttempt(models.Model):
    """An attempt to prove who one is, counted before it is made, and deleted if it succeeds.

    An attempt has a row for each subject that it is counted for: an account at a client's address, the address, the
    account. A subject is a keyed digest: the table names neither people nor where they are. Not part of the record.
    """

    subject = models.CharField(_("subject"), max_length=64, editable=False)
    at = models.DateTimeField(_("time"), editable=False)

    class Meta:
        verbose_name = _("failed attempt")
        verbose_name_plural = _("failed attempts")
        indexes = [
            models.Index(name="attempt_by_subject", fields=["subject", "at"]),
            models.Index(name="attempt_by_time", fields=["at"]),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S}"
