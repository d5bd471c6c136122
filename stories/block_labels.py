"""The names of the kinds of blocks, for every page that says what became of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _, ngettext_lazy

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockLabels:
    """The names of a kind of block, alone and in sentences about a change, and those of its fields.

    `inserted`, `deleted` and `changes` are for blocks that stand apart from the running text. `fields` are those whose
    changes readers see, in the order of display; a field of two kinds has one name.
    """

    name: StrPromise
    numbered: StrPromise
    counted: StrPromise
    moved_away: StrPromise
    inserted: StrPromise | str = ""
    deleted: StrPromise | str = ""
    # How many were added, removed and changed.
    changes: Mapping[str, StrPromise] = field(default_factory=dict)
    fields: Mapping[str, StrPromise] = field(default_factory=dict)


# By the name of the kind, in the order in which summaries list them.
BLOCK_LABELS: Final[dict[str, BlockLabels]] = {
    "text": BlockLabels(
        name=_("text"),
        numbered=_("text %(number)s"),
        counted=ngettext_lazy("%(n)s text", "%(n)s texts", "n"),
        moved_away=_("A passage stood here; it was moved."),
    ),
    "quote": BlockLabels(
        name=_("quote"),
        numbered=_("quote %(number)s"),
        counted=ngettext_lazy("%(n)s quote", "%(n)s quotes", "n"),
        moved_away=_("A quote stood here; it was moved."),
        inserted=_("Quote inserted"),
        deleted=_("Quote deleted"),
        changes={
            "added": ngettext_lazy("%(n)s quote added", "%(n)s quotes added", "n"),
            "removed": ngettext_lazy("%(n)s quote removed", "%(n)s quotes removed", "n"),
            "changed": ngettext_lazy("%(n)s quote changed", "%(n)s quotes changed", "n"),
        },
        fields={
            "speaker": _("Speaker"),
            "speaker_title": _("Speaker’s title"),
            "source": _("Source"),
            "source_url": _("Link to the source"),
            "said_on": _("Said on"),
            "anonymous": _("Anonymous"),
            "description": _("Description"),
            "anonymity_reason": _("Not named"),
        },
    ),
    "image": BlockLabels(
        name=_("picture"),
        numbered=_("picture %(number)s"),
        counted=ngettext_lazy("%(n)s picture", "%(n)s pictures", "n"),
        moved_away=_("A picture stood here; it was moved."),
        inserted=_("Picture inserted"),
        deleted=_("Picture deleted"),
        changes={
            "added": ngettext_lazy("%(n)s picture added", "%(n)s pictures added", "n"),
            "removed": ngettext_lazy("%(n)s picture removed", "%(n)s pictures removed", "n"),
            "changed": ngettext_lazy("%(n)s picture changed", "%(n)s pictures changed", "n"),
        },
        fields={
            "picture": _("Picture"),
            "address": _("Link"),
            "alt_text": _("Alternative text"),
            "caption": _("Caption"),
            "credit": _("Credit"),
        },
    ),
    "embed": BlockLabels(
        name=_("link card"),
        numbered=_("link card %(number)s"),
        counted=ngettext_lazy("%(n)s link card", "%(n)s link cards", "n"),
        moved_away=_("A link card stood here; it was moved."),
        inserted=_("Link card inserted"),
        deleted=_("Link card deleted"),
        changes={
            "added": ngettext_lazy("%(n)s link card added", "%(n)s link cards added", "n"),
            "removed": ngettext_lazy("%(n)s link card removed", "%(n)s link cards removed", "n"),
            "changed": ngettext_lazy("%(n)s link card changed", "%(n)s link cards changed", "n"),
        },
        fields={"address": _("Link"), "title": _("Title"), "description": _("Description")},
    ),
}
