"""Labels of versions for readers."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _, gettext_lazy, ngettext

from stories.models.publications import PublicationClass
from stories.queries.publishing.versions import Version
from stories.rendering.languages import format_count
from stories.rendering.story.notes import ReaderNote

# What readers are told of a version besides its notes. The reason on record is the newsroom's own.
CLASS_WORDS = {
    PublicationClass.FIRST: gettext_lazy("First published"),
    PublicationClass.NOTED: gettext_lazy("Changed, with a note to readers"),
    PublicationClass.MINOR: gettext_lazy("Minor edit, without a note"),
    PublicationClass.TRANSCRIPTION: gettext_lazy("Quote brought in line with its source"),
    PublicationClass.DEVELOPING: gettext_lazy("Changed while the story develops"),
    PublicationClass.OVERRIDE: gettext_lazy("Changed, without a note"),
    PublicationClass.IMPORTED: gettext_lazy("Brought over from an earlier archive"),
}


def version_label(version: Version, notes: Sequence[ReaderNote]) -> str:
    """Return a label of a version; `brought` are the notes that came with it."""
    if version.withheld:
        return _("Not shown at present")
    publication_class = version.publication_class
    # An override may have notes all the same.
    has_notes = publication_class is PublicationClass.OVERRIDE and notes
    return str(CLASS_WORDS[PublicationClass.NOTED if has_notes else publication_class])


def amount_of(version: Version) -> str:
    """Return how many words a version added and removed, "" if none."""
    added, removed = version.words_added, version.words_removed
    parts = []
    if added:
        parts.append(
            ngettext("%(count)s word added", "%(count)s words added", added) % {"count": format_count(added)}
        )
    if removed:
        parts.append(
            ngettext("%(count)s word removed", "%(count)s words removed", removed)
            % {"count": format_count(removed)}
        )
    return ", ".join(parts)


def version_summary(version: Version, notes: Sequence[ReaderNote]) -> str:
    """Return a version's label and how much of the text it changed."""
    return " – ".join(each for each in (version_label(version, notes), amount_of(version)) if each)
