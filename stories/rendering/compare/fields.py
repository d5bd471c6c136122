"""Render changed fields of a story or a block: each with a label for readers, and both its values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _, gettext_lazy

from stories.block_labels import BLOCK_LABELS
from stories.domain.diff.compare import FieldDiff
from stories.domain.diff.words import word_ops
from stories.domain.text import captions
from stories.rendering.compare.words import deleted, inserted, marked, marked_plain

# In the order of display. Fields that are missing here (a picture's size, for instance) are not readable.
FIELD_LABELS = {
    "section_name": gettext_lazy("Section"),
    "headline": gettext_lazy("Headline"),
    "dek": gettext_lazy("Line under the headline"),
    "language": gettext_lazy("Language"),
    "disclosure": gettext_lazy("Disclosure"),
    "dateline": gettext_lazy("Dateline"),
    **{name: label for labels in BLOCK_LABELS.values() for name, label in labels.fields.items()},
    "was": gettext_lazy("It said"),
    "now": gettext_lazy("Corrected to"),
    "text": gettext_lazy("Text"),
}

_WEB = ("https://", "http://")
# The fields at the head of a story, changed or not.
_HEAD = ("headline", "dek", "disclosure", "dateline")
UNDER_BYLINE = ("disclosure", "dateline")


@dataclass(frozen=True)
class FieldChange:
    """A changed field: its name in the code, its label, and both its values as one; or an unchanged field."""

    name: str
    label: str
    html: SafeString
    changed: bool = True


def head_fields(fields: Iterable[FieldDiff]) -> list[FieldChange]:
    """Return the fields for the head of a whole page: those that changed, and those always displayed."""
    fields = list(fields)
    changed = {each.name: each for each in field_changes(fields)}
    unchanged = {
        each.name: FieldChange(each.name, str(FIELD_LABELS[each.name]), format_html("{}", each.new), False)
        for each in fields
        if each.name in _HEAD and not each.changed and each.new
    }
    displayed = {**unchanged, **changed}
    return [displayed[name] for name in FIELD_LABELS if name in displayed]


def field_changes(fields: Iterable[FieldDiff]) -> list[FieldChange]:
    """Return the readable fields that changed, in the order in which a page displays them."""
    order = list(FIELD_LABELS)
    displayed = [_displayed(each) for each in fields if each.name in FIELD_LABELS]
    return [
        FieldChange(each.name, str(FIELD_LABELS[each.name]), _change(each))
        for each in sorted(displayed, key=lambda each: order.index(each.name))
        if each.changed
    ]


def _displayed(change: FieldDiff) -> FieldDiff:
    """Return a field as readers see it: an address that is not one of the web is blanked."""
    if change.name != "address":
        return change
    old, new = (value if str(value).startswith(_WEB) else "" for value in (change.old, change.new))
    return FieldDiff(name=change.name, old=old, new=new)


def _change(change: FieldDiff) -> SafeString:
    if change.name == "picture":
        return format_html("{}", _("another file"))
    if change.name == "caption":
        # As HTML, so that a changed address of a link is reported.
        return marked(word_ops(captions.as_html(change.old), captions.as_html(change.new)))
    if change.words:
        return marked_plain(change.words)
    old, new = _readable(change.old), _readable(change.new)
    return format_html("{} {}", deleted(old) if old else "", inserted(new) if new else "")


def _readable(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, date):
        return str(date_format(value, "DATE_FORMAT"))
    return str(value or "")
