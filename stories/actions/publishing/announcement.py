"""What is said of a publication, and whether it may be said: no stealth edits.

The rules that every publication of a further version is held to, whoever makes it: what is measured as a
change of substance needs a note to readers, or an override that the auditor sees.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from django.utils.translation import gettext as _

from stories.actions.actors import Actor
from stories.actions.errors import PublishRefused
from stories.actions.permissions import require_override, require_publish
from stories.domain.significance.data import Level, ReasonKind, Significance
from stories.domain.snapshot import NoteKind, UpdateNote
from stories.domain.text.legible import has_words, says_something
from stories.models import Cause, PublicationClass
from stories.models.publications import REASONED

# The classes that a person may choose; the others follow from what is published.
CHOSEN: Final = tuple(PublicationClass(name) for name in REASONED)

# What changed of these is either put right or news: readers are owed the difference.
ASKS_WHAT_HAPPENED: Final = frozenset({ReasonKind.FIGURE, ReasonKind.NAME, ReasonKind.ATTRIBUTION})

# What a note of the kind “typo” tells readers of: no more than is measured as a slip.
TYPO: Final = frozenset({Level.NONE, Level.TYPOGRAPHY})

RIGHTS_A_WRONG: Final = frozenset({NoteKind.CORRECTION, NoteKind.RETRACTION})


@dataclass(frozen=True, kw_only=True)
class Announcement:
    """What whoever publishes says of the change.

    To readers by `notes`; else to the record by a `publication_class` of CHOSEN with its `reason`. `source`
    is what a transcription was checked against. `cause` answers whether we were wrong or the world has moved on.
    """

    notes: tuple[UpdateNote, ...] = ()
    publication_class: str = ""
    reason: str = ""
    source: str = ""
    cause: str = ""

    def settled(self) -> Announcement:
        """With one text in every place that wants one: the first note's words are the reason, too."""
        reason = self.reason.strip() or next((note.text.strip() for note in self.notes), "")
        return replace(self, reason=reason, source=self.source.strip())


def require_announcement(user: Actor, announcement: Announcement) -> None:
    """Raise PermissionDenied or PublishRefused unless this person may publish, and say this of it."""
    require_publish(user)
    _check_choice(announcement)
    if announcement.publication_class == PublicationClass.OVERRIDE:
        require_override(user)


def _check_choice(announcement: Announcement) -> None:
    """Raise PublishRefused for a class or a cause that nobody can choose."""
    if announcement.publication_class and announcement.publication_class not in CHOSEN:
        raise PublishRefused(
            _("“%(wanted)s” can’t be chosen as a class. Choose one of: %(classes)s.")
            % {
                "wanted": announcement.publication_class,
                "classes": ", ".join(str(each.label) for each in CHOSEN),
            },
            about="publication_class",
        )
    if announcement.cause and announcement.cause not in Cause.values:
        raise PublishRefused(_("Say what happened: were we wrong, or has the world moved on?"), about="cause")


def classify(
    announcement: Announcement, *, notes: list[UpdateNote], measured: Significance, developing: bool
) -> PublicationClass:
    """The class of a further version. `notes` are those new to readers, `developing` whether the mode is on.

    Raises PublishRefused, with a sentence that says what to do, where readers would not be told what they
    are owed.
    """
    wanted = announcement.publication_class
    if wanted == PublicationClass.OVERRIDE and announcement.cause != Cause.WRONG:
        _require_reason(announcement)
        return PublicationClass.OVERRIDE
    _check_cause(announcement, notes, measured)
    if notes:
        _check_notes(notes, measured)
        return PublicationClass.NOTED
    if not wanted:
        raise PublishRefused(
            _(
                "Readers would not be told of this change. Add an update note, or choose the class of a "
                "change that needs none and say why."
            ),
            about="publication_class",
        )
    _require_reason(announcement)
    if wanted == PublicationClass.DEVELOPING:
        if not developing:
            raise PublishRefused(
                _("Developing mode is off for this story. Switch it on, or add an update note."),
                about="publication_class",
            )
    elif wanted == PublicationClass.TRANSCRIPTION:
        _check_transcription(announcement, measured)
    elif measured.spelling_in_quotes_only and measured.level != Level.SUBSTANTIVE:
        raise PublishRefused(
            _("Somebody’s words were touched. Check them against the source and publish as a transcription."),
            about="publication_class",
        )
    elif measured.level == Level.SUBSTANTIVE:
        raise PublishRefused(
            _(
                "This is a change of substance, so it can’t be published as minor. Add an update note. A managing "
                "editor may override, and says why."
            ),
            about="publication_class",
        )
    return PublicationClass(wanted)


def asks_what_happened(measured: Significance) -> bool:
    """Whether readers are owed the answer: were we wrong, or has the world moved on?

    A figure or a name that is new beside what stands puts nothing right; one in another's place may.
    """
    changed = any(reason.kind in ASKS_WHAT_HAPPENED and reason.old for reason in measured.reasons)
    return changed and not measured.spelling_in_quotes_only


def is_slip(measured: Significance) -> bool:
    """Whether a note of the kind “typo” says enough: all of it is measured as a slip."""
    return measured.level in TYPO or measured.spelling_in_quotes_only


def may_be_minor(measured: Significance) -> bool:
    """Whether readers may be told nothing of it: neither substance nor the words in a quotation changed."""
    return measured.level != Level.SUBSTANTIVE and not measured.spelling_in_quotes_only


def may_be_transcription(measured: Significance) -> bool:
    """Whether nothing but spelling or punctuation inside a quotation changed."""
    return measured.spelling_in_quotes_only


def _require_reason(announcement: Announcement) -> None:
    """An override answers to auditors for a change that readers are not told of, so that a word is too little."""
    is_override = announcement.publication_class == PublicationClass.OVERRIDE
    if not (has_words if is_override else says_something)(announcement.reason):
        raise PublishRefused(
            _("A version without a note needs a reason. Say what changed, and why."), about="reason"
        )


def _check_cause(announcement: Announcement, notes: list[UpdateNote], measured: Significance) -> None:
    put_right = any(note.kind in RIGHTS_A_WRONG for note in notes)
    if put_right:
        return
    if announcement.cause == Cause.WRONG:
        raise PublishRefused(
            _("We were wrong, so readers are owed a correction. Add a note of the kind “correction”."),
            about="cause",
        )
    if asks_what_happened(measured) and not announcement.cause:
        raise PublishRefused(
            _(
                "A figure, a name or an attribution changed. Were we wrong, or has the world moved on? If we "
                "were wrong, add a correction."
            ),
            about="cause",
        )


def _check_notes(notes: list[UpdateNote], measured: Significance) -> None:
    """A note says something, and a typo is no name for what is more than a slip."""
    if not all(has_words(note.text) for note in notes):
        raise PublishRefused(_("A note says in words what changed. Write two words at least."), about="notes")
    if all(note.kind == NoteKind.TYPO for note in notes) and not is_slip(measured):
        raise PublishRefused(
            _(
                "More changed than a typo. Choose what the note is: a correction, a clarification or an update."
            ),
            about="notes",
        )


def _check_transcription(announcement: Announcement, measured: Significance) -> None:
    if not may_be_transcription(measured):
        raise PublishRefused(
            _(
                "More changed than spelling or punctuation inside a quote, so it is no transcription. Add an "
                "update note."
            ),
            about="publication_class",
        )
    if not says_something(announcement.source):
        raise PublishRefused(_("Name the source that the quote was checked against."), about="source")
