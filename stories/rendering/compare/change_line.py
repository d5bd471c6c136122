"""Describe what a revision changed in words: “text 2 changed (+12 −3 words); request closed”."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.text import capfirst, get_text_list
from django.utils.translation import gettext as _, gettext_lazy, ngettext, ngettext_lazy

from stories.block_labels import BLOCK_LABELS
from stories.domain.diff.change_size import RevisionChange
from stories.rendering.compare.fields import FIELD_LABELS

_FIELDS = {
    **FIELD_LABELS,
    "section": gettext_lazy("Section"),
    "slug": gettext_lazy("Slug"),
    "kind": gettext_lazy("Kind"),
}
_ACTIONS = {
    "added": gettext_lazy("%(what)s added"),
    "removed": gettext_lazy("%(what)s removed"),
    "changed": gettext_lazy("%(what)s changed"),
    "became": gettext_lazy("%(what)s made of another kind of block"),
}
_COUNTED = {
    ("block", "moved"): ngettext_lazy("%(n)s block moved", "%(n)s blocks moved", "n"),
    ("byline", "changed"): ngettext_lazy("bylines changed", "bylines changed", "n"),
    ("request", "opened"): ngettext_lazy("%(n)s request opened", "%(n)s requests opened", "n"),
    ("request", "closed"): ngettext_lazy("%(n)s request closed", "%(n)s requests closed", "n"),
    ("request", "changed"): ngettext_lazy("%(n)s request changed", "%(n)s requests changed", "n"),
    ("note", "added"): ngettext_lazy("%(n)s note added", "%(n)s notes added", "n"),
    ("note", "changed"): ngettext_lazy("%(n)s note changed", "%(n)s notes changed", "n"),
    ("note", "removed"): ngettext_lazy("%(n)s note removed", "%(n)s notes removed", "n"),
}


def change_line(changes: Sequence[RevisionChange]) -> str:
    """Describe changes in one line, "" if there are none."""
    return capfirst("; ".join(_describe(change) for change in changes))


def _describe(change: RevisionChange) -> str:
    if change.action == "begun":
        blocks = ngettext("%(n)s block", "%(n)s blocks", change.number) % {"n": change.number}
        return _("begun, with %(blocks)s and %(words)s") % {
            "blocks": blocks,
            "words": _count(change.words_added),
        }
    if (change.what, change.action) in _COUNTED:
        return str(_COUNTED[change.what, change.action] % {"n": change.number})
    if change.what in BLOCK_LABELS:
        text = str(_ACTIONS[change.action]) % {"what": _block(change)}
        size = _size(change)
        return f"{text} ({size})" if size else text
    return _("%(field)s changed") % {"field": str(_FIELDS.get(change.what, change.what)).lower()}


def _block(change: RevisionChange) -> str:
    """Return the blocks by number if they are few: “quotes” of many are only counted."""
    labels = BLOCK_LABELS[change.what]
    if not change.places:
        return str(labels.counted % {"n": change.number})
    return get_text_list([f"{labels.name} {place}" for place in change.places], _("and"))


def _size(change: RevisionChange) -> str:
    """Return how many words were added and removed: “+12 −3 words”."""
    added, removed = change.words_added, change.words_removed
    counts = [f"+{added:,}"] * bool(added) + [f"−{removed:,}"] * bool(removed)
    if not counts:
        return ""
    return ngettext("%(counts)s word", "%(counts)s words", max(added, removed)) % {"counts": " ".join(counts)}


def _count(words: int) -> str:
    return ngettext("%(n)s word", "%(n)s words", words) % {"n": f"{words:,}"}
