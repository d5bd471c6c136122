"""Take back what one published oneself, within a few minutes: in view of readers, and of every managing editor.

A version never disappears. The first one is withdrawn with a notice; a later one is followed by another version, which
reads as the one before it and says so in a note.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from stories.actions.actors import Actor, actor_columns, managing_editors, name_of, site_text
from stories.actions.editing.clean import clean_story
from stories.actions.errors import Refused
from stories.actions.mail import send_mail
from stories.actions.permissions import may_publish, require, require_publish
from stories.actions.publishing.announcement import Announcement
from stories.actions.publishing.checks import require_publishable
from stories.actions.publishing.publishing_session import PublishingSession, publishing_session, with_notes
from stories.actions.record.replicas import applied_on_replicas
from stories.actions.takedown.stale_copies import invalidate_stale_copies
from stories.actions.texts import require_reason, require_words
from stories.domain.snapshot import NoteKind, UpdateNote
from stories.models import Article, Publication, PublicationClass, Withdrawal
from stories.models.record.revisions import RevisionSource
from stories.queries.publishing.versions import pending_publication
from stories.queries.publishing.withdrawals import withdrawal_in_force
from stories.queries.publishing.withholdings import current_mask
from stories.queries.story.snapshots import snapshot_pair
from stories.time_labels import zoned_time_label


def take_back_until(publication: Publication) -> datetime | None:
    """Return until when a version may be taken back by its publisher, None if the newsroom lets nobody do so."""
    minutes: int | None = settings.TAKE_BACK_MINUTES
    return publication.live_from + timedelta(minutes=minutes) if minutes else None


def may_take_back(user: Actor, article: Article, publication: Publication, *, at: datetime) -> bool:
    """Return whether somebody may take a live version back at a time: who published it, while they may publish.

    Not one that took another back itself: what was taken back is published again with a note that says so.
    """
    until = take_back_until(publication)
    is_theirs = user.pk is not None and publication.user_id == user.pk
    return (
        is_theirs
        and until is not None
        and at < until
        and may_publish(user, article)
        and not takes_back(publication)
    )


@applied_on_replicas()
def take_back_version(
    *, publication: Publication, note: str, user: Actor, reason: str, at: datetime | None = None
) -> Withdrawal | Publication:
    """Take back the live version; return the Withdrawal of a first one, the Publication that follows a later one.

    `note` is what readers find: the notice in the place of a first version, or the note on the text from
    before. `reason` is internal. Every managing editor is notified.

    Raises PermissionDenied for anybody but who published it; Refused if the time for it is over, if it is not what
    readers see, if another version is to go live, if the version before is withheld or erased, and without a reason.
    """
    with publishing_session(publication.article, user=user, at=at) as session:
        require_publish(user, session.article)
        require(
            user.pk is not None and publication.user_id == user.pk,
            _("Only %(name)s, who published this version, may take it back. Fix what is live instead.")
            % {"name": publication.user_name},
        )
        live = _require_in_time(session, publication)
        require_words(note, _("Write what readers find: two words at least."))
        require_reason(reason, _("Say why you take it back. Readers don’t see this."))
        reason = site_text(lambda: _("Taken back: %(reason)s")) % {"reason": reason.strip()}
        event = (
            _take_down(session, note, reason)
            if live.base is None
            else _follow(session, live, live.base, note, reason)
        )
        _notify(session)
        return event


def _require_in_time(session: PublishingSession, publication: Publication) -> Publication:
    """Return the live version, which is the one to take back; raise Refused if it can't be taken back now."""
    article, at = session.article, session.at
    until = take_back_until(publication)
    if until is None:
        raise Refused(_("Versions are not taken back in this newsroom. Fix what is live instead."))
    if withdrawal_in_force(article.pk) is not None:
        raise Refused(_("This story is withdrawn already."))
    if pending_publication(article, at=at) is not None:
        raise Refused(_("A further version is to go live. Cancel it first, then take this one back."))
    live, _pending = require_publishable(article, live_from=at, at=at, pending_choice="")
    if live is None or live.pk != publication.pk:
        raise Refused(
            _(
                "This is not the version that readers see: another one has gone live since, or it was taken back "
                "already. Nothing was changed."
            )
        )
    if at >= until:
        raise Refused(
            _(
                "A version may be taken back for a few minutes, and the time for this one ended at %(time)s. Fix it."
            )
            % {"time": zoned_time_label(until)}
        )
    if takes_back(live):
        raise Refused(
            _(
                "This version took another one back. To publish that one again, restore its text and say in a note why "
                "it stands again."
            )
        )
    return live


def takes_back(publication: Publication) -> bool:
    """Return whether a version itself took another one back: it was made of a revision from before that one's."""
    source, base = publication.revision, publication.base
    return (
        base is not None
        and source.source_kind == RevisionSource.MADE_OF
        and (source.source_revision or 0) < base.revision.number
    )


def _take_down(session: PublishingSession, notice: str, reason: str) -> Withdrawal:
    """Withdraw a story of which nothing else was ever live."""
    invalidate_stale_copies()
    return session.record(
        Withdrawal(
            article=session.article,
            withdrawn=True,
            notice=notice.strip(),
            reason=reason,
            **actor_columns(session.user, session.at),
        )
    )


def _follow(
    session: PublishingSession, live: Publication, before: Publication, note: str, reason: str
) -> Publication:
    """Publish the text of the version before, with every note that readers have seen and one more."""
    article = session.article
    if before.pk in current_mask(article.pk).publications:
        raise Refused(
            _(
                "The version before this one is withheld or erased, so its text can’t stand again. Fix what is live, "
                "or ask a managing editor to withdraw the story."
            )
        )
    added = UpdateNote(key=uuid4(), kind=NoteKind.EDITORS_NOTE, text=note)
    announcement = Announcement(notes=(added,), reason=reason)
    then, now = snapshot_pair(article.pk, before.revision.number, live.revision.number)
    story = clean_story(with_notes(replace(then, update_notes=now.update_notes), announcement), now, article)
    revision = session.save(
        story,
        edits_base=now,
        reason=reason,
        reapply_reason=site_text(
            lambda: _("Edits that wait, on top of the text from before the version that was taken back")
        ),
        source_revision=before.revision.number,
    )
    # Readers are told what happened, so nothing is to be classified: nobody was wrong, and the world did not move on.
    return session.publish(
        revision,
        story,
        base=live,
        before=now,
        announcement=announcement,
        live_from=session.at,
        publication_class=PublicationClass.NOTED,
    )


def _notify(session: PublishingSession) -> None:
    """Notify every managing editor, of whatever section; never the person who took the version back."""
    send_mail(
        to=managing_editors().values_list("email", flat=True),
        user=session.user,
        compose=lambda: (
            _("The desk: a version was taken back"),
            _("%(name)s took back a version shortly after publishing it. The story’s history says why.")
            % {"name": name_of(session.user)},
        ),
        path=reverse("admin:stories_article_history", args=[session.article.pk]),
    )
