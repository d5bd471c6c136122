"""Summarise a difference in a sentence."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.text import capfirst
from django.utils.translation import gettext as _, ngettext, ngettext_lazy

from stories.block_labels import BLOCK_LABELS
from stories.domain.diff.compare import StoryDiff, Summary
from stories.rendering.compare.fields import FIELD_LABELS
from stories.rendering.languages import format_count

# In the order in which they are listed, the blocks between them; each key is a count of the summary.
_WORD_COUNTS = {
    "words_added": ngettext_lazy("%(n)s word added", "%(n)s words added", "n"),
    "words_removed": ngettext_lazy("%(n)s word removed", "%(n)s words removed", "n"),
    "paragraphs_added": ngettext_lazy("%(n)s paragraph added", "%(n)s paragraphs added", "n"),
    "paragraphs_removed": ngettext_lazy("%(n)s paragraph removed", "%(n)s paragraphs removed", "n"),
}
_OTHER_COUNTS = {
    "moves": ngettext_lazy("%(n)s passage moved", "%(n)s passages moved", "n"),
    "bylines_changed": ngettext_lazy("%(n)s byline changed", "%(n)s bylines changed", "n"),
    "requests_opened": ngettext_lazy("%(n)s request opened", "%(n)s requests opened", "n"),
    "requests_closed": ngettext_lazy("%(n)s request closed", "%(n)s requests closed", "n"),
    "requests_changed": ngettext_lazy("%(n)s request changed", "%(n)s requests changed", "n"),
    "notes_added": ngettext_lazy("%(n)s note added", "%(n)s notes added", "n"),
    "notes_changed": ngettext_lazy("%(n)s note changed", "%(n)s notes changed", "n"),
    "notes_removed": ngettext_lazy("%(n)s note removed", "%(n)s notes removed", "n"),
}


def summary_sentence(diff: StoryDiff) -> str:
    """Describe what changed, and how much, in a sentence: “12 words changed in 2 paragraphs; 1 quote added.”"""
    if not diff:
        return _("Nothing differs between these two versions.")
    parts = [*_fields(diff.summary), *_words(diff.summary), *_counts(diff.summary)]
    if not parts:
        return _("Nothing that can be read differs between these two versions.")
    sentence = f"{capfirst('; '.join(parts))}."
    if diff.paragraphs_only:
        sentence += " " + _("The story is too long for its words to be compared; whole paragraphs are.")
    return sentence


def _fields(summary: Summary) -> Iterator[str]:
    for name, label in FIELD_LABELS.items():
        if name in summary.fields:
            yield _("%(field)s changed") % {"field": str(label).lower()}


def _words(summary: Summary) -> Iterator[str]:
    if summary.words_changed:
        words = ngettext("%(n)s word changed", "%(n)s words changed", summary.words_changed)
        phrase = words % {"n": format_count(summary.words_changed)}
        if summary.paragraphs_changed:
            places = ngettext("in %(n)s paragraph", "in %(n)s paragraphs", summary.paragraphs_changed)
            phrase += f" {places % {'n': format_count(summary.paragraphs_changed)}}"
        yield phrase


def _counts(summary: Summary) -> Iterator[str]:
    counted = [(phrase, getattr(summary, name)) for name, phrase in _WORD_COUNTS.items()]
    counted += [
        (phrase, summary.blocks.get((kind, action), 0))
        for kind, labels in BLOCK_LABELS.items()
        for action, phrase in labels.changes.items()
    ]
    counted += [(phrase, getattr(summary, name)) for name, phrase in _OTHER_COUNTS.items()]
    yield from (phrase % {"n": count} for phrase, count in counted if count)
