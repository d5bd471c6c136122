"""What a review shows: the change to what is live, its significance, and what is proposed to say of it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.text import Truncator
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from stories.actions.actors import site_locale, site_text
from stories.actions.publishing.announcement import (
    may_be_called_typo,
    may_be_minor,
    may_be_transcription,
    needs_cause,
)
from stories.actions.publishing.publications import new_notes
from stories.actions.publishing.publishing_session import conflict_labels
from stories.admin.page.frame import desk_picture
from stories.admin.page.status import StatusDetails
from stories.domain.comment_desk.comment_requests import outdated_sentences
from stories.domain.diff.compare import StoryDiff, StoryTooLong, diff
from stories.domain.merge.merge import merge
from stories.domain.significance.data import Level, Reason, ReasonKind, Significance
from stories.domain.significance.measure import measure
from stories.domain.significance.proposal import Proposal, ProposedSentence, Sentence, propose
from stories.domain.snapshot import (
    EMPTY,
    CommentRequest,
    ImageBlock,
    NoteKind,
    PublicStory,
    QuoteBlock,
    RequestStatus,
    StoryKind,
    StorySnapshot,
    UpdateNote,
)
from stories.domain.text.mask import NOTHING
from stories.domain.text.segments import plain_text
from stories.models import Publication, PublicationClass
from stories.models.comment_requests import STATUS_LABELS
from stories.queries.story.snapshots import snapshot_at
from stories.rendering.compare.comparison import RenderedComparison, render_comparison
from stories.rendering.story.comment_requests import comment_line

LEVEL_WORDS = {
    Level.NONE: gettext_lazy("Nothing that readers can see changes."),
    Level.TYPOGRAPHY: gettext_lazy("Typography only: spelling or punctuation."),
    Level.WORDING: gettext_lazy("Wording: a few words, and nothing of substance was found."),
    Level.SUBSTANTIVE: gettext_lazy("A change of substance."),
}

REASON_WORDS = {
    ReasonKind.HEADLINE: gettext_lazy("The headline"),
    ReasonKind.FIGURE: gettext_lazy("A figure"),
    ReasonKind.NAME: gettext_lazy("A name"),
    ReasonKind.ATTRIBUTION: gettext_lazy("An attribution"),
    ReasonKind.QUOTED_WORDS: gettext_lazy("Quoted words"),
    ReasonKind.MEANING: gettext_lazy("A word that turns the meaning"),
    ReasonKind.UNJUDGED: gettext_lazy("Words of a language that is not judged here"),
    ReasonKind.TABLE: gettext_lazy("A table"),
    ReasonKind.LINK_TARGET: gettext_lazy("Where a link leads"),
    ReasonKind.PARAGRAPH_IN: gettext_lazy("Paragraph added"),
    ReasonKind.PARAGRAPH_OUT: gettext_lazy("Paragraph removed"),
    ReasonKind.PICTURE: gettext_lazy("A picture"),
    ReasonKind.EMBED: gettext_lazy("A link card"),
    ReasonKind.BLOCK: gettext_lazy("A block of another kind"),
    ReasonKind.DATELINE: gettext_lazy("The dateline"),
    ReasonKind.DISCLOSURE: gettext_lazy("The disclosure"),
    ReasonKind.COMMENT_REQUEST: gettext_lazy("A request for comment"),
    ReasonKind.PUBLISHED_NOTE: gettext_lazy("A published note"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonText:
    """A label of a reason for significance, with the text before and after."""

    label: str
    was: str
    now: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebased:
    """The pending publication put on top of the reviewed change: its new comparison, or the places in conflict."""

    comparison: RenderedComparison | None
    conflicts: str


@dataclass(frozen=True, kw_only=True)
class ReviewedChange:
    """A reviewed change. `story` would go live; `before` is what readers see until then, EMPTY's if it is the first."""

    status: StatusDetails
    story: StorySnapshot
    before: PublicStory
    after: PublicStory
    change: StoryDiff | None
    measured: Significance
    proposal: Proposal
    notes: list[UpdateNote]

    @property
    def is_first(self) -> bool:
        return self.status.live is None

    @property
    def asks_what_happened(self) -> bool:
        """Return whether the page asks: were we wrong, or has the world moved on?"""
        return not self.is_first and (self.proposal.asks_what_happened or needs_cause(self.measured))

    @property
    def impossible(self) -> dict[str, str]:
        """Return the kinds that `publish` would refuse for this change, each with the reason."""
        refused = {}
        if not may_be_called_typo(self.measured):
            refused[NoteKind.TYPO.value] = _("Typo fixed (not possible here: more changed than a typo)")
        # With a new note in the story, it is published as noted whatever is chosen.
        if not self.notes and not may_be_minor(self.measured):
            refused[PublicationClass.MINOR.value] = (
                _("Minor (not possible here: a quotation was touched, so it is a transcription)")
                if may_be_transcription(self.measured)
                else _("Minor (not possible here: a change of substance)")
            )
        if not self.notes and not may_be_transcription(self.measured):
            refused[PublicationClass.TRANSCRIPTION.value] = _(
                "Transcription (not possible here: more changed than the spelling of a quotation)"
            )
        return refused

    @property
    def level(self) -> str:
        return str(LEVEL_WORDS[self.measured.level])

    @property
    def reasons(self) -> list[ReasonText]:
        return [_reason_text(reason) for reason in self.measured.reasons]

    @property
    def comparison(self) -> RenderedComparison | None:
        """The differences as HTML, None if the stories are too long to be compared."""
        return (
            render_comparison(self.change, picture_address=desk_picture, reader_locale=site_locale)
            if self.change is not None
            else None
        )

    @property
    def comment_line(self) -> str:
        return site_text(lambda: comment_line(self.after.comment_requests))

    @property
    def outdated_sentences(self) -> list[CommentRequest]:
        """The requests whose state changed while their own sentence, written for the old state, did not."""
        return list(outdated_sentences(self.before, self.after))

    @property
    def anonymous_sources(self) -> list[QuoteBlock]:
        return [block for block in self.after.blocks if isinstance(block, QuoteBlock) and block.anonymous]

    @property
    def missing(self) -> list[str]:
        """What a desk chief would ask for before the first publication, each as a sentence."""
        found = []
        if self.after.kind is StoryKind.STORY:
            if not self.after.bylines:
                found.append(_("No byline: readers are not told who wrote it."))
            if not self.after.section:
                found.append(_("No section: it stands on the front page alone."))
        found += [
            _("A quote without a speaker: “%(words)s”")
            % {"words": Truncator(plain_text(block.text)).words(8)}
            for block in self.after.blocks
            if isinstance(block, QuoteBlock) and not block.anonymous and not block.speaker
        ]
        found += [
            _("A picture without a credit: “%(words)s”") % {"words": Truncator(block.alt_text).words(8)}
            for block in self.after.blocks
            if isinstance(block, ImageBlock) and not block.credit
        ]
        return found

    @property
    def proposed_text(self) -> str:
        # Readers read it.
        return site_text(lambda: " ".join(sentence_text(sentence) for sentence in self.proposal.text))

    def rebased(self) -> Rebased | None:
        """Return the pending publication put on top of this change, None if nothing is pending. Writes nothing."""
        pending = self.status.pending
        if pending is None:
            return None
        return _rebased(pending, self.story)


