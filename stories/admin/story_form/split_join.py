"""Split and join blocks in a story's form, or turn them into quotes or text, without saving.

The button's value is the command: `split:BLOCK:PARAGRAPH:CHARACTERS`, `join:BLOCK`, `quote:BLOCK`,
`quote:BLOCK:FIRST:LAST` (paragraphs), `text:BLOCK`. A block is named by the prefix of its fields, since a new block
has no key yet.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext as _, gettext_lazy

from stories.actions.editing.clean import clean_story, place_of
from stories.actions.errors import StoryInvalid
from stories.admin.story_form.formsets import add_problems, new_key
from stories.admin.story_form.state import StoryFormMaker, StoryFormState
from stories.domain.editing.split_join import (
    CannotSplitOrJoin,
    Obstacle,
    SplitJoinResult,
    join,
    make_quote,
    make_text,
    split,
)
from stories.domain.snapshot import Block
from stories.domain.text.split import LostMarkup
from stories.domain.text.whole_number import whole_number
from stories.models import QuoteBlock

BUTTON = "_reshape"

_OBSTACLES = {
    Obstacle.GONE: gettext_lazy("This block is no longer in the story, or it is to be deleted."),
    Obstacle.NO_WORDS: gettext_lazy("There are no words here yet to make a quote of."),
    Obstacle.NOTHING_BEFORE: gettext_lazy(
        "There is nothing before the cursor. Put it where the second block is to begin, then split again."
    ),
    Obstacle.NOTHING_AFTER: gettext_lazy(
        "There is nothing after the cursor. Put it where the second block is to begin, then split again."
    ),
    Obstacle.NO_NEXT: gettext_lazy("No block follows this one."),
    Obstacle.UNLIKE: gettext_lazy(
        "Only a text joins a text, and a quote a quote. Make one of them what the other is, or move what stands "
        "between them."
    ),
    Obstacle.TWO_SPEAKERS: gettext_lazy(
        "The next quote is said by somebody else, or elsewhere. Make both say the same of their speaker and source, "
        "then join them."
    ),
    Obstacle.TABLE: gettext_lazy(
        "A quote can’t hold a table. Split the text around the table, then make the rest a quote."
    ),
}
_LOST = {
    LostMarkup.HEADINGS: gettext_lazy("Headings became paragraphs."),
    LostMarkup.CODE: gettext_lazy("Code became a paragraph."),
    LostMarkup.INNER_QUOTES: gettext_lazy("Indented quotations became paragraphs."),
    LostMarkup.RULES: gettext_lazy("Horizontal lines were removed."),
}
_DONE = {
    "split": gettext_lazy("The block was split in two."),
    "join": gettext_lazy("The block was joined with the next."),
    "quote": gettext_lazy("This is a quote now. Say who said it."),
    "text": gettext_lazy("This is plain text now."),
}


@dataclass(frozen=True, slots=True)
class _Command:
    """A button's command for the block with this prefix. `key` is None if no such block was posted."""

    value: str
    verb: str
    prefix: str
    numbers: tuple[int, ...]
    key: UUID | None


def reshape(model_admin: StoryFormMaker, request: HttpRequest, state: StoryFormState) -> StoryFormState:
    """Return the form with its blocks split or joined as the button says, at the same base; as posted if refused."""
    if not state.is_valid():
        return state
    try:
        typed = clean_story(state.submitted_story(), state.story, state.article)
    except StoryInvalid as refusal:
        add_problems(state.form, state.formsets, refusal.problems)
        return state
    command = _command(request.POST[BUTTON], state)
    try:
        reshaped = _reshaped(typed.blocks, command, _opened(state))
    except CannotSplitOrJoin as cannot:
        messages.warning(
            request, _refusal(place_of(typed, command.key) if command.key else "", cannot.obstacle)
        )
        return state
    messages.success(request, " ".join(_messages(command, reshaped)))
    story = replace(typed, blocks=reshaped.blocks)
    new_state = model_admin.form_state(
        request, state.article, state.base, story, why=state.form.cleaned_data["why"]
    )
    # The rows get new numbers. With a new number for the form, no row that is added gets a key that is in use.
    new_state.form.initial["opened"] = new_key(_opened(state), command.value)
    for row in (row for formset in new_state.formsets for row in formset.forms):
        if row.row_key == reshaped.key:
            row.fields["part_key"].widget.attrs["data-reshaped"] = ""
    return new_state


def _command(value: str, state: StoryFormState) -> _Command:
    verb, prefix, *rest = value[:200].split(":") if ":" in value else (value[:200], "")
    rows = (row for formset in state.formsets for row in formset.submitted_forms)
    key = next((UUID(str(row.row_key)) for row in rows if row.prefix == prefix), None)
    if verb == "split" and not rest:
        # From a page without scripts: split after so many paragraphs.
        rest = [str(state.form.data.get(f"{prefix}-split_after", "")), "0"]
    numbers = tuple(number for each in rest if (number := whole_number(each)) is not None)
    return _Command(value, verb, prefix, numbers if len(numbers) == len(rest) else (), key)


def _reshaped(blocks: tuple[Block, ...], command: _Command, opened: str) -> SplitJoinResult:
    def key_of(number: int) -> UUID:
        return new_key(opened, f"{command.value}:{number}")

    match command.verb, command.key, command.numbers:
        case "split", UUID() as key, (paragraph, characters):
            return split(blocks, key, paragraph, characters, key_of)
        case "join", UUID() as key, _:
            return join(blocks, key)
        case "quote", UUID() as key, (first, last):
            return make_quote(blocks, key, key_of, first=first, last=last)
        case "quote", UUID() as key, _:
            return make_quote(blocks, key, key_of)
        case "text", UUID() as key, _:
            return make_text(blocks, key)
    raise CannotSplitOrJoin(Obstacle.GONE)


def _opened(state: StoryFormState) -> str:
    return str(state.form.cleaned_data["opened"])


def _refusal(place: str, obstacle: Obstacle) -> str:
    why, assurance = str(_OBSTACLES[obstacle]), _("Nothing was changed, and what you typed stands below.")
    return f"{capfirst(place)}: {why} {assurance}" if place else f"{why} {assurance}"


def _messages(command: _Command, reshaped: SplitJoinResult) -> list[str]:
    """Return sentences on what was done, what was lost by it, and that nothing is saved."""
    sentences = [str(_DONE[command.verb]), *(str(_LOST[each]) for each in reshaped.lost)]
    if reshaped.fields_lost:
        labels = {field.name: str(field.verbose_name) for field in QuoteBlock._meta.concrete_fields}
        lost = [
            labels[name] if value is True else f"{labels[name]} “{value}”"
            for name, value in reshaped.fields_lost
        ]
        sentences.append(_("Removed with the quote: %(fields)s.") % {"fields": "; ".join(lost)})
    return [*sentences, _("Nothing is saved yet.")]
