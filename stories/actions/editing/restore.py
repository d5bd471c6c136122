"""Restore a story to an earlier revision, as a new revision that names its source."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from stories.actions.actors import Actor, site_text
from stories.actions.editing.clean import clean_story
from stories.actions.editing.revise import lock, write
from stories.actions.errors import Refused
from stories.actions.permissions import require_edit, require_move
from stories.actions.record.ledger import append_entries
from stories.actions.times import current_time
from stories.domain.snapshot import StorySnapshot
from stories.models import Article, Revision
from stories.models.record.revisions import RevisionSource
from stories.queries.publishing.versions import published_note_keys
from stories.queries.story.snapshots import latest_revision, snapshot_at, working_rows


@transaction.atomic
def restore(
    *,
    article: Article,
    revision: int,
    seen: int,
    user: Actor,
    reason: str = "",
    at: datetime | None = None,
) -> Revision:
    """Make the whole story read as at revision number `revision`; return the new Revision.

    Blocks deleted since come back under their keys, in the order of that revision. Published and scheduled notes stay:
    nothing removes those. `seen` is the newest revision that the person saw: restoring undoes what came after it, so
    nobody does it unawares.

    Raises PermissionDenied; Refused if there is no such revision, somebody saved since, or nothing would change.
    """
    locked = lock(article)
    at = at or current_time()
    require_edit(user, locked)
    newest = latest_revision(locked.pk)
    if seen != newest:
        raise Refused(
            _(
                "Somebody saved this story since you looked: it is at revision %(newest)s now. Nothing was restored. "
                "Look at what they changed, then restore."
            )
            % {"newest": newest}
        )
    if not 1 <= revision <= newest:
        raise Refused(_("This story has no revision %(number)s.") % {"number": revision})
    then = snapshot_at(locked.pk, revision)
    rows = working_rows(locked)
    require_move(user, locked, to=then.section or None)
    written = write(
        rows=rows,
        story=clean_story(restored_story(locked, then, rows.story), rows.story, locked),
        number=newest + 1,
        user=user,
        reason=reason.strip() or site_text(lambda: _("Restored revision %(number)s") % {"number": revision}),
        at=at,
        source=(RevisionSource.RESTORED, revision),
    )
    if written is None:
        raise Refused(
            _("The story reads as at revision %(number)s already, so nothing was restored.")
            % {"number": revision}
        )
    append_entries(written)
    return written.event


def restored_story(article: Article, then: StorySnapshot, now: StorySnapshot) -> StorySnapshot:
    """Return the story as it read then, but with the published notes as they are now, in their order."""
    seen = published_note_keys(article)
    published = {note.key: note for note in now.update_notes if note.key in seen}
    unpublished = [note for note in then.update_notes if note.key not in published]
    return replace(then, update_notes=(*published.values(), *unpublished))
