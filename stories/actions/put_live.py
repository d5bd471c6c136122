"""Put a story live, whatever waits: the steps that publishing and fixing share."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _

from stories.actions.announcement import Announcement, classify
from stories.actions.cancel import MARGIN
from stories.actions.errors import PublishRefused
from stories.actions.people import Actor, require_override
from stories.actions.record_publication import new_notes, record_publication
from stories.actions.revise import write
from stories.actions.sentences import shown_time
from stories.actions.set_embargo import FURTHEST
from stories.actions.settle import place_of, settle
from stories.domain.diff import diff
from stories.domain.merge import Conflict, merge
from stories.domain.significance.data import Level
from stories.domain.significance.measure import measure
from stories.domain.snapshot import EMPTY, PublicStory, StorySnapshot
from stories.domain.withholding import NOTHING
from stories.models import Article, Embargo, Publication, PublicationClass, Revision
from stories.models.revisions import Taking
from stories.queries.developing_mode import is_developing
from stories.queries.snapshots import latest_revision, snapshot_at, working_rows
from stories.queries.versions import live_publication, pending_publication
from stories.queries.withdrawals import is_discarded, standing_withdrawal


@dataclass
class Desk:
    """A story under its lock, while it is being published: who does it, and when."""

    article: Article
    user: Actor
    at: datetime

    def save(
        self,
        wanted: StorySnapshot,
        *,
        below: StorySnapshot,
        reason: str,
        on_top: str,
        taken_from: int | None = None,
    ) -> tuple[Revision, StorySnapshot]:
        """Make `wanted` a revision of its own and put what waits back on top; returns it, and how it reads.

        `below` is the story that the waiting edits started from. Where they and `wanted` change the same words,
        what waits stays, and its revision says where to look. `on_top` is that revision's reason; `taken_from` the
        number of an earlier revision that `wanted` was made of.
        """
        rows = working_rows(self.article)
        waiting = rows.story
        number = latest_revision(self.article.pk)
        wanted = settle(wanted, waiting, self.article)
        revision = write(
            rows=rows,
            wanted=wanted,
            number=number + 1,
            user=self.user,
            reason=reason,
            at=self.at,
            taken=(Taking.MADE_OF, taken_from) if taken_from else None,
        )
        if revision is None:
            # What waits reads as what is wanted: its newest revision is the one.
            return Revision.objects.get(article=self.article, number=number), wanted
        if waiting != below:
            merged = merge(below, waiting, wanted, prefer="mine")
            write(
                rows=working_rows(self.article),
                wanted=settle(merged.story, wanted, self.article),
                number=revision.number + 1,
                user=self.user,
                reason=on_top,
                at=self.at,
                attention=told(merged.story, merged.conflicts),
                taken=(Taking.PUT_BACK, number),
            )
        return revision, wanted

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
        public = story.public(withheld=NOTHING)
        change = diff(before.public(withheld=NOTHING), public)
        chosen = PublicationClass.FIRST
        if base is not None:
            chosen = classify(
                announcement,
                notes=new_notes(public, before.public(withheld=NOTHING)),
                measured=measure(change),
                developing=is_developing(self.article.pk, at=live_from),
            )
        if chosen == PublicationClass.MINOR and base is not None:
            self._check_slices(base, public)
        return record_publication(
            article=self.article,
            revision=revision,
            story=public,
            base=base,
            before=before.public(withheld=NOTHING),
            user=self.user,
            publication_class=chosen,
            reason=announcement.reason,
            source=announcement.source,
            cause=announcement.cause,
            live_from=live_from,
            at=self.at,
            change=change,
        )

    def _check_slices(self, base: Publication, story: PublicStory) -> None:
        """Raise PublishRefused where a change of substance is cut into slices that are minor each.

        No query where what is live was itself told to readers.
        """
        untold = (PublicationClass.MINOR, PublicationClass.TRANSCRIPTION)
        told: Publication | None = base
        while told is not None and told.publication_class in untold:
            told = told.base
        if told is None or told == base:
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

        Nothing, where all of it has gone live by now. Raises PublishRefused where both change the same words:
        somebody has to decide; PermissionDenied where it overrides and this person may not.
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
        revision, story = self.save(
            merged.story,
            below=waited,
            reason=_("What was pending, on top of the version that has just gone live"),
            on_top=_("Edits that wait, on top of what is pending"),
            taken_from=pending.revision.number,
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


def check_time(article: Article, *, live_from: datetime, at: datetime, embargoed: bool = True) -> None:
    """Raise PublishRefused for a time that a story can't go live at.

    `embargoed` is False for a fix: what it mends is out already, and carries nothing that was promised.
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
    if live_from > at + FURTHEST:
        raise PublishRefused(
            _("The time to go live is more than ten years ahead. Choose an earlier one."), about="live_from"
        )
    until = Embargo.objects.filter(article=article).order_by("-pk").values_list("until", flat=True).first()
    if embargoed and until is not None and live_from < until:
        raise PublishRefused(
            _("This story is under embargo until %(time)s. Choose a time from then on, or lift the embargo.")
            % {"time": shown_time(until)},
            about="live_from",
        )


