"""Check what can prevent a publication: its time, the story's state, published notes."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from stories.actions.errors import PublishRefused
from stories.actions.publishing.cancellations import MARGIN
from stories.actions.publishing.embargoes import LATEST_END
from stories.domain.snapshot import StorySnapshot
from stories.models import Article, Embargo, Publication
from stories.queries.publishing.versions import live_publication, pending_publication
from stories.queries.publishing.withdrawals import is_discarded, withdrawal_in_force
from stories.queries.story.journals import newest_entry
from stories.time_labels import zoned_time_label


def check_time(article: Article, *, live_from: datetime, at: datetime, embargoed: bool = True) -> None:
    """Raise PublishRefused for a time at which a story can't go live.

    `embargoed` is False for a fix: the version it fixes is public already, so no promise is broken.
    """
    if live_from.tzinfo is None:
        raise PublishRefused(
            _("The time to go live has no time zone. Give it one, as in 2026-01-31T09:00+00:00."),
            about="live_from",
        )
    if live_from < at:
        raise PublishRefused(
            _("The time to go live is past. Publish now, or choose a time to come."), about="live_from"
        )
    if live_from > at + LATEST_END:
        raise PublishRefused(
            _("The time to go live is more than ten years ahead. Choose an earlier one."), about="live_from"
        )
    newest = newest_entry(Embargo, article)
    until = newest.until if newest is not None else None
    if embargoed and until is not None and live_from < until:
        raise PublishRefused(
            _("This story is under embargo until %(time)s. Choose a time from then on, or lift the embargo.")
            % {"time": zoned_time_label(until)},
            about="live_from",
        )


def require_publishable(
    article: Article, *, live_from: datetime, at: datetime, pending_choice: str
) -> tuple[Publication | None, Publication | None]:
    """Return the live and the pending publication; raise PublishRefused if either prevents publishing."""
    if withdrawal_in_force(article.pk) is not None:
        raise PublishRefused(_("This story is withdrawn. Bring it back first, then publish."))
    if is_discarded(article.pk):
        raise PublishRefused(_("This draft is discarded. Recover it first, then publish."))
    live = live_publication(article, at=at)
    if live is not None and live.live_from >= live_from:
        raise PublishRefused(_("A version went live this very moment. Try again."))
    pending = pending_publication(article, at=at)
    if pending is not None and pending.live_from <= at + MARGIN:
        # Cancelling it now could remove a version that readers already see.
        raise PublishRefused(_("A version is going live this very moment. Try again in a few seconds."))
    if pending is not None and pending_choice not in ("cancel", "rebase"):
        raise PublishRefused(
            _(
                "Revision %(number)s is already to go live on %(time)s. Say what happens to it: cancel it, "
                "or keep it with this change added."
            )
            % {"number": pending.revision.number, "time": zoned_time_label(pending.live_from)},
            about="pending",
        )
    if pending is not None and pending_choice == "rebase" and pending.live_from <= live_from:
        raise PublishRefused(
            _("What is scheduled goes live before this would. Cancel it instead."), about="pending"
        )
    return live, pending


def require_notes_unchanged(before: StorySnapshot, story: StorySnapshot) -> None:
    """Raise PublishRefused if a published note would be removed or changed."""
    now = {note.key: note for note in story.update_notes}
    if any(now.get(note.key) != note for note in before.update_notes):
        raise PublishRefused(
            _(
                "A note that readers have seen is missing from this revision, or reads otherwise. Put it back "
                "as it was; a new note may amend it."
            )
        )
