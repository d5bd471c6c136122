"""The worker's heartbeat, by which a replica shows how far behind it is."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Heartbeat(models.Model):
    """When the worker last wrote here, by the clock of the database: one row, on PostgreSQL alone.

    Whatever was committed before that time is also there for whoever reads this row. Not part of the record.
    """

    beat_at = models.DateTimeField(_("time"), editable=False)

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")

    def __str__(self) -> str:
        return f"{self.beat_at:%Y-%m-%d %H:%M:%S}"
