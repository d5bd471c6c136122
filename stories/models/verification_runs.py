"""When the ledger was verified, and what was found."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from stories.models.record.recording import Guarded


class VerificationRun(Guarded):
    """One run of the verification, as it ended. `since` is the first entry that it checked, 1 for all.

    `findings` has the first of them, each as [sequence or None, sentence]; `found` is how many there were. `erasures`
    lists the newest of those that no saved head confirmed, and `erased` is how many there were.
    """

    write_with = "Runs are entered by stories.actions.record.verification alone."

    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"))
    since = models.BigIntegerField(_("from entry"), default=1)
    entries = models.BigIntegerField(_("entries"))
    rows = models.BigIntegerField(_("rows"))
    sequence = models.BigIntegerField(_("head"))
    digest = models.CharField(_("digest of the head"), max_length=64)
    found = models.PositiveIntegerField(_("findings"))
    findings: models.JSONField[Any, Any] = models.JSONField(default=list)
    erased = models.PositiveIntegerField(_("erasures"), default=0)
    erasures: models.JSONField[Any, Any] = models.JSONField(default=list)

    class Meta(Guarded.Meta):
        verbose_name = _("verification")
        verbose_name_plural = _("verifications")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.finished_at:%Y-%m-%d %H:%M}"
