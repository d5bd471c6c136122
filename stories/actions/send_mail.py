"""Send a mail of the newsroom to its people, once what it tells of is committed.

A mail leaves the house: it says who did what kind of thing, and where to look, and nothing of what a story says.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable

from django.conf import settings
from django.core import mail
from django.db import transaction

from stories.actions.people import Actor

_log = logging.getLogger(__name__)


def send_mail(*, to: Iterable[str], user: Actor | None, subject: str, says: str, path: str) -> None:
    """Send one mail to each of the addresses after the transaction; never to who did it (`user`), if somebody did.

    A mail that can't be sent fails nothing: what happened is on the desk, and the log says that nobody heard.
    """
    own = getattr(user, "email", "").casefold()
    heard = [address for address in dict.fromkeys(to) if address and address.casefold() != own]
    if not heard:
        return
    body = f"{says}\n\n{settings.SITE_URL}{path}\n"

    def send() -> None:
        try:
            with mail.get_connection() as connection:
                connection.send_messages(
                    [mail.EmailMessage(subject, body, to=[address]) for address in heard]
                )
        except Exception as error:
            # Its kind alone: its words may name addresses.
            _log.warning("A mail could not be sent (%s): %s", type(error).__name__, path)

    transaction.on_commit(send)
