"""Conflicts between two editors, told in plain words, with what can be chosen at each place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from stories.admin.page.frame import comparison_of, desk_picture
from stories.admin.page.labels import label_of, label_of_part, model_of, value_label
from stories.admin.story_form.conflict_state import CHOICE, ConflictState, sign_conflict_state
from stories.admin.story_form.merge_messages import describe_merged_edit, names_of
from stories.admin.story_form.state import StoryFormState
from stories.domain.diff.words import word_ops
from stories.domain.merge.merge import Conflict
from stories.domain.merge.report import (
    Save,
    Values,
    changes_field,
    changes_paragraphs,
    kept_beside,
    savers,
    values_of,
)
from stories.domain.snapshot import BLOCK_KINDS, StorySnapshot, TextBlock
from stories.domain.text.segments import plain_text
from stories.models.integrity.registry import PART_MODELS
from stories.queries.story.saves import saves_between
from stories.rendering.compare.comparison import RenderedComparison
from stories.rendering.compare.words import marked, marked_plain

# What goes without saying beside another field of the same decision.
_IMPLIED_BY: Final = {
    "section": "section_name",
    "author": "credited_as",
    "width": "picture",
    "height": "picture",
}
# The parts in the order in which a form shows them; "" are the story's own fields.
_PART_ORDER: Final = ("", "blocks", "bylines", "comment_requests", "update_notes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A place as it read, as they have it and as the editor has it; None where there is no such thing."""

    label: str
    base: SafeString | None
    theirs: SafeString | None
    mine: SafeString | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """What can be chosen at a place."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictChoice:
    """One decision: where two editors differ, whose the other side is, the readings, and what can be chosen.

    `name` is that of the choice's field; without options there is nothing to choose. `anchor` is where the page's
    form has the place, "" where it has none.
    """

    name: str
    place: str
    anchor: str
    who: str
    readings: list[Reading]
    options: list[Option]
    typed_over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictPanel:
    """All that a page shows of a dispute; `kept` is what others changed elsewhere, which the form holds."""

    sign_conflict_state: str
    others: str
    conflicts: list[ConflictChoice]
    kept: list[SafeString]
    merged_in: RenderedComparison | None

    @property
    def can_choose(self) -> bool:
        return any(conflict.options for conflict in self.conflicts)


def conflict_panel(sheet: StoryFormState, user: Any) -> ConflictPanel | None:
    """Return what the page shows of a form's conflicts, None if it has none."""
    dispute = sheet.dispute
    if dispute is None:
        return None
    merged = dispute.merged(dispute.shown)
    saves = saves_between(dispute.article.pk, dispute.base, dispute.newest)
    kept = kept_beside(dispute.began, dispute.theirs, merged.story, saves)
    return ConflictPanel(
        sealed=sign_conflict_state(dispute, user.pk),
        others=names_of(saves, user),
        conflicts=[
            _choice(together, sheet, dispute, saves, user) for together in _decisions(merged.conflicts)
        ],
        kept=[
            sentence
            for each in kept
            for sentence in describe_merged_edit(each, dispute.began, merged.story, user)
        ],
        merged_in=comparison_of(dispute.began, dispute.theirs),
    )


def _stories(dispute: ConflictState) -> tuple[StorySnapshot, ...]:
    return dispute.mine, dispute.theirs, dispute.began


def _anchor(conflict: Conflict, sheet: StoryFormState) -> str:
    if conflict.key is None:
        name = "section" if conflict.field == "section_name" else conflict.field
        return str(sheet.form[name].auto_id) if name in sheet.form.fields else ""
    rows = {row.row_key: str(row.prefix) for formset in sheet.formsets for row in formset.forms}
    return rows.get(conflict.key, "")


def _decisions(conflicts: Sequence[Conflict]) -> list[list[Conflict]]:
    """Group the conflicts that one choice decides, in the page's order; those without a choice stand alone."""
    together: dict[str, list[Conflict]] = {}
    for number, conflict in enumerate(conflicts):
        together.setdefault(conflict.decision or str(number), []).append(conflict)
    return sorted(together.values(), key=lambda group: _PART_ORDER.index(group[0].part))


def _choice(
    conflicts: list[Conflict], sheet: StoryFormState, dispute: ConflictState, saves: Sequence[Save], user: Any
) -> ConflictChoice:
    decision = conflicts[0].decision
    stories = _stories(dispute)
    fields = {each.field for each in conflicts}
    told = [each for each in conflicts if _IMPLIED_BY.get(each.field) not in fields]
    their_saves = {
        save.number: save
        for each in conflicts
        for save in savers(saves, each.key, values_of(dispute.began, each.key), _touched(each))
    }
    return ConflictChoice(
        name=f"{CHOICE}{decision}" if decision else "",
        place=_place(told, stories),
        anchor=_anchor(conflicts[0], sheet),
        who=names_of([their_saves[number] for number in sorted(their_saves)], user),
        readings=[_reading(each, stories, alone=len(told) == 1) for each in told],
        options=list(_options(conflicts, dispute)) if decision else [],
        typed_over=decision in dispute.typed_over,
    )


