"""Publish a story that may have unpublished edits: what publishing, fixing, rebasing and importing share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from stories.actions.actors import Actor, actor_columns, site_text
from stories.actions.editing.clean import clean_story, place_of
from stories.actions.editing.revise import lock, write
from stories.actions.errors import PublishRefused
from stories.actions.permissions import require_override, require_within_limit
from stories.actions.publishing.announcement import Announcement, classify
from stories.actions.publishing.checks import require_notes_unchanged
from stories.actions.publishing.publications import new_notes, record_publication
from stories.actions.record.ledger import Event, Written, append_entries, write_event
from stories.actions.times import current_time
from stories.domain.diff.compare import diff
from stories.domain.merge.merge import Conflict, merge
from stories.domain.significance.data import Level
from stories.domain.significance.measure import measure
from stories.domain.snapshot import EMPTY, PublicStory, StorySnapshot
from stories.domain.text.mask import NOTHING
from stories.models import Article, Cancellation, Publication, PublicationClass, Revision
from stories.models.record.revisions import Journal, RevisionSource
from stories.queries.publishing.developing_mode import is_developing
from stories.queries.story.snapshots import latest_revision, snapshot_at, working_rows

# Versions of these classes do not tell readers what changed.
SILENT_CLASSES = (PublicationClass.MINOR, PublicationClass.TRANSCRIPTION)


@contextmanager
def publishing_session(article: Article, *, user: Actor, at: datetime | None) -> Iterator[PublishingSession]:
    """Open a story for publishing, in one transaction and under its lock; `at` is now if None.

    The ledger entries are appended together when the block ends: nothing is written after them.
    """
    with transaction.atomic():
        locked = lock(article)
        # The clock is read under the lock: whoever waited for the lock acts after its previous holder.
        session = PublishingSession(locked, user, at or current_time())
        yield session
        session.close()


@dataclass
class PublishingSession:
    """A story that is being published, under its lock: by whom, when, and the events written so far."""

    article: Article
    user: Actor
    at: datetime
    _written: list[Written[Journal]] = field(default_factory=list)

    def close(self) -> None:
        """Append the ledger entries of all events: the last write of the transaction."""
        append_entries(*self._written)

    def collect(self, written: Written[Event]) -> Event:
        """Collect a written event, to append its entry at the end; return the event."""
        self._written.append(written)
        return written.event

    def record(self, event: Event) -> Event:
        """Write an event; its entry is appended at the end."""
        return self.collect(write_event(event))

    def cancel(self, pending: Publication, *, reason: str) -> None:
        """Cancel a publication that another one supersedes."""
        self.record(
            Cancellation(
                article=self.article, publication=pending, reason=reason, **actor_columns(self.user, self.at)
            )
        )

    def save(
        self,
        story: StorySnapshot,
        *,
        edits_base: StorySnapshot,
        reason: str,
        reapply_reason: str,
        source_revision: int | None = None,
    ) -> Revision:
        """Save a clean story as a revision, and reapply unpublished edits on top; return the revision.

        `edits_base` is the story that the unpublished edits started from. If they and `story` change the same words,
        the edits win, and their revision says where to look. `reapply_reason` is that revision's reason;
        `source_revision` the number of the earlier revision that `story` is based on.
        """
        rows = working_rows(self.article)
        waiting = rows.story
        number = latest_revision(self.article.pk)
        written = write(
            rows=rows,
            story=story,
            number=number + 1,
            user=self.user,
            reason=reason,
            at=self.at,
            source=(RevisionSource.MADE_OF, source_revision) if source_revision else None,
        )
        if written is None:
            # The working copy already reads like this: its newest revision is the one to publish.
            return Revision.objects.get(article=self.article, number=number)
        revision = self.collect(written)
        if waiting != edits_base:
            merged = merge(edits_base, waiting, story, prefer="mine")
            put_back = write(
                rows=working_rows(self.article),
                story=clean_story(merged.story, story, self.article),
                number=revision.number + 1,
                user=self.user,
                reason=reapply_reason,
                at=self.at,
                attention=site_text(lambda: attention_message(merged.story, merged.conflicts)),
                source=(RevisionSource.PUT_BACK, number),
            )
            if put_back is not None:
                self.collect(put_back)
        return revision

    def publish(
        self,
        revision: Revision,
        story: StorySnapshot,
        *,
        base: Publication | None,
        before: StorySnapshot,
        announcement: Announcement,
        live_from: datetime,
        publication_class: PublicationClass | None = None,
    ) -> Publication:
        """Publish a revision, subject to the rules on what readers are told.

        `publication_class` is for a further version whose class the caller knows, None to follow from the announcement.

        `story` is how it reads, `base` the publication it follows (None for a first version), `before` how that reads.
        Raises PermissionDenied for a section that this person's rights do not reach: a revision may stand in another
        than the working copy.
        """
        require_within_limit(self.user, story.section, story.section_name)
        require_notes_unchanged(before, story)
        public, known = story.public(withheld=NOTHING), before.public(withheld=NOTHING)
        notes = new_notes(public, known)
        chosen, change, measured = PublicationClass.FIRST, None, None
        if base is not None:
            change = diff(known, public)
            measured = measure(change)
            chosen = publication_class or classify(
                announcement,
                notes=notes,
                measured=measured,
                developing=is_developing(self.article.pk, at=live_from),
            )
            if chosen == PublicationClass.MINOR:
                self._refuse_salami_changes(base, public)
        return self.collect(
            record_publication(
                article=self.article,
                revision=revision,
                story=public,
                notes=notes,
                base=base,
                change=change,
                measured=measured,
                user=self.user,
                publication_class=chosen,
                reason=announcement.reason,
                source=announcement.source,
                cause=announcement.cause,
                live_from=live_from,
                at=self.at,
            )
        )

    def _refuse_salami_changes(self, base: Publication, story: PublicStory) -> None:
        """Raise PublishRefused if a substantive change is split into versions that are each minor.

        No query if the live version itself was announced to readers; otherwise one for the last version that was, and
        its story.
        """
        if base.publication_class not in SILENT_CLASSES:
            return
        announced = (
            Publication.objects.not_cancelled()
            .filter(article=self.article, live_from__lte=base.live_from)
            .exclude(publication_class__in=SILENT_CLASSES)
            .select_related("revision")
            .order_by("-live_from", "-pk")
            .first()
        )
        if announced is None:
            return
        known = snapshot_at(self.article.pk, announced.revision.number).public(withheld=NOTHING)
        if measure(diff(known, story)).level == Level.SUBSTANTIVE:
            raise PublishRefused(
                _(
                    "Together with the minor versions before it this is a change of substance that readers were "
                    "never told of. Add an update note."
                ),
                about="publication_class",
            )

    def rebase(self, pending: Publication, *, onto: Publication, now_live: StorySnapshot) -> None:
        """Publish a pending publication again, at its own time, on top of what has just gone live.

        Does nothing if all of it is live by now. Raises PublishRefused if both change the same words, and somebody has
        to decide; PermissionDenied if it is an override and this person may not.
        """
        if pending.publication_class == PublicationClass.OVERRIDE:
            require_override(self.user, self.article)
        scheduled = snapshot_at(self.article.pk, pending.revision.number)
        edits_base = snapshot_at(self.article.pk, pending.base.revision.number) if pending.base else EMPTY
        merged = merge(edits_base, scheduled, now_live)
        if merged.conflicts:
            raise PublishRefused(
                _(
                    "What is scheduled can’t be merged with this automatically, because both change the same "
                    "words: %(places)s. Cancel it instead; its edits stay in the story."
                )
                % {"places": conflict_labels(scheduled, merged.conflicts)},
                about="pending",
            )
        if merged.story == now_live:
            return
        story = clean_story(merged.story, now_live, self.article)
        revision = self.save(
            story,
            edits_base=scheduled,
            reason=site_text(lambda: _("What was pending, on top of the version that has just gone live")),
            reapply_reason=site_text(lambda: _("Edits that wait, on top of what is pending")),
            source_revision=pending.revision.number,
        )
        self.publish(
            revision,
            story,
            base=onto,
            before=now_live,
            announcement=Announcement(
                publication_class=_chosen_class(pending),
                reason=pending.reason,
                source=pending.source,
                cause=pending.cause,
            ),
            live_from=pending.live_from,
        )


def _chosen_class(publication: Publication) -> str:
    follows = (PublicationClass.FIRST, PublicationClass.NOTED)
    return "" if publication.publication_class in follows else str(publication.publication_class)


def with_notes(story: StorySnapshot, announcement: Announcement) -> StorySnapshot:
    """Return the story with the notes of an announcement at its end."""
    return replace(story, update_notes=(*story.update_notes, *announcement.notes))


def conflict_labels(story: StorySnapshot, conflicts: tuple[Conflict, ...]) -> str:
    """Return where conflicts are, in words that an editor knows."""
    named = [place_of(story, conflict.key) or conflict.field for conflict in conflicts]
    return ", ".join(dict.fromkeys(named))


def attention_message(story: StorySnapshot, conflicts: tuple[Conflict, ...]) -> str:
    """Return what the next editor has to look at, "" for nothing."""
    if not conflicts:
        return ""
    return _(
        "What has gone live and the edits that wait both change: %(places)s. The waiting text was kept."
    ) % {"places": conflict_labels(story, conflicts)}
