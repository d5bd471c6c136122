"""Surgery on blocks in a story's form: split, join with the next, quote or text. Nothing is saved by it.

The button's value says what: `split:BLOCK:PARAGRAPH:CHARACTERS`, `join:BLOCK`, `quote:BLOCK`, `quote:BLOCK:FIRST:LAST`
(paragraphs), `text:BLOCK`. A block is named by the prefix of its fields, which a block has before it has a key here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext as _, gettext_lazy

from stories.actions.editing.clean import clean_story, place_of
from stories.actions.errors import StoryInvalid
from stories.admin.story_form.formsets import add_problems, new_key
from stories.admin.story_form.state import StoryFormState
from stories.domain.editing.split_join import (
    CannotReshape,
    Obstacle,
    Reshaped,
    join,
    make_quote,
    make_text,
    split,
)
from stories.domain.snapshot import Block
from stories.domain.text.split import Lost
from stories.domain.text.whole_number import whole_number
from stories.models import QuoteBlock

BUTTON = "_reshape"

_OBSTACLES = {
    Obstacle.GONE: gettext_lazy("This block is no longer in the story, or it is to be deleted."),
    Obstacle.NO_WORDS: gettext_lazy("There are no words here yet to make a quote of."),
    Obstacle.NOTHING_BEFORE: gettext_lazy(
        "Nothing stands before the cursor. Put it where the second block is to begin, then split again."
    ),
    Obstacle.NOTHING_BEHIND: gettext_lazy(
        "Nothing stands behind the cursor. Put it where the second block is to begin, then split again."
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
    Lost.HEADINGS: gettext_lazy("Headings became paragraphs."),
    Lost.CODE: gettext_lazy("Code became a paragraph."),
    Lost.INNER_QUOTES: gettext_lazy("Indented quotations became paragraphs."),
    Lost.RULES: gettext_lazy("Lines across went."),
}
_DONE = {
    "split": gettext_lazy("The block was split in two."),
    "join": gettext_lazy("The block was joined with the next."),
    "quote": gettext_lazy("This is a quote now. Say who said it."),
    "text": gettext_lazy("This is running text now."),
}


@dataclass(frozen=True, slots=True)
class _Command:
    """What a button asks for, of the block that has this prefix; `key` is None where no such block was posted."""

    value: str
    verb: str
    prefix: str
    numbers: tuple[int, ...]
    key: UUID | None


def reshape(model_admin: Any, request: HttpRequest, sheet: StoryFormState) -> StoryFormState:
    """Return the form with its blocks split or joined as the button says, at the same base; as posted if refused."""
    if not sheet.is_valid():
        return sheet
    try:
        typed = clean_story(sheet.wanted(), sheet.story, sheet.article)
    except StoryInvalid as refusal:
        add_problems(sheet.form, sheet.formsets, refusal.problems)
        return sheet
    asked = _command(request.POST[BUTTON], sheet)
    try:
        reshaped = _reshaped(typed.blocks, asked, _opened(sheet))
    except CannotReshape as cannot:
        messages.warning(request, _refusal(place_of(typed, asked.key) if asked.key else "", cannot.obstacle))
        return sheet
    messages.success(request, " ".join(_messages(asked, reshaped)))
    story = replace(typed, blocks=reshaped.blocks)
    anew: StoryFormState = model_admin.sheet_of(
        request, sheet.article, sheet.base, story, why=sheet.form.cleaned_data["why"]
    )
    # The rows are numbered anew: with another number of the form, no row that is added takes a key that is taken.
    anew.form.initial["opened"] = new_key(_opened(sheet), asked.value)
    for row in (row for formset in anew.formsets for row in formset.forms):
        if row.row_key == reshaped.key:
            row.fields["part_key"].widget.attrs["data-reshaped"] = ""
    return anew


def _command(value: str, sheet: StoryFormState) -> _Command:
    verb, prefix, *rest = value[:200].split(":") if ":" in value else (value[:200], "")
    rows = (row for formset in sheet.formsets for row in formset.wanted_forms)
    key = next((UUID(str(row.row_key)) for row in rows if row.prefix == prefix), None)
    if verb == "split" and not rest:
        # From a page without scripts: behind so many paragraphs.
        rest = [str(sheet.form.data.get(f"{prefix}-split_after", "")), "0"]
    numbers = tuple(number for each in rest if (number := whole_number(each)) is not None)
    return _Command(value, verb, prefix, numbers if len(numbers) == len(rest) else (), key)


def _reshaped(blocks: tuple[Block, ...], asked: _Command, opened: str) -> Reshaped:
    def key_of(number: int) -> UUID:
        return new_key(opened, f"{asked.value}:{number}")

    match asked.verb, asked.key, asked.numbers:
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
    raise CannotReshape(Obstacle.GONE)


def _opened(sheet: StoryFormState) -> str:
    return str(sheet.form.cleaned_data["opened"])


def _refusal(place: str, obstacle: Obstacle) -> str:
    why, kept = str(_OBSTACLES[obstacle]), _("Nothing was changed, and what you typed stands below.")
    return f"{capfirst(place)}: {why} {kept}" if place else f"{why} {kept}"


def _messages(asked: _Command, reshaped: Reshaped) -> list[str]:
    """Return sentences on what was done, what was lost by it, and that nothing is saved."""
    told = [str(_DONE[asked.verb]), *(str(_LOST[each]) for each in reshaped.lost)]
    if reshaped.fields_lost:
        labels = {field.name: str(field.verbose_name) for field in QuoteBlock._meta.concrete_fields}
        went = [
            labels[name] if value is True else f"{labels[name]} “{value}”"
            for name, value in reshaped.fields_lost
        ]
        told.append(_("With the quote went: %(fields)s.") % {"fields": "; ".join(went)})
    return [*told, _("Nothing is saved yet.")]