def _touched(conflict: Conflict) -> Callable[[Values, Values], bool]:
    if conflict.paragraph is not None:
        return changes_paragraphs(conflict.base, conflict.theirs)
    if conflict.field == "order":
        return lambda before, after: before is not None and after is not None
    if conflict.theirs is None:
        return lambda before, after: after is None or changes_field(conflict.field)(before, after)
    return changes_field(conflict.field)


def _options(conflicts: list[Conflict], dispute: ConflictState) -> Iterator[Option]:
    chosen = dispute.chosen.get(conflicts[0].decision, "mine")
    labels = {"mine": _("Mine: what the form below holds"), "theirs": _("Theirs")}
    if all(each.mine is None for each in conflicts):
        labels = {"mine": _("Leave it out, as you did"), "theirs": _("Take it back, as they have it")}
    elif all(each.theirs is None for each in conflicts):
        labels = {"mine": _("Keep it, as you have it"), "theirs": _("Let it go, as they did")}
    elif all(each.has_both for each in conflicts):
        labels["both"] = _("Both: theirs, then mine")
    for value, label in labels.items():
        yield Option(value=value, label=label, chosen=value == chosen)


def _place(conflicts: list[Conflict], stories: Sequence[StorySnapshot]) -> str:
    first = conflicts[0]
    if first.field == "order":
        return {
            "bylines": _("The order of the bylines"),
            "comment_requests": _("The order of the comment requests"),
            "update_notes": _("The order of the update notes"),
        }.get(first.part, _("The order of the blocks"))
    names = [label_of_part(stories, first.key)]
    if len(conflicts) == 1:
        names.append(_label(first, stories))
    if first.paragraph is not None:
        names.append(_("paragraph %(number)s") % {"number": first.paragraph})
    return capfirst(", ".join(name for name in names if name))


def _label(conflict: Conflict, stories: Sequence[StorySnapshot]) -> str:
    if conflict.field == "kind" and conflict.part == "blocks":
        return _("kind of block")
    label = label_of(stories, conflict.key, conflict.field)
    # "Text 1, text" would say the same thing twice.
    return "" if label == str(model_of(stories, conflict.key)._meta.verbose_name) else label


def _reading(conflict: Conflict, stories: Sequence[StorySnapshot], *, alone: bool) -> Reading:
    if conflict.field == "order":
        values = [
            _("place %(number)s") % {"number": place}
            for place in (conflict.base, conflict.theirs, conflict.mine)
        ]
        label = label_of_part(stories, conflict.key)
        base, theirs, mine = (format_html("{}", value) for value in values)
        return Reading(label=capfirst(label), base=base, theirs=theirs, mine=mine)
    return Reading(
        label="" if alone else capfirst(_label(conflict, stories)),
        base=_against(conflict, stories, conflict.base),
        theirs=_against(conflict, stories, conflict.theirs),
        mine=_against(conflict, stories, conflict.mine),
    )


def _against(conflict: Conflict, stories: Sequence[StorySnapshot], value: str | None) -> SafeString | None:
    """Return a side's text with its changes to the base marked, None if the side does not have it."""
    if value is None:
        return None
    base = value if conflict.base is None else conflict.base
    if conflict.part == "blocks" and conflict.field == "text":
        return _rich(base, value, is_paragraph=conflict.paragraph is not None)
    if conflict.field == "picture" and value:
        return format_html('<img class="picture-preview" src="{}" alt="">', desk_picture(value, 0))
    told_base, told = (_in_words(conflict, stories, each) for each in (base, value))
    return marked_plain(word_ops(told_base, told, plain=True))


def _in_words(conflict: Conflict, stories: Sequence[StorySnapshot], value: str) -> str:
    if conflict.part == "blocks" and conflict.field == "kind":
        return str(PART_MODELS[BLOCK_KINDS[value]]._meta.verbose_name) if value in BLOCK_KINDS else value
    if conflict.field == "amends" and value:
        return label_of_part(stories, UUID(value))
    return value_label(model_of(stories, conflict.key), conflict.field, value)


def _rich(base: str, value: str, *, is_paragraph: bool) -> SafeString:
    if not is_paragraph:
        key = UUID(int=0)
        before, after = (StorySnapshot(blocks=(TextBlock(key=key, text=each),)) for each in (base, value))
        comparison = comparison_of(before, after)
        if comparison is not None and comparison.body:
            return comparison.body
    if not is_paragraph or value.startswith("<tr"):
        # Lines and cells would run into each other.
        return marked_plain(word_ops(plain_text(base), plain_text(value), plain=True))
    return marked(word_ops(base, value))
