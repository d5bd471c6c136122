"""Send a mail of the newsroom to its people: by the outbox, so that no request waits for a mail server.

A mail leaves the house: it says who did what kind of thing, and where to look, and nothing of what a story says.
"""

from __future__ import annotations

from collections.abc import Iterable

from stories.actions.actors import Actor
from stories.actions.outbox.enqueue import enqueue_mails, mails


def send_mail(*, to: Iterable[str], user: Actor | None, subject: str, says: str, path: str) -> None:
    """Send one mail to each of the addresses; never to who did it (`user`), if somebody did.

    The mails are written in the action's transaction, and sent by the worker once it is committed.
    """
    own = getattr(user, "email", "").casefold()
    heard = [address for address in dict.fromkeys(to) if address and address.casefold() != own]
    enqueue_mails(mails(to=heard, subject=subject, says=says, path=path))
