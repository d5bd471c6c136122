"""Publish a story, whatever waits: what publishing, fixing, rebasing and importing share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stories.actions.actors import Actor, actor_columns
from stories.actions.editing.clean import clean_story, place_of
from stories.actions.editing.revise import lock, write
from stories.actions.errors import PublishRefused
from stories.actions.permissions import require_override
from stories.actions.publishing.announcement import Announcement, classify
from stories.actions.publishing.checks import check_notes_stand
from stories.actions.publishing.publications import new_notes, record_publication
from stories.actions.record.ledger import Event, Written, append_entries, write_event
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

# Readers are told nothing of what changed in versions of these classes.
UNTOLD = (PublicationClass.MINOR, PublicationClass.TRANSCRIPTION)


@contextmanager
def publishing_session(article: Article, *, user: Actor, at: datetime | None) -> Iterator[PublishingSession]:
    """Open a story for publishing, in one transaction and under its lock; `at` is now if None.

    The ledger's entries are appended once the block has ended, all of them together: nothing is written after them.
    """
    with transaction.atomic():
        locked = lock(article)
        # The clock is read under the lock: who waited for it acts after those who held it.
        session = PublishingSession(locked, user, at or timezone.now())
        yield session
        session.close()


@dataclass
class PublishingSession:
    """A story under its lock while it is being published: by whom, when, and which events were written so far."""

    article: Article
    user: Actor
    at: datetime
    _written: list[Written[Journal]] = field(default_factory=list)

    def close(self) -> None:
        """Append the entries of all that was written: the last write of the transaction."""
        append_entries(*self._written)

    def keep(self, written: Written[Event]) -> Event:
        """Keep an event that was written, for its entry at the end; returns the event."""
        self._written.append(written)
        return written.event

    def record(self, event: Event) -> Event:
        """Write an event; its entry is appended at the end."""
        return self.keep(write_event(event))

    def cancel(self, pending: Publication, *, reason: str) -> None:
        """Cancel a publication that another one overtakes."""
        self.record(
            Cancellation(
                article=self.article, publication=pending, reason=reason, **actor_columns(self.user, self.at)
            )
        )

    def save(
        self,
        wanted: StorySnapshot,
        *,
        below: StorySnapshot,
        reason: str,
        on_top: str,
        source_revision: int | None = None,
    ) -> Revision:
        """Make a clean story a revision of its own, and put what waits back on top; returns the revision.

        `below` is the story that the waiting edits started from. Where they and `wanted` change the same words,
        what waits stays, and its revision says where to look. `on_top` is that revision's reason; `source_revision` the
        number of an earlier revision that `wanted` was made of.
        """
        rows = working_rows(self.article)
        waiting = rows.story
        number = latest_revision(self.article.pk)
        written = write(
            rows=rows,
            wanted=wanted,
            number=number + 1,
            user=self.user,
            reason=reason,
            at=self.at,
            taken=(RevisionSource.MADE_OF, source_revision) if source_revision else None,
        )
        if written is None:
            # What waits reads as what is wanted: its newest revision is the one.
            return Revision.objects.get(article=self.article, number=number)
        revision = self.keep(written)
        if waiting != below:
            merged = merge(below, waiting, wanted, prefer="mine")
            put_back = write(
                rows=working_rows(self.article),
                wanted=clean_story(merged.story, wanted, self.article),
                number=revision.number + 1,
                user=self.user,
                reason=on_top,
                at=self.at,
                attention=attention(merged.story, merged.conflicts),
                taken=(RevisionSource.PUT_BACK, number),
            )
            if put_back is not None:
                self.keep(put_back)
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
    ) -> Publication:
        """Publish a revision, held to the rules on what readers are told.

        `story` is how it reads, `base` what it follows (None for a first version), `before` how that reads.
        """
        check_notes_stand(before, story)
        public, known = story.public(withheld=NOTHING), before.public(withheld=NOTHING)
        notes = new_notes(public, known)
        chosen, change, measured = PublicationClass.FIRST, None, None
        if base is not None:
            change = diff(known, public)
            measured = measure(change)
            chosen = classify(
                announcement,
                notes=notes,
                measured=measured,
                developing=is_developing(self.article.pk, at=live_from),
            )
            if chosen == PublicationClass.MINOR:
                self._refuse_salami_changes(base, public)
        return self.keep(
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
        """Raise PublishRefused if a change of substance is cut into slices that are minor each.

        No query if readers were told of what is live itself; else one for what they were told of last, and its story.
        """
        if base.publication_class not in UNTOLD:
            return
        told = (
            Publication.objects.standing()
            .filter(article=self.article, live_from__lte=base.live_from)
            .exclude(publication_class__in=UNTOLD)
            .select_related("revision")
            .order_by("-live_from", "-pk")
            .first()
        )
        if told is None:
            return
        known = snapshot_at(self.article.pk, told.revision.number).public(withheld=NOTHING)
        if measure(diff(known, story)).level == Level.SUBSTANTIVE:
            raise PublishRefused(
                _(
                    "Together with the minor versions before it this is a change of substance that readers were "
                    "never told of. Add an update note."
                ),
                about="publication_class",
            )

    def rebase(self, pending: Publication, *, onto: Publication, now_live: StorySnapshot) -> None:
        """Publish what was pending anew, for its own time, on top of what has just gone live.

        Nothing, if all of it has gone live by now. Raises PublishRefused if both change the same words:
        somebody has to decide; PermissionDenied if it overrides and this person may not.
        """
        if pending.publication_class == PublicationClass.OVERRIDE:
            require_override(self.user)
        waited = snapshot_at(self.article.pk, pending.revision.number)
        below = snapshot_at(self.article.pk, pending.base.revision.number) if pending.base else EMPTY
        merged = merge(below, waited, now_live)
        if merged.conflicts:
            raise PublishRefused(
                _(
                    "What is pending can’t be put on top of this by itself, because both change the same "
                    "words: %(places)s. Cancel it instead; its edits stay in the story."
                )
                % {"places": places(waited, merged.conflicts)},
                about="pending",
            )
        if merged.story == now_live:
            return
        story = clean_story(merged.story, now_live, self.article)
        revision = self.save(
            story,
            below=waited,
            reason=_("What was pending, on top of the version that has just gone live"),
            on_top=_("Edits that wait, on top of what is pending"),
            source_revision=pending.revision.number,
        )
        self.publish(
            revision,
            story,
            base=onto,
            before=now_live,
            announcement=Announcement(
                publication_class=_chosen(pending),
                reason=pending.reason,
                source=pending.source,
                cause=pending.cause,
            ),
            live_from=pending.live_from,
        )


def _chosen(publication: Publication) -> str:
    follows = (PublicationClass.FIRST, PublicationClass.NOTED)
    return "" if publication.publication_class in follows else str(publication.publication_class)


def with_notes(story: StorySnapshot, announcement: Announcement) -> StorySnapshot:
    """The story with the notes of an announcement at its end."""
    return replace(story, update_notes=(*story.update_notes, *announcement.notes))


def places(story: StorySnapshot, conflicts: tuple[Conflict, ...]) -> str:
    """Where conflicts are, in words that an editor knows."""
    named = [place_of(story, conflict.key) or conflict.field for conflict in conflicts]
    return ", ".join(dict.fromkeys(named))


def attention(story: StorySnapshot, conflicts: tuple[Conflict, ...]) -> str:
    """What the next editor has to look at, "" for nothing."""
    if not conflicts:
        return ""
    return _(
        "What has gone live and the edits that wait both change: %(places)s. The waiting text was kept."
    ) % {"places": places(story, conflicts)}
