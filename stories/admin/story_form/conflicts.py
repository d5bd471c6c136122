"""Conflicts between two editors, described for the page, with the options at each place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from stories.actions.actors import Actor
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
    merged_changes,
    saves_that_changed,
    values_of,
)
from stories.domain.snapshot import BLOCK_KINDS, StorySnapshot, TextBlock
from stories.domain.text.segments import plain_text
from stories.models.integrity.registry import PART_MODELS
from stories.queries.story.saves import saves_between
from stories.rendering.compare.comparison import RenderedComparison
from stories.rendering.compare.words import marked, marked_plain

# Fields that need no mention next to another field of the same decision.
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
    """A place as it read at the base, as the others have it, and as the editor has it; None if it is not there."""

    label: str
    base: SafeString | None
    theirs: SafeString | None
    mine: SafeString | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """An option at a place."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictChoice:
    """One decision: where two editors differ, who the others are, the readings, and the options.

    `name` is that of the choice's field; without options there is nothing to choose. `anchor` is the id of the place
    in the page's form, "" if it has none.
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
    """What the page shows of a conflict. `merged_edits` are others' edits elsewhere, which the form has already."""

    signed_state: str
    others: str
    conflicts: list[ConflictChoice]
    merged_edits: list[SafeString]
    merged_in: RenderedComparison | None

    @property
    def can_choose(self) -> bool:
        return any(conflict.options for conflict in self.conflicts)


def conflict_panel(state: StoryFormState, user: Actor) -> ConflictPanel | None:
    """Return what the page shows of a form's conflicts, None if it has none."""
    conflict_state = state.conflict_state
    if conflict_state is None:
        return None
    merged = conflict_state.merged(conflict_state.applied)
    saves = saves_between(conflict_state.article.pk, conflict_state.base, conflict_state.newest)
    edits = merged_changes(conflict_state.base_story, conflict_state.theirs, merged.story, saves)
    return ConflictPanel(
        signed_state=sign_conflict_state(conflict_state, user.pk),
        others=names_of(saves, user),
        conflicts=[
            _choice(together, state, conflict_state, saves, user) for together in _decisions(merged.conflicts)
        ],
        merged_edits=[
            sentence
            for each in edits
            for sentence in describe_merged_edit(each, conflict_state.base_story, merged.story, user)
        ],
        merged_in=comparison_of(conflict_state.base_story, conflict_state.theirs),
    )


def _stories(conflict_state: ConflictState) -> tuple[StorySnapshot, ...]:
    return conflict_state.mine, conflict_state.theirs, conflict_state.base_story


def _anchor_of(conflict: Conflict, state: StoryFormState) -> str:
    if conflict.key is None:
        name = "section" if conflict.field == "section_name" else conflict.field
        return str(state.form[name].auto_id) if name in state.form.fields else ""
    rows = {row.row_key: str(row.prefix) for formset in state.formsets for row in formset.forms}
    return rows.get(conflict.key, "")


def _decisions(conflicts: Sequence[Conflict]) -> list[list[Conflict]]:
    """Group the conflicts that one choice decides, in the page's order; those without a choice stand alone."""
    together: dict[str, list[Conflict]] = {}
    for number, conflict in enumerate(conflicts):
        together.setdefault(conflict.decision or str(number), []).append(conflict)
    return sorted(together.values(), key=lambda group: _PART_ORDER.index(group[0].part))


def _choice(
    conflicts: list[Conflict],
    state: StoryFormState,
    conflict_state: ConflictState,
    saves: Sequence[Save],
    user: Actor,
) -> ConflictChoice:
    decision = conflicts[0].decision
    stories = _stories(conflict_state)
    fields = {each.field for each in conflicts}
    mentioned = [each for each in conflicts if _IMPLIED_BY.get(each.field) not in fields]
    their_saves = {
        save.number: save
        for each in conflicts
        for save in saves_that_changed(
            saves, each.key, values_of(conflict_state.base_story, each.key), _touched(each)
        )
    }
    return ConflictChoice(
        name=f"{CHOICE}{decision}" if decision else "",
        place=_place(mentioned, stories),
        anchor=_anchor_of(conflicts[0], state),
        who=names_of([their_saves[number] for number in sorted(their_saves)], user),
        readings=[_reading(each, stories, alone=len(mentioned) == 1) for each in mentioned],
        options=list(_options(conflicts, conflict_state)) if decision else [],
        typed_over=decision in conflict_state.typed_over,
    )


def _touched(conflict: Conflict) -> Callable[[Values, Values], bool]:
    if conflict.paragraph is not None:
        return changes_paragraphs(conflict.base, conflict.theirs)
    if conflict.field == "order":
        return lambda before, after: before is not None and after is not None
    if conflict.theirs is None:
        return lambda before, after: after is None or changes_field(conflict.field)(before, after)
    return changes_field(conflict.field)


def _options(conflicts: list[Conflict], conflict_state: ConflictState) -> Iterator[Option]:
    chosen = conflict_state.chosen.get(conflicts[0].decision, "mine")
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
    # "Text 1, text" would repeat itself.
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
    base_words, words = (_in_words(conflict, stories, each) for each in (base, value))
    return marked_plain(word_ops(base_words, words, plain=True))


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
        # As rich text, lines and cells would run together.
        return marked_plain(word_ops(plain_text(base), plain_text(value), plain=True))
    return marked(word_ops(base, value))
