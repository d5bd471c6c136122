"""The statement that accompanies a publication, and the rules for it: no stealth edits.

Every publication of a further version must follow these rules: a change that is measured as substantive needs a note to
readers, or an override that the auditor sees.
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
from stories.models import Article, Cause, PublicationClass
from stories.models.publications import REASONED

# The classes that a person may choose; the others follow from what is published.
CHOOSABLE_CLASSES: Final = tuple(PublicationClass(name) for name in REASONED)

# A change of one of these either corrects an error or is news: readers must learn which.
NEEDS_CAUSE: Final = frozenset({ReasonKind.FIGURE, ReasonKind.NAME, ReasonKind.ATTRIBUTION})

# The levels of change that a note of the kind “typo” may stand for.
TYPO: Final = frozenset({Level.NONE, Level.TYPOGRAPHY})


@dataclass(frozen=True, kw_only=True)
class Announcement:
    """What the publisher says of the change.

    To readers by `notes`; otherwise to the record by a `publication_class` of CHOOSABLE_CLASSES with its `reason`.
    `source` is what a transcription was checked against. `cause` answers whether we were wrong or the world has moved
    on.
    """

    notes: tuple[UpdateNote, ...] = ()
    publication_class: str = ""
    reason: str = ""
    source: str = ""
    cause: str = ""

    def normalized(self) -> Announcement:
        """Return the announcement normalized: stripped, with the first note's text as the reason if none is given."""
        reason = self.reason.strip() or next((note.text.strip() for note in self.notes), "")
        return replace(self, reason=reason, source=self.source.strip())


def require_announcement(user: Actor, article: Article, announcement: Announcement) -> None:
    """Raise PermissionDenied or PublishRefused unless this person may publish this story with this announcement."""
    require_publish(user, article)
    _check_choice(announcement)
    if announcement.publication_class == PublicationClass.OVERRIDE:
        require_override(user, article)


def _check_choice(announcement: Announcement) -> None:
    """Raise PublishRefused for a class or a cause that can't be chosen."""
    if announcement.publication_class and announcement.publication_class not in CHOOSABLE_CLASSES:
        raise PublishRefused(
            _("“%(wanted)s” can’t be chosen as a class. Choose one of: %(classes)s.")
            % {
                "wanted": announcement.publication_class,
                "classes": ", ".join(str(each.label) for each in CHOOSABLE_CLASSES),
            },
            about="publication_class",
        )
    if announcement.cause and announcement.cause not in Cause.values:
        raise PublishRefused(_("Say which it is: an error of ours, or news since."), about="cause")


def classify(
    announcement: Announcement, *, notes: list[UpdateNote], measured: Significance, developing: bool
) -> PublicationClass:
    """Return the class of a further version.

    `notes` are those new to readers, `developing` is whether the mode is on. Raises PublishRefused, with a sentence
    that says what to do, if readers would not learn what they are owed.
    """
    chosen = announcement.publication_class
    if chosen == PublicationClass.OVERRIDE and announcement.cause != Cause.WRONG:
        _require_reason(announcement)
        return PublicationClass.OVERRIDE
    _check_cause(announcement, notes, measured)
    if notes:
        _check_notes(notes, measured)
        return PublicationClass.NOTED
    if not chosen:
        raise PublishRefused(
            _(
                "Readers would not be told of this change. Add an update note, or choose the class of a "
                "change that needs none and say why."
            ),
            about="publication_class",
        )
    _require_reason(announcement)
    if chosen == PublicationClass.DEVELOPING:
        if not developing:
            raise PublishRefused(
                _("Developing mode is off for this story. Switch it on, or add an update note."),
                about="publication_class",
            )
    elif chosen == PublicationClass.TRANSCRIPTION:
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
    return PublicationClass(chosen)


def needs_cause(measured: Significance) -> bool:
    """Return whether readers must be told the cause: were we wrong, or has the world moved on?

    A figure or name that was added corrects nothing; one that replaced another may.
    """
    changed = any(reason.kind in NEEDS_CAUSE and reason.old for reason in measured.reasons)
    return changed and not measured.spelling_in_quotes_only


def may_be_called_typo(measured: Significance) -> bool:
    """Return whether a note of the kind “typo” is enough: the whole change is measured as a slip."""
    return measured.level in TYPO or measured.spelling_in_quotes_only


def may_be_minor(measured: Significance) -> bool:
    """Return whether the change needs no note: it changed neither substance nor the words of a quotation."""
    return measured.level != Level.SUBSTANTIVE and not measured.spelling_in_quotes_only


def may_be_transcription(measured: Significance) -> bool:
    """Return whether nothing but spelling or punctuation inside a quotation changed."""
    return measured.spelling_in_quotes_only


def _require_reason(announcement: Announcement) -> None:
    """Raise PublishRefused without a reason.

    An override needs more than a word: it justifies to auditors a change that readers are not told of.
    """
    is_override = announcement.publication_class == PublicationClass.OVERRIDE
    if not (has_words if is_override else says_something)(announcement.reason):
        raise PublishRefused(
            _("A version without a note needs a reason. Say what changed, and why."), about="reason"
        )


def _check_cause(announcement: Announcement, notes: list[UpdateNote], measured: Significance) -> None:
    put_right = any(note.kind.admits_error for note in notes)
    if put_right:
        return
    if announcement.cause == Cause.WRONG:
        raise PublishRefused(
            _(
                "It is an error of ours, so readers are owed a correction. Add a note of the kind "
                "“correction”."
            ),
            about="cause",
        )
    if needs_cause(measured) and not announcement.cause:
        raise PublishRefused(
            _(
                "A figure, a name or an attribution changed. Is that an error of ours, or news since? For an "
                "error of ours, add a correction."
            ),
            about="cause",
        )


def _check_notes(notes: list[UpdateNote], measured: Significance) -> None:
    """Raise PublishRefused for a note without words, and for a “typo” that is more than a slip."""
    if not all(has_words(note.text) for note in notes):
        raise PublishRefused(_("A note says in words what changed. Write two words at least."), about="notes")
    if all(note.kind == NoteKind.TYPO for note in notes) and not may_be_called_typo(measured):
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