def check_standing(
    article: Article, *, live_from: datetime, at: datetime, pending_choice: str
) -> tuple[Publication | None, Publication | None]:
    """What is live and what is pending; raises PublishRefused where either is in the way."""
    if standing_withdrawal(article.pk) is not None:
        raise PublishRefused(_("This story is withdrawn. Bring it back first, then publish."))
    if is_discarded(article.pk):
        raise PublishRefused(_("This draft is discarded. Recover it first, then publish."))
    live = live_publication(article, at=at)
    if live is not None and live.live_from >= live_from:
        raise PublishRefused(_("A version went live this very moment. Try again."))
    pending = pending_publication(article, at=at)
    if pending is not None and pending.live_from <= at + MARGIN:
        # Whatever was decided of it now could take back a version that readers already see.
        raise PublishRefused(_("A version is going live this very moment. Try again in a few seconds."))
    if pending is not None and pending_choice not in ("cancel", "rebase"):
        raise PublishRefused(
            _(
                "Revision %(number)s is already to go live on %(time)s. Say what becomes of it: cancel it, or put it "
                "on top of this."
            )
            % {"number": pending.revision.number, "time": shown_time(pending.live_from)},
            about="pending",
        )
    if pending is not None and pending_choice == "rebase" and pending.live_from <= live_from:
        raise PublishRefused(
            _("What is pending goes live before this would. Cancel it instead."), about="pending"
        )
    return live, pending


def check_notes_stand(before: StorySnapshot, story: StorySnapshot) -> None:
    """Raise PublishRefused where a note that readers have seen would be gone, or read otherwise."""
    now = {note.key: note for note in story.update_notes}
    if any(now.get(note.key) != note for note in before.update_notes):
        raise PublishRefused(
            _(
                "A note that readers have seen is missing from this revision, or reads otherwise. Put it back "
                "as it was; a new note may amend it."
            )
        )


def with_notes(story: StorySnapshot, announcement: Announcement) -> StorySnapshot:
    """The story with the notes of an announcement at its end."""
    return replace(story, update_notes=(*story.update_notes, *announcement.notes))


def places(story: StorySnapshot, conflicts: tuple[Conflict, ...]) -> str:
    """Where conflicts are, in words that an editor knows."""
    named = [place_of(story, conflict.key) or conflict.field for conflict in conflicts]
    return ", ".join(dict.fromkeys(named))


def told(story: StorySnapshot, conflicts: tuple[Conflict, ...]) -> str:
    """What the next editor has to look at, "" where nothing."""
    if not conflicts:
        return ""
    return _(
        "What has gone live and the edits that wait both change: %(places)s. The waiting text was kept."
    ) % {"places": places(story, conflicts)}
