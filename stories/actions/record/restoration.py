"""Accept a restored copy of the database that lacks entries which had been published."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from stories.actions.actors import Actor, actor_columns, addresses_of, auditors, name_of
from stories.actions.errors import Refused
from stories.actions.mail import send_mail
from stories.actions.record.ledger import append_entries, lock_ledger, write_event
from stories.actions.times import current_time
from stories.models import Restoration
from stories.queries.ledger.published_heads import ledger_state, lost_head


@transaction.atomic
def accept_restored_ledger(*, reason: str, user: Actor, at: datetime | None = None) -> Restoration:
    """Let the ledger go on from an older copy, and record which published head it lacks; return the Restoration.

    For whoever runs the server: nobody else can restore a database. Auditors are notified by mail. Raises Refused if
    the database lacks nothing.
    """
    lock_ledger()
    lost, state = lost_head(), ledger_state()
    if lost is None or state is None:
        raise Refused(_("The database has every entry that was published here. There is nothing to accept."))
    if not reason.strip():
        raise Refused(_("Say why an older copy was restored: auditors read it in the ledger."))
    written = write_event(
        Restoration(
            lost_sequence=lost.sequence,
            lost_digest=lost.digest,
            kept_sequence=state.head.sequence,
            kept_digest=state.head.digest,
            # Whatever was published before counts as older from here on.
            generation=max(lost.generation, state.head.generation) + 1,
            reason=reason,
            **actor_columns(user, at or current_time()),
        )
    )
    send_mail(
        to=addresses_of(auditors()),
        user=None,
        compose=lambda: (
            _("The ledger: a restored older copy was accepted"),
            _(
                "%(name)s accepted an older copy of the database. It goes on after entry %(kept)s, and entry %(lost)s, "
                "which had been published, is not in it: whatever was done in between is gone. The entry says why."
            )
            % {"name": name_of(user), "kept": state.head.sequence, "lost": lost.sequence},
        ),
        path=reverse("audit:entry", args=[state.head.sequence + 1]),
    )
    append_entries(written)
    return written.event
