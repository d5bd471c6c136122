"""Outgoing messages: mails, and the keys of pages that caches have to drop."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class OutboxQuerySet(models.QuerySet["OutboxMessage"]):
    def due(self, at: datetime) -> OutboxQuerySet:
        """Return what may be sent now: its time has come, and no worker has leased it."""
        unleased = models.Q(leased_until__isnull=True) | models.Q(leased_until__lte=at)
        return self.filter(unleased, next_try_at__lte=at)

    def waiting(self, at: datetime) -> OutboxQuerySet:
        """Return what should have been sent by now, whether or not it was tried."""
        return self.filter(due_at__lte=at)

    def most_urgent_first(self) -> OutboxQuerySet:
        return self.order_by("priority", "due_at", "pk")


class OutboxMessage(models.Model):
    """A message that the worker (`manage.py deliver --watch`) sends, and deletes once it is delivered.

    Written in the transaction of the change that it reports, so that neither exists without the other. Not part of the
    record. The payload contains no token and no words of a story.
    """

    class Kind(models.TextChoices):
        PURGE = "purge", _("purge of a cache")
        MAIL = "mail", _("mail")
        LINK = "link", _("mail with a link")

    class Priority(models.IntegerChoices):
        """The order in which messages are sent: what must no longer be seen goes first."""

        TAKEDOWN = 0, _("takedown")
        PUBLICATION = 1, _("publication")
        REST = 2, _("rest")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    priority = models.PositiveSmallIntegerField(
        _("priority"), choices=Priority.choices, default=Priority.REST
    )
    payload: models.JSONField[Any, Any] = models.JSONField(_("payload"))
    # The purge of a scheduled version is enqueued when it is scheduled, for its time.
    due_at = models.DateTimeField(_("due"))
    next_try_at = models.DateTimeField(_("next try"))
    # Set by the worker that is sending the message: no other claims it before then.
    leased_until = models.DateTimeField(_("leased until"), null=True)
    attempts = models.PositiveIntegerField(_("failed attempts"), default=0)
    error = models.TextField(_("why the last attempt failed"), blank=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        verbose_name = _("outbox message")
        verbose_name_plural = _("outbox messages")
        indexes = [models.Index(name="outbox_urgency", fields=["priority", "due_at", "id"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
