"""What caches between us and readers have to let go of: written with the change itself, sent after it."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class PurgeOrder(models.Model):
    """Keys of pages that changed, to be told to the caches once `due_at` has come; again where that failed.

    A version that is scheduled is ordered when it is scheduled, for its time.
    """

    keys: models.JSONField[Any, Any] = models.JSONField(_("keys"), default=list)
    due_at = models.DateTimeField(_("due"))
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    error = models.TextField(_("what failed last"), blank=True)
    delivered_at = models.DateTimeField(_("delivered"), null=True)

    class Meta:
        verbose_name = _("purge order")
        verbose_name_plural = _("purge orders")
        indexes = [
            models.Index(
                name="purge_order_due", fields=["due_at"], condition=models.Q(delivered_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return " ".join(self.keys)