def build_reviewed_change(
    status: StatusDetails, *, story: StorySnapshot, live: StorySnapshot | None = None
) -> ReviewedChange:
    """Build what a review shows of a story. `live` is the live story, if the caller has it already."""
    if live is None:
        live = snapshot_at(status.live.article_id, status.live_revision) if status.live else EMPTY
    before, after = live.public(withheld=NOTHING), story.public(withheld=NOTHING)
    change, measured, proposal = None, Significance(level=Level.NONE), Proposal()
    if status.live is not None:
        try:
            change = diff(before, after)
        except StoryTooLong:
            measured = Significance(level=Level.SUBSTANTIVE)
        else:
            measured = measure(change)
            proposal = propose(before, after, change, measured)
    return ReviewedChange(
        status=status,
        story=story,
        before=before,
        after=after,
        change=change,
        measured=measured,
        proposal=proposal,
        notes=new_notes(after, before),
    )


def sentence_text(proposed: ProposedSentence) -> str:
    """Return a proposed sentence in the language that is active."""
    params = proposed.params
    if proposed.sentence is Sentence.COMMENT_ADDED:
        return _("A comment from %(party)s was added.") % params
    if proposed.sentence is Sentence.COMMENT_DECLINED:
        return _("%(party)s declined to comment; the story says so now.") % params
    if proposed.sentence is Sentence.SPELLING:
        return _("A misspelling was fixed: “%(new)s”, not “%(old)s”.") % params
    if proposed.sentence is Sentence.SPELLINGS:
        return _("%(count)s misspellings were fixed.") % params
    if proposed.sentence is Sentence.SPELLING_IN_QUOTE:
        return _in_quote(params["speaker"], int(params["count"]))
    return _("Punctuation was fixed.")


def _in_quote(speaker: str, count: int) -> str:
    if speaker:
        return ngettext(
            "A typographical error in what %(speaker)s is quoted as saying was fixed.",
            "Typographical errors in what %(speaker)s is quoted as saying were fixed.",
            count,
        ) % {"speaker": speaker}
    return ngettext(
        "A typographical error in a quotation was fixed.",
        "Typographical errors in quotations were fixed.",
        count,
    )


def _reason_text(reason: Reason) -> ReasonText:
    was, now = reason.was or reason.old, reason.now or reason.new
    if reason.kind is ReasonKind.COMMENT_REQUEST and reason.field == "status":
        was, now = (str(STATUS_LABELS[RequestStatus(state)]) if state else "" for state in (was, now))
    if reason.kind is ReasonKind.MANY_WORDS:
        count = int(now)
        words = ngettext("%(n)s word changed", "%(n)s words changed", count) % {"n": count}
        return ReasonText(label=words, was="", now="")
    return ReasonText(label=str(REASON_WORDS[reason.kind]), was=was, now=now)


def _rebased(pending: Publication, story: StorySnapshot) -> Rebased:
    pending_story = snapshot_at(pending.article_id, pending.revision.number)
    base_story = snapshot_at(pending.article_id, pending.base.revision.number) if pending.base else EMPTY
    merged = merge(base_story, pending_story, story)
    if merged.conflicts:
        return Rebased(comparison=None, conflicts=conflict_labels(pending_story, merged.conflicts))
    try:
        change = diff(story.public(withheld=NOTHING), merged.story.public(withheld=NOTHING))
    except StoryTooLong:
        return Rebased(comparison=None, conflicts="")
    return Rebased(
        comparison=render_comparison(change, picture_address=desk_picture, reader_locale=site_locale),
        conflicts="",
    )


def changed_meanwhile(status: StatusDetails, *, seen: int, live: int) -> bool:
    """Return whether the story was saved, or another version went live, since a review page was shown."""
    return status.revision > seen or status.live_revision != live
