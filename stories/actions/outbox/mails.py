"""Send mails, one at a time, through EMAIL_URL."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from functools import partial
from smtplib import SMTPDataError, SMTPNotSupportedError, SMTPRecipientsRefused
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from stories.actions.outbox.channels import MessageRefused, within
from stories.models import OutboxMessage

# For the whole of one mail; EMAIL_TIMEOUT is for each step of it.
TIMEOUT: Final = 30.0
TO_CLOSE: Final = 2.0

Compose = Callable[[OutboxMessage], EmailMessage | None]


class MailChannel:
    """Sends through one connection, until it is closed or fails."""

    lease = timedelta(minutes=2)
    first_wait = timedelta(seconds=5)
    longest_wait = timedelta(minutes=1)

    def __init__(self) -> None:
        self.kinds = frozenset(COMPOSERS)
        self._connection: BaseEmailBackend | None = None

    def count_together(self, messages: Sequence[OutboxMessage]) -> int:
        return 1

    def send(self, messages: Sequence[OutboxMessage]) -> None:
        for message in messages:
            mail = COMPOSERS[message.kind](message)
            if mail is not None:
                self._send(mail)

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(OSError):
                within(TO_CLOSE, connection.close)

    def _send(self, mail: EmailMessage) -> None:
        # One that fails is never used again, nor told goodbye: a server that hangs would not hear it.
        connection, self._connection = self._connection or get_connection(), None
        try:
            within(TIMEOUT, partial(_open_and_send, connection, mail))
        except (SMTPRecipientsRefused, SMTPDataError, SMTPNotSupportedError) as error:
            self._connection = connection
            raise MessageRefused(_in_short(error)) from None
        except OSError as error:
            raise OSError(_in_short(error)) from None
        self._connection = connection


def _open_and_send(connection: BaseEmailBackend, mail: EmailMessage) -> None:
    connection.open()
    connection.send_messages([mail])


def _stored(message: OutboxMessage) -> EmailMessage:
    """A mail whose words are in its row."""
    payload = message.payload
    body = f"{payload['says']}\n\n{settings.SITE_URL}{payload['path']}\n"
    headers = {"Auto-Submitted": "auto-generated"}
    if message.pk is not None:
        # The same at every try: most mail programs show a mail once that was sent twice.
        name = f"outbox-{message.pk}-{message.due_at:%Y%m%d%H%M%S}"
        headers["Message-ID"] = f"<{name}@{urlsplit(settings.SITE_URL).hostname}>"
    return EmailMessage(payload["subject"], body, to=[payload["to"]], headers=headers)


# How a mail of each kind is made, at the moment it is sent; None if there is no reason for it any more. A mail that
# carries a token has a kind of its own: its row holds ids, and the token is made here, so that none is ever stored.
COMPOSERS: Final[dict[str, Compose]] = {OutboxMessage.Kind.MAIL.value: _stored}


def _in_short(error: OSError) -> str:
    """What failed, without its words: they may name addresses."""
    codes = [getattr(error, "smtp_code", None)]
    if isinstance(error, SMTPRecipientsRefused):
        codes = [code for code, _words in error.recipients.values()]
    return " ".join([type(error).__name__, *(str(code) for code in codes if code)])
