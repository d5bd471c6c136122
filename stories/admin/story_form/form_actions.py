"""The form's buttons that do not save: each shows the form again, changed.

An action is registered by its button's name. It takes the story's admin, the request and the posted form state,
which is not validated yet, and returns the state to show: the same one, or a new one with the story that it makes of
what was typed. The form of a story and the form of a fix both offer every action.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.http import HttpRequest

from stories.admin.story_form import put_back, resolve, split_join
from stories.admin.story_form.state import StoryFormMaker, StoryFormState

FormAction = Callable[[StoryFormMaker, HttpRequest, StoryFormState], StoryFormState]

FORM_ACTIONS: Mapping[str, FormAction] = {
    resolve.BUTTON: resolve.apply_choices,
    split_join.BUTTON: split_join.reshape,
    put_back.BUTTON: put_back.restore_autosave,
}


def requested_action(request: HttpRequest) -> FormAction | None:
    """Return the action whose button was pressed, None if the form was sent to be saved."""
    return next((action for name, action in FORM_ACTIONS.items() if name in request.POST), None)
