"""Apply an editor's choices in a merge conflict to the story that was typed."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from stories.actions.editing.clean import clean_story
from stories.actions.errors import Refused, StoryInvalid
from stories.admin.story_form.formsets import add_problems
from stories.admin.story_form.state import StoryFormMaker, StoryFormState
from stories.domain.snapshot import StorySnapshot

# The button that shows the story with the choices.
BUTTON: Final = "_resolve"


class TypedOver(Refused):
    """A choice can't be applied, since it would replace words that were typed since."""


def resolved_story(state: StoryFormState) -> StorySnapshot:
    """Return the story of a valid form, with the editor's choices where two editors differed.

    Raise StoryInvalid, or TypedOver, with the places marked in the state.
    """
    typed = state.submitted_story()
    conflict_state = state.conflict_state
    if conflict_state is None or conflict_state.chosen == conflict_state.applied:
        return typed
    merged = conflict_state.merge_choices(clean_story(typed, state.story, state.article))
    if merged.conflicts:
        state.conflict_state = replace(conflict_state, typed_over=conflict_state.lost_decisions(merged))
        raise TypedOver(
            _(
                "You chose other words for a place that you typed into since. Nothing was saved, and nothing is lost: "
                "the place is marked. Keep yours there, and take over by hand what you want of theirs."
            )
        )
    return merged.story


def apply_choices(model_admin: StoryFormMaker, request: HttpRequest, state: StoryFormState) -> StoryFormState:
    """Show the form with the choices in its fields. Saves nothing."""
    if state.conflict_state is None or not state.is_valid():
        return state
    try:
        story = resolved_story(state)
    except StoryInvalid as refusal:
        add_problems(state.form, state.formsets, refusal.problems)
        return state
    except TypedOver as refusal:
        messages.error(request, str(refusal))
        return state
    new_state = model_admin.form_state(
        request, state.article, state.base, story, why=state.form.cleaned_data["why"]
    )
    new_state.conflict_state = replace(state.conflict_state, applied=state.conflict_state.chosen)
    messages.info(
        request,
        _("The form below holds the story with these choices. Nothing was saved yet; choose again, or save."),
    )
    return new_state
