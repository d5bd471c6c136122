"""What an editor chose where two had changed the same places: carried out on the story that was typed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from stories.actions.editing.clean import clean_story
from stories.actions.errors import Refused, StoryInvalid
from stories.admin.story_form.formsets import add_problems
from stories.admin.story_form.state import StoryFormState
from stories.domain.snapshot import StorySnapshot

# The button that shows the story with what was chosen.
BUTTON: Final = "_resolve"


class TypedOver(Refused):
    """What was chosen would replace words that were typed since; the choice can't be carried out."""


def resolved_story(sheet: StoryFormState) -> StorySnapshot:
    """Return the story of a valid form, with the editor's choices where two editors differed.

    Raises StoryInvalid, and TypedOver, of which the sheet then tells the places.
    """
    typed = sheet.wanted()
    dispute = sheet.dispute
    if dispute is None or dispute.chosen == dispute.shown:
        return typed
    merged = dispute.chosen_in(clean_story(typed, sheet.story, sheet.article))
    if merged.conflicts:
        sheet.dispute = replace(dispute, typed_over=dispute.undone_by(merged))
        raise TypedOver(
            _(
                "You chose other words for a place that you typed into since. Nothing was saved, and nothing is lost: "
                "the place is marked. Keep yours there, and take over by hand what you want of theirs."
            )
        )
    return merged.story


def apply_choices(model_admin: Any, request: HttpRequest, sheet: StoryFormState) -> StoryFormState:
    """Show the form with the choices in its fields. Saves nothing."""
    if sheet.dispute is None or not sheet.is_valid():
        return sheet
    try:
        wanted = resolved_story(sheet)
    except StoryInvalid as refusal:
        add_problems(sheet.form, sheet.formsets, refusal.problems)
        return sheet
    except TypedOver as refusal:
        messages.error(request, str(refusal))
        return sheet
    anew: StoryFormState = model_admin.sheet_of(
        request, sheet.article, sheet.base, wanted, why=sheet.form.cleaned_data["why"]
    )
    anew.dispute = replace(sheet.dispute, shown=sheet.dispute.chosen)
    messages.info(
        request,
        _("The form below holds the story with these choices. Nothing was saved yet; choose anew, or save."),
    )
    return anew
