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
from django.core import mail as django_mail
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from stories.actions.outbox.channels import MessageRefused, run_with_timeout
from stories.actions.outbox.mailed_links import matter_of
from stories.models import OutboxMessage

# For one mail as a whole; the backend's own time-out applies to each step of it.
TIMEOUT: Final = 30.0
CLOSE_TIMEOUT: Final = 2.0

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
                run_with_timeout(CLOSE_TIMEOUT, connection.close)

    def _send(self, mail: EmailMessage) -> None:
        # A failed connection is never reused, nor closed with QUIT: a server that hangs would not answer.
        connection, self._connection = self._connection or new_connection(), None
        try:
            run_with_timeout(TIMEOUT, partial(_open_and_send, connection, mail))
        except (SMTPRecipientsRefused, SMTPDataError, SMTPNotSupportedError) as error:
            self._connection = connection
            raise MessageRefused(_error_codes(error)) from None
        except OSError as error:
            raise OSError(_error_codes(error)) from None
        self._connection = connection


def new_connection() -> BaseEmailBackend:
    """Return the connection that EMAIL_URL names, not opened yet."""
    # Django 6.1 has `mailers`, and deprecates `get_connection`.
    mailers = getattr(django_mail, "mailers", None)
    connection: BaseEmailBackend = mailers.default if mailers else django_mail.get_connection()
    return connection


def _open_and_send(connection: BaseEmailBackend, mail: EmailMessage) -> None:
    connection.open()
    connection.send_messages([mail])


def _compose_stored(message: OutboxMessage) -> EmailMessage:
    """Return a mail whose text is in its row."""
    payload = message.payload
    return _mail(message, payload["to"], payload["subject"], payload["says"], payload["path"])


def _compose_link(message: OutboxMessage) -> EmailMessage | None:
    """Return a mail with a link that is made now, None if there is no reason for it any more."""
    found = matter_of(message)
    if found is None:
        return None
    matter, path = found
    return _mail(message, matter.to, matter.subject, matter.body, path)


def _mail(message: OutboxMessage, to: str, subject: str, says: str, path: str) -> EmailMessage:
    headers = {"Auto-Submitted": "auto-generated"}
    if message.pk is not None:
        # The same at every attempt: most mail programs show a mail once even if it was sent twice.
        name = f"outbox-{message.pk}-{message.due_at:%Y%m%d%H%M%S}"
        headers["Message-ID"] = f"<{name}@{urlsplit(settings.SITE_URL).hostname}>"
    return EmailMessage(subject, f"{says}\n\n{settings.SITE_URL}{path}\n", to=[to], headers=headers)


# Composes a mail of each kind when it is sent; None if there is no reason for it any more. A mail that
# carries a token has a kind of its own: its row has ids, and the token is made here, so that none is ever stored.
COMPOSERS: Final[dict[str, Compose]] = {
    OutboxMessage.Kind.MAIL.value: _compose_stored,
    OutboxMessage.Kind.LINK.value: _compose_link,
}


def _error_codes(error: OSError) -> str:
    """Return the class and codes of an error, without its message, which may contain addresses."""
    codes = [getattr(error, "smtp_code", None)]
    if isinstance(error, SMTPRecipientsRefused):
        codes = [code for code, _words in error.recipients.values()]
    return " ".join([type(error).__name__, *(str(code) for code in codes if code)])
