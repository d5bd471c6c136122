"""Send a mail to the newsroom's people through the outbox, so that no request waits for a mail server.

A mail leaves the house: it says who did what kind of thing, and where to look, and nothing of what a story says.
"""

from __future__ import annotations

from collections.abc import Iterable

from stories.actions.actors import Actor
from stories.actions.outbox.enqueue import build_mails, enqueue_mails


def send_mail(*, to: Iterable[str], user: Actor | None, subject: str, body: str, path: str) -> None:
    """Send one mail to each of the addresses; never to the person who acted (`user`), if there is one.

    The mails are written in the action's transaction, and sent by the worker once it is committed.
    """
    own = getattr(user, "email", "").casefold()
    recipients = [address for address in dict.fromkeys(to) if address and address.casefold() != own]
    enqueue_mails(build_mails(to=recipients, subject=subject, body=body, path=path))
