"""Deliver the outbox: claim, commit, send, mark.

Each message is delivered at least once, and no transaction is open while something is sent.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from stories.actions.outbox.channels import Channel, MessageRefused
from stories.actions.outbox.mails import MailChannel
from stories.actions.outbox.purges import PurgeChannel
from stories.models import OutboxMessage

# How many messages are read for one sending.
_MOST_CLAIMED: Final = 200
# A refused message is retried at growing intervals, and dropped after some days, as mail servers do.
_REFUSED_FIRST_WAIT: Final = timedelta(minutes=1)
_REFUSED_LONGEST_WAIT: Final = timedelta(hours=1)
DROPPED_AFTER: Final = timedelta(days=3)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Delivered:
    """How many messages were delivered, and how many attempts failed."""

    sent: int = 0
    failed: int = 0


class Deliverer:
    """Delivers due messages, round by round; several may run at once, in several processes."""

    def __init__(
        self,
        channels: Sequence[Channel] | None = None,
        *,
        clock: Callable[[], datetime] = timezone.now,
    ) -> None:
        self._channels = channels if channels is not None else (PurgeChannel(), MailChannel())
        self._clock = clock
        # Sent but not marked, because the database went away in between.
        self._unmarked: list[int] = []

    def deliver(self, *, stopped: Callable[[], bool] = lambda: False) -> Delivered:
        """Send what is due, the most urgent first, until nothing is left or `stopped` returns True.

        A channel whose receiver is down is skipped for the rest of the round; the others go on. Raises django.db.Error
        if the database goes away; what was not marked is sent again once its lease is over.
        """
        sent = failed = 0
        channels = list(self._channels)
        self._mark_delivered([])
        try:
            while channels and not stopped():
                messages, channel = self._claim(channels)
                if channel is None:
                    break
                try:
                    channel.send(messages)
                except OSError as error:
                    channels.remove(channel)
                    failed += len(messages)
                    self._postpone_channel(channel, messages, str(error))
                except Exception as error:
                    # This message alone failed: it must not block those after it.
                    failed += len(messages)
                    self._postpone(messages, error)
                else:
                    sent += len(messages)
                    self._mark_delivered(messages)
        finally:
            for channel in self._channels:
                channel.close()
        return Delivered(sent, failed)

    def _claim(self, channels: Sequence[Channel]) -> tuple[list[OutboxMessage], Channel | None]:
        """Lease the most urgent messages that are sent together, and commit; return them with their channel."""
        at = self._clock()
        by_kind = {kind: channel for channel in channels for kind in channel.kinds}
        due = OutboxMessage.objects.due(at).filter(kind__in=by_kind)
        # On SQLite a transaction takes the write lock, so an idle worker only reads.
        if not due.exists():
            return [], None
        with transaction.atomic(durable=True):
            found = list(due.select_for_update(skip_locked=True).most_urgent_first()[:_MOST_CLAIMED])
            if not found:
                return [], None
            channel = by_kind[found[0].kind]
            of_kind = [message for message in found if message.kind == found[0].kind]
            messages = of_kind[: channel.count_together(of_kind)]
            until = at + channel.lease
            OutboxMessage.objects.filter(pk__in=[each.pk for each in messages]).update(leased_until=until)
        for message in messages:
            message.leased_until = until
        return messages, channel

    def _mark_delivered(self, messages: Sequence[OutboxMessage]) -> None:
        self._unmarked += [message.pk for message in messages]
        if self._unmarked:
            OutboxMessage.objects.filter(pk__in=self._unmarked).delete()
            self._unmarked = []

    def _postpone_channel(self, channel: Channel, messages: Sequence[OutboxMessage], error: str) -> None:
        """Postpone these messages and all that are due on their channel, but none that is enqueued later."""
        at = self._clock()
        retry_at = at + _wait(messages[0].attempts, channel.first_wait, channel.longest_wait)
        self._release(messages, error, retry_at)
        with transaction.atomic():
            # Rows locked by other workers are skipped, so that two that fail at once never deadlock.
            others = OutboxMessage.objects.due(at).filter(kind__in=channel.kinds)
            others = others.select_for_update(skip_locked=True)
            OutboxMessage.objects.filter(pk__in=others.values("pk")).update(next_try_at=retry_at)
        _log.warning("A %s could not be sent (%s); it is tried again.", messages[0].kind, error)

    def _postpone(self, messages: Sequence[OutboxMessage], error: Exception) -> None:
        """Postpone these messages, each by itself; drop those that were refused for days."""
        at = self._clock()
        # Only our own errors are known to contain no addresses.
        reason = str(error) if isinstance(error, MessageRefused) else type(error).__name__
        for message in messages:
            if at - message.due_at > DROPPED_AFTER:
                OutboxMessage.objects.filter(pk=message.pk).delete()
                _log.error("A %s was refused for days and is dropped (%s).", message.kind, reason)
            else:
                wait = _wait(message.attempts, _REFUSED_FIRST_WAIT, _REFUSED_LONGEST_WAIT)
                self._release([message], reason, at + wait)
                _log.warning("A %s was refused (%s); it is tried again.", message.kind, reason)

    def _release(self, messages: Sequence[OutboxMessage], error: str, retry_at: datetime) -> None:
        # Only what is still leased to us: after that another worker may have claimed it.
        leased = OutboxMessage.objects.filter(
            pk__in=[message.pk for message in messages], leased_until=messages[0].leased_until
        )
        leased.update(leased_until=None, attempts=F("attempts") + 1, error=error[:500], next_try_at=retry_at)


def _wait(attempts: int, first: timedelta, longest: timedelta) -> timedelta:
    """Return the wait after so many failed attempts and one more."""
    return min(longest, first * float(2 ** min(attempts, 20)))
