"""Send a mail to the newsroom's people through the outbox, so that no request waits for a mail server.

A mail leaves the house: it says who did what kind of thing, and where to look, and nothing of what a story says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.conf import settings

from stories.actions.actors import Actor, site_locale
from stories.actions.outbox.enqueue import build_mails, enqueue_mails
from stories.models import MailKind, User


def send_mail(
    *,
    to: Iterable[str],
    user: Actor | None,
    compose: Callable[[], tuple[str, str]],
    path: str,
    kind: MailKind | None = None,
) -> None:
    """Send one mail to each of the addresses; never to the person who acted (`user`), if there is one.

    `compose` returns subject and text; it is called once a recipient, in the language and time zone of theirs. People
    who do not want mails of this `kind` get none; None is for what is a duty. The mails are written in the action's
    transaction, and sent by the worker once it is committed.
    """
    own = getattr(user, "email", "").casefold()
    recipients = [address for address in dict.fromkeys(to) if address and address.casefold() != own]
    people = {person.email: person for person in User.objects.filter(email__in=recipients)}
    messages = []
    for address in recipients:
        person = people.get(address.lower())
        # What the site sends to the desk is nobody's own.
        if person is not None and kind in person.muted_mails and address not in settings.DESK_EMAIL:
            continue
        with person.locale() if person is not None else site_locale():
            subject, body = compose()
            messages += build_mails(to=[address], subject=subject, body=body, path=path)
    enqueue_mails(messages)
