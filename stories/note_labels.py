"""The names of the kinds of notes, for every page that names one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from stories.domain.snapshot import NoteKind

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteLabels:
    """The names of a kind of note: for readers, for readers in the plural, in the desk's lists of kinds, and where a
    review asks which it is."""

    readers: StrPromise
    plural: StrPromise
    desk: StrPromise
    review: StrPromise


# In the order in which the desk lists them.
NOTE_KIND_LABELS: Final[dict[NoteKind, NoteLabels]] = {
    NoteKind.CORRECTION: NoteLabels(
        readers=_("Correction"),
        plural=_("Corrections"),
        desk=_("Correction"),
        review=_("Correction: what stood there was wrong"),
    ),
    NoteKind.CLARIFICATION: NoteLabels(
        readers=_("Clarification"),
        plural=_("Clarifications"),
        desk=_("Clarification"),
        review=_("Clarification: it could be misread"),
    ),
    NoteKind.UPDATE: NoteLabels(
        readers=_("Update"),
        plural=_("Updates"),
        desk=_("Update"),
        review=_("Update: there is news since"),
    ),
    NoteKind.COMMENT_ADDED: NoteLabels(
        readers=_("Comment added"),
        plural=_("Comments added"),
        desk=_("Comment added"),
        review=_("Comment added: somebody has answered"),
    ),
    NoteKind.TYPO: NoteLabels(
        readers=_("Typo fixed"),
        plural=_("Typos fixed"),
        desk=_("Typo"),
        review=_("Typo fixed"),
    ),
    NoteKind.EDITORS_NOTE: NoteLabels(
        readers=_("Editor’s note"),
        plural=_("Editor’s notes"),
        desk=_("Editor’s note"),
        review=_("Editor’s note"),
    ),
    NoteKind.RETRACTION: NoteLabels(
        readers=_("Retraction"),
        plural=_("Retractions"),
        desk=_("Retraction"),
        review=_("Retraction: the story does not stand"),
    ),
}
