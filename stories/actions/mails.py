"""Mails that leave once what they tell of is committed."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from django.core import mail
from django.db import transaction

_log = logging.getLogger(__name__)


def send_later(subject: str, body: str, to: Sequence[str], *, about: str) -> None:
    """Send a mail to each address by itself, once the transaction is committed.

    One that can't be sent fails nothing: what it tells of stands on the page `about`, and the log says that nobody
    heard.
    """

    def send() -> None:
        try:
            with mail.get_connection() as connection:
                connection.send_messages([mail.EmailMessage(subject, body, to=[address]) for address in to])
        except Exception as error:
            # Its kind alone: its words may name addresses.
            _log.warning("A mail could not be sent (%s): %s", type(error).__name__, about)

    transaction.on_commit(send)
